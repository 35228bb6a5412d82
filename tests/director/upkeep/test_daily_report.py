"""A page a day: written once the day is over where the brand is, with the ledger's figures, and never in the clock's way."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from director.calls import caps
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.mailbox.turns import Held
from director.office import Office
from director.progress import questions
from director.upkeep.daily_report import path_of, write_missing
from director.words.amounts import NANO, usd
from director.words.models import Call, Goal
from director.words.question import AboutPlan
from director.words.states import CallState, GoalState, WaitFor
from tests.conftest import SetClock
from tests.director.calls.test_ask import REQUEST
from tests.director.conftest import add_call, add_goal, reserve

Drain = Callable[[Office, Goal], Goal]

DAY = timedelta(days=1)


def called(office: Office, **said: Any) -> Call:
    """A call of a goal of its own, begun now, answered and paid with a dollar."""
    with office.store.write() as tx:
        return add_call(tx, **{"worst_nano": 9 * NANO, "cost_nano": NANO, **said})


def pages(office: Office) -> list[str]:
    """The days that have a page."""
    return sorted(file.stem for file in office.settings.workspace_dir.glob("metrics/*.md"))


def page(office: Office, day: datetime) -> str:
    return (office.settings.workspace_dir / path_of(day.date())).read_text(encoding="utf-8")


def test_a_day_gets_its_page_when_it_is_over(office: Office, clock: SetClock) -> None:
    """Not while it lasts: it would miss the rest of the day for ever."""
    called(office)
    clock.now = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert (0, []) == (write_missing(office), pages(office))
    clock.forward(timedelta(seconds=1))

    assert (1, ["2026-11-22"]) == (write_missing(office), pages(office))


def test_a_day_is_not_over_while_a_call_of_it_is_on_the_wire(
    office: Office, claimed: Callable[..., Held], clock: SetClock
) -> None:
    """Its page would say for ever that the call cost nothing."""
    clock.now = datetime(2026, 11, 22, 23, 59, 50, tzinfo=UTC)
    held = claimed()
    with office.store.write() as tx:
        call = reserve(tx, office, held.turn, REQUEST, key="k")
    clock.forward(timedelta(minutes=1))
    assert (0, []) == (write_missing(office), pages(office))
    with office.store.write() as tx:
        caps.settle(tx, call, CallState.ANSWERED, 7 * NANO)

    assert 1 == write_missing(office)
    assert "$7.00** in 1 call" in page(office, clock.now - DAY)


def test_a_page_that_is_there_is_left_and_one_that_went_is_written_again(office: Office, clock: SetClock) -> None:
    """Somebody's notes in it stay; each tick looks."""
    called(office)
    clock.forward(DAY)
    write_missing(office)
    file = office.settings.workspace_dir / path_of(clock.now.date() - DAY)
    file.write_text("mine")
    assert (0, "mine") == (write_missing(office), file.read_text())
    file.unlink()

    assert 1 == write_missing(office)
    assert "$1.00" in file.read_text()


def test_days_without_anything_have_none_also_when_the_clock_was_away(office: Office, clock: SetClock) -> None:
    """After a week the days with calls have one each, and so has the one on which a goal was cancelled before any call."""
    called(office)
    clock.forward(2 * DAY)
    called(office)
    clock.forward(2 * DAY)
    cancel(office, submit(office, "Sell").id)
    clock.forward(3 * DAY)

    assert (3, ["2026-11-22", "2026-11-24", "2026-11-26"]) == (write_missing(office), pages(office))
    assert "g3, Sell: cancelled" in page(office, datetime(2026, 11, 26, tzinfo=UTC))
    assert "## Spent\n\nNothing.\n" in page(office, datetime(2026, 11, 26, tzinfo=UTC))


def test_the_day_is_the_brands(open_with: Callable[..., Office], clock: SetClock) -> None:
    """In Kathmandu it is over a quarter past six in the evening of UTC."""
    office = open_with(time_zone=ZoneInfo("Asia/Kathmandu"))
    clock.now = datetime(2026, 11, 22, 18, 14, tzinfo=UTC)
    called(office)
    assert 0 == write_missing(office)
    clock.forward(timedelta(minutes=1))
    called(office, cost_nano=2 * NANO)
    write_missing(office)

    assert ["2026-11-22"] == pages(office)
    text = page(office, datetime(2026, 11, 22, tzinfo=UTC))
    assert "**$1.00** in 1 call" in text
    assert "Days and months are those of Asia/Kathmandu." in text


def test_its_figures_are_the_ledgers(office: Office, clock: SetClock, drain: Drain) -> None:
    """Each table of a kind adds up to the kind's sum; a goal that ended is named, with its report."""
    goal = drain(office, submit(office, "Sell | gnomes", plan_by="template"))
    called(office, cost_nano=2 * NANO)
    clock.forward(DAY)
    write_missing(office)
    text = page(office, clock.now - DAY)
    with office.store.read() as tx:
        spent = tx.accounts.get(caps.goal_scope(goal.id), rehearsal=True).spent_nano
        calls = len(tx.calls.of_goal(goal.id))

    assert (
        f"**Rehearsed, nothing is paid: {usd(spent)}** in {calls} calls. 2026-11 until then: {usd(spent)} of $1000"
        in text
    )
    assert "**$2.00** in 1 call. 2026-11 until then: $2.00 of $1000.00 (0%)." in text
    tables = re.findall(r"(?m)^\| (goal|skill|model) \|.*\n\|---.*\n((?:\|.*\n)+)", text)
    assert ["goal", "skill", "model"] * 2 == [by for by, _ in tables]
    counted = [sum(int(row.split(" | ")[-6]) for row in rows.strip().splitlines()) for _, rows in tables]
    assert [1] * 3 + [calls] * 3 == counted
    assert f"[Sell | gnomes](../reports/{goal.id}.md): completed, {usd(spent)} in all" in text
    assert f"| {goal.id} Sell \\| gnomes | {calls} |" in text


def at(month: int, day: int) -> datetime:
    """Nine in the morning of a day of 2026."""
    return datetime(2026, month, day, 9, tzinfo=UTC)


def test_the_month_until_then_is_the_days_own_from_its_first_day_on(office: Office, clock: SetClock) -> None:
    """Of its last day too, and without what came after, however late the page is written."""
    for day, dollars in ((at(11, 1), 1), (at(11, 30), 2), (at(12, 1), 4)):
        clock.now = day
        called(office, cost_nano=dollars * NANO, month=f"{day:%Y-%m}")
    clock.forward(DAY)
    write_missing(office)

    until = [re.findall(r"in 1 call\. (.* of) \$1000", page(office, at(*day))) for day in ((11, 30), (12, 1))]
    assert [["2026-11 until then: $3.00 of"], ["2026-12 until then: $4.00 of"]] == until


def test_each_kind_of_money_has_the_cap_that_people_gave_it(office: Office, clock: SetClock) -> None:
    """What was added for a rehearsal may not be paid."""
    for rehearsal in (False, True):
        called(office, rehearsal=rehearsal)
    with office.store.write() as tx:
        tx.accounts.allow(caps.month_scope(office.brand, "2026-11"), 500 * NANO, rehearsal=True)
    clock.forward(DAY)
    write_missing(office)

    found = re.findall(r"until then: (.*)\.\n", page(office, clock.now - DAY))
    assert ["$1.00 of $1000.00 (0%)", "$1.00 of $1500.00 (0%)"] == found


def test_of_many_goals_the_dearest_are_named_and_the_rest_is_added_up(office: Office, clock: SetClock) -> None:
    """A page is read at a glance, and its table is the day's sum all the same."""
    for dollars in range(1, 33):
        called(office, cost_nano=dollars * NANO)
    clock.forward(DAY)
    write_missing(office)
    table = page(office, clock.now - DAY).partition("| goal |")[2].partition("\n\n")[0].splitlines()[2:]

    assert [row.rpartition("| $")[2] for row in table] == [f"{dollars}.00 |" for dollars in (*range(32, 2, -1), 3)]
    assert "| 2 more | 2 | 200 | 40 | 0 | 600 | $3.00 |" == table[-1]
    assert "| g32 Sell | 1 | 100 | 20 | 0 | 300 | $32.00 |" == table[0]


def test_it_says_what_waits_and_what_is_unknown(office: Office, clock: SetClock) -> None:
    """Questions with their deadlines, goals that wait for something else, calls that may have been paid."""
    with office.store.write() as tx:
        asked, rich = add_goal(tx), add_goal(tx)
        questions.ask(tx, asked, AboutPlan(), "May the plan run?", version="")
        tx.goals.move(rich, GoalState.WAITING, by="test", wait_for=WaitFor.MONEY, reason="The month is spent.")
        lost = add_call(tx, goal=rich, worst_nano=3 * NANO, purpose="draft")
        add_call(tx, goal=add_goal(tx), worst_nano=2 * NANO, rehearsal=True)
    clock.forward(DAY)
    write_missing(office)
    text = page(office, clock.now - DAY)

    assert f"- Question a1 of {asked.id}, until 2026-11-25 09:00 UTC: May the plan run?" in text
    assert f"- {rich.id} waits for money: The month is spent." in text
    assert f"- {asked.id} waits" not in text, "its question says it"
    assert f"- call {lost.id}, 2026-11-22 09:00 UTC, draft of {rich.id}: $3.00 at worst. no answer came in time" in text
    assert "$2.00 at worst, rehearsed. no answer" in text, "nobody may have paid that"


def test_where_it_cannot_be_written_the_clock_goes_on_and_it_comes_later(
    office: Office, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, however many ticks find it so."""
    called(office)
    clock.forward(DAY)
    folder = office.settings.workspace_dir / "metrics"
    folder.write_text("a file in the way")
    with caplog.at_level(logging.ERROR):
        assert [0, 0, 0] == [write_missing(office) for _ in range(3)]
    assert 1 == len([line for line in caplog.messages if "could not be written" in line])
    Path(folder).unlink()

    assert (1, ["2026-11-22"]) == (write_missing(office), pages(office))


def test_a_fault_of_ours_is_said_and_does_not_stop_the_clock(
    office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is due starts all the same."""
    called(office)
    clock.forward(DAY)
    monkeypatch.setattr("director.upkeep.daily_report.page", lambda *_: 1 / 0)

    assert 0 == write_missing(office)
    assert "A day's page could not be made." in caplog.messages
