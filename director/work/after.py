"""What the domain does about a turn that could not be finished: names the wait, or asks a person."""

from typing import Final

from director.errors import DirectorError, OverCap
from director.models import Turn
from director.money.amounts import NANO, usd
from director.states import TaskState, TurnState
from director.store.engine import Tx
from director.work import questions
from director.work.advance import advance
from director.work.questions import Kind

#: A raised cap is rounded up to whole dollars, with room for this many calls like the one that did not fit.
ROOM_FOR_CALLS: Final = 10


def after_failure(tx: Tx, turn: Turn, error: DirectorError) -> None:
    """Called in the transaction that moved the turn: back to the queue, on hold, or failed for good."""
    if turn.state is TurnState.HELD and isinstance(error, OverCap):
        _ask_for_money(tx, turn, error)
    elif turn.state is TurnState.FAILED:
        _ask_about_failure(tx, turn, error)
    advance(tx, turn.goal, by=turn.actor)


def _ask_for_money(tx: Tx, turn: Turn, error: OverCap) -> None:
    """One question a cap and goal: further turns that do not fit under it wait for the same answer."""
    raise_by = -(-error.needed_nano * ROOM_FOR_CALLS // NANO) * NANO
    questions.ask(
        tx,
        tx.goals.get(turn.goal),
        Kind.SPENDING,
        f"{error} Raise it by {usd(raise_by)}?",
        version=f"{error.scope}:{error.allowed_nano}",
        scope=error.scope,
        rehearsal=error.rehearsal,
        worst_nano=error.worst_nano,
        raise_by_nano=raise_by,
    )


def _ask_about_failure(tx: Tx, turn: Turn, error: DirectorError) -> None:
    task = None if turn.subject == turn.goal else tx.tasks.get(turn.subject)
    if task is not None:
        tx.tasks.move(task, TaskState.ESCALATED, by=turn.actor, detail=str(error))
    about = f"{task.skill} ({task.id})" if task else turn.goal
    tried = f" after {turn.attempts} attempts" if turn.attempts else ""
    questions.ask(
        tx,
        tx.goals.get(turn.goal),
        Kind.FAILURE,
        f"The {turn.verb} of {about} failed{tried}: {error} Try again?",
        version=str(turn.id),
        task=task,
        turn=turn.id,
    )
