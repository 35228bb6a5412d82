"""Lengths of time as people write and read them: "5 min", "24 h"."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}

_WRITTEN: Final = re.compile(rf"([0-9]{{1,6}}) ?({'|'.join(_UNITS)})")

#: What a person is told to write.
EXAMPLES: Final = '"30 s", "5 min", "1 h" or "7 d"'


def parse_duration(text: str) -> timedelta:
    """
    The length of time that a whole number and a unit say: s, min, h or d.

    Raises:
        ValueError: it says none.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def duration(length: timedelta) -> str:
    """For people, in the largest unit that says it whole; what is less than a second is left out."""
    seconds = int(length.total_seconds())
    unit = next((unit for unit, size in _UNITS.items() if seconds and seconds % size == 0), "s")
    return f"{seconds // _UNITS[unit]} {unit}"
