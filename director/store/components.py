"""The services that work depends on and how they are doing. What follows from that is `director/mailbox/breaker.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Component

m = schema.components

# Made once, compiled and keyed once (see transaction.py).
_AWAY = select(m).where(m.c.offline_since.is_not(None)).order_by(m.c.name)
_COMPONENT = select(m).where(m.c.name == bindparam("called"))
# Touches a row only where there was trouble: every answered call says this.
_ANSWERED = (
    update(m)
    .where(m.c.name == bindparam("called"), or_(m.c.failures > 0, m.c.offline_since.is_not(None)))
    .values(failures=0, good=case((m.c.offline_since.is_(None), 0), else_=m.c.good + 1))
    .returning(m)
)
_LOOK_AT = (
    update(m).where(m.c.name == bindparam("called"), m.c.offline_since.is_not(None)).values(look_at=bindparam("when"))
)


class Components:
    """Services the work needs."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def get(self, name: str) -> Component | None:
        """The component; None while nothing ever went wrong with it."""
        return _component(self.tx.conn.execute(_COMPONENT, {"called": name}).one_or_none())

    def away(self) -> list[Component]:
        """Those that are offline, by their names."""
        return [Component(**row._asdict()) for row in self.tx.conn.execute(_AWAY)]

    def failed(self, name: str, reason: str) -> Component:
        """One failure more in a row."""
        row = {"name": name, "failures": 1, "good": 0, "reason": reason}
        counted = {"failures": m.c.failures + 1, "good": 0, "reason": reason}
        statement = self.tx.insert(m).values(row).on_conflict_do_update(index_elements=[m.c.name], set_=counted)
        return Component(**self.tx.conn.execute(statement.returning(m)).one()._asdict())

    def answered(self, name: str) -> Component | None:
        """No failure in a row any more; None where there was none."""
        return _component(self.tx.conn.execute(_ANSWERED, {"called": name}).one_or_none())

    def offline(self, name: str, *, since: datetime, look_at: datetime) -> None:
        """It is not there; somebody looks again then."""
        self._set(name, offline_since=since, look_at=look_at)

    def look_at(self, name: str, when: datetime) -> None:
        """Somebody looks again then, should it still be offline."""
        self.tx.conn.execute(_LOOK_AT, {"called": name, "when": when})

    def back(self, name: str) -> None:
        """It is there again."""
        self._set(name, offline_since=None, look_at=None, good=0, failures=0)

    def _set(self, name: str, **changes: Any) -> None:
        self.tx.conn.execute(update(m).where(m.c.name == name).values(changes))


def _component(row: Row[Any] | None) -> Component | None:
    return None if row is None else Component(**row._asdict())
