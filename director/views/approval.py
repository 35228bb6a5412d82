"""Questions to people."""

from collections.abc import Sequence
from typing import Any

from director.inbox.kinds import rule_of
from director.words.models import Approval


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


def approvals_document(approvals: Sequence[Approval]) -> dict[str, Any]:
    """Several questions."""
    return {"approvals": [approval_document(approval) for approval in approvals]}
