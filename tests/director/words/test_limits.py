"""What is left of a limit fills evenly, until it is full."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.words.limits import Left

SECOND = timedelta(seconds=1)

lefts = st.builds(
    lambda most, missing, seconds: Left("requests", most, most - missing, SECOND * seconds),
    st.integers(1, 10_000), st.integers(1, 20_000), st.integers(1, 600),
)  # fmt: skip


@pytest.mark.parametrize(
    ("need", "seconds"),
    [(10, 0), (11, 1), (20, 10), (50, 40), (900, 40)],
)
def test_one_waits_for_what_is_missing_and_never_longer_than_until_it_is_full(need: int, seconds: int) -> None:
    """Of fifty a minute ten are left, and forty come in forty seconds."""
    assert SECOND * seconds == Left("requests", 50, 10, SECOND * 40).wait_for(need)


def test_what_was_taken_is_waited_for_as_well() -> None:
    """Also where it was full, so that nothing is known of how fast it fills: it is a limit a minute."""
    assert Left("requests", 50, 5, SECOND * 45) == Left("requests", 50, 10, SECOND * 40).less(5)
    assert Left("requests", 60, 57, SECOND * 3) == Left("requests", 60, 60, timedelta(0)).less(3)


@given(left=lefts, seconds=st.integers(0, 700), need=st.integers(1, 20_000))
def test_who_waited_that_long_waits_no_more(left: Left, seconds: int, need: int) -> None:
    """As time passes there is never less; when the wait is over, at most the second it was rounded by is missing."""
    passed = SECOND * seconds
    assert left.left <= left.after(passed).left <= left.most
    assert left.after(passed).full_in == max(timedelta(0), left.full_in - passed)
    wait = left.wait_for(need)
    assert wait <= left.full_in
    assert left.after(wait).left >= min(need, left.most) - 1


@pytest.mark.parametrize(("left", "near"), [(1_000, False), (200, False), (199, True), (0, True), (-5, True)])
def test_less_than_a_fifth_is_near(left: int, near: bool) -> None:
    """Only that is worth writing down."""
    assert near is Left("input-tokens", 1_000, left, SECOND).is_near
