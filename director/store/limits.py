"""What a model service lets out of each family of models. What follows from that is `director/mailbox/weather.py`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select

from director.store import schema
from director.store.transaction import Transaction
from director.words.limits import Left
from director.words.models import Limit

m = schema.limits

_one = (m.c.service == bindparam("of_service"), m.c.family == bindparam("of_family"))

# Made once, compiled and keyed once (see transaction.py).
_LIMIT = select(m).where(*_one)
_LOCKED = _LIMIT.with_for_update()
_OF_SERVICE = select(m).where(m.c.service == bindparam("of_service")).order_by(m.c.family)
_FORGET = delete(m).where(*_one)


class Limits:
    """Limits of model services, by family of models."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def get(self, service: str, family: str, *, lock: bool = False) -> Limit | None:
        """What limits the family; None: nothing does. With *lock* nobody changes it until this transaction ends."""
        of = {"of_service": service, "of_family": family}
        row = self.tx.conn.execute(_LOCKED if lock else _LIMIT, of).one_or_none()
        return None if row is None else _limit(row)

    def of(self, service: str) -> list[Limit]:
        """Every family that is limited now."""
        return [_limit(row) for row in self.tx.conn.execute(_OF_SERVICE, {"of_service": service})]

    def put(self, limit: Limit) -> None:
        """Keep what limits its family, in place of what did."""
        values = asdict(limit) | {"left": [_kept(left) for left in limit.left]}
        statement = self.tx.insert(m).values(values)
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[m.c.service, m.c.family], set_=values))

    def forget(self, service: str, family: str) -> None:
        """Nothing limits the family any more."""
        self.tx.conn.execute(_FORGET, {"of_service": service, "of_family": family})


def _limit(row: Row[Any]) -> Limit:
    values = row._asdict()
    return Limit(**values | {"left": tuple(_left(kept) for kept in values["left"])})


def _kept(left: Left) -> dict[str, Any]:
    return {"what": left.what, "most": left.most, "left": left.left, "full_in_s": left.full_in.total_seconds()}


def _left(kept: dict[str, Any]) -> Left:
    return Left(kept["what"], kept["most"], kept["left"], timedelta(seconds=kept["full_in_s"]))
