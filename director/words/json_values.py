"""Values that came as JSON: what of them can be kept, read and written again anywhere."""

import math
from collections.abc import Iterator
from typing import Any, Final

#: Values inside each other; nobody writes more, and what reads or writes them recurses.
MOST_NESTED: Final = 100

#: Digits of a whole number; nobody's document has more, and to write a longer one takes time by the square.
MOST_DIGITS: Final = 100

_TOO_LARGE: Final = 10**MOST_DIGITS


def unfit(value: Any) -> str | None:
    """What is wrong with *value*, as what was expected and what came; None where it is JSON that can be kept."""
    for found, depth in _all_in(value):
        if depth > MOST_NESTED:
            return f"at most {MOST_NESTED} values inside each other, found more"
        if isinstance(found, float) and not math.isfinite(found):
            return "numbers that are finite, found one that is not"
        if isinstance(found, int) and abs(found) >= _TOO_LARGE:
            return f"numbers of at most {MOST_DIGITS} digits, found a longer one"
    return None


def has_nul(value: Any) -> bool:
    """Whether a text in *value*, or a name, has the character that no database takes."""
    return any(
        "\0" in text
        for found, _ in _all_in(value)
        for text in (found if isinstance(found, dict) else [found])
        if isinstance(text, str)
    )


def _all_in(value: Any) -> Iterator[tuple[Any, int]]:
    """The value and all that is inside it, each with how deep it is, which may be deeper than calls can be."""
    inside: list[tuple[Any, int]] = [(value, 1)]
    while inside:
        found, depth = inside.pop()
        yield found, depth
        if isinstance(found, dict):
            inside += [(each, depth + 1) for each in found.values()]
        elif isinstance(found, list):
            inside += [(each, depth + 1) for each in found]
