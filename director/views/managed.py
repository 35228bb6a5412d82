"""What people changed that is of no goal: what a month may cost, schedules, what the team knows; who it was, and when."""

from typing import Any, Final

from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.characters import shortened

CAPS: Final = ("caps set",)
SCHEDULES: Final = ("schedule switched on", "schedule switched off", "schedule changed")
CONTEXT: Final = ("context changed",)

#: Lines of the journal that are looked at, those that are shown, and characters of what one says besides.
_LOOKED_AT: Final = 200
_MOST: Final = 10
_LONGEST: Final = 200


def managed_document(tx: Tx, brand: str, whats: tuple[str, ...], *, about: str = "") -> list[dict[str, Any]]:
    """The last changes, newest first; *about*: of the schedule of that name only."""
    lines = tx.journal_of_brand(brand, whats, limit=_LOOKED_AT if about else _MOST)
    of_it = [line for line in lines if not about or (line.detail or "").partition(":")[0] == about]
    return [
        {
            "at": line.at.isoformat(),
            "what": line.what,
            "by": "you" if line.by == PERSON else line.by,
            "detail": shortened((line.detail or "").removeprefix(about).lstrip(": "), _LONGEST),
        }
        for line in of_it[:_MOST]
    ]
