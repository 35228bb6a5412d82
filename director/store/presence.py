"""Which processes are there, and who has which duty: rows that end by themselves when nobody renews them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, or_, select, update

from director.redis.bus import QUEUE
from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Goal
from director.words.reach import Reach, Worker
from director.words.states import TurnState

w, y, u = schema.workers, schema.duties, schema.turns

#: How much the clocks of processes that look at the same rows may differ.
CLOCK_SLACK: Final = timedelta(seconds=5)

#: Nobody announces itself for longer; a row that says so was written before a clock was set back.
LONGEST_STAY: Final = timedelta(minutes=1)

# Made once, compiled and keyed once (see transaction.py).
_here = w.c.until.between(bindparam("now"), bindparam("latest"))
_HERE: Final = select(w).where(_here).order_by(w.c.owner)
_running = select(func.count()).where(schema.among(u.c.state, TurnState.RUNNING), u.c.owner == w.c.owner)
_FREE: Final = select(w.c.owner, w.c.hands - _running.scalar_subquery()).where(_here, w.c.queue.is_not(None))
_PASS = update(y).where(y.c.name == bindparam("called")).values(until=bindparam("now"))


class Presence:
    """Processes that answer turns."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self._here: list[Worker] | None = None  # each look for turns asks several times

    def announce(
        self,
        owner: str,
        *,
        standing: bool,
        reach: Reach,
        until: datetime,
        queue: str | None = QUEUE,
        threads: int = 1,
        knows: str | None = None,
    ) -> None:
        """
        Say that *owner* is here until then, and works for what *reach* says.

        *standing*: it does not leave after one goal. *queue*: where it hears bells; None where it hears none. *threads*: how
        many turns it can do at once; 0 from when it takes no more. *knows*: the hash of the kept text that says what it knows.
        """
        again = {"goal": reach.only, "until": until, "queue": queue, "hands": threads, "knows": knows}
        row = {"owner": owner, "standing": standing, "rehearsal": reach.rehearsal, **again}
        self._here = None
        statement = self.tx.insert(w).values(row)
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[w.c.owner], set_=again))

    def turn_to(self, owner: str, goal_id: str) -> None:
        """Say that *owner* works for that goal from now on."""
        self._here = None
        self.tx.conn.execute(update(w).where(w.c.owner == owner).values(goal=goal_id))

    def leave(self, owner: str) -> None:
        """Say that *owner* is gone."""
        self._here = None
        self.tx.conn.execute(delete(w).where(or_(w.c.owner == owner, w.c.until < self.tx.now)))
        self.tx.conn.execute(delete(y).where(y.c.owner == owner))

    def here(self) -> list[Worker]:
        """The processes that are here and hear bells, by their names."""
        return [worker for worker in self._all() if worker.queue is not None]

    def without_queue(self) -> list[Worker]:
        """The processes that are here and hear no bells: nothing that is rung reaches them."""
        return [worker for worker in self._all() if worker.queue is None]

    def announced_until(self) -> dict[str, datetime]:
        """Until when each process announced itself, also where that time has passed."""
        return {row.owner: row.until for row in self.tx.conn.execute(select(w.c.owner, w.c.until))}

    def standing_workers(self, *, rehearsal: bool | None = None) -> int:
        """How many processes of a standing worker are here now and hear bells: that rehearse, that do not, or all."""
        return sum(worker.standing and rehearsal in (None, worker.reach.rehearsal) for worker in self.here())

    def anybody(self, goal: Goal | None = None) -> bool:
        """Whether any process that hears bells is here, also one that leaves after its goal; one that works for *goal*."""
        return any(goal is None or worker.reach.works_for(goal) for worker in self.here())

    def free_threads(self) -> dict[str, int]:
        """How many more turns each of those who hear could do now, by its name."""
        return {owner: count for owner, count in self.tx.conn.execute(_FREE, self._now()) if count > 0}

    def _all(self) -> list[Worker]:
        """The processes that are here, as this transaction read them first."""
        if self._here is None:
            self._here = [_worker(row) for row in self.tx.conn.execute(_HERE, self._now())]
        return self._here

    def _now(self) -> dict[str, datetime]:
        return {"now": self.tx.now, "latest": self.tx.now + LONGEST_STAY}

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


def _worker(row: Any) -> Worker:
    reach = Reach(row.rehearsal, row.goal)
    return Worker(row.owner, reach, row.queue, standing=row.standing, threads=row.hands, knows=row.knows)
