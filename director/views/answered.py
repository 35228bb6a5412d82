"""A question that was just answered, what became of its goal, and what the team may have learned from the answer."""

from typing import Any

from director.office import Office
from director.store.tx import Tx
from director.views.approval import approval_document
from director.views.goal import goal_document
from director.views.memory import learned_from, learning_document
from director.words.models import Approval


def answered_document(office: Office, tx: Tx, approval: Approval) -> dict[str, Any]:
    """All three."""
    learned = learned_from(tx, office.brand, approval.id)
    return {
        "approval": approval_document(approval),
        **goal_document(office, tx, tx.goals.get(approval.goal)),
        "learning": learned and learning_document(learned),
    }
