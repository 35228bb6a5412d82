"""Months and days begin where the brand is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.money.periods import around, day_of, month_of, months, next_day, next_month

BERLIN, HONOLULU, SAO_PAULO = (ZoneInfo(name) for name in ("Europe/Berlin", "Pacific/Honolulu", "America/Sao_Paulo"))
LORD_HOWE, SANTIAGO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")
ZONES = (None, BERLIN, HONOLULU, SAO_PAULO, LORD_HOWE, SANTIAGO)


@pytest.mark.parametrize(
    ("zone", "day", "turns"),
    [
        (None, "2026-11-30", datetime(2026, 12, 1, tzinfo=UTC)),
        (BERLIN, "2026-12-01", datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (HONOLULU, "2026-11-30", datetime(2026, 12, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_month_turns_at_midnight_there(zone: ZoneInfo | None, day: str, turns: datetime) -> None:
    """Half past eleven at night in London is December in Berlin and November in Honolulu."""
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert (day, day[:7], turns) == (day_of(late, zone), month_of(late, zone), next_month(late, zone))


moments = st.integers(1_420_000_000, 1_890_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(moments, st.sampled_from(ZONES))
def test_the_next_one_begins_just_when_it_is_another(now: datetime, zone: ZoneInfo | None) -> None:
    """Also where clocks are set forward at midnight, and on days of 23 and 25 hours."""
    just_before = timedelta(microseconds=1)
    for of, following in ((day_of, next_day), (month_of, next_month)):
        turns = following(now, zone)
        assert turns > now
        assert of(now, zone) == of(turns - just_before, zone) != of(turns, zone)


@given(moments, st.sampled_from(ZONES))
def test_whatever_is_of_a_month_is_around_it(now: datetime, zone: ZoneInfo | None) -> None:
    """So the database may look there only, whatever zone it was counted in."""
    begin, end = around(month_of(now, zone))
    assert begin <= now <= end
    assert end - begin <= timedelta(days=33)


def test_months_follow_each_other_from_the_first_to_the_last() -> None:
    """Over a year's end, and of one month that one."""
    assert ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"] == list(months("2026-11", "2027-03"))
    assert ["2026-11"] == list(months("2026-11", "2026-11"))
