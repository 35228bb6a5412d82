"""What a caller may see: what is their brand's. Whatever is another's is not there."""

from director.access.roles import Caller
from director.store.tx import Tx
from director.words.errors import NotFound
from director.words.models import Approval, Event, Goal, Learning, Task


def goal_of(tx: Tx, caller: Caller, ident: str) -> Goal:
    """
    The goal.

    Raises:
        NotFound: there is none of the caller's brand.
    """
    goal = tx.goals.get(ident)
    _see(goal.brand, caller, "goal", ident)
    return goal


def task_of(tx: Tx, caller: Caller, ident: str) -> Task:
    """The task, as `goal_of`."""
    task = tx.tasks.get(ident)
    _see(task.brand, caller, "task", ident)
    return task


def question_of(tx: Tx, caller: Caller, ident: str) -> Approval:
    """The question, as `goal_of`."""
    approval = tx.approvals.get(ident)
    _see(approval.brand, caller, "approval", ident)
    return approval


def learning_of(tx: Tx, caller: Caller, ident: str) -> Learning:
    """The learning, as `goal_of`."""
    learning = tx.learnings.get(ident)
    _see(learning.brand, caller, "learning", ident)
    return learning


def event_of(tx: Tx, caller: Caller, ident: str) -> Event:
    """The event, as `goal_of`."""
    event = tx.events.get(ident)
    _see(event.brand, caller, "event", ident)
    return event


def _see(brand: str, caller: Caller, noun: str, ident: str) -> None:
    if brand != caller.brand:
        raise NotFound(noun, ident, f"the {noun}s of {caller.brand} are those you can see")
