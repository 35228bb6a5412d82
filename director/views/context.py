"""How complete a product context is, and which specialists miss what of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skills.context import Found, Reader


def context_document(place: Path, found: Sequence[Found], readers: Sequence[Reader]) -> dict[str, Any]:
    """The context at *place*: its sections as they were judged, and who reads them."""
    return {
        "file": str(place),
        "complete": not any(one.standing.is_gap for one in found),
        "sections": [
            {
                "title": one.part.title,
                "state": one.standing,
                "words": one.words,
                "perhaps": one.perhaps or None,
                "read_by": [reader.skill for reader in readers if one in reader.reads],
            }
            for one in found
        ],
        "specialists": [
            {
                "name": reader.skill,
                "reads": [one.part.title for one in reader.reads],
                "lacks": [one.part.title for one in reader.lacks],
                "thin": [one.part.title for one in reader.thin],
            }
            for reader in readers
        ],
    }
