"""Which question, and which text, it is that somebody saw, so that nobody's word takes effect on another one."""

from dataclasses import asdict

from director.goals.version import version_of_plan
from director.inbox.kinds import rule_of
from director.store.tx import Tx
from director.words.errors import ChangedSince
from director.words.models import Approval, Task
from director.words.question import AboutPlan
from director.words.states import ApprovalState
from director.words.version import version_of


def version_of_question(tx: Tx, approval: Approval) -> str:
    """
    Another as soon as the question is answered or closed, or what it is about is another; a deadline that is put off leaves
    it as it is.
    """
    if isinstance(approval.about, AboutPlan) and approval.state is ApprovalState.OPEN:
        return version_of_plan(tx, tx.goals.get(approval.goal))  # which plan it is, the goal says
    seen = {name: value for name, value in asdict(approval).items() if name != "due_at"}
    return version_of(seen)


def see_version(tx: Tx, approval: Approval, version: str) -> None:
    """
    See that the question is as it was when it had *version*. Nobody changes it until this transaction ends.

    Raises:
        ChangedSince: it is not; the sentence says what happened to it.
    """
    tx.goals.get(approval.goal, lock=True)
    now = tx.approvals.get(approval.id)
    if version_of_question(tx, now) != version:
        raise ChangedSince(f"{what_happened(now)} Your answer was not taken.")


def version_of_text(task: Task) -> str:
    """Another as soon as another version of the task's text is approved, is written, or is asked for."""
    return version_of({"id": task.id, "state": task.state, "revision": task.revision, "deliverable": task.deliverable})


def see_text_version(task: Task, version: str | None) -> None:
    """
    See that the task's text is as it was when it had *version*; None: however it is.

    Raises:
        ChangedSince: it is not.
    """
    if version is not None and version_of_text(task) != version:
        raise ChangedSince(
            f"{task.id} changed since you saw it: it is {task.state} now. Nothing was done; look at it again."
        )


def what_happened(question: Approval) -> str:
    """In a sentence, how a question was closed, or that it is another than before."""
    if question.state is ApprovalState.OPEN:
        return f"{question.id} changed since you saw it; look again."
    if question.state is ApprovalState.LAPSED and question.answer is None:
        return f"Nobody answered {question.id} in time: {rule_of(question.about).unanswered}; nothing changed."
    answer = f" ({question.answer})" if question.answer else ""
    return f"Approval {question.id} was {question.state} before{answer}; nothing changed."
