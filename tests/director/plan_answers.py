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
    *steps: dict[str, Any], category: str = "retention", reasoning: str = "Gnomes must stay.", **sizing: Any
) -> str:
    """The whole answer; *sizing* is what it says of the goal besides."""
    return json.dumps(
        {"sizing": {**SIZING, **sizing}, "category": category, "reasoning": reasoning, "tasks": list(steps)}
    )
