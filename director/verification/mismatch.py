"""Something that is not as its receipt says, in words."""

import re
from dataclasses import dataclass
from typing import Final

from director.store.receipts import Cell

#: Of a hash in hexadecimal, what people compare.
_SHOWN: Final = 12

#: What to do about the record: nobody but Troupe writes it, and only who has a copy knows what it said.
PUT_BACK: Final = "Put back a copy of the database from before the change; until then do not rely on this."

NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that was changed, taken away or put elsewhere."""

    goal: str
    what: str  #: a file, a row of the record and its column, or a receipt
    expected: str
    found: str
    do: str = PUT_BACK

    def __str__(self) -> str:
        """It in a line."""
        return f"{self.goal}  {self.what}: expected {self.expected}, found {self.found}. {self.do}"


def said(cell: Cell | None) -> str:
    """A cell, or a hash, as it is told."""
    if cell is None:
        return NOTHING
    words = str(cell)
    if found := re.fullmatch(r"(?:sha256:)?([0-9a-f]{64})", words):
        return f"SHA-256 {found[1][:_SHOWN]}…"
    return words if isinstance(cell, int) else f'"{words}"'


def both(expected: Cell | None, found: Cell | None) -> tuple[str, str]:
    """Two that differ, so that this is seen."""
    one, other = said(expected), said(found)
    return (one, other) if one != other else (f'"{expected}"', f'"{found}"')
