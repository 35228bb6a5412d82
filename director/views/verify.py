"""What was verified, and what is not as its receipt says."""

from dataclasses import asdict
from typing import Any

from director.verification.verify import Verified


def verified_document(found: Verified) -> dict[str, Any]:
    """All that was looked at, each mismatch, and the tasks approved before receipts were kept."""
    return {
        "goals": found.goals,
        "deliverables": found.deliverables,
        "receipts": found.receipts,
        "files": found.files,
        "mismatches": [asdict(one) for one in found.mismatches],
        "without_receipt": found.without,
    }
