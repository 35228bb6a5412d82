"""What the domain does about a turn that could not be finished: names the wait, or asks a person."""

from director.progress import holds, questions
from director.progress.advance import advance
from director.progress.questions import Kind
from director.store.tx import Tx
from director.words.errors import DirectorError, OverCap
from director.words.models import Turn
from director.words.states import TaskState, TurnState


def after_failure(tx: Tx, turn: Turn, error: DirectorError) -> None:
    """Called in the transaction that moved the turn: back to the queue, on hold, or failed for good."""
    if turn.state is TurnState.HELD and isinstance(error, OverCap):
        holds.put_aside(tx, turn, error)
    elif turn.state is TurnState.FAILED:
        _ask_about_failure(tx, turn, error)
    advance(tx, turn.goal, by=turn.actor)


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
