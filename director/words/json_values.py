"""Values that came as JSON: what of them can be kept, read and written again anywhere."""

import math
from typing import Any, Final

#: Values inside each other; nobody writes more, and what reads or writes them recurses.
MOST_NESTED: Final = 100

#: Digits of a number that every reader still reads.
_MOST_DIGITS: Final = 4_000

_TOO_LARGE: Final = 10**_MOST_DIGITS


def unfit(value: Any) -> str | None:
    """What is wrong with *value*, as what was expected and what came; None where it is JSON that can be kept."""
    inside: list[tuple[Any, int]] = [(value, 1)]
    while inside:
        found, depth = inside.pop()
        if depth > MOST_NESTED:
            return f"at most {MOST_NESTED} values inside each other, found more"
        if isinstance(found, float) and not math.isfinite(found):
            return "numbers that are finite, found one that is not"
        if isinstance(found, int) and abs(found) >= _TOO_LARGE:
            return f"numbers of at most {_MOST_DIGITS:,} digits, found a longer one"
        if isinstance(found, dict):
            inside += [(each, depth + 1) for each in found.values()]
        elif isinstance(found, list):
            inside += [(each, depth + 1) for each in found]
    return None
