"""When a cap is reached at the pace of the last days: exact, whatever the amounts, and silent where there is too little."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.money.pace import OVER, Pace, reached
from director.words.amounts import MOST, NANO

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENDS = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)

amounts = st.integers(0, MOST)


@pytest.mark.parametrize(
    ("spent", "left", "day"),
    [
        (7 * NANO, 5 * NANO, datetime(2026, 11, 27, 9, tzinfo=UTC)),  # a dollar a day
        (70 * NANO, 5 * NANO, datetime(2026, 11, 22, 21, tzinfo=UTC)),
        (7 * NANO, 9 * NANO, None),  # the month ends half a day before
        (0, 1, None),
        (0, 0, NOW),
        (7 * NANO, -NANO, NOW),
    ],
)
def test_it_is_the_moment_nothing_is_left(spent: int, left: int, day: datetime | None) -> None:
    """None where the month ends first, or nothing is spent; at once where nothing is left."""
    assert day == reached(Pace(spent, OVER), left, NOW, ENDS)


def test_less_than_a_day_says_nothing() -> None:
    """A busy first hour would name tomorrow."""
    assert reached(Pace(100 * NANO, timedelta(hours=23)), NANO, NOW, ENDS) is None


@given(spent=amounts, left=amounts, over=st.timedeltas(DAY, OVER))
def test_until_then_it_fits_and_a_moment_later_it_does_not(spent: int, left: int, over: timedelta) -> None:
    """Whatever the amounts and the time behind them."""
    pace = Pace(spent, over)
    when = reached(pace, left, NOW, ENDS)
    if when is None:
        assert pace.cost_of(ENDS - NOW) <= left
    else:
        assert NOW <= when < ENDS
        assert pace.cost_of(when - NOW) <= left
        assert left <= pace.cost_of(when - NOW + timedelta.resolution) or left == 0
