"""Which goals something happened to since one looked, for who shows them and wants to know when to look again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from director.store import schema
from director.store.transaction import Transaction

j, g = schema.journal, schema.goals

# Made once, compiled and keyed once (see transaction.py).
_NEWEST: Final = select(func.coalesce(func.max(j.c.id), 0))
_SINCE: Final = (
    select(j.c.id, j.c.goal, g.c.brand)
    .outerjoin(g, g.c.id == j.c.goal)
    .where(j.c.id > bindparam("after"))
    .order_by(j.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of the journal, as far as it says where to look again."""

    number: int
    goal: str | None  #: None: of no single goal
    brand: str | None  #: None: of any


class Journal:
    """The journal of all goals together."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def newest(self) -> int:
        """The newest line's number; 0 where nothing has happened yet."""
        return int(self.tx.conn.execute(_NEWEST).scalar_one())

    def since(self, after: int, *, most: int) -> list[Changed]:
        """The newest *most* lines with a number above *after*, oldest first."""
        rows = self.tx.conn.execute(_SINCE, {"after": after, "most": most}).all()
        return [Changed(int(number), goal, brand) for number, goal, brand in reversed(rows)]
