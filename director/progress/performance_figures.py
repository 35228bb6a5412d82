"""What a period of the team's work comes to, counted from the record: the figures of a performance report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from director.office import DIRECTOR
from director.store.tx import Tx
from director.words.models import Approval, Call, Goal, Task
from director.words.question import AboutPlan, Kind
from director.words.states import Answer, ApprovalState, GoalState, TaskState
from pipelines.plan import StepKind

_REPORTS: Final = "Performance Review"


@dataclass(slots=True)
class OfSkill:
    """A specialist's part of a period; the Director's has plans, reports and what is a goal's own."""

    approved: int = 0  #: deliverables
    at_first: int = 0  #: of them, those that nobody sent back or put to a person
    paid_nano: int = 0  #: of all calls for its tasks, reviews included
    rehearsed_nano: int = 0
    for_people: timedelta = timedelta()  #: how long its questions waited for an answer; several at once count each
    for_money: timedelta = timedelta()  #: the same of questions whether a cap may be raised


@dataclass(slots=True)
class Period:
    """Goals, and what became of them by now."""

    goals: Sequence[Goal]
    skills: dict[str, OfSkill] = field(default_factory=dict)
    put_to_people: int = 0  #: drafts the reviewer had not approved, and a person answered
    taken: int = 0  #: of them, those the person took as they were: there the two disagree

    def count(self, *states: GoalState) -> int:
        """How many goals are in one of these states."""
        return sum(goal.state in states for goal in self.goals)

    @property
    def all(self) -> OfSkill:
        """All skills together."""
        whole = OfSkill()
        for one in self.skills.values():
            whole.approved += one.approved
            whole.at_first += one.at_first
            whole.paid_nano += one.paid_nano
            whole.rehearsed_nano += one.rehearsed_nano
            whole.for_people += one.for_people
            whole.for_money += one.for_money
        return whole


def periods(tx: Tx, *, before: Goal) -> tuple[Period, Period | None]:
    """
    The goals given before *before* and since the last performance review, oldest first, and those between that one and the one
    before it; None where there was none.
    """
    those = (goal for goal in reversed(tx.goals.all(before.brand)) if not goal.is_calibration)
    goals = [goal for goal in those if _number(goal) < _number(before)]
    reviews = [n for n, goal in enumerate(goals) if goal.pipeline == _REPORTS and _was_completed(goal)]
    if not reviews:
        return _period(tx, goals), None
    since = reviews[-2] + 1 if len(reviews) > 1 else 0
    return _period(tx, goals[reviews[-1] + 1 :]), _period(tx, goals[since : reviews[-1]])


def _was_completed(goal: Goal) -> bool:
    # One whose report a person has changed is at work again, and has been given all the same.
    return goal.state is GoalState.COMPLETED or goal.reopened_at is not None


def _number(goal: Goal) -> int:
    return int(goal.id[1:])


def _period(tx: Tx, goals: Sequence[Goal]) -> Period:
    found = Period(goals)
    for goal in goals:
        tasks = {task.id: task for task in tx.tasks.of_goal(goal.id)}
        questions = tx.approvals.of_goal(goal.id)
        for task in tasks.values():
            _add_task(found, tx, task)
        _add_calls(found, tasks, tx.calls.of_goal(goal.id))
        for question in questions:
            _add_question(found, tx, tasks, question)
    return found


def _of(found: Period, task: Task | None) -> OfSkill:
    return found.skills.setdefault(task.skill if task else DIRECTOR, OfSkill())


def _add_task(found: Period, tx: Tx, task: Task) -> None:
    if task.kind is StepKind.REVIEW or task.state is not TaskState.APPROVED:
        return
    own = _of(found, task)
    own.approved += 1
    own.at_first += all(review.verdict == "approve" for review in tx.reviews.of_task(task.id))


def _add_calls(found: Period, tasks: dict[str, Task], calls: Iterable[Call]) -> None:
    for call in calls:
        own = _of(found, tasks.get(call.task or ""))
        if call.rehearsal:
            own.rehearsed_nano += call.cost_nano
        else:
            own.paid_nano += call.cost_nano


def _add_question(found: Period, tx: Tx, tasks: dict[str, Task], question: Approval) -> None:
    own = _of(found, tasks.get(question.task or ""))
    waited = (question.answered_at or tx.now) - question.created_at
    if question.kind is Kind.SPENDING or (isinstance(question.about, AboutPlan) and question.about.raises):
        own.for_money += waited
    else:
        own.for_people += waited
    if question.kind is Kind.DRAFT and question.state is ApprovalState.ANSWERED:
        found.put_to_people += 1
        found.taken += question.answer is Answer.APPROVE and not _has_own_answer(tx, question)


def _has_own_answer(tx: Tx, question: Approval) -> bool:
    """Whether a person's own version was the answer: kept as a review of it in the transaction that closed the question."""
    reviews = tx.reviews.of_task(question.task or "")
    return any("own" in review.document and review.created_at == question.answered_at for review in reviews)
