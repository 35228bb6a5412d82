"""What the domain does about a turn that could not be finished: names the wait, or asks a person."""

import logging

from director.progress import brakes, happened, held_for_money, held_for_person, held_for_skill, questions
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.errors import AnotherModel, Ceiling, DirectorError, NobodyCan, OverCap
from director.words.models import Turn
from director.words.question import AboutFailure
from director.words.states import TaskState, TurnState

_log = logging.getLogger(__name__)


def after_failure(tx: Tx, turn: Turn, error: DirectorError) -> None:
    """Called in the transaction that moved the turn: back to the queue, on hold, or failed for good."""
    if turn.goal is None:
        _without_goal(tx, turn, error)
        return
    if turn.state is TurnState.HELD and isinstance(error, OverCap):
        held_for_money.put_aside(tx, turn, turn.goal, error)
    elif turn.state is TurnState.HELD and isinstance(error, AnotherModel):
        held_for_person.ask(tx, turn, tx.goals.get(turn.goal), error)
    elif turn.state is TurnState.HELD and isinstance(error, NobodyCan):
        held_for_skill.put_aside(tx, turn)
    elif isinstance(error, Ceiling):
        brakes.stop_goal(tx, tx.goals.get(turn.goal), error)
    elif turn.state is TurnState.FAILED:
        _ask_about_failure(tx, turn, turn.goal, error)
    advance(tx, turn.goal, by=turn.actor)


def _without_goal(tx: Tx, turn: Turn, error: DirectorError) -> None:
    # There is no goal whose owner could be asked; the journal has it too.
    if turn.state is TurnState.FAILED:
        _log.error("The %s of %s failed for good: %s", turn.verb, turn.subject, error)
        happened.agent_failed(tx, turn, error)


def _ask_about_failure(tx: Tx, turn: Turn, goal_id: str, error: DirectorError) -> None:
    task = None if turn.subject == goal_id else tx.tasks.get(turn.subject)
    if task is not None:
        tx.tasks.move(task, TaskState.ESCALATED, by=turn.actor, detail=str(error))
    about = f"{task.skill} ({task.id})" if task else goal_id
    tried = f" after {turn.attempts} attempts" if turn.attempts else ""
    questions.ask(
        tx,
        tx.goals.get(goal_id),
        AboutFailure(turn.id),
        f"The {turn.verb} of {about} failed{tried}: {error} Try again?",
        version=str(turn.id),
        task=task,
    )
    happened.agent_failed(tx, turn, error)
