"""The levels of a brand's month: how much of the cap is spent, and which goals go on at each."""

from collections.abc import Mapping
from typing import Final

from director.words.states import Level, Priority

#: From how many hundredths of the cap a level begins, the highest first.
BEGINS_AT: Final[Mapping[Level, int]] = {
    Level.EXHAUSTED: 100,
    Level.CRITICAL: 95,
    Level.THROTTLE: 90,
    Level.WARNING: 80,
}

#: The least urgent priority that goes on. Once all is spent, no call fits under the cap: of what is critical a person is asked.
LOWEST: Final[Mapping[Level, Priority]] = {
    Level.NORMAL: Priority.P3,
    Level.WARNING: Priority.P2,
    Level.THROTTLE: Priority.P1,
    Level.CRITICAL: Priority.P0,
    Level.EXHAUSTED: Priority.P0,
}

#: At which what is still asked is asked of the cheapest model.
ASK_CHEAPEST: Final = frozenset({Level.CRITICAL, Level.EXHAUSTED})


def level_of(spent_nano: int, cap_nano: int) -> Level:
    """
    The level at which *spent_nano* of *cap_nano* is. What is only set aside does not count: most of it comes back.

    A cap of 0 of which nothing is spent is at none: nothing fits under it, and a person is asked about each goal.
    """
    if cap_nano <= 0:
        return Level.EXHAUSTED if spent_nano > 0 else Level.NORMAL
    return next((level for level, at in BEGINS_AT.items() if spent_nano * 100 >= cap_nano * at), Level.NORMAL)


def kept_back(level: Level) -> frozenset[Priority]:
    """The priorities that wait at *level*."""
    return frozenset(priority for priority in Priority if priority > LOWEST[level])
