"""`costs --forecast`: the pace of the last days and the day on which the cap is reached, from the ledger's own figures."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from director.office import Office
from director.views.month_forecast import month_forecasts
from director.words.amounts import NANO
from tests.conftest import SetClock
from tests.director.cli.conftest import Said
from tests.director.conftest import add_call

Say = Callable[..., Said]


def paid(office: Office, dollars: int, *, rehearsal: bool = False) -> None:
    with office.store.write() as tx:
        add_call(tx, worst_nano=NANO, cost_nano=dollars * NANO, rehearsal=rehearsal)


@pytest.fixture
def day_of(say: Say, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """The lines a person reads, at the clock's moment."""
    monkeypatch.setattr("director.bootstrap.Clock", lambda: clock)
    return lambda *words: say("costs", "--forecast", *words).out.splitlines()


def test_it_names_the_day_and_the_pace(office: Office, clock: SetClock, day_of: Callable[..., list[str]]) -> None:
    """What was spent before the last seven days is in the month, and not in the pace."""
    clock.forward(timedelta(days=-13))
    paid(office, 300)
    for _ in range(7):
        clock.forward(timedelta(days=1))
    for _ in range(7):
        paid(office, 100 if clock.now.day < 17 else 50)
        clock.forward(timedelta(days=1))

    assert [
        "Paid: $700.00 of $1000.00 in 2026-11.",
        "Pace: $57.14 a day, of the last 7 days.",
        "At this pace the cap is reached on Saturday, 2026-11-28 (UTC), and what is to be paid waits then.",
    ] == day_of()


def test_a_month_that_ends_first_says_at_what(
    office: Office, clock: SetClock, day_of: Callable[..., list[str]]
) -> None:
    """And that there is less behind it than seven days."""
    paid(office, 10)
    clock.forward(timedelta(days=2))

    assert [
        "Paid: $10.00 of $1000.00 in 2026-11.",
        "Pace: $5.00 a day, of the last 2 days, all there are: this says little yet.",
        "At this pace the month ends at $43.12; its cap is not reached.",
    ] == day_of()


def test_nothing_and_hardly_anything_name_no_day(office: Office, day_of: Callable[..., list[str]]) -> None:
    """Neither before the first call, nor on the first day."""
    too_little = "Too little to tell a pace by: the first call was begun less than a day ago."
    assert ["Rehearsed, nothing is paid: $0.00 of $1000.00 in 2026-11.", too_little] == day_of()
    paid(office, 400)

    assert ["Paid: $400.00 of $1000.00 in 2026-11.", too_little] == day_of()
    document = json.loads("\n".join(day_of("--json")))
    assert (None, None, None) == tuple(
        document["paid"][name] for name in ("pace_usd_a_day", "reached_at", "at_end_usd")
    )
    assert document["rehearsed"] is None


def test_a_cap_that_is_reached_is_said(office: Office, clock: SetClock, day_of: Callable[..., list[str]]) -> None:
    """No pace is needed for that; what was rehearsed has a pace of its own."""
    paid(office, 1000)
    paid(office, 10, rehearsal=True)
    clock.forward(timedelta(days=1))
    lines = day_of()

    assert "The cap is reached." == lines[1]
    assert "Pace: $10.00 a day, of the last 1 day, all there are: this says little yet." == lines[4]


def test_what_people_added_to_the_month_is_of_its_cap(office: Office, clock: SetClock) -> None:
    """And the day is told where the brand is."""
    paid(office, 900)
    clock.forward(timedelta(days=1))
    with office.store.write() as tx:
        tx.accounts.allow("month default 2026-11", 500 * NANO, rehearsal=False)
    with office.store.read() as tx:
        (found,) = month_forecasts(tx, office)

    assert (1500 * NANO, "2026-11-24") == (found.cap_nano, str(found.reached)[:10])
    assert ZoneInfo("UTC") == (found.reached and found.reached.tzinfo)


def test_of_years_only_the_months_that_are_asked_about_are_read(office: Office, clock: SetClock) -> None:
    """Each look at calls is bounded by their days: also the one that finds that nothing was rehearsed yet."""
    paid(office, 900)
    clock.forward(timedelta(days=400))
    paid(office, 10)
    said: list[tuple[str, Any]] = []
    event.listen(office.store.engine, "before_cursor_execute", lambda *given: said.append((given[2], given[3])))
    with office.store.read() as tx:
        (found,) = month_forecasts(tx, office)
        asked = [(sql, given) for sql, given in said if "FROM calls" in sql]
        plans = [tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).first() for sql, given in asked]

    assert (10 * NANO, timedelta(days=7)) == (found.spent_nano, found.pace.over)
    oldest, *others = [str(row[-1]) for row in plans if row]
    assert "brand=?" in oldest, "the very first of an index is one row"
    assert others
    assert all("created_at>?" in step for step in others), others
