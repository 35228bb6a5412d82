"""A person answers, or the deadline does: the one place where answers become consequences."""

from collections.abc import Callable
from typing import Final

from director import turns
from director.calls import caps
from director.errors import WrongCall
from director.models import Approval, Goal, Turn
from director.office import Office
from director.states import Answer, ApprovalState, GoalState, TaskState, TurnState, is_final
from director.store.engine import Tx
from director.work import outcome
from director.work.advance import advance, cancel_goal, fail_goal
from director.work.mirror import mirror_task
from director.work.questions import Kind

#: What applies when nobody answered in time: drafts go on with the best version, everything else does nothing.
DEFAULTS: Final = {
    Kind.PLAN: Answer.CANCEL,
    Kind.DRAFT: Answer.APPROVE,
    Kind.SPENDING: Answer.REJECT,
    Kind.FAILURE: Answer.REJECT,
}

#: What may be said to each kind of question.
CHOICES: Final = {
    Kind.PLAN: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
    Kind.DRAFT: (Answer.APPROVE, Answer.REJECT, Answer.REVISE, Answer.CANCEL),
    Kind.SPENDING: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
    Kind.FAILURE: (Answer.APPROVE, Answer.REJECT, Answer.CANCEL),
}


def answer(office: Office, ident: str, said: Answer, words: str | None = None, *, by: str = "person") -> Approval:
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
        raise WrongCall(f'Say what to change: `python -m director revise {ident} "…"`.')
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
    """The sweep's part: questions whose deadline passed get their default. Returns how many."""
    with office.store.write() as tx:
        overdue = tx.approvals.overdue()
        for approval in overdue:
            _close(tx, office, approval, DEFAULTS[Kind(approval.kind)], None, ApprovalState.LAPSED, by="deadline")
    for approval in overdue:
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
    _CONSEQUENCES[Kind(approval.kind)](tx, office, approval, goal, said, words)
    advance(tx, goal.id, by=by)
    return True


def _plan(tx: Tx, _office: Office, approval: Approval, goal: Goal, said: Answer, _words: str | None) -> None:
    if said is Answer.APPROVE:
        tx.goals.move(goal, GoalState.RUNNING, by="person", reason=None)
    else:
        cancel_goal(tx, goal.id, f"the plan was not agreed to (approval {approval.id})", by="person")


def _draft(tx: Tx, office: Office, approval: Approval, goal: Goal, said: Answer, words: str | None) -> None:
    task = tx.tasks.get(approval.task or "")
    if task.state is not TaskState.ESCALATED:
        return
    if said is Answer.APPROVE:
        best = tx.drafts.get(approval.document["best"])
        outcome.approve(tx, office, task, best, best.score, by="person")
    elif said is Answer.REVISE:
        outcome.send_back(tx, task, f"A person asks for this: {words}", by="person")
    else:
        tx.tasks.move(task, TaskState.FAILED, by="person", detail="rejected")
        fail_goal(tx, goal.id, f"the deliverable of {task.skill} ({task.id}) was rejected", by="person")


def _spending(tx: Tx, office: Office, approval: Approval, goal: Goal, said: Answer, _words: str | None) -> None:
    if said is not Answer.APPROVE:
        fail_goal(tx, goal.id, f"more money was not agreed to (approval {approval.id})", by="person")
        return
    scope, by_nano = approval.document["scope"], approval.document["raise_by_nano"]
    account = tx.accounts.get(scope, rehearsal=office.claude.rehearses)
    if scope == caps.goal_scope(goal.id):
        tx.goals.change(goal.id, cap_nano=goal.cap_nano + by_nano)
    if account is not None:
        tx.accounts.set_cap(scope, rehearsal=account.rehearsal, cap_nano=account.cap_nano + by_nano)
    turn = tx.turns.get(approval.document["turn"])
    if turn.state is TurnState.HELD:
        turns.release(tx, turn)


def _failure(tx: Tx, _office: Office, approval: Approval, goal: Goal, said: Answer, _words: str | None) -> None:
    failed: Turn = tx.turns.get(approval.document["turn"])
    if said is not Answer.APPROVE:
        fail_goal(tx, goal.id, failed.error or "a turn failed", by="person")
        return
    if approval.task is not None:
        task = tx.tasks.get(approval.task)
        tx.tasks.move(
            task,
            TaskState.DRAFTING if failed.verb in ("draft", "report") else TaskState.REVIEWING,
            by="person",
        )
    turns.create(tx, goal, actor=failed.actor, verb=failed.verb, subject=failed.subject, version=f"again-{approval.id}")


_Consequence = Callable[[Tx, Office, Approval, Goal, Answer, str | None], None]

_CONSEQUENCES: Final[dict[Kind, _Consequence]] = {
    Kind.PLAN: _plan,
    Kind.DRAFT: _draft,
    Kind.SPENDING: _spending,
    Kind.FAILURE: _failure,
}


def _mirror(office: Office, approval: Approval) -> None:
    if approval.task is None:
        return
    with office.store.read() as tx:
        mirror_task(office, tx, tx.tasks.get(approval.task))
