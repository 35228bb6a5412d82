"""A person answers a question, or its deadline does; once."""

import logging
from typing import Final

from director.files.mirror import mirror_task
from director.goals.report_file import write_again
from director.inbox.kinds import Answered, rule_of
from director.inbox.version import see_version, what_happened
from director.mailbox import admission
from director.memory import readable
from director.office import Office
from director.progress.advance import advance, cancel_goal
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.amounts import typed_usd
from director.words.characters import has_visible, without_controls
from director.words.command import program
from director.words.errors import AnsweredBefore, StoreError, WrongField
from director.words.models import Approval
from director.words.question import AboutPause, outlives_goal, raises
from director.words.states import Answer, ApprovalState, is_final

_log = logging.getLogger(__name__)

#: Who closes a question nobody answered.
DEADLINE_PASSED: Final = "deadline"

#: Characters of a person's instructions for a revision; every call of that task is shown them.
LONGEST_INSTRUCTIONS: Final = 4_000


def answer(
    office: Office,
    ident: str,
    said: Answer,
    words: str | None = None,
    *,
    by: str = PERSON,
    version: str | None = None,
    cap_nano: int | None = None,
) -> Approval:
    """
    Apply a person's answer to the approval *ident*, and let what waited for it go on. With *version*, only where the question
    is as it was seen (`version.py`): an answer that was meant for another question has no effect. *cap_nano* is what the cap
    that a yes raises is to become, in place of what was proposed.

    Raises:
        NotFound: no such approval.
        AnsweredBefore: it is closed already, and nobody said a version.
        ChangedSince: it is not as it was seen; nothing changed.
        WrongCall: that cannot be said to it; nothing changed. A draft that is empty or holds a secret cannot be approved by
            anybody; no other amount can be said, or that one cannot be.
    """
    with office.store.read() as tx:
        approval = tx.approvals.get(ident)
    office = office.of(approval.brand)
    answers = rule_of(approval.about).answers
    if said not in answers:
        raise WrongField(
            "answer", f"Approval {ident} can be answered with {', '.join(answers)}; {said} is none of them."
        )
    if said is Answer.REVISE or words:
        words = instructions(ident, words or "")
    if cap_nano is not None:
        if said is not Answer.APPROVE or len(raises(approval.about)) != 1:
            raise WrongField("at_most", f"An amount goes with a yes that raises one cap; {ident} takes none here.")
        words = f"up to ${typed_usd(cap_nano)}" + (f": {words}" if words else "")
    with office.store.write() as tx:
        if version is not None:
            see_version(tx, approval, version)
        if not _close(tx, office, approval, said, words, by=by, own_nano=cap_nano):
            raise AnsweredBefore(what_happened(tx.approvals.get(ident)))
    _mirror(office, approval)
    if said is Answer.REVISE:
        readable.mirror(office)
    admission.ring(office)
    return approval


def instructions(ident: str, words: str) -> str:
    """
    What a person asks to be changed about *ident*, as it is kept.

    Raises:
        WrongCall: there is nothing to be read in it, or too much.
    """
    words = without_controls(words)
    if not has_visible(words):
        raise WrongField("words", f'Say what to change: `{program()} revise {ident} "…"`.')
    if len(words) > LONGEST_INSTRUCTIONS:
        raise WrongField(
            "words", f"Instructions can have {LONGEST_INSTRUCTIONS:,} characters; these have {len(words):,}."
        )
    return words


def apply_defaults(office: Office) -> int:
    """
    The sweep's part: questions whose deadline passed are closed without an answer, each on its own. Returns how many.

    Silence is no yes: each kind's consequence says what comes of a goal nobody decided about.
    """
    with office.store.read() as tx:
        overdue = tx.approvals.overdue(office.reach.only)
    closed = 0
    for approval in overdue:
        with office.store.write() as tx:
            if _is_paused(tx, approval):
                continue
            _close(tx, office.of(approval.brand), approval, None, None, by=DEADLINE_PASSED)
        _mirror(office, approval)
        closed += 1
    return closed


def _is_paused(tx: Tx, approval: Approval) -> bool:
    """Whether what it is about stands still because a person wants that; but for the question whether it may go on."""
    if isinstance(approval.about, AboutPause):
        return False
    return tx.goals.get(approval.goal).paused_at is not None or tx.brands.get(approval.brand).paused_at is not None


def _close(
    tx: Tx,
    office: Office,
    approval: Approval,
    said: Answer | None,
    words: str | None,
    *,
    by: str,
    own_nano: int | None = None,
) -> bool:
    """Close the question and do what follows; False when it was closed before. *said* is None when nobody answered."""
    goal = tx.goals.get(approval.goal, lock=True)
    state = ApprovalState.LAPSED if said is None else ApprovalState.ANSWERED
    if not tx.approvals.close(approval, state, answer=said, said=words):
        return False
    if said is None:
        tx.note(goal.id, approval.id, state, by=by, detail=f"nobody answered: {rule_of(approval.about).unanswered}")
    else:
        tx.note(goal.id, approval.id, said, by=by, detail=words)
    if is_final(goal.state) and not outlives_goal(approval.about):
        return True
    if said is Answer.CANCEL:
        cancel_goal(tx, goal.id, f"cancelled by {by} (approval {approval.id})", by=by)
        return True
    rule_of(approval.about).consequence(Answered(tx, office, approval, goal, said, words, by, own_nano))
    advance(tx, goal.id, by=by)
    return True


def _mirror(office: Office, approval: Approval) -> None:
    if approval.task is None:
        return
    try:
        mirror_task(office, approval.task)
        write_again(office, approval.goal)
    except StoreError as problem:
        # The answer is written down; the conclusion mirrors every deliverable once more.
        _log.warning("the deliverable of %s is not mirrored yet: %s", approval.task, problem)
