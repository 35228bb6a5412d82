"""How far the work goes on, and how what it rests on was at the last look. `upkeep/health.py` looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from director.store import schema
from director.store.presence import CLOCK_SLACK, LONGEST_STAY
from director.store.transaction import Transaction
from director.words.health import ComponentName, Health, Operation
from director.words.models import ComponentHealth, LastLook

o, h, w = schema.operation, schema.health, schema.workers

#: A look that is older says nothing of now: six that should have come did not. So nothing is held because somebody died
#: who had found something wrong.
GOOD_FOR: Final = timedelta(minutes=1)

#: There is one row.
_ROW: Final = 1

# Made once, compiled and keyed once (see transaction.py): each look for turns to admit asks.
_LAST = select(o).where(o.c.id == _ROW)
_COMPONENTS = select(h)
_LEVEL = select(o.c.level).where(
    o.c.id == _ROW,
    o.c.looked_at.between(bindparam("oldest"), bindparam("newest")),
    exists().where(w.c.standing, w.c.queue.is_not(None), w.c.until.between(bindparam("now"), bindparam("latest"))),
)


class OperationLevel:
    """The level, and what it was found from."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._level: Operation | None = None  # each look for turns asks several times

    def level(self) -> Operation:
        """
        The level by which turns go out now. It is the full one while no worker is here that stays (what a command does for its
        own goal is nobody else's to hold back), and where nobody looked for GOOD_FOR.
        """
        if self._level is None:
            now = self.tx.now
            times = {"now": now, "latest": now + LONGEST_STAY, "oldest": now - GOOD_FOR, "newest": now + CLOCK_SLACK}
            found = self.tx.conn.execute(_LEVEL, times).scalar_one_or_none()
            self._level = Operation.FULL if found is None else Operation(found)
        return self._level

    def last(self) -> LastLook | None:
        """The last look and the level it left; None where nobody looked yet, nor heard a tick."""
        row = self.tx.conn.execute(_LAST).one_or_none()
        if row is None:
            return None
        values = row._asdict()
        del values["id"]
        return LastLook(**{**values, "level": Operation(row.level)})

    def is_recent(self, look: LastLook) -> bool:
        """Whether that look says something of now. One from the future was written by a clock that was set back since."""
        return look.looked_at is not None and -CLOCK_SLACK <= self.tx.now - look.looked_at <= GOOD_FOR

    def looked(self, by: str, *, level: Operation, since: datetime, good: int, began_at: datetime) -> None:
        """Write what a look left."""
        row = {"level": int(level), "since": since, "good": good, "began_at": began_at}
        self._write({**row, "looked_at": self.tx.now, "looked_by": by})

    def ticked(self) -> None:
        """Say that the clock's tick was heard."""
        self._write({"ticked_at": self.tx.now})

    def _write(self, changes: dict[str, Any]) -> None:
        self._level = None
        new = {
            "id": _ROW,
            "level": int(Operation.FULL),
            "since": self.tx.now,
            "good": 0,
            "began_at": self.tx.now,
            **changes,
        }
        self.tx.conn.execute(self.tx.insert(o).values(new).on_conflict_do_update(index_elements=[o.c.id], set_=changes))

    def components(self) -> dict[ComponentName, ComponentHealth]:
        """How each component was at the last look."""
        return {row.name: ComponentHealth(**row._asdict()) for row in self.tx.conn.execute(_COMPONENTS)}

    def set_component(self, name: ComponentName, state: Health, reason: str, since: datetime) -> None:
        """Write how a component is."""
        changes = {"state": state, "reason": reason, "since": since}
        statement = self.tx.insert(h).values({"name": name, **changes})
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[h.c.name], set_=changes))
