"""Shares and means with their intervals: against figures of the literature, and by playing what they promise."""

import math
import random

import pytest

from director.memory.worth import LEAST, Compared, Worth, difference_of_means, difference_of_shares, share
from director.store.learnings import Arm

#: Plays of a comparison; enough that 95 in 100 is told from 90.
PLAYS = 2_000


def arm(scores: list[float], approved: int) -> Arm:
    return Arm(len(scores), approved, len(scores), sum(scores), sum(score * score for score in scores))


def test_a_share_has_wilsons_interval() -> None:
    """As computed by Newcombe (1998, table I) for 81 of 263, 15 of 148 and 0 of 20."""
    found = [share(*case) for case in ((81, 263), (15, 148), (0, 20))]

    assert [(0.2553, 0.3662), (0.0624, 0.1605), (0.0, 0.1611)] == [
        (round(one.low, 4), round(one.high, 4)) for one in found
    ]


def test_of_no_tasks_anything_is_possible() -> None:
    """From nothing to all."""
    assert (0, 1) == (share(0, 0).low, share(0, 0).high)


def test_a_difference_of_shares_has_newcombes_interval() -> None:
    """As in Newcombe (1998, table II, method 10) for 56 of 70 against 48 of 80, and 9 of 10 against 3 of 10."""
    found = [difference_of_shares(*case) for case in (((56, 70), (48, 80)), ((9, 10), (3, 10)))]

    assert [(0.0524, 0.3339), (0.1705, 0.8090)] == [(round(one.low, 4), round(one.high, 4)) for one in found]


def test_a_difference_of_means_has_welchs_interval() -> None:
    """
    Two samples of ten, computed by hand: means 20.5 and 24.5, variances 9.1667 and 82.5, so 11.0 degrees of freedom, of which
    Student's quantile is 2.201.
    """
    one, other = [float(n) for n in range(16, 26)], [float(11 + 3 * n) for n in range(10)]
    found = difference_of_means(arm(one, 0), arm(other, 0))

    assert -4.0 == found.value
    assert 2.201 * math.sqrt(9.1667 / 10 + 82.5 / 10) == pytest.approx(found.value - found.low, abs=0.01)


def test_an_interval_holds_what_is_so_as_often_as_it_says() -> None:
    """Of shares and of means, in 95 of 100 plays, less what chance does to so many."""
    dice = random.Random(14)
    held = {"shares": 0, "means": 0}
    for _ in range(PLAYS):
        one = [dice.gauss(8, 0.6) for _ in range(48)]
        other = [dice.gauss(7.5, 1.2) for _ in range(12)]
        some = sum(dice.random() < 0.8 for _ in range(48))
        few = sum(dice.random() < 0.6 for _ in range(12))
        means = difference_of_means(arm(one, 0), arm(other, 0))
        shares = difference_of_shares((some, 48), (few, 12))
        held["means"] += means.low <= 0.5 <= means.high
        held["shares"] += shares.low <= 0.2 <= shares.high

    assert all(0.93 < count / PLAYS < 0.985 for count in held.values()), held


@pytest.mark.parametrize(
    ("shown", "without", "worth"),
    [
        (arm([9.0] * (LEAST - 1), LEAST - 1), arm([2.0] * 50, 0), Worth.TOO_FEW),
        (arm([2.0] * 50, 0), arm([9.0] * (LEAST - 1), LEAST - 1), Worth.TOO_FEW),
        (arm([8.0, 7.0] * 20, 20), arm([8.0, 7.0] * 5, 5), Worth.NO_DIFFERENCE),
        (arm([8.0, 7.0] * 20, 38), arm([8.0, 7.0] * 5, 2), Worth.HELPS),
        (arm([9.0, 8.5] * 20, 20), arm([7.0, 6.5] * 5, 5), Worth.HELPS),
        (arm([6.0, 5.5] * 20, 20), arm([8.0, 7.5] * 5, 5), Worth.HARMS),
        (arm([9.0, 8.5] * 20, 4), arm([7.0, 6.5] * 5, 9), Worth.HARMS),  # a better score, and sent back
        (Arm(), Arm(), Worth.TOO_FEW),
    ],
)
def test_what_is_known_of_a_learning(shown: Arm, without: Arm, worth: Worth) -> None:
    """Too few on either side say nothing; by either figure it may help; harm by one weighs more than help by the other."""
    assert worth is Compared(shown, without).worth()


def test_drafts_without_a_score_say_nothing_of_scores() -> None:
    """A certain check gave none: their share counts, their mean does not."""
    few = Compared(Arm(40, 20, 9, 72, 576), Arm(40, 20, 40, 320, 2560))

    assert few.approved() is not None
    assert few.score() is None
