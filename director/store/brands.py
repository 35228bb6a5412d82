"""What people said of brands: caps, pauses; and what keeps their turns from going out, as it was told last."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.brand import DEFAULT
from director.words.models import Brand, Goal, Restriction
from director.words.states import GoalState, is_final

b, g, r = schema.brands, schema.goals, schema.restrictions

# Made once, compiled and keyed once (see transaction.py).
_ALL = select(b).order_by(b.c.name)
_BRAND = select(b).where(b.c.name == bindparam("called"))
_RESTRICTION = select(r).where(r.c.brand == bindparam("of_brand"), r.c.rehearsal == bindparam("rehearsed"))
_FITTED = update(b).where(b.c.name == bindparam("called"), b.c.refusals > 0).values(refusals=0)


class Brands:
    """Brands."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._read: dict[str, Brand] = {}  # asked for again and again where many turns wait

    def get(self, name: str) -> Brand:
        """The brand, as this transaction read it first; one of which nobody said anything is as the settings have it."""
        if name not in self._read:
            row = self.tx.conn.execute(_BRAND, {"called": name}).one_or_none()
            self._read[name] = Brand(name) if row is None else Brand(**row._asdict())
        return self._read[name]

    def all(self) -> list[Brand]:
        """All there are, the one that is there from the beginning first."""
        rows = [Brand(**row._asdict()) for row in self.tx.conn.execute(_ALL)]
        others = [brand for brand in rows if brand.name != DEFAULT]
        return [next((brand for brand in rows if brand.name == DEFAULT), Brand(DEFAULT)), *others]

    def add(self, name: str) -> bool:
        """Make one; False where it is there. Of two who try at once one is told True."""
        self._read.pop(name, None)
        statement = self.tx.insert(b).values(name=name, refusals=0).on_conflict_do_nothing()
        return self.tx.conn.execute(statement.returning(b.c.name)).one_or_none() is not None

    def is_there(self, name: str) -> bool:
        """Whether there is such a brand."""
        return name == DEFAULT or self.tx.conn.execute(_BRAND, {"called": name}).first() is not None

    def set_caps(self, name: str, *, monthly_nano: int | None, daily_nano: int | None) -> None:
        """Say its caps; None is what the settings say."""
        self._set(name, monthly_nano=monthly_nano, daily_nano=daily_nano)

    def pause(self, name: str, since: datetime | None) -> None:
        """Keep its work from going on since then, or let it (None)."""
        self._set(name, paused_at=since, refusals=0)

    def refused(self, name: str) -> int:
        """Count a call that did not fit; how many in a row that is."""
        self._open(name)
        more = update(b).where(b.c.name == name).values(refusals=b.c.refusals + 1)
        return int(self.tx.conn.execute(more.returning(b.c.refusals)).scalar_one())

    def fitted(self, name: str) -> None:
        """A call fitted: no refusal in a row any more."""
        if self.get(name).refusals:
            self.tx.conn.execute(_FITTED, {"called": name})
            self._read.pop(name)

    def restriction(self, name: str, *, rehearsal: bool) -> Restriction | None:
        """What its goals of this kind were told last; None before the first time."""
        row = self.tx.conn.execute(_RESTRICTION, {"of_brand": name, "rehearsed": rehearsal}).one_or_none()
        return None if row is None else Restriction(**row._asdict())

    def restrict(self, told: Restriction) -> None:
        """Keep what is told from now on."""
        row = asdict(told)
        statement = self.tx.insert(r).values(row)
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[r.c.brand, r.c.rehearsal], set_=row))

    def open_goals(self, name: str, *, rehearsal: bool) -> list[Goal]:
        """Its goals of this kind that are not over, oldest first."""
        open_ = g.c.state.not_in([state for state in GoalState if is_final(state)])
        query = select(g).where(g.c.brand == name, g.c.rehearsal == rehearsal, open_).order_by(g.c.created_at, g.c.id)
        return [Goal(**row._asdict()) for row in self.tx.conn.execute(query)]

    def _open(self, name: str) -> None:
        self._read.pop(name, None)
        self.tx.conn.execute(self.tx.insert(b).values(name=name, refusals=0).on_conflict_do_nothing())

    def _set(self, name: str, **changes: Any) -> None:
        self._open(name)
        self.tx.conn.execute(update(b).where(b.c.name == name).values(changes))
