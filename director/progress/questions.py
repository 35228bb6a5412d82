"""Asking a person: one open question for a subject, a kind and a version, with a deadline; the default is its kind's rule."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from director.store.tx import Tx
from director.words.models import Approval, Goal, Task
from director.words.question import About, Kind
from director.words.states import ApprovalState

#: How long a person has before the default applies.
DEADLINE: Final = timedelta(hours=72)

#: What the journal and reviews call a person who answered.
PERSON: Final = "person"


def ask(
    tx: Tx,
    goal: Goal,
    about: About,
    question: str,
    *,
    version: str,
    task: Task | None = None,
    due_at: datetime | None = None,
) -> Approval | None:
    """Open the question, until *due_at* or for as long as a person has; None when it was asked before."""
    subject = task.id if task else goal.id
    return tx.approvals.add(
        brand=goal.brand,
        goal=goal.id,
        task=task.id if task else None,
        about=about,
        key=f"{about.kind}:{subject}:{version}",
        question=question,
        due_at=due_at or tx.now + DEADLINE,
    )


def about_plan(tx: Tx, goal_id: str) -> Approval | None:
    """The open question whether the goal's plan may run, where there is one."""
    return next((question for question in tx.approvals.open(goal_id) if question.kind is Kind.PLAN), None)


def is_overdue(question: Approval, now: datetime) -> bool:
    """Whether the question's deadline has passed and it is still open, because no process looked at it since."""
    return question.state is ApprovalState.OPEN and question.due_at < now


def begin_anew(tx: Tx, several: Iterable[Approval]) -> None:
    """Give people as long as usual again to answer: what the questions are about was paused, and nobody had to decide."""
    for question in several:
        tx.approvals.put_off(question, max(question.due_at, tx.now + DEADLINE))
