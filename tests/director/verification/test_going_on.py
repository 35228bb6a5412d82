"""Work that goes on is no mismatch; but a change that was asked for once lets nothing else be changed unseen."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from director.goals.cancel import cancel
from director.goals.change_plan import change
from director.goals.submit import submit
from director.inbox.accept import accept
from director.inbox.approvals import answer
from director.inbox.revise_approved import revise
from director.office import Office
from director.progress.facts import plan_of
from director.verification.verify import verify
from director.words.models import Goal
from director.words.states import Answer, GoalState, TaskState
from pipelines.written import Written
from tests.conftest import SetClock

Drain = Callable[[Office, Goal], Goal]
Before = Callable[[Office, Goal, Drain, SetClock], None]

OWN = "# Gnomes\n\nMy own words about gnomes, which I like better.\n"


@contextmanager
def written(office: Office, statement: str) -> Iterator[None]:
    """Somebody's *statement* in the record, for as long as that is looked at."""
    office.store.close()
    file = office.settings.state_dir / "troupe.sqlite"
    before = file.read_bytes()
    with closing(sqlite3.connect(file)) as raw, raw:
        assert raw.execute(statement).rowcount > 0
    try:
        yield
    finally:
        office.store.close()
        with closing(sqlite3.connect(file)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.write_bytes(before)


def mismatches(office: Office) -> list[str]:
    return [str(one) for one in verify(office).mismatches]


def unseen(office: Office, changed: Mapping[str, str]) -> list[str]:
    """Those statements after which nobody names the column that they changed."""
    found = []
    for statement, column in changed.items():
        with written(office, statement):
            if not any(f"({column})" in line for line in mismatches(office)):
                found.append(statement)
    return found


@pytest.fixture
def half(open_with: Callable[..., Office], drain: Drain) -> tuple[Office, Goal]:
    """A goal of three tasks: the first is approved, of the second a person is asked."""
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, "Sell more gnomes", pipeline="Outreach Campaign"))
    answer(office, "a1", Answer.APPROVE)
    return office, drain(office, goal)


@pytest.fixture
def done(open_with: Callable[..., Office], drain: Drain, clock: SetClock) -> tuple[Office, Goal]:
    """A goal that is completed, of three tasks that were each sent back once, so that each has notes and a basis."""
    office = open_with(rehearsal="send_back=1")
    goal = drain(office, submit(office, "Sell more gnomes", pipeline="Outreach Campaign"))
    assert goal.state is GoalState.COMPLETED
    clock.forward(timedelta(minutes=2))
    return office, goal


def nothing(office: Office, goal: Goal, drain: Drain, clock: SetClock) -> None:
    """Nobody asks for anything."""


def given_up(office: Office, goal: Goal, drain: Drain, clock: SetClock) -> None:
    """A change is asked for and given up."""
    revise(office, f"{goal.id}-1", "Shorter.")
    clock.forward(timedelta(minutes=2))
    cancel(office, goal.id)


def own_version(office: Office, goal: Goal, drain: Drain, clock: SetClock) -> None:
    """A person's own version takes the place of what was approved."""
    accept(office, f"{goal.id}-1", OWN, file=Path("own.md"))


def own_version_and_given_up(office: Office, goal: Goal, drain: Drain, clock: SetClock) -> None:
    """A person says two things of the same version, and the second comes to nothing."""
    own_version(office, goal, drain, clock)
    clock.forward(timedelta(minutes=2))
    given_up(office, goal, drain, clock)


def carried_out(office: Office, goal: Goal, drain: Drain, clock: SetClock) -> None:
    """A change is asked for and made."""
    revise(office, f"{goal.id}-1", "Shorter.")
    clock.forward(timedelta(minutes=2))
    drain(office, goal)


BEFORE = [nothing, given_up, own_version, own_version_and_given_up, carried_out]


@pytest.mark.parametrize("before", BEFORE)
def test_what_people_ask_for_is_no_mismatch(
    done: tuple[Office, Goal], drain: Drain, clock: SetClock, before: Before
) -> None:
    """Whatever comes of it."""
    office, goal = done
    before(office, goal, drain, clock)

    assert mismatches(office) == []


#: What somebody writes into the record of a goal that is over, and the column that has to be named.
CHANGED = {
    "update tasks set state = 'failed' where position = 1": "tasks.state",
    "update tasks set state = 'drafting' where position = 2": "tasks.state",
    "update tasks set state = 'planned', deliverable = null where position = 1": "tasks.deliverable",
    "update tasks set revision = 9 where position = 1": "tasks.revision",
    "update tasks set revision = 9, notes = 'x' where position = 1": "tasks.notes",
    "update tasks set revision = 9, basis = 7 where position = 1": "tasks.basis",
    "update tasks set plan_hash = (select min(hash) from texts) where position = 1": "tasks.plan_hash",
    "update goals set state = 'partial'": "goals.state",
    "update goals set state = 'running'": "goals.state",
    "update goals set summary = '{}'": "goals.summary",
    "update goals set plan = '{}'": "goals.plan",
    "update goals set finished_at = '2026-11-22T10:00:00.000000Z'": "goals.finished_at",
}


@pytest.mark.parametrize("before", BEFORE)
def test_of_a_goal_that_is_over_nothing_may_be_another(
    done: tuple[Office, Goal], drain: Drain, clock: SetClock, before: Before
) -> None:
    """Not that a deliverable was taken back, nor what a change would leave: whatever was asked for once."""
    office, goal = done
    before(office, goal, drain, clock)
    clock.forward(timedelta(minutes=2))

    assert [] == unseen(office, CHANGED)


def test_while_a_change_is_under_way_the_rest_is_held(done: tuple[Office, Goal]) -> None:
    """Its author may be at work; nobody else is, and what stands until then is where it was."""
    office, goal = done
    revise(office, f"{goal.id}-1", "Shorter.")
    changed = {
        "update tasks set state = 'drafting' where position = 2": "tasks.state",
        "update tasks set revision = 9 where position = 2": "tasks.revision",
        "update tasks set score = 1 where position = 1": "tasks.score",
        "update tasks set path = 'x' where position = 1": "tasks.path",
        "update goals set text = 'x'": "goals.text",
    }

    assert [] == unseen(office, changed)


def test_a_change_that_was_given_up_leaves_its_number_alone(half: tuple[Office, Goal], drain: Drain) -> None:
    """While the goal goes on: the version before stands as it was, and no other notes can be put beside it."""
    office, goal = half
    revise(office, f"{goal.id}-1", "Shorter.")
    drain(office, goal)
    with office.store.read() as tx:
        [question] = [one for one in tx.approvals.open(goal.id) if one.task == f"{goal.id}-1"]
    answer(office, question.id, Answer.REJECT)
    with office.store.read() as tx:
        task = tx.tasks.get(f"{goal.id}-1")
        assert (task.state, task.revision, tx.goals.get(goal.id).finished_at) == (TaskState.APPROVED, 1, None)
    assert mismatches(office) == []
    changed = {
        "update tasks set notes = 'x' where position = 1": "tasks.notes",
        "update tasks set basis = 7 where position = 1": "tasks.basis",
        "update tasks set revision = 9 where position = 1": "tasks.revision",
    }

    assert [] == unseen(office, changed)


def test_a_plan_that_is_changed_is_no_mismatch_of_what_was_begun(half: tuple[Office, Goal]) -> None:
    """What is approved keeps the plan it was begun with beside it; that is a text like any other."""
    office, goal = half
    with office.store.read() as tx:
        tasks = plan_of(tx, tx.goals.get(goal.id)).tasks
    assert change(office, goal.id, Written(tasks[:-1], None)).said
    with office.store.read() as tx:
        kept = tx.tasks.get(f"{goal.id}-1").plan_hash
    assert kept is not None
    assert mismatches(office) == []

    assert [] == unseen(office, {f"update texts set text = 'x' where hash = '{kept}'": "texts.text"})  # noqa: S608 - our own hash


def test_a_goal_that_was_cancelled_has_a_receipt_of_its_end(half: tuple[Office, Goal]) -> None:
    """What was approved by then stays so, and how the goal ended."""
    office, goal = half
    cancel(office, goal.id)
    assert mismatches(office) == []
    changed = {
        "update tasks set state = 'cancelled' where position = 1": "tasks.state",
        "update goals set state = 'failed'": "goals.state",
    }

    assert [] == unseen(office, changed)
