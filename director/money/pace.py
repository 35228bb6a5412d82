"""When a cap is reached if money goes on being spent as fast as it was lately. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Over how long the pace is taken: long enough for every day of the week to be in it.
OVER: Final = timedelta(days=7)

#: With less behind it than this, a pace says nothing.
_LEAST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """What was spent over the last while, nano-dollars."""

    spent_nano: int
    over: timedelta  #: OVER, or since the first call where that is later

    @property
    def says_something(self) -> bool:
        """Whether there is enough behind it."""
        return self.over >= _LEAST

    def cost_of(self, time: timedelta) -> int:
        """What so much *time* costs at this pace, which has to say something."""
        return self.spent_nano * _whole(time) // _whole(self.over)


def reached(pace: Pace, left_nano: int, now: datetime, ends: datetime) -> datetime | None:
    """When nothing is left of a cap that holds until *ends*; None where that is not before it, or the pace says nothing."""
    if left_nano <= 0:
        return now
    if not pace.says_something or pace.cost_of(ends - now) <= left_nano:
        return None
    return now + timedelta(microseconds=_whole(pace.over) * left_nano // pace.spent_nano)


def _whole(time: timedelta) -> int:
    # Amounts have so many digits that a timedelta times one of them is longer than any may be.
    return time // timedelta.resolution
