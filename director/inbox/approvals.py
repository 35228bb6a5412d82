"""A person answers, or the deadline does: the one place where answers become consequences."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from director.calls import caps
from director.files.mirror import mirror_task
from director.mailbox import turns
from director.office import Office
from director.progress import holds
from director.progress.advance import advance, cancel_goal, fail_goal
from director.progress.questions import PERSON, Kind
from director.store.tx import Tx
from director.tasks import outcome
from director.words.command import program
from director.words.errors import StoreError, WrongCall
from director.words.models import Approval, Goal
from director.words.states import Answer, ApprovalState, GoalState, TaskState, is_final

_log = logging.getLogger(__name__)

#: What applies when nobody answered in time: drafts go on with the best version; nothing else is begun, paid or tried again.
DEFAULTS: Final = {
    Kind.PLAN: Answer.CANCEL,
    Kind.DRAFT: Answer.APPROVE,
    Kind.SPENDING: Answer.REJECT,
    Kind.FAILURE: Answer.REJECT,
}

#: Characters of a person's instructions for a revision; every call of that task is shown them.
LONGEST_INSTRUCTIONS: Final = 4_000

#: Who answers when nobody did.
DEADLINE_PASSED: Final = "deadline"

#: What may be said to each kind of question.
CHOICES: Final = {
    Kind.PLAN: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
    Kind.DRAFT: (Answer.APPROVE, Answer.REJECT, Answer.REVISE, Answer.CANCEL),
    Kind.SPENDING: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
    Kind.FAILURE: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
}


def answer(office: Office, ident: str, said: Answer, words: str | None = None, *, by: str = PERSON) -> Approval:
    """
    Apply a person's answer to the approval *ident*, and let what waited for it go on.

    Raises:
        NotFound: no such approval.
        WrongCall: it is answered already, or that cannot be said to it; nothing changed.
    """
    with office.store.read() as tx:
        approval = tx.approvals.get(ident)
    kind = Kind(approval.kind)
    if said not in CHOICES[kind]:
        raise WrongCall(f"Approval {ident} can be answered with {', '.join(CHOICES[kind])}; {said} is none of them.")
    if said is Answer.REVISE and not (words and words.strip()):
        raise WrongCall(f'Say what to change: `{program()} revise {ident} "…"`.')
    if words is not None and len(words) > LONGEST_INSTRUCTIONS:
        raise WrongCall(f"Instructions can have {LONGEST_INSTRUCTIONS:,} characters; these have {len(words):,}.")
    with office.store.write() as tx:
        if not _close(tx, office, approval, said, words, ApprovalState.ANSWERED, by=by):
            now = tx.approvals.get(ident)
            raise WrongCall(
                f"Approval {ident} was {now.state} before{f' ({now.answer})' if now.answer else ''}; nothing changed."
            )
    _mirror(office, approval)
    turns.ring(office)
    return approval


def apply_defaults(office: Office) -> int:
    """The sweep's part: questions whose deadline passed get their default, each on its own. Returns how many."""
    with office.store.read() as tx:
        overdue = tx.approvals.overdue()
    for approval in overdue:
        with office.store.write() as tx:
            _close(tx, office, approval, DEFAULTS[Kind(approval.kind)], None, ApprovalState.LAPSED, by=DEADLINE_PASSED)
        _mirror(office, approval)
    return len(overdue)


def _close(
    tx: Tx,
    office: Office,
    approval: Approval,
    said: Answer,
    words: str | None,
    state: ApprovalState,
    *,
    by: str,
) -> bool:
    goal = tx.goals.get(approval.goal, lock=True)
    if not tx.approvals.close(approval, state, answer=said, said=words):
        return False
    tx.note(goal.id, approval.id, said, by=by, detail=words)
    if is_final(goal.state):
        return True
    if said is Answer.CANCEL:
        cancel_goal(tx, goal.id, f"cancelled by {by} (approval {approval.id})", by=by)
        return True
    _CONSEQUENCES[Kind(approval.kind)](_Answered(tx, office, approval, goal, said, words, by))
    advance(tx, goal.id, by=by)
    return True


@dataclass(frozen=True, slots=True)
class _Answered:
    tx: Tx
    office: Office
    approval: Approval
    goal: Goal
    said: Answer
    words: str | None
    by: str

    @property
    def yes(self) -> bool:
        return self.said is Answer.APPROVE


def _plan(a: _Answered) -> None:
    if a.yes:
        a.tx.goals.move(a.goal, GoalState.RUNNING, by=a.by, reason=None)
    else:
        cancel_goal(a.tx, a.goal.id, f"the plan was not agreed to (approval {a.approval.id})", by=a.by)


def _draft(a: _Answered) -> None:
    task = a.tx.tasks.get(a.approval.task or "")
    if task.state is not TaskState.ESCALATED:
        return
    best = a.tx.drafts.get(a.approval.document["best"])
    if a.yes:
        a.tx.reviews.add(best, by=PERSON, verdict="approve", score=best.score, document={"by": a.by})
        outcome.approve(a.tx, a.office, task, best, best.score, by=a.by)
    elif a.said is Answer.REVISE:
        outcome.send_back(a.tx, task, best, f"A person asks for this: {a.words}", by=a.by)
    else:
        a.tx.tasks.move(task, TaskState.FAILED, by=a.by, detail="rejected")
        fail_goal(a.tx, a.goal.id, f"the deliverable of {task.skill} ({task.id}) was rejected", by=a.by)


def _spending(a: _Answered) -> None:
    if a.by == DEADLINE_PASSED and caps.is_month(a.approval.document["scope"]):
        # Nothing is spent; the work goes on by itself when the month turns.
        holds.wait_until(a.tx, a.approval, caps.next_month(a.tx.now))
        return
    if not a.yes:
        fail_goal(a.tx, a.goal.id, f"more money was not agreed to (approval {a.approval.id})", by=a.by)
        return
    holds.give(a.tx, a.office, a.goal, a.approval)


def _failure(a: _Answered) -> None:
    failed = a.tx.turns.get(a.approval.document["turn"])
    if not a.yes:
        fail_goal(a.tx, a.goal.id, failed.error or "a turn failed", by=a.by)
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


_CONSEQUENCES: Final[dict[Kind, Callable[[_Answered], None]]] = {
    Kind.PLAN: _plan,
    Kind.DRAFT: _draft,
    Kind.SPENDING: _spending,
    Kind.FAILURE: _failure,
}


def _mirror(office: Office, approval: Approval) -> None:
    if approval.task is None:
        return
    try:
        with office.store.read() as tx:
            mirror_task(office, tx, tx.tasks.get(approval.task))
    except StoreError as problem:
        # The answer is written down; the conclusion mirrors every deliverable once more.
        _log.warning("the deliverable of %s is not mirrored yet: %s", approval.task, problem)
