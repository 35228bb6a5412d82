"""What `doctor` found, as a document."""

from collections.abc import Sequence
from typing import Any

from director.words.finding import Finding, Level


def findings_document(findings: Sequence[Finding]) -> dict[str, Any]:
    """Each finding in the order in which people read it, and how many are bad."""
    return {
        "can_work": not any(found.level is Level.FAULT for found in findings),
        "faults": sum(found.level is Level.FAULT for found in findings),
        "warnings": sum(found.level is Level.WARNING for found in findings),
        "findings": [
            {"part": found.part, "level": found.level.value, "says": found.says, "mend": found.mend or None}
            for found in findings
        ],
    }
