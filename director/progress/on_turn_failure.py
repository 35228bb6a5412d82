"""What the domain does about a turn that could not be finished: names the wait, has the Director re-plan, or asks a person."""

import logging
from typing import Final

from director.progress import brakes, happened, held_for_money, held_for_person, held_for_skill, replanning
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.errors import (
    AnotherModel,
    Ceiling,
    Declined,
    DirectorError,
    Impossible,
    ModelRefused,
    NobodyCan,
    NoPrice,
    OverCap,
    Unkept,
)
from director.words.models import Turn
from director.words.states import TaskState, TurnState, is_final

_log = logging.getLogger(__name__)

#: No other task would fare better: the key or the request was refused, an answer that was paid is lost, a model has no price.
_NO_MATTER_OF_THE_TASK: Final = (ModelRefused, NoPrice, Unkept)


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
        _failed_for_good(tx, turn, turn.goal, error)
    advance(tx, turn.goal, by=turn.actor)


def _without_goal(tx: Tx, turn: Turn, error: DirectorError) -> None:
    # There is no goal whose owner could be asked; the journal has it too.
    if turn.state is TurnState.FAILED:
        _log.error("The %s of %s failed for good: %s", turn.verb, turn.subject, error)
        happened.agent_failed(tx, turn, error)


def _failed_for_good(tx: Tx, turn: Turn, goal_id: str, error: DirectorError) -> None:
    goal = tx.goals.get(goal_id)
    task = None if turn.subject == goal_id else tx.tasks.get(turn.subject)
    if task is not None and turn.verb == replanning.REPLAN:
        replanning.ask_person(tx, goal, task, f"The Director could not re-plan it: {error}")
    elif task is None:
        replanning.ask_about(tx, goal, turn, None)
    elif not is_final(task.state):
        tx.tasks.move(task, TaskState.ESCALATED, by=turn.actor, detail=str(error))
        if not (_is_about_the_task(turn, error) and replanning.put_to_director(tx, goal, task)):
            replanning.ask_about(tx, goal, turn, task)
    if not isinstance(error, Impossible):
        happened.agent_failed(tx, turn, error)


def _is_about_the_task(turn: Turn, error: DirectorError) -> bool:
    """Whether another task could go well where this one failed; that its reviewer did not answer says nothing of it."""
    if isinstance(error, Impossible):
        return True
    cannot = isinstance(error, Declined) or not isinstance(error, _NO_MATTER_OF_THE_TASK)
    return cannot and turn.verb != "review"
