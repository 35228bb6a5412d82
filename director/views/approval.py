"""Questions to people."""

from collections.abc import Sequence
from typing import Any

from director.inbox.kinds import rule_of
from director.inbox.version import version_of_question
from director.store.tx import Tx
from director.views.text import draft_document
from director.words.amounts import as_number
from director.words.models import Approval
from director.words.question import AboutDraft, raises


def approval_document(approval: Approval) -> dict[str, Any]:
    """A question."""
    return {
        "id": approval.id,
        "goal": approval.goal,
        "task": approval.task,
        "kind": approval.kind,
        "question": approval.question,
        "state": approval.state,
        "answer": approval.answer,
        "due_at": approval.due_at.isoformat(),
        "if_unanswered": rule_of(approval.about).unanswered,
    }


def listed_question(tx: Tx, approval: Approval) -> dict[str, Any]:
    """A question with what is needed to answer it; *version* is of what it asks, so that no answer meets another question."""
    return {
        **approval_document(approval),
        "answers": list(rule_of(approval.about).answers),
        "asked_at": approval.created_at.isoformat(),
        "answered_at": approval.answered_at.isoformat() if approval.answered_at else None,
        "said": approval.said,
        "raises": raises_document(approval),
        "version": version_of_question(tx, approval),
    }


def raises_document(approval: Approval) -> list[dict[str, Any]]:
    """The caps that a yes raises: whose, and to what at most; null: to what the work needs that waits."""
    found = raises(approval.about).items()
    return [{"of": of, "to_usd": None if cap_nano is None else as_number(cap_nano)} for of, cap_nano in found]


def drafts_asked_about(tx: Tx, approval: Approval) -> dict[str, Any] | None:
    """
    What a person decides by who is asked about a draft: why it was not approved, and the versions, the one that is taken
    first; None where no draft is asked about.
    """
    about = approval.about
    if not isinstance(about, AboutDraft):
        return None
    versions = dict.fromkeys((about.best, about.last))
    return {
        "reason": about.reason,
        "notes": about.notes,
        "cannot_be_approved": about.unfit,
        "versions": [draft_document(tx, tx.drafts.get(ident), taken=ident == about.best) for ident in versions],
    }


def approvals_document(approvals: Sequence[Approval]) -> dict[str, Any]:
    """Several questions."""
    return {"approvals": [approval_document(approval) for approval in approvals]}
