"""What is left of one of the service's limits, and how it fills again. Pure: durations, no moments."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

#: A limit of which less than this share is left is worth writing down; further away nobody reaches it before the next answer.
_NEAR: Final = 0.2

#: What the service counts by.
_PERIOD: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Left:
    """
    What is left of one limit.

    It fills evenly, as the Messages API documents its limits (a token bucket whose reset is when it is full again). Where all
    of it comes back at once instead, who asks too early is refused and told how long to wait.
    """

    what: str  #: as its headers call it: requests, tokens, input-tokens, output-tokens
    most: int  #: when it is full; at least 1
    left: int  #: less than nothing where more was let out than there was
    full_in: timedelta

    @property
    def is_near(self) -> bool:
        """Whether it may be reached soon."""
        return self.left < self.most * _NEAR

    def wait_for(self, need: int) -> timedelta:
        """How long until *need* are left; for more than there ever is, until it is full."""
        missing = min(need, self.most) - self.left
        return timedelta(0) if missing <= 0 else self.full_in * (missing / (self.most - self.left))

    def after(self, passed: timedelta) -> "Left":
        """The same when *passed* is over and nothing was taken."""
        if passed >= self.full_in:
            return replace(self, left=self.most, full_in=timedelta(0))
        filled = int((self.most - self.left) * (passed / self.full_in))
        return replace(self, left=self.left + filled, full_in=self.full_in - passed)

    def less(self, used: int) -> "Left":
        """The same when *used* were taken."""
        missing = self.most - self.left
        each = self.full_in / missing if missing else _PERIOD / self.most
        return replace(self, left=self.left - used, full_in=self.full_in + each * used)
