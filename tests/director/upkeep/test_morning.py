"""The morning note: what was done, what was spent and what waits, once a day, and none of a day without anything."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from director.goals.submit import submit
from director.mailbox import handling
from director.office import Office
from director.progress import questions
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.upkeep.alerts import Watch
from director.upkeep.morning import LATE, MOST, due, tell
from director.words.alert import Finding, Rule
from director.words.amounts import NANO
from director.words.models import Goal
from director.words.question import AboutPlan
from director.words.states import CallState, GoalState, TurnState, is_final
from tests.conftest import VERBS, SetClock
from tests.director.conftest import add_goal
from tests.director.receivers import HttpReceiver, http_receiver

BERLIN = ZoneInfo("Europe/Berlin")

u, g, c = schema.turns, schema.goals, schema.calls

#: Half past seven in Berlin.
MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture
def chat() -> Iterator[HttpReceiver]:
    """A chat that is there."""
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def telling(open_with: Callable[..., Office], chat: HttpReceiver) -> Office:
    """An office of a brand in Berlin, with a chat."""
    return open_with(notify_slack_url=chat.url, time_zone=BERLIN)


def deliver(office: Office) -> None:
    """Do the notices' turns."""
    with office.store.read() as tx:
        out = tx.conn.execute(u.select().where(u.c.state == TurnState.DISPATCHED, u.c.verb == "notify")).all()
    for turn in out:
        handling.handle(office, turn.id, VERBS, after_failure)


def said_in(chat: HttpReceiver) -> list[str]:
    """The last note's lines; one note was sent."""
    [got] = chat.got
    return json.loads(got.body)["text"].split("\n")


def test_it_says_what_was_done_spent_and_asked(
    telling: Office, chat: HttpReceiver, clock: SetClock, drain: Callable[[Office, Goal], Goal]
) -> None:
    """With each goal's report, and of each question the command that answers it."""
    done = drain(telling, submit(telling, "Sell singing gnomes", pipeline="Social Week"))
    with telling.store.write() as tx:
        failed = tx.goals.move(add_goal(tx, text="Sell elves"), GoalState.FAILED, by="director", reason="None left.")
        waiting = add_goal(tx)
        questions.ask(tx, waiting, AboutPlan(), "May this plan run?", version="1")
        cost = sum(call.cost_nano for call in tx.calls.of_goal(done.id))
    clock.now = MORNING + timedelta(minutes=5)

    tell(telling)
    deliver(telling)

    title, *lines = said_in(chat)
    assert "2026-11-23: 2 done, $0.00 spent, 1 waiting for you" == title
    report = telling.settings.workspace_dir / "reports" / f"{done.id}.md"
    assert report.is_file()
    command = ".venv/bin/python -m director"
    assert lines == [
        "From 2026-11-22 06:30 UTC to 2026-11-23 06:30 UTC.",
        "Done:",
        f"- g1, completed: Sell singing gnomes ({report})",
        f"- {failed.id}, failed: Sell elves (no report)",
        f"Spent: $0.00; rehearsed, not paid: ${Decimal(cost) / NANO:.4f}.",
        "Waits for you:",
        f"- May this plan run? Answer: {command} approve a1 (or reject)",
    ]


def test_it_is_told_once_a_morning(telling: Office, chat: HttpReceiver, clock: SetClock) -> None:
    """Whoever looks, and however often; the next is of the next day, of what happened since."""
    end_a_goal(telling)
    for _ in range(2):
        clock.now = MORNING - timedelta(seconds=1)
        tell(telling)
        clock.now = MORNING
        assert tell(telling) == MORNING
        deliver(telling)
    assert "2026-11-23: 1 done" in said_in(chat)[0]

    chat.got.clear()
    clock.forward(timedelta(minutes=1))
    end_a_goal(telling)
    clock.now = MORNING + timedelta(days=1)
    tell(telling)
    deliver(telling)
    assert "2026-11-24: 1 done" in said_in(chat)[0]


def end_a_goal(office: Office) -> Goal:
    """A goal that failed a while ago."""
    with office.store.write() as tx:
        return tx.goals.move(add_goal(tx), GoalState.FAILED, by="director", reason="The gnomes are out.")


def test_of_a_day_without_anything_there_is_none(telling: Office, chat: HttpReceiver, clock: SetClock) -> None:
    """Neither then, nor of what happens after its time, which is the next morning's."""
    clock.now = MORNING
    tell(telling)
    clock.forward(timedelta(minutes=1))
    end_a_goal(telling)
    tell(telling)

    with telling.store.read() as tx:
        assert [] == tx.notices.on_their_way()


def test_money_alone_is_something(telling: Office, chat: HttpReceiver, clock: SetClock) -> None:
    """What is paid and what is rehearsed are never added up; what is begun at its time is the next's."""
    with telling.store.write() as tx:
        goal = add_goal(tx)
        turn = {
            "brand": "default", "goal": goal.id, "actor": "director", "verb": "plan", "subject": goal.id, "key": "k",
            "priority": "P2", "not_before": tx.now,
        }  # fmt: skip
        made = tx.turns.add(**turn)
        assert made is not None
        usual = {
            "brand": "default", "goal": goal.id, "turn": made.id, "epoch": 1, "purpose": "plan", "model": "m",
            "state": CallState.ANSWERED, "month": "2026-11", "reserved_nano": 0, "input_tokens": 0, "output_tokens": 0,
            "cache_write_tokens": 0, "cache_read_tokens": 0, "created_at": tx.now,
        }  # fmt: skip
        tx.conn.execute(insert(c).values(**usual, key="a", rehearsal=False, cost_nano=2 * NANO))
        tx.conn.execute(insert(c).values(**usual, key="b", rehearsal=True, cost_nano=3 * NANO))
        then = {**usual, "created_at": MORNING}
        tx.conn.execute(insert(c).values(**then, key="c", rehearsal=False, cost_nano=5 * NANO))
    clock.now = MORNING
    tell(telling)
    deliver(telling)

    assert said_in(chat)[-1] == "Spent: $2.00; rehearsed, not paid: $3.00."


def test_what_is_too_much_to_read_is_counted(telling: Office, chat: HttpReceiver, clock: SetClock) -> None:
    """The first of them are named."""
    for _ in range(MOST + 5):
        end_a_goal(telling)
    clock.now = MORNING
    tell(telling)
    deliver(telling)

    lines = said_in(chat)
    assert f"{MOST + 5} done" in lines[0]
    assert MOST == sum(line.startswith("- g") for line in lines)
    assert "- and 5 more" in lines


def test_whoever_looks_for_alerts_tells_it(telling: Office, chat: HttpReceiver, clock: SetClock) -> None:
    """Once; and names what is wrong, by which it is asked for."""
    end_a_goal(telling)
    with telling.store.write() as tx:
        tx.alerts.add("default", Finding(Rule.SERVICE, "claude", "a", "b", "c", "d"))
    clock.now = MORNING
    watch = Watch(telling)
    for _ in range(2):
        watch.look()
        deliver(telling)

    notes = [text for got in chat.got if (text := json.loads(got.body)["text"]).startswith("2026-11-23: ")]
    assert [True] == ["Open alerts: al1" in note for note in notes]


@pytest.mark.parametrize("state", GoalState)
def test_each_end_a_goal_may_have_is_told_but_one_that_a_person_made(
    telling: Office, chat: HttpReceiver, clock: SetClock, state: GoalState
) -> None:
    """What goes on is not done."""
    with telling.store.write() as tx:
        goal = add_goal(tx)
        ended = {"finished_at": tx.now} if is_final(state) else {}
        tx.conn.execute(g.update().where(g.c.id == goal.id).values(state=state, **ended))
    clock.now = MORNING
    tell(telling)
    deliver(telling)

    told = {GoalState.COMPLETED, GoalState.PARTIAL, GoalState.FAILED}
    assert (state in told) == (
        f"- {goal.id}, {state}: Write it down" in json.dumps([str(got.body) for got in chat.got])
    )


def test_questions_alone_are_something_and_those_that_are_not_named_are_counted(
    telling: Office, chat: HttpReceiver, clock: SetClock
) -> None:
    """Those that came after its time are the next one's."""
    ask(telling, MOST + 5)
    clock.now = MORNING + timedelta(minutes=1)
    ask(telling, 1)
    tell(telling)
    deliver(telling)

    title, *lines = said_in(chat)
    assert title.endswith(f"{MOST + 5} waiting for you")
    assert (MOST, "- and 5 more") == (sum("May this plan run?" in line for line in lines), lines[-1])


def ask(office: Office, questions_asked: int) -> None:
    """Ask that many things of one goal."""
    with office.store.write() as tx:
        goal = add_goal(tx)
        for number in range(questions_asked):
            questions.ask(tx, goal, AboutPlan(), "May this plan run?", version=str(number))


@pytest.mark.parametrize("changes", [{"morning_note": None}, {"notify_slack_url": None}])
def test_it_can_be_left_out(open_with: Callable[..., Office], clock: SetClock, changes: dict[str, object]) -> None:
    """By its setting; and where no channel is there, nobody would read it."""
    office = open_with(**{"notify_slack_url": "http://127.0.0.1:1/", "time_zone": BERLIN, **changes})
    end_a_goal(office)
    clock.now = MORNING
    tell(office)

    with office.store.read() as tx:
        assert [] == tx.notices.on_their_way()


def test_a_team_that_comes_in_the_evening_begins_with_the_next(telling: Office, clock: SetClock) -> None:
    """Nobody reads this morning's any more."""
    end_a_goal(telling)
    clock.now = MORNING + LATE + timedelta(seconds=1)
    tell(telling)

    with telling.store.read() as tx:
        assert [] == tx.notices.on_their_way()


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2026, 11, 23, 6, 29, 59, tzinfo=UTC), datetime(2026, 11, 22, 6, 30, tzinfo=UTC)),
        (MORNING, MORNING),
        # Clocks are put back on 25 October and forward on 29 March, in the night.
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), datetime(2026, 10, 24, 5, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 6, 30, tzinfo=UTC), datetime(2026, 10, 25, 6, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 5, 30, tzinfo=UTC), datetime(2026, 3, 29, 5, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 5, 29, tzinfo=UTC), datetime(2026, 3, 28, 6, 30, tzinfo=UTC)),
    ],
)
def test_its_time_is_that_of_the_brands_clock(now: datetime, last: datetime) -> None:
    """Also on the days on which clocks change."""
    assert due(now, time(7, 30), BERLIN) == last
