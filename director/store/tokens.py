"""By what people and programs come in over HTTP, and what they did there. What each is good for is said in `access/`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.command import program
from director.words.errors import NotFound
from director.words.models import Token, TokenUse
from director.words.tokens import Role, TokenKind

k, u = schema.tokens, schema.token_uses


class Tokens:
    """Tokens, sessions and links, and the trail of their uses."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(
        self, brand: str, *, kind: TokenKind, name: str, role: Role, digest: str, expires_at: datetime | None
    ) -> Token:
        """A new one, of a secret with this SHA-256; its id is the next number: k1, k2, …"""
        row = {
            "id": f"k{self.tx.number('token')}", "brand": brand, "kind": kind, "name": name, "role": role, "hash": digest,
            "created_at": self.tx.now, "expires_at": expires_at,
        }  # fmt: skip
        return _token(self.tx.conn.execute(insert(k).values(row).returning(k)).one())

    def find(self, digest: str) -> Token | None:
        """The one whose secret has this SHA-256, good or not."""
        row = self.tx.conn.execute(select(k).where(k.c.hash == digest)).one_or_none()
        return None if row is None else _token(row)

    def get(self, brand: str, ident: str) -> Token:
        """
        The brand's token or session.

        Raises:
            NotFound: there is none; also where it is another brand's.
        """
        row = self.tx.conn.execute(select(k).where(k.c.id == ident, k.c.brand == brand)).one_or_none()
        if row is None:
            raise NotFound("token or session", ident, f"`{program()} tokens` lists them")
        return _token(row)

    def all(self, brand: str, *, kinds: Collection[TokenKind]) -> list[Token]:
        """The brand's of these kinds, oldest first."""
        query = select(k).where(k.c.brand == brand, k.c.kind.in_(kinds)).order_by(func.length(k.c.id), k.c.id)
        return [_token(row) for row in self.tx.conn.execute(query)]

    def any_made(self) -> bool:
        """Whether a token was ever made here, for whatever brand; sessions and links are none."""
        query = select(k.c.id).where(k.c.kind == TokenKind.TOKEN).limit(1)
        return self.tx.conn.execute(query).one_or_none() is not None

    def good(self, idents: Collection[str]) -> set[str]:
        """Those of these that are good now."""
        if not idents:
            return set()
        is_good = and_(k.c.revoked_at.is_(None), or_(k.c.expires_at.is_(None), k.c.expires_at > self.tx.now))
        return set(self.tx.conn.scalars(select(k.c.id).where(k.c.id.in_(idents), is_good)))

    def end(self, ident: str) -> bool:
        """Revoke it, from here on; False where it was before. Of many who try at once one is told True."""
        statement = update(k).where(k.c.id == ident, k.c.revoked_at.is_(None)).values(revoked_at=self.tx.now)
        return self.tx.conn.execute(statement).rowcount == 1

    def record(self, uses: Iterable[TokenUse]) -> None:
        """Add to the trail; what is there of the same is counted."""
        rows = [{column.name: getattr(use, column.name) for column in u.c} for use in uses]
        if not rows:
            return
        statement = self.tx.insert(u)
        statement = statement.on_conflict_do_update(
            index_elements=list(u.primary_key),
            set_={
                "times": u.c.times + statement.excluded.times,
                "last_at": statement.excluded.last_at,
            },
        )
        self.tx.conn.execute(statement, rows)

    def used(self, last: Iterable[tuple[str, datetime]]) -> None:
        """Say of each when it was last used."""
        for ident, at in sorted(last):
            is_later = or_(k.c.used_at.is_(None), k.c.used_at < at)
            self.tx.conn.execute(update(k).where(k.c.id == ident, is_later).values(used_at=at))

    def forget_uses(self, before: datetime) -> int:
        """Take what was done before *before* off the trail; how many lines that were."""
        # By the tokens, so that the primary key finds them.
        old = and_(u.c.token.in_(select(k.c.id)), u.c.at < before)
        return self.tx.conn.execute(delete(u).where(old)).rowcount

    def uses(self, ident: str, *, most: int) -> list[TokenUse]:
        """What was done with it, the last first."""
        query = select(u).where(u.c.token == ident).order_by(u.c.at.desc(), u.c.last_at.desc()).limit(most)
        return [TokenUse(**row._asdict()) for row in self.tx.conn.execute(query)]


def _token(row: Row[Any]) -> Token:
    values = row._asdict()
    values.pop("hash")
    return Token(**values)
