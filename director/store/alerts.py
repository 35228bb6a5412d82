"""What was found wrong with the work, until it is over. What is wrong is said by `upkeep/alert_rules.py`."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import bindparam, func, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.alert import Finding
from director.words.models import Alert

a = schema.alerts

_OPEN = a.c.resolved_at.is_(None)
_OF = a.c.brand == bindparam("of_brand")

# Made once, compiled and keyed once (see transaction.py). Ids are numbers behind letters: the longer is the later.
_ALL_OPEN = select(a).where(_OPEN, _OF).order_by(a.c.raised_at, func.length(a.c.id), a.c.id)
_RESOLVED = select(a).where(~_OPEN, _OF).order_by(a.c.resolved_at.desc(), func.length(a.c.id).desc(), a.c.id.desc())


class Alerts:
    """What people are alerted to."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def open(self, brand: str) -> list[Alert]:
        """The brand's that are not over, oldest first."""
        return [Alert(**row._asdict()) for row in self.tx.conn.execute(_ALL_OPEN, {"of_brand": brand})]

    def resolved(self, brand: str, *, limit: int) -> list[Alert]:
        """The brand's that are over, the last first."""
        return [Alert(**row._asdict()) for row in self.tx.conn.execute(_RESOLVED.limit(limit), {"of_brand": brand})]

    def add(self, brand: str, finding: Finding) -> Alert | None:
        """A new open alert; None where one of that rule and subject is open."""
        ident = f"al{self.tx.number('alert')}"
        row = {**asdict(finding), "id": ident, "brand": brand, "raised_at": self.tx.now}
        statement = self.tx.insert(a).values(row)
        statement = statement.on_conflict_do_nothing(
            index_elements=[a.c.brand, a.c.rule, a.c.subject], index_where=_OPEN
        )
        made = self.tx.conn.execute(statement.returning(a)).one_or_none()
        return None if made is None else Alert(**made._asdict())

    def resolve(self, alert: Alert) -> Alert | None:
        """Say that it is over; None where somebody else did."""
        statement = update(a).where(a.c.id == alert.id, _OPEN).values(resolved_at=self.tx.now)
        row = self.tx.conn.execute(statement.returning(a)).one_or_none()
        return None if row is None else Alert(**row._asdict())
