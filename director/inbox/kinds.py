"""The kinds of questions: what may be answered to each, what applies when nobody does, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, assert_never

from director.calls import caps
from director.goals import fitting
from director.inbox import disagreements
from director.mailbox import turns
from director.memory import learn
from director.office import Office
from director.progress import brakes, changes, held_for_money, held_for_person
from director.progress.advance import cancel_goal, fail_goal
from director.store.tx import Tx
from director.tasks import checks, on_verdict
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Approval, Goal
from director.words.question import About, AboutDraft, AboutFailure, AboutPause, AboutPlan, AboutSpending
from director.words.states import Answer, GoalState, TaskState, TurnState

_YES_OR_NO: Final = (Answer.APPROVE, Answer.REJECT, Answer.CANCEL)

#: What comes of a change of approved work that nobody goes on with.
_KEPT: Final = "the version that was approved is kept"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that counts, in the transaction that closed its question."""

    tx: Tx
    office: Office
    approval: Approval
    goal: Goal
    said: Answer | None  #: None: nobody answered until the deadline.
    words: str | None
    by: str
    own_nano: int | None = None  #: their own figure, in place of the one cap that was proposed

    @property
    def yes(self) -> bool:
        """Whether it was agreed to."""
        return self.said is Answer.APPROVE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind's row."""

    answers: tuple[Answer, ...]
    unanswered: str  #: What comes of it when nobody answers until the deadline, in a few words.
    consequence: Callable[[Answered], None]  #: Not asked about CANCEL, which ends the goal whatever was asked.


def ways(question: Approval) -> list[Answer]:
    """What can be said to *question*, besides stopping its goal, which can always be said; the usual one first."""
    about = question.about
    unfit = isinstance(about, AboutDraft) and about.unfit
    left_out = {Answer.CANCEL, *([Answer.APPROVE] if unfit else [])}
    return [said for said in rule_of(about).answers if said not in left_out]


def answered_by(question: Approval) -> str:
    """The command that answers *question*, and what else can be said in it."""
    said, *others = ways(question)
    words = ' "…"' if said is Answer.REVISE else ""
    return f"{program()} {said} {question.id}{words}" + (f" (or {' or '.join(others)})" if others else "")


def rule_of(about: About) -> Rule:
    """
    What holds for a question about this.

    After a deadline nothing is approved, begun, paid or tried again by itself.
    """
    match about:
        case AboutPlan():
            return Rule(_YES_OR_NO, "it is not run", partial(_plan, about))
        case AboutDraft():
            answers = (Answer.APPROVE, Answer.REJECT, Answer.REVISE, Answer.CANCEL)
            stays = "it stays a draft, and the goal ends without it"
            if about.before is not None:
                stays = f"it stays a draft, and {_KEPT}"
            return Rule(answers, stays, partial(_draft, about))
        case AboutSpending():
            waits = {"month": "it waits for the next month", "day": "it waits for the next day"}
            return Rule(
                _YES_OR_NO, waits.get(about.scope.partition(" ")[0], "the goal ends"), partial(_spending, about)
            )
        case AboutFailure():
            ends = "the goal ends" if about.before is None else _KEPT
            return Rule(_YES_OR_NO, ends, partial(_failure, about))
        case AboutPause():
            return Rule(_YES_OR_NO, "it stays paused", partial(_pause, about))
        case _:
            assert_never(about)


def _plan(about: AboutPlan, a: Answered) -> None:
    if a.yes:
        fitting.allow(a.tx, a.office, a.goal, about, own_nano=a.own_nano)
        a.tx.goals.move(a.goal, GoalState.RUNNING, by=a.by, reason=None)
    else:
        cancel_goal(a.tx, a.goal.id, f"the plan was not agreed to (approval {a.approval.id})", by=a.by)


def _draft(about: AboutDraft, a: Answered) -> None:
    task = a.tx.tasks.get(a.approval.task or "")
    if task.state is not TaskState.ESCALATED:
        return
    best = a.tx.drafts.get(about.best)
    if a.yes:
        if (why := checks.unfit(a.tx.text(best.text_hash))) is not None:
            raise WrongCall(
                f"The draft of {task.skill} ({task.id}, revision {best.revision}) {why}, and nobody can approve that: send it "
                f'back (`{program()} revise {a.approval.id} "…"`) or reject it; nothing changed.'
            )
        disagreements.keep(a.tx, task, best, "approve", by=a.by)
        on_verdict.approve(a.tx, a.office, task, best, best.score, by=a.by)
    elif a.said is Answer.REVISE:
        disagreements.keep(a.tx, task, best, "revise", by=a.by)
        on_verdict.send_back(a.tx, task, best, f"{on_verdict.A_PERSON_ASKS} {a.words}", by=a.by)
        learn.from_instructions(a.tx, a.goal, task, a.words, question=a.approval.id)
    elif about.before is not None:
        if a.said is not None:
            disagreements.keep(a.tx, task, best, "reject", by=a.by)
        changes.give_up(a.tx, task, "the new one was rejected" if a.said else "nobody decided in time", by=a.by)
    else:
        # A draft stays a draft. One that was approved, until a colleague's review brought it here, is no deliverable any more.
        why = "rejected" if a.said else "nobody decided in time"
        if a.said is not None:
            disagreements.keep(a.tx, task, best, "reject", by=a.by)
        a.tx.tasks.move(task, TaskState.FAILED, by=a.by, detail=why, deliverable=None, score=None, path=None)
    if a.said is Answer.REJECT and about.before is None:
        fail_goal(a.tx, a.goal.id, f"the deliverable of {task.skill} ({task.id}) was rejected", by=a.by)


def _spending(about: AboutSpending, a: Answered) -> None:
    if a.said is None and (turns := caps.ends_at(a.office, about.scope, a.tx.now)) is not None:
        # Nothing is spent; the work goes on by itself when the month, or the day, turns.
        held_for_money.wait_until(a.tx, a.goal, about, turns)
    elif a.yes:
        held_for_money.give(a.tx, a.office, a.goal, about, own_nano=a.own_nano)
    else:
        fail_goal(a.tx, a.goal.id, f"more money was not agreed to (approval {a.approval.id})", by=a.by)


def _failure(about: AboutFailure, a: Answered) -> None:
    failed = a.tx.turns.get(about.turn)
    if not a.yes:
        why = failed.error or "a turn failed"
        if about.before is None:
            fail_goal(a.tx, a.goal.id, why, by=a.by)
        else:
            changes.give_up(a.tx, a.tx.tasks.get(a.approval.task or ""), why, by=a.by)
        return
    if failed.state is TurnState.HELD:
        held_for_person.let_go(a.tx, a.goal)
        return
    if a.approval.task is not None:
        task = a.tx.tasks.get(a.approval.task)
        state = TaskState.DRAFTING if failed.verb in ("draft", "report") else TaskState.REVIEWING
        a.tx.tasks.move(task, state, by=a.by)
    turns.create(
        a.tx,
        a.goal,
        actor=failed.actor,
        verb=failed.verb,
        subject=failed.subject,
        version=f"again-{a.approval.id}",
    )


def _pause(about: AboutPause, a: Answered) -> None:
    if a.yes:
        brakes.let_go(a.tx, a.goal, about, by=a.by)
    elif a.said is None:
        brakes.ask_again(a.tx, a.goal, a.approval)
    elif about.brand is None:
        fail_goal(a.tx, a.goal.id, f"it was not to go on (approval {a.approval.id})", by=a.by)
