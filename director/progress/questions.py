"""Asking a person: one open question for a subject, a kind and a version, with a deadline and a default."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from director.calls.caps import is_month
from director.store.tx import Tx
from director.words.models import Approval, Goal, Task

#: How long a person has before the default applies.
DEADLINE: Final = timedelta(hours=72)


#: Who answers, in the journal and in reviews.
PERSON: Final = "person"


class Kind(StrEnum):
    """What is asked."""

    PLAN = "plan"  #: May this plan run?
    DRAFT = "draft"  #: A draft was not good enough; what about it?
    SPENDING = "spending"  #: May a cap be raised?
    FAILURE = "failure"  #: Something failed for good; try again?


def ask(
    tx: Tx, goal: Goal, kind: Kind, question: str, *, version: str, task: Task | None = None, **document: Any
) -> Approval | None:
    """Open the question; None when it was asked before."""
    subject = task.id if task else goal.id
    return tx.approvals.add(
        brand=goal.brand,
        goal=goal.id,
        task=task.id if task else None,
        kind=kind,
        key=f"{kind}:{subject}:{version}",
        question=question,
        document=document,
        due_at=tx.now + DEADLINE,
    )


def about_plan(tx: Tx, goal_id: str) -> Approval | None:
    """The open question whether the goal's plan may run, where there is one."""
    return next((question for question in tx.approvals.open(goal_id) if question.kind == Kind.PLAN), None)


def unanswered(question: Approval) -> str:
    """What happens at the question's deadline when nobody answered, in a few words."""
    if question.kind == Kind.SPENDING and is_month(question.document["scope"]):
        return "then it waits for the next month"
    return _UNANSWERED[Kind(question.kind)]


_UNANSWERED: Final = {
    Kind.PLAN: "then it is not run",
    Kind.DRAFT: "then the best version is taken",
    Kind.SPENDING: "then the goal ends",
    Kind.FAILURE: "then the goal ends",
}
