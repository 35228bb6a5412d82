"""What happens inside is an event as what happens outside is: once each time, with the turn of who looks at it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals.cancel import cancel
from director.goals.submit import submit
from director.inbox.approvals import answer
from director.mailbox import handling
from director.mailbox.events import TEAM, receive, turn_of
from director.mailbox.turns import RING_AGAIN
from director.office import Office
from director.progress.advance import advance
from director.progress.on_turn_failure import after_failure
from director.upkeep.sweep import sweep
from director.words.errors import ModelRefused
from director.words.models import Event, Goal
from director.words.states import Answer, GoalState, TurnState
from tests.conftest import SetClock
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes to people without gardens"


def told(office: Office) -> list[Event]:
    """The events so far, oldest first."""
    with office.store.read() as tx:
        return list(reversed(tx.events.all()))


@pytest.fixture
def failed(asking: Office, claude: ClaudeDouble, drain: Drain) -> Goal:
    """A goal whose only specialist is refused for good."""
    claude.always(Purpose.DRAFT, 400)
    goal = drain(asking, submit(asking, GNOMES, pipeline="Social Week", plan_by="template"))
    assert goal.state is GoalState.WAITING
    return goal


def test_a_turn_that_fails_for_good_and_the_goal_that_waits_for_it(asking: Office, failed: Goal) -> None:
    """Two events about the goal: who failed at what and why, and what a person is asked."""
    failure, blocked = told(asking)
    with asking.store.read() as tx:
        [question] = tx.approvals.open(failed.id)
        [task] = tx.tasks.of_goal(failed.id)
        [turn] = [turn for turn in tx.turns.of_goal(failed.id) if turn.state is TurnState.FAILED]
        looks = [turn_of(tx, event) for event in (failure, blocked)]

    assert (failure.source, failure.type, failure.goal) == (TEAM, "agent_failure", failed.id)
    assert failure.data == {
        "goal": failed.id,
        "task": task.id,
        "agent": "social-content",
        "verb": "draft",
        "attempts": turn.attempts,
        "error": turn.error,
    }
    assert (blocked.source, blocked.type, blocked.goal) == (TEAM, "pipeline_blocked", failed.id)
    assert blocked.data == {
        "goal": failed.id,
        "state": "waiting",
        "approval": question.id,
        "kind": "failure",
        "reason": question.question,
    }
    assert [turn and turn.goal for turn in looks] == [None, None]


def test_each_is_told_once_however_often_it_is_looked_at(asking: Office, failed: Goal, clock: SetClock) -> None:
    """The goal stays blocked: that is no second time."""
    for _ in range(3):
        clock.forward(timedelta(minutes=1))
        sweep(asking)
        with asking.store.write() as tx:
            advance(tx, failed.id, by="director")

    assert [event.type for event in told(asking)] == ["agent_failure", "pipeline_blocked"]


def test_a_second_failure_is_told_again(asking: Office, failed: Goal, drain: Drain) -> None:
    """Tried again and failed again, with a question of its own."""
    with asking.store.read() as tx:
        [question] = tx.approvals.open(failed.id)
    answer(asking, question.id, Answer.APPROVE)
    drain(asking, failed)

    assert [event.type for event in told(asking)] == ["agent_failure", "pipeline_blocked"] * 2


def test_a_goal_that_failed_is_told(asking: Office, failed: Goal) -> None:
    """With the reason that stands in its row."""
    with asking.store.read() as tx:
        [question] = tx.approvals.open(failed.id)
    answer(asking, question.id, Answer.REJECT)

    with asking.store.read() as tx:
        goal = tx.goals.get(failed.id)
    last = told(asking)[-1]
    assert goal.state is GoalState.FAILED
    assert (last.type, last.goal, last.data["state"], last.data["reason"]) == (
        "pipeline_blocked",
        failed.id,
        "failed",
        goal.reason,
    )


def test_a_plan_that_waits_for_a_yes_blocks_nothing(office: Office, drain: Drain) -> None:
    """Who is asked is looking at it; nor is a goal that a person stopped, or that goes its way, told of."""
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week", confirm=True))
    assert goal.state is GoalState.WAITING
    cancel(office, goal.id)
    assert drain(office, submit(office, GNOMES, pipeline="Social Week")).state is GoalState.COMPLETED

    assert told(office) == []


def test_an_event_nobody_could_look_at_is_no_event_more(office: Office) -> None:
    """Whoever looked at that would fail as well, and so on for ever; other work without a goal is told of."""
    for number, verb in enumerate(("event", "count")):
        with office.store.write() as tx:
            event, _ = receive(tx, brand="default", source="shop", delivery=verb, type="gnome_stolen", data={})
            turn = turn_of(tx, event)
            assert turn is not None
            tx.turns.change(turn, verb=verb)
            tx.turns.move(turn, TurnState.DISPATCHED, due_at=tx.now + RING_AGAIN)

        def refuse(*_: object) -> None:
            raise ModelRefused("the gnomes do not want to be looked at")

        handling.handle(office, turn.id, {verb: refuse}, after_failure)

        assert len(told(office)) == number + 1 + (verb == "count")
    assert told(office)[-1].data["error"] == "the gnomes do not want to be looked at"
