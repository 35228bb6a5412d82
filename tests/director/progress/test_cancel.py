"""A person stops a goal, whatever it is doing."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from director.claude.rehearsal.asked import Asked, Purpose
from director.goals.submit import submit
from director.mailbox import handling
from director.office import Office
from director.progress.advance import cancel_goal
from director.progress.on_turn_failure import after_failure
from director.upkeep.heartbeat import Heartbeat
from director.upkeep.sweep import sweep
from director.words.errors import NotFound
from director.words.models import Claim, Goal
from director.words.states import ApprovalState, CallState, GoalState, TaskState, TurnState, is_final
from tests.conftest import VERBS, SetClock
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes to people without gardens"
PATIENCE_S = 60.0


def cancel(office: Office, goal: Goal) -> bool:
    with office.store.write() as tx:
        return cancel_goal(tx, goal.id, "enough gnomes", by="person")


def goal_of(office: Office, goal: Goal) -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(goal.id)


def is_stopped(office: Office, goal: Goal) -> bool:
    """Nothing of the goal is open: no turn, no question, no task, no reservation."""
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        accounts = [account for account in tx.accounts.all() if account.scope == f"goal {goal.id}"]
        return (
            tx.goals.get(goal.id).state is GoalState.CANCELLED
            and not tx.turns.open_of_goal(goal.id)
            and not tx.approvals.open(goal.id)
            and all(is_final(task.state) or task.state is TaskState.APPROVED for task in tasks)
            and all(account.reserved_nano == 0 for account in accounts)
        )


@pytest.mark.parametrize("turns_before", range(6))
def test_a_goal_can_be_stopped_at_any_moment(office: Office, drain: Drain, turns_before: int) -> None:
    """
    Before its plan, between any two turns of its work, before its conclusion: nothing is left open, for good.
    """
    goal = submit(office, GNOMES, pipeline="Outreach Campaign")
    for _ in range(turns_before):
        with office.store.read() as tx:
            waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
        handling.handle(office, waiting[0].id, VERBS, after_failure)

    assert cancel(office, goal)

    assert is_stopped(office, goal)
    assert goal_of(office, goal).reason == "enough gnomes"
    assert goal_of(office, goal).finished_at is not None
    sweep(office)
    assert drain(office, goal).state is GoalState.CANCELLED
    assert is_stopped(office, goal)


def test_what_was_approved_stays(office: Office) -> None:
    """
    Work that was done before the stop is still there to be used.
    """
    goal = submit(office, GNOMES, pipeline="Outreach Campaign")
    for _ in range(3):
        with office.store.read() as tx:
            waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
        handling.handle(office, waiting[0].id, VERBS, after_failure)
    cancel(office, goal)

    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
    assert [task.state for task in tasks] == [TaskState.APPROVED, TaskState.CANCELLED, TaskState.CANCELLED]
    assert tasks[0].deliverable is not None
    assert (office.settings.workspace_dir / (tasks[0].path or "")).is_file()


def test_a_goal_is_stopped_once(office: Office, drain: Drain) -> None:
    """
    Stopping what is over changes nothing and says so.
    """
    stopped = submit(office, GNOMES, pipeline="Social Week")
    done = drain(office, submit(office, GNOMES, pipeline="Social Week"))
    assert cancel(office, stopped)

    assert not cancel(office, stopped)
    assert not cancel(office, done)
    assert goal_of(office, done).state is GoalState.COMPLETED
    with pytest.raises(NotFound), office.store.write() as tx:
        cancel_goal(tx, "g99", "no", by="person")


def test_other_goals_go_on(office: Office, drain: Drain) -> None:
    """
    A stop is about one goal.
    """
    first, second = (submit(office, GNOMES, pipeline="Social Week") for _ in range(2))
    cancel(office, first)

    assert drain(office, second).state is GoalState.COMPLETED
    assert is_stopped(office, first)


def test_a_waiting_goal_can_be_stopped(open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Its question is withdrawn.
    """
    office = open_with(rehearsal="escalate=1")
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))
    with office.store.read() as tx:
        (question,) = tx.approvals.open(goal.id)
    cancel(office, goal)

    assert is_stopped(office, goal)
    with office.store.read() as tx:
        assert tx.approvals.get(question.id).state is ApprovalState.WITHDRAWN


@pytest.mark.parametrize("kind", [Purpose.DRAFT, Purpose.REVIEW, Purpose.CONCLUSION])
def test_an_answer_that_comes_after_the_stop_changes_nothing(
    asking: Office, claude: ClaudeDouble, drain: Drain, kind: Purpose
) -> None:
    """
    The goal is stopped while its request is being answered: the answer is paid and kept, and nothing follows from it.
    """
    goal = submit(asking, GNOMES, pipeline="Social Week")

    def meanwhile(asked: Asked) -> None:
        cancel(asking, goal)

    claude.says(kind, meanwhile)
    goal = drain(asking, goal)

    assert is_stopped(asking, goal)
    with asking.store.read() as tx:
        last = tx.calls.of_goal(goal.id)[-1]
        turn = tx.turns.get(last.turn)
    assert (last.purpose, last.state) == (kind.value, CallState.ANSWERED)
    assert last.cost_nano > 0
    assert turn.state is TurnState.CANCELLED
    assert goal.summary is None


def test_a_stop_reaches_the_call_on_the_wire(open_with: Callable[..., Office]) -> None:
    """
    A request that would hang for ten minutes is ended when the lease is next renewed; it may have been paid, and counts.
    """
    office = open_with(rehearsal="hang=1")
    goal = submit(office, GNOMES, plan_by="template", pipeline="Social Week")
    with office.store.read() as tx:
        (plan,) = tx.turns.of_goal(goal.id)
    handling.handle(office, plan.id, VERBS, after_failure)
    with office.store.read() as tx:
        draft = tx.turns.of_goal(goal.id)[-1]
    writing = threading.Thread(target=handling.handle, args=(office, draft.id, VERBS, after_failure))
    heartbeat = Heartbeat(office, standing=False)
    writing.start()
    heartbeat.start()
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not office.claude.in_flight() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert office.claude.in_flight() == {Claim(draft.id, draft.epoch + 1)}
        cancel(office, goal)
        writing.join(PATIENCE_S)
    finally:
        office.claude.interrupt(office.claude.in_flight())
        writing.join(PATIENCE_S)
        heartbeat.stop()

    assert not writing.is_alive()
    assert is_stopped(office, goal)
    with office.store.read() as tx:
        (call,) = tx.calls.of_goal(goal.id)
        assert tx.turns.get(draft.id).state is TurnState.CANCELLED
        assert tx.turns.get(draft.id).attempts == 0
    assert (call.state, call.cost_nano) == (CallState.LOST, call.reserved_nano)


def test_a_goal_that_waits_for_the_service_can_be_stopped(
    asking: Office, claude: ClaudeDouble, drain: Drain, clock: SetClock
) -> None:
    """
    A turn that was put back to wait never comes again.
    """
    claude.always(Purpose.DRAFT, 529)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week"))
    cancel(asking, goal)
    claude.always(Purpose.DRAFT, None)
    clock.forward(timedelta(hours=1))
    sweep(asking)

    assert drain(asking, goal).state is GoalState.CANCELLED
    assert is_stopped(asking, goal)
    assert len(claude.asked(Purpose.DRAFT)) == 1
