"""Which processes are there, and who has which duty: rows that end by themselves when nobody renews them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, bindparam, delete, func, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Worker
from director.words.states import TurnState

w, y, u = schema.workers, schema.duties, schema.turns

#: How much the clocks of processes that look at the same rows may differ.
CLOCK_SLACK: Final = timedelta(seconds=5)

#: Nobody announces itself for longer; a row that says so was written before a clock was set back.
LONGEST_STAY: Final = timedelta(minutes=1)

_PASS = update(y).where(y.c.name == bindparam("called")).values(until=bindparam("now"))


class Presence:
    """Processes that answer turns."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def announce(
        self,
        owner: str,
        *,
        standing: bool,
        until: datetime,
        hears: bool = True,
        hands: int = 1,
        knows: str | None = None,
    ) -> None:
        """
        Say that *owner* is here until then.

        *standing*: it does not leave after one goal. *hears*: it consumes the queue of the bells. *hands*: how many turns it
        can do at once; 0 from when it takes no more. *knows*: the hash of the kept text that says what it knows.
        """
        row = {"owner": owner, "standing": standing, "until": until, "hears": hears, "hands": hands, "knows": knows}
        statement = self.tx.insert(w).values(row)
        again = {"until": until, "hears": hears, "hands": hands, "knows": knows}
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[w.c.owner], set_=again))

    def leave(self, owner: str) -> None:
        """Say that *owner* is gone."""
        self.tx.conn.execute(delete(w).where(or_(w.c.owner == owner, w.c.until < self.tx.now)))
        self.tx.conn.execute(delete(y).where(y.c.owner == owner))

    def here(self) -> list[Worker]:
        """The processes that are here and hear bells, by their names."""
        columns = self._here().add_columns(w.c.standing, w.c.hands, w.c.knows).where(w.c.hears).order_by(w.c.owner)
        return [Worker(*row) for row in self.tx.conn.execute(columns)]

    def standing_workers(self) -> int:
        """How many processes of a standing worker are here now and hear bells."""
        return len(self.tx.conn.execute(self._here().where(w.c.standing, w.c.hears)).all())

    def deaf_workers(self) -> int:
        """How many processes are here that hear no bells: nothing that is rung reaches them."""
        return len(self.tx.conn.execute(self._here().where(~w.c.hears)).all())

    def anybody(self) -> bool:
        """Whether any process that hears bells is here now, also one that leaves after its goal."""
        return self.tx.conn.execute(self._here().where(w.c.hears).limit(1)).first() is not None

    def free_hands(self) -> int:
        """How many more turns those who hear could do now."""
        running = select(func.count()).where(schema.among(u.c.state, TurnState.RUNNING), u.c.owner == w.c.owner)
        hands = self._here().add_columns(w.c.hands - running.scalar_subquery()).where(w.c.hears)
        return sum(max(0, free) for _, free in self.tx.conn.execute(hands))

    def _here(self) -> Select[tuple[str]]:
        return select(w.c.owner).where(w.c.until >= self.tx.now, w.c.until <= self.tx.now + LONGEST_STAY)

    def take_duty(self, name: str, owner: str, *, until: datetime) -> bool:
        """Take the duty, or keep it; False while somebody else has it."""
        row = {"name": name, "owner": owner, "until": until}
        # Further ahead than anybody takes it for: written by a clock that was set back since.
        free = or_(y.c.owner == owner, y.c.until < self.tx.now, y.c.until > until + CLOCK_SLACK)
        statement = self.tx.insert(y).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=[y.c.name], set_={"owner": owner, "until": until}, where=free
        )
        return self.tx.conn.execute(statement.returning(y.c.owner)).one_or_none() is not None

    def one_at_a_time(self, name: str) -> None:
        """Until this transaction ends, nobody else passes here with the same *name*."""
        if self.tx.conn.dialect.name == "sqlite":
            return  # SQLite has one writer at a time
        # The update is the row lock.
        if self.tx.conn.execute(_PASS, {"called": name, "now": self.tx.now}).rowcount == 0:
            row = {"name": name, "owner": "", "until": self.tx.now}
            statement = self.tx.insert(y).values(row)
            self.tx.conn.execute(
                statement.on_conflict_do_update(index_elements=[y.c.name], set_={"until": self.tx.now})
            )
