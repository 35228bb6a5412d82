"""What was answered to a request that makes something, under the key its sender gave it: sent again, it makes nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update

from director.store import schema
from director.store.transaction import Transaction

k = schema.kept_answers

#: How long a key is known.
KEPT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to the request under a key."""

    digest: str  #: of what was asked
    answer: dict[str, Any]


class KeptAnswers:
    """Answers by brand, whoever asked, and their key."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def begin(self, brand: str, caller: str, key: str, digest: str) -> KeptAnswer | None:
        """
        Take the key for a request; or what was answered under it before. Who comes with the same key meanwhile waits for the
        end of this transaction, and then finds its answer, or takes the key where this one was taken back.
        """
        self.tx.conn.execute(delete(k).where(k.c.created_at < self.tx.now - KEPT_FOR))
        row = {"brand": brand, "caller": caller, "key": key, "digest": digest, "answer": {}, "created_at": self.tx.now}
        statement = self.tx.insert(k).values(row).on_conflict_do_nothing().returning(k.c.key)
        if self.tx.conn.execute(statement).one_or_none() is not None:
            return None
        return self.find(brand, caller, key)

    def find(self, brand: str, caller: str, key: str) -> KeptAnswer | None:
        """What was answered under the key; None where nothing was, or too long ago."""
        since = k.c.created_at >= self.tx.now - KEPT_FOR
        row = self.tx.conn.execute(select(k.c.digest, k.c.answer).where(*_one(brand, caller, key), since)).one_or_none()
        return None if row is None else KeptAnswer(row.digest, row.answer)

    def end(self, brand: str, caller: str, key: str, answer: dict[str, Any]) -> None:
        """Keep what is answered under the key that was taken."""
        self.tx.conn.execute(update(k).where(*_one(brand, caller, key)).values(answer=answer))


def _one(brand: str, caller: str, key: str) -> tuple[Any, ...]:
    return k.c.brand == brand, k.c.caller == caller, k.c.key == key
