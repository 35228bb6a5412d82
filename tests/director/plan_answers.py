"""Plans as Claude answers them, for tests that say what is planned."""

import json
from typing import Any

SIZING = {"reach": "forty gnomes", "means": "a letter box", "week": "one evening", "effect": "gnomes that come back"}


def step(ident: str, skill: str | None = None, *needs: str, brief: str = "Gnomes first.") -> dict[str, Any]:
    """One task, by the specialist of its name where none is given, with one piece of its own."""
    return {
        "id": ident,
        "skill": skill or ident,
        "brief": brief,
        "needs": list(needs),
        "pieces": [f"Words of {ident}"],
        "size": "sheet",
    }


def answer(
    *steps: dict[str, Any],
    category: str = "retention",
    reasoning: str = "Gnomes must stay.",
    sketch: str | None = None,
    **sizing: Any,
) -> str:
    """The whole answer; *sizing* is what it says of the goal besides. Where no *sketch* is given, it has all pieces."""
    pieces = [f"## {piece}\n\nSing." for step in steps for piece in step["pieces"]]
    return json.dumps(
        {
            "sizing": {**SIZING, **sizing},
            "sketch": "\n\n".join(["Gnomes first.", *pieces]) if sketch is None else sketch,
            "category": category,
            "reasoning": reasoning,
            "tasks": list(steps),
        }
    )
