"""What learnings are worth: first drafts with against first drafts without, with intervals. Pure."""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from director.store.learnings import Arm

#: Fewer tasks on either side say nothing.
LEAST: Final = 10

#: How sure what people read is: 95 of 100 such intervals hold what is so.
SHOWN: Final = 0.95

#: How sure it has to be that a learning does harm, before it retires itself. It is looked at after every goal, and so many
#: looks find something by chance: of a thousand that did nothing, 207 were retired within 300 tasks at 95 of 100, 4 at this.
PROVEN: Final = 0.999


class Worth(StrEnum):
    """What is known of it."""

    TOO_FEW = "too few to tell"
    NO_DIFFERENCE = "no difference seen"
    HELPS = "helps"
    HARMS = "harms"


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and between what it is likely to be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Tasks with and tasks without."""

    shown: Arm
    without: Arm

    @property
    def is_enough(self) -> bool:
        """Whether there are enough tasks on either side to say anything."""
        return min(self.shown.tasks, self.without.tasks) >= LEAST

    def approved(self, sure: float = SHOWN) -> Interval | None:
        """By how much more of the first drafts were approved at once, of 1; None where there are too few."""
        if not self.is_enough:
            return None
        return difference_of_shares(
            (self.shown.approved, self.shown.tasks), (self.without.approved, self.without.tasks), sure
        )

    def score(self, sure: float = SHOWN) -> Interval | None:
        """By how much the first drafts' score was higher; None where too few have one."""
        if not self.is_enough or min(self.shown.scored, self.without.scored) < LEAST:
            return None
        return difference_of_means(self.shown, self.without, sure)

    def worth(self, sure: float = SHOWN) -> Worth:
        """By both figures. One that says it harms counts more than one that says it helps."""
        found = [one for one in (self.approved(sure), self.score(sure)) if one is not None]
        if not found:
            return Worth.TOO_FEW
        if any(one.high < 0 for one in found):
            return Worth.HARMS
        return Worth.HELPS if any(one.low > 0 for one in found) else Worth.NO_DIFFERENCE


def share(approved: int, tasks: int, sure: float = SHOWN) -> Interval:
    """The share of *tasks* that were *approved*, by Wilson; of no tasks anything is possible."""
    if tasks == 0:
        return Interval(0.0, 0.0, 1.0)
    z = _z(sure)
    p = approved / tasks
    middle = (p + z * z / (2 * tasks)) / (1 + z * z / tasks)
    half = z / (1 + z * z / tasks) * math.sqrt(p * (1 - p) / tasks + z * z / (4 * tasks * tasks))
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def difference_of_shares(one: tuple[int, int], other: tuple[int, int], sure: float = SHOWN) -> Interval:
    """The first share less the second, by Newcombe (1998, method 10): the Wilson limits of both, put together."""
    a, b = share(*one, sure), share(*other, sure)
    value = a.value - b.value
    low = value - math.hypot(a.value - a.low, b.high - b.value)
    high = value + math.hypot(a.high - a.value, b.value - b.low)
    return Interval(value, low, high)


def difference_of_means(one: Arm, other: Arm, sure: float = SHOWN) -> Interval:
    """The first mean score less the second, by Welch: neither side's spread is taken for the other's."""
    a, b = _variance(one) / one.scored, _variance(other) / other.scored
    value = one.total / one.scored - other.total / other.scored
    error = a + b
    if error == 0:
        return Interval(value, value, value)
    freedom = error**2 / (a**2 / (one.scored - 1) + b**2 / (other.scored - 1))
    half = _t(sure, freedom) * math.sqrt(error)
    return Interval(value, value - half, value + half)


def _variance(arm: Arm) -> float:
    mean = arm.total / arm.scored
    return max(0.0, (arm.squares - arm.scored * mean * mean) / (arm.scored - 1))


def _z(sure: float) -> float:
    return NormalDist().inv_cdf((1 + sure) / 2)


def _t(sure: float, freedom: float) -> float:
    """Student's t from the normal quantile (Abramowitz and Stegun 26.7.5); from nine degrees on right to a hundredth."""
    z = _z(sure)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
