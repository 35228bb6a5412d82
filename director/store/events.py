"""Events, what became of each at the triggers, and how long a trigger starts nothing more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.clock import MOST_AHEAD
from director.words.command import program
from director.words.errors import NotFound
from director.words.models import Event, EventOutcome, Told
from director.words.states import Outcome

e, o, c = schema.events, schema.outcomes, schema.cooldowns

# Made once, compiled and keyed once (see transaction.py).
_EVENT = select(e).where(e.c.id == bindparam("id"))
_DELIVERED = select(e.c.delivery, e.c.id).where(
    e.c.brand == bindparam("of_brand"),
    e.c.source == bindparam("of_source"),
    e.c.delivery.in_(bindparam("of_deliveries", expanding=True)),
)
_OUTCOMES = select(o).where(o.c.event == bindparam("of")).order_by(o.c.trigger)
_BEHIND = select(e, o.c.trigger).join(o, o.c.event == e.c.id).where(o.c.goal == bindparam("started"))


class Events:
    """What happened, outside or inside."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def delivered(self, brand: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The events' ids that were told of before, by source and delivery; nothing for those that were not."""
        found: dict[tuple[str, str], str] = {}
        for source in {source for source, _ in keys}:
            given = {"of_brand": brand, "of_source": source, "of_deliveries": [one for by, one in keys if by == source]}
            found |= {(source, row.delivery): row.id for row in self.tx.conn.execute(_DELIVERED, given)}
        return found

    def add(self, brand: str, told: Sequence[Told]) -> dict[tuple[str, str], str]:
        """New events; the ids of those that were written, by source and delivery: the others were before, by whomever."""
        rows = [
            {
                "id": f"e{number}", "brand": brand, "source": one.source, "delivery": one.delivery, "type": one.type,
                "said_at": one.said_at, "data": one.data, "goal": one.goal, "created_at": self.tx.now,
            }
            for number, one in zip(self.tx.numbers("event", len(told)), told, strict=True)
        ]  # fmt: skip
        statement = self.tx.insert(e).on_conflict_do_nothing(index_elements=[e.c.brand, e.c.source, e.c.delivery])
        made = self.tx.conn.execute(statement.returning(e.c.source, e.c.delivery, e.c.id), rows)
        return {(row.source, row.delivery): row.id for row in made}

    def get(self, ident: str, *, brand: str | None = None) -> Event:
        """
        The event. With *brand* only where it is that one's: what is another's is not there.

        Raises:
            NotFound
        """
        # PostgreSQL takes no NUL.
        row = None if "\0" in ident else self.tx.conn.execute(_EVENT, {"id": ident}).one_or_none()
        if row is None or brand not in (None, row.brand):
            raise NotFound("event", ident, f"`{program()} events` lists them")
        return Event(**row._asdict())

    def all(self, brand: str | None = None, *, limit: int = 50) -> list[Event]:
        """Events, of one brand or of all, newest first."""
        # Ids are numbers behind a letter: the longer is the later.
        newest = (e.c.created_at.desc(), func.length(e.c.id).desc(), e.c.id.desc())
        query = select(e).order_by(*newest).limit(limit)
        rows = self.tx.conn.execute(query if brand is None else query.where(e.c.brand == brand))
        return [Event(**row._asdict()) for row in rows]

    def count(self, brand: str | None = None) -> int:
        """How many there are, of one brand or of all."""
        query = select(func.count()).select_from(e)
        return int(self.tx.conn.execute(query if brand is None else query.where(e.c.brand == brand)).scalar_one())

    def looked_at(self, ident: str) -> None:
        """Say that the triggers were looked through."""
        self.tx.conn.execute(update(e).where(e.c.id == ident).values(looked_at=self.tx.now))

    def add_outcome(self, event: str, trigger: str, what: Outcome, why: str, goal: str | None = None) -> None:
        """Write what became of the event at that trigger, which nobody wrote before."""
        row = {"event": event, "trigger": trigger, "what": what, "why": why, "goal": goal, "at": self.tx.now}
        self.tx.conn.execute(insert(o), row)

    def outcomes(self, event: str) -> list[EventOutcome]:
        """What became of the event, a line a trigger."""
        return [EventOutcome(**row._asdict()) for row in self.tx.conn.execute(_OUTCOMES, {"of": event})]

    def behind(self, goal: str) -> tuple[Event, str] | None:
        """The event that started the goal, and by which trigger; None where no event did."""
        row = self.tx.conn.execute(_BEHIND, {"started": goal}).one_or_none()
        if row is None:
            return None
        values = row._asdict()
        trigger = values.pop("trigger")
        return Event(**values), trigger

    def take_cooldown(self, name: str, *, lasts: timedelta, event: str) -> bool:
        """Take it, which *lasts* so long from now; False while it still lasts for another event."""
        until = self.tx.now + lasts
        # One that ends later than that was taken when the clock was ahead: nobody would wait months for a clock set right.
        over = or_(c.c.until <= self.tx.now, c.c.until > until + MOST_AHEAD)
        row = {"name": name, "until": until, "event": event}
        statement = self.tx.insert(c).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=[c.c.name], set_={"until": until, "event": event}, where=over
        )
        return self.tx.conn.execute(statement.returning(c.c.name)).one_or_none() is not None

    def cooldown(self, name: str, lasts: timedelta) -> tuple[datetime, str] | None:
        """Until when one that *lasts* so long does, and for which event; None where it could be taken."""
        query = select(c).where(
            c.c.name == name, c.c.until > self.tx.now, c.c.until <= self.tx.now + lasts + MOST_AHEAD
        )
        row = self.tx.conn.execute(query).one_or_none()
        return None if row is None else (row.until, row.event)
