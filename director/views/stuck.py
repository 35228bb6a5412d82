"""What should go on and does not."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from director.store.stuck import Stuck


def stuck_document(found: Iterable[Stuck]) -> dict[str, Any]:
    """Rows that should go on and do not, each with why."""
    return {"stuck": [{**asdict(row), "since": row.since.isoformat()} for row in found]}
