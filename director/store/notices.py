"""What people are told, and its way to each channel. How it gets there is `upkeep/notify.py`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.alert import Channel, News
from director.words.models import Delivery, Notice

n, d = schema.notices, schema.deliveries

_ON_ITS_WAY = (d.c.delivered_at.is_(None), d.c.given_up_at.is_(None))

# Made once, compiled and keyed once (see transaction.py).
_NOTICE = select(n).where(n.c.id == bindparam("id"))
_KEYED = select(n.c.id).where(n.c.key == bindparam("of_key"))
_WAITING = select(d).where(*_ON_ITS_WAY).order_by(d.c.id)
_NEXT = _WAITING.where(d.c.channel == bindparam("to")).limit(1)


class Notices:
    """What people are told."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, brand: str, news: News, key: str, data: dict[str, Any], channels: Iterable[Channel]) -> Notice | None:
        """A new notice on its way to these channels; None where one with that key was made."""
        if self.is_made(key):
            return None
        row = {
            "id": f"n{self.tx.number('notice')}", "brand": brand, "news": news, "key": key,
            "reference": secrets.token_hex(16), "data": data, "created_at": self.tx.now,
        }  # fmt: skip
        statement = self.tx.insert(n).values(row).on_conflict_do_nothing(index_elements=[n.c.key])
        made = self.tx.conn.execute(statement.returning(n)).one_or_none()
        if made is None:
            return None
        if ways := [{"notice": made.id, "channel": channel} for channel in channels]:
            self.tx.conn.execute(insert(d), ways)
        return Notice(**made._asdict())

    def is_made(self, key: str) -> bool:
        """Whether there is one with that key."""
        return self.tx.conn.execute(_KEYED, {"of_key": key}).first() is not None

    def get(self, ident: str) -> Notice:
        """The notice."""
        return Notice(**self.tx.conn.execute(_NOTICE, {"id": ident}).one()._asdict())

    def next_to(self, channel: Channel) -> Delivery | None:
        """The oldest that is still on its way to *channel*."""
        row = self.tx.conn.execute(_NEXT, {"to": channel}).one_or_none()
        return None if row is None else Delivery(**row._asdict())

    def on_their_way(self) -> list[Delivery]:
        """All that are still on their way, oldest first."""
        return [Delivery(**row._asdict()) for row in self.tx.conn.execute(_WAITING)]

    def given_up(self, *, limit: int) -> list[Delivery]:
        """Those that reached nobody, the newest first."""
        query = select(d).where(d.c.given_up_at.is_not(None)).order_by(d.c.id.desc()).limit(limit)
        return [Delivery(**row._asdict()) for row in self.tx.conn.execute(query)]

    def delivered(self, delivery: Delivery) -> None:
        """Its channel has it."""
        self._change(delivery, delivered_at=self.tx.now)

    def give_up(self, delivery: Delivery, problem: str) -> None:
        """It reached nobody, and is not tried any more."""
        self._change(delivery, given_up_at=self.tx.now, problem=problem)

    def _change(self, delivery: Delivery, **changes: Any) -> None:
        self.tx.conn.execute(update(d).where(d.c.id == delivery.id, *_ON_ITS_WAY).values(changes))
