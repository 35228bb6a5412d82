"""When a schedule's slots are: as Debian's cron reads a line, in the schedule's zone, wherever one begins to look."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.triggers.cron import Cron

BERLIN = ZoneInfo("Europe/Berlin")

#: Zones whose clocks are changed in unusual ways: by half an hour, at midnight, by two hours, in Ramadan, on other days.
ZONES = (
    "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca",
    "America/Havana", "Antarctica/Troll", "Asia/Beirut", "Pacific/Auckland",
)  # fmt: skip

LINES = (
    "30 2 * * *", "0 2,3 * * *", "0 0 * * *", "0 * * * *", "15,45 * * * *", "*/20 1-3 * * *", "0 */2 * * *", "30 1 * * 0",
    "59 23 * * *", "0 0 * * 1",
    "* 2 * * *",
)  # fmt: skip


def at(*of: int) -> datetime:
    """A moment in UTC."""
    return datetime(*of, tzinfo=UTC)  # type: ignore[arg-type, misc]


def local(line: str, since: datetime, until: datetime, zone: ZoneInfo = BERLIN) -> list[str]:
    """The moments of a line, as its zone writes them."""
    return [f"{slot.astimezone(zone):%Y-%m-%d %H:%M%z}" for slot in Cron.parse(line, zone).between(since, until)]


def test_a_time_that_does_not_exist_is_the_first_after_the_gap() -> None:
    """02:30 on the day the clocks go forward is 03:00, once; so are 02:00 and 03:00 together."""
    day = (at(2026, 3, 28, 12), at(2026, 3, 29, 12))
    assert ["2026-03-29 03:00+0200"] == local("30 2 * * *", *day)
    assert ["2026-03-29 03:00+0200"] == local("0 2,3 * * *", *day)


def test_a_time_that_exists_twice_is_the_first_of_both() -> None:
    """02:30 on the day the clocks go back comes once, in summer time, also to who looks between the two."""
    assert ["2026-10-25 02:30+0200"] == local("30 2 * * *", at(2026, 10, 24, 12), at(2026, 10, 25, 12))
    assert [] == local("30 2 * * *", at(2026, 10, 25, 0, 45), at(2026, 10, 25, 12))


def test_what_recurs_each_hour_goes_on_by_the_hour() -> None:
    """An hourly slot comes 23 times on one change day and 25 times on the other."""
    assert 23 == len(local("0 * * * *", at(2026, 3, 28, 22, 59), at(2026, 3, 29, 21, 59)))
    assert 25 == len(local("0 * * * *", at(2026, 10, 24, 21, 59), at(2026, 10, 25, 22, 59)))


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN", "0,7"])
def test_a_sunday_is_a_sunday_however_it_is_written(sunday: str) -> None:
    """0, 7 and sun are the same day, and it comes each week of a year."""
    cron = Cron.parse(f"0 9 * * {sunday}", BERLIN)
    found = list(cron.between(at(2026, 1, 1), at(2027, 1, 1)))
    assert 52 == len(found)
    assert {6} == {slot.astimezone(BERLIN).weekday() for slot in found}


def test_the_31st_is_left_out_where_there_is_none() -> None:
    """A month without a 31st has no slot; none is moved to the 30th or the 1st."""
    found = [slot[5:10] for slot in local("0 12 31 * *", at(2026, 1, 1), at(2027, 1, 1))]
    assert ["01-31", "03-31", "05-31", "07-31", "08-31", "10-31", "12-31"] == found


def test_february_29th_comes_in_leap_years() -> None:
    """Once in four years."""
    assert ["2028-02-29 12:00+0100", "2032-02-29 12:00+0100"] == local("0 12 29 2 *", at(2026, 1, 1), at(2033, 1, 1))


@pytest.mark.parametrize(
    ("short", "line"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@Yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ],
)
def test_short_names_are_lines(short: str, line: str) -> None:
    """The names people know from cron's own files stand for what they do there."""
    assert Cron.parse(line, BERLIN) == Cron.parse(short, BERLIN)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("61 9 * * *", "a wrong minute"),
        ("0 24 * * *", "a wrong hour"),
        ("0 0 32 * *", "a wrong day-of-month"),
        ("0 0 1 13 *", "a wrong month"),
        ("0 0 * * 8", "a wrong day-of-week"),
        ("0 0 31 2 *", "a wrong day-of-month"),
        ("0 0 30 2 *", "a wrong day-of-month"),
        ("* * * *", "4 fields"),
        ("0 0 * * * *", "6 fields"),
        ("", "0 fields"),
        ("@reboot", "1 field"),
        ("0 9-8 * * *", "a wrong hour"),
        ("*/0 * * * *", "a wrong minute"),
        ("0 0 * * " + "1," * 60 + "1", "more than 100 characters"),
    ],
)
def test_a_wrong_line_is_refused(line: str, said: str) -> None:
    """What never comes, or is no time, is not taken."""
    with pytest.raises(ValueError, match=said):
        Cron.parse(line, BERLIN)


@given(st.text(alphabet="0123456789*/,-#LW? monjan²٣", max_size=30))
def test_any_text_is_a_line_or_a_complaint(text: str) -> None:
    """No writing of a person ends in another error than the one that is told."""
    try:
        cron = Cron.parse(f"{text} * * *", BERLIN)
    except ValueError:
        return
    assert next(cron.after(at(2026, 1, 1)), None)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(LINES),
    st.integers(0, 365 * 24 * 60),
    st.lists(st.integers(1, 3 * 24 * 60), min_size=1, max_size=6),
)
def test_a_slot_is_one_from_wherever_one_looks(zone: str, line: str, minute: int, steps: list[int]) -> None:
    """Whoever looks in several steps, in the hours of a change too, finds what one finds who looks once."""
    cron = Cron.parse(line, ZoneInfo(zone))
    begin = at(2026, 1, 1) + timedelta(minutes=minute)
    ends = [begin + timedelta(minutes=sum(steps[:n])) for n in range(len(steps) + 1)]
    pieces = [slot for since, until in pairwise(ends) for slot in cron.between(since, until)]
    assert list(cron.between(begin, ends[-1])) == pieces
    assert pieces == sorted(set(pieces))
    assert (pieces or [None])[-1] in (None, cron.last_before(ends[-1] + timedelta(seconds=1)))


@pytest.mark.parametrize("zone", ZONES)
def test_a_slot_is_one_from_within_the_hours_of_a_change(zone: str) -> None:
    """The hours around each change of a year's clocks, looked at from every twelfth minute of them."""
    of_zone = ZoneInfo(zone)
    hours = [at(2026, 1, 1) + timedelta(hours=hour) for hour in range(365 * 24)]
    offsets = [hour.astimezone(of_zone).utcoffset() for hour in hours]
    changes = [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]
    assert len(changes) >= 2
    for line in LINES:
        cron = Cron.parse(line, of_zone)
        for change in changes:
            until = change + timedelta(hours=8)
            whole = list(cron.between(change - timedelta(hours=30), until))
            for step in range(-20, 21):
                since = change + timedelta(minutes=12 * step)
                assert [slot for slot in whole if slot > since] == list(cron.between(since, until)), (line, since)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 7 * * 1", "every Monday at 07:00"),
        ("30 7 * * 1-5", "every day from Monday to Friday at 07:30"),
        ("@daily", "every day at 00:00"),
        ("0 0 15 * *", "on the 15th day of every month at 00:00"),
        ("0 9 * 1 2", "every Tuesday in January at 09:00"),
        ("0 * * * *", "at the start of every hour"),
        ("*/15 * * * *", "every 15th minute of every hour"),
    ],
)
def test_a_line_is_said_in_words(line: str, words: str) -> None:
    """The days first, as people say it."""
    assert Cron.parse(line, ZoneInfo("UTC")).in_words == words
