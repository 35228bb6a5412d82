"""What a caller may see: what is their brand's. Whatever is another's is not there."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from director.access.roles import Caller
from director.store.tx import Tx
from director.words.errors import NotFound
from director.words.models import Approval, Event, Goal, Learning, Task


def goal_of(tx: Tx, caller: Caller, ident: str) -> Goal:
    """
    The goal.

    Raises:
        NotFound: there is none of the caller's brand; in the same words whether or not another has it.
    """
    return _of(caller, "goal", ident, tx.goals.get)


def task_of(tx: Tx, caller: Caller, ident: str) -> Task:
    """The task, as `goal_of`."""
    return _of(caller, "task", ident, tx.tasks.get)


def question_of(tx: Tx, caller: Caller, ident: str) -> Approval:
    """The question, as `goal_of`."""
    return _of(caller, "approval", ident, tx.approvals.get)


def learning_of(tx: Tx, caller: Caller, ident: str) -> Learning:
    """The learning, as `goal_of`."""
    learning = tx.learnings.get(ident)
    _see(learning.brand, caller, "learning", ident)
    return learning


def event_of(tx: Tx, caller: Caller, ident: str) -> Event:
    """The event, as `goal_of`."""
    return _of(caller, "event", ident, tx.events.get)


_Found = TypeVar("_Found", Goal, Task, Approval, Event)


def _of(caller: Caller, noun: str, ident: str, get: Callable[[str], _Found]) -> _Found:
    with suppress(NotFound):
        found = get(ident)
        if found.brand == caller.brand:
            return found
    raise NotFound(noun, ident, f"the {noun}s of {caller.brand} are those you can see")
