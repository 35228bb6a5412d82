"""What several writers' prompts share is put into the cache before they start, once."""

from collections.abc import Callable

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals import warm
from director.mailbox import admission, handling, turns
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Goal
from director.words.states import Category, GoalState, TaskState, TurnState
from tests.conftest import VERBS
from tests.director.claude_double import ClaudeDouble

Planned = Callable[..., Goal]
Drain = Callable[[Office, Goal], Goal]
SIDE_BY_SIDE = {"category": Category.STRATEGIC, "plan_by": "template"}


def next_turn(office: Office, goal: Goal) -> int:
    """The goal's turn that goes out now."""
    admission.ring(office)
    with office.store.read() as tx:
        [turn] = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
    return turn.id


def states(office: Office, goal: Goal) -> list[TaskState]:
    """Where its tasks stand."""
    with office.store.read() as tx:
        return [task.state for task in tx.tasks.of_goal(goal.id)]


def test_each_beginning_is_asked_for_once_before_six_write_side_by_side(
    asking: Office, claude: ClaudeDouble, planned: Planned, drain: Drain
) -> None:
    """
    The writers' and the reviewer's, which is another because its form stands before it; nobody behind them writes it again.
    """
    goal = drain(asking, planned(asking, **SIDE_BY_SIDE))

    purposes = [asked.purpose for asked in claude.asked()]
    with asking.store.read() as tx:
        calls = tx.calls.of_goal(goal.id)
    beginnings = [call for call in calls if call.purpose == "warm"]
    assert goal.state is GoalState.COMPLETED
    assert purposes[:2] == [Purpose.WARM] * 2
    assert purposes.count(Purpose.WARM) == 2
    assert [call.model for call in beginnings] == ["claude-opus-5-5", "claude-sonnet-5-5"]
    assert all(call.cache_write_tokens > 0 for call in beginnings)
    assert [call.purpose for call in calls if call.purpose in ("draft", "review") and not call.cache_read_tokens] == [
        "draft"
    ]


def test_it_is_asked_for_behind_a_plan_of_claude_s_too(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """The plan's own call keeps nothing, which says nothing of the service."""
    goal = planned(asking, category=Category.STRATEGIC)

    handling.handle(asking, next_turn(asking, goal), VERBS, after_failure)

    assert [asked.purpose for asked in claude.asked()] == [Purpose.PLAN, Purpose.WARM, Purpose.WARM]


def test_who_dies_behind_it_does_not_buy_it_again(
    asking: Office, claude: ClaudeDouble, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is kept under the turn's key like any other."""
    goal = planned(asking, **SIDE_BY_SIDE)
    held = turns.claim(asking, next_turn(asking, goal))
    assert held is not None
    with monkeypatch.context() as broken:
        broken.setattr(turns, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            warm.warm(asking, held)
    assert TaskState.DRAFTING not in states(asking, goal)

    warm.warm(asking, held)

    assert len(claude.asked(Purpose.WARM)) == 2
    assert states(asking, goal).count(TaskState.DRAFTING) == 6


def test_no_task_waits_for_a_cache_that_is_refused(asking: Office, claude: ClaudeDouble, planned: Planned) -> None:
    """A server may not know such a request; the drafts are asked for all the same."""
    claude.always(Purpose.WARM, 400)
    goal = planned(asking, **SIDE_BY_SIDE)

    handling.handle(asking, next_turn(asking, goal), VERBS, after_failure)

    assert states(asking, goal).count(TaskState.DRAFTING) == 6
    assert len(claude.asked(Purpose.WARM)) == 1


def test_where_one_writes_after_the_other_nothing_is_asked_for(
    open_with: Callable[..., Office], claude: ClaudeDouble, planned: Planned
) -> None:
    """The first of them writes it to the cache, and the others come after its answer."""
    alone = open_with(anthropic_base_url=claude.url, max_parallel_agents=1)
    goal = planned(alone, **SIDE_BY_SIDE)

    handling.handle(alone, next_turn(alone, goal), VERBS, after_failure)

    assert claude.asked() == []
    assert states(alone, goal).count(TaskState.DRAFTING) == 6
