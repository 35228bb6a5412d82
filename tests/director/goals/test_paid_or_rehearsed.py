"""A goal that goes on otherwise than it began waits for nothing that was the other's."""

from collections.abc import Callable
from datetime import timedelta

from director.goals.paid_or_rehearsed import go_on_as
from director.mailbox import admission, failures
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.models import Goal, Turn
from director.words.states import ApprovalState, TurnState
from tests.director.conftest import at_work, over_cap


def of(office: Office, goal: str) -> tuple[list[TurnState], list[ApprovalState]]:
    """The states of its turns and of its questions."""
    with office.store.read() as tx:
        asked = [question.state for question in tx.approvals.of_goal(goal)]
        return [turn.state for turn in tx.turns.of_goal(goal)], asked


def test_money_of_the_other_kind_is_not_waited_for(office: Office, claimed: Callable[..., Held]) -> None:
    """
    What a rehearsal was held for by its cap is let go, and nobody is asked any more whether that cap may be raised.
    """
    held = claimed()
    goal = held.turn.goal or ""
    failures.fail(office, held, over_cap(goal), after_failure)
    assert of(office, goal) == ([TurnState.HELD], [ApprovalState.OPEN])

    assert go_on_as(office, goal, rehearsal=False).rehearsal is False
    assert of(office, goal) == ([TurnState.QUEUED], [ApprovalState.WITHDRAWN])


def test_a_bell_of_the_other_kind_is_not_waited_for(
    office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
) -> None:
    """
    It rings where those listen who may not do it any more; the turn waits for one of its own, from now.
    """
    at_work(office)
    goal = given_goal()
    given_turn(goal)
    admission.ring(office)
    assert of(office, goal.id)[0] == [TurnState.DISPATCHED]

    go_on_as(office, goal.id, rehearsal=False)
    assert of(office, goal.id)[0] == [TurnState.QUEUED]


def test_the_other_service_is_not_waited_for(
    office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
) -> None:
    """
    A turn that was to wait until that one is there again may go out now.
    """
    goal = given_goal()
    turn = given_turn(goal)
    with office.store.write() as tx:
        tx.turns.change(turn, not_before=tx.now + timedelta(hours=1))
    go_on_as(office, goal.id, rehearsal=False)

    with office.store.read() as tx:
        [turn] = tx.turns.of_goal(goal.id)
        assert turn.not_before <= tx.now


def test_a_goal_that_is_so_already_stays_as_it_is(office: Office, given_goal: Callable[..., Goal]) -> None:
    """
    A second call changes nothing and notes nothing.
    """
    goal = given_goal()
    assert go_on_as(office, goal.id, rehearsal=True) == goal
    go_on_as(office, goal.id, rehearsal=False)
    go_on_as(office, goal.id, rehearsal=False)

    with office.store.read() as tx:
        assert [line.what for line in tx.journal(goal.id) if line.what.startswith("goes on")] == ["goes on paid"]
