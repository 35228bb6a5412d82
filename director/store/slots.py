"""Schedules as the record knows them, and the fate of each of their due times."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.words.models import ScheduleRow, Slot
from director.words.states import GoalState, SlotFate, is_final

s, d, g = schema.slots, schema.schedules, schema.goals

# Made once, compiled and keyed once (see transaction.py).
_SCHEDULE = select(d).where(d.c.brand == bindparam("of_brand"), d.c.name == bindparam("called"))
_LOOKED = update(d).where(d.c.brand == bindparam("of_brand"), d.c.name == bindparam("called"))
_ANY_DUE = (
    select(d.c.name)
    .where(d.c.brand == bindparam("of_brand"), d.c.next_at.between(bindparam("since"), bindparam("until")))
    .limit(1)
)
_OF_SCHEDULE = (
    select(s)
    .where(s.c.brand == bindparam("of_brand"), s.c.schedule == bindparam("called"))
    .order_by(s.c.slot.desc())
    .limit(bindparam("most"))
)
_BEHIND = select(s).where(s.c.goal == bindparam("started"))


class Slots:
    """Recurring work, and each time it was due."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def schedule(self, brand: str, name: str) -> ScheduleRow | None:
        """What the record knows of the schedule; None while nobody looked at it yet."""
        row = self.tx.conn.execute(_SCHEDULE, {"of_brand": brand, "called": name}).one_or_none()
        return None if row is None else ScheduleRow(**row._asdict())

    def begin(self, brand: str, name: str, *, enabled: bool | None = None) -> ScheduleRow:
        """The schedule's row; made now where it was not, so that its first slot is the first one after now."""
        row = {"brand": brand, "name": name, "enabled": enabled, "looked_until": self.tx.now}
        statement = self.tx.insert(d).values(row)
        self.tx.conn.execute(statement.on_conflict_do_nothing(index_elements=[d.c.brand, d.c.name]))
        found = self.schedule(brand, name)
        assert found is not None  # noqa: S101 - this transaction has just seen to it
        return found

    def enable(self, brand: str, name: str, *, enabled: bool) -> None:
        """Say what a person wants of it. One that was off begins with the first slot after now."""
        row = self.begin(brand, name)
        changes: dict[str, object] = {"enabled": enabled}
        if row.enabled is not enabled:
            changes |= {"looked_until": self.tx.now, "next_at": None}
        self.tx.conn.execute(update(d).where(d.c.brand == brand, d.c.name == name).values(changes))

    def look_until(self, brand: str, name: str, until: datetime, *, next_at: datetime | None) -> None:
        """Say that every slot up to then has its fate, and when the next one is due; None while the schedule is off."""
        changes = {"looked_until": until, "next_at": next_at}
        self.tx.conn.execute(_LOOKED, {"of_brand": brand, "called": name, **changes})

    def any_due(self, brand: str, since: datetime, until: datetime) -> bool:
        """Whether one of the brand's schedules is due in that time, as the clock saw it last."""
        given = {"of_brand": brand, "since": since, "until": until}
        return self.tx.conn.execute(_ANY_DUE, given).one_or_none() is not None

    def add(self, brand: str, schedule: str, slot: datetime, fate: SlotFate, why: str, goal: str | None = None) -> bool:
        """Write the slot's fate; False when it has one."""
        row = {
            "brand": brand, "schedule": schedule, "slot": slot, "fate": fate, "why": why, "goal": goal, "at": self.tx.now,
        }  # fmt: skip
        statement = self.tx.insert(s).on_conflict_do_nothing(index_elements=[s.c.brand, s.c.schedule, s.c.slot])
        return self.tx.conn.execute(statement.returning(s.c.slot), row).one_or_none() is not None

    def get(self, brand: str, schedule: str, slot: datetime) -> Slot | None:
        """The slot; None while it has no fate."""
        query = select(s).where(s.c.brand == brand, s.c.schedule == schedule, s.c.slot == slot)
        row = self.tx.conn.execute(query).one_or_none()
        return None if row is None else Slot(**row._asdict())

    def of_schedule(self, brand: str, schedule: str, *, limit: int = 50) -> list[Slot]:
        """Its slots that have a fate, newest first."""
        rows = self.tx.conn.execute(_OF_SCHEDULE, {"of_brand": brand, "called": schedule, "most": limit})
        return [Slot(**row._asdict()) for row in rows]

    def between(self, brand: str, schedule: str, since: datetime, until: datetime, *, limit: int | None) -> list[Slot]:
        """Its slots from *since* to *until* that have a fate, the first *limit* of them; None: all."""
        query = select(s).where(s.c.brand == brand, s.c.schedule == schedule, s.c.slot.between(since, until))
        rows = self.tx.conn.execute(query.order_by(s.c.slot).limit(limit))
        return [Slot(**row._asdict()) for row in rows]

    def missed_at_once(self, brand: str, schedule: str) -> list[tuple[datetime, datetime]]:
        """The first and the last of the slots that were let go in one look, for each look with several."""
        query = select(func.min(s.c.slot), func.max(s.c.slot)).where(s.c.brand == brand, s.c.schedule == schedule)
        looks = query.where(s.c.fate == SlotFate.MISSED).group_by(s.c.at).having(func.count() > 1)
        return [(first, last) for first, last in self.tx.conn.execute(looks)]

    def open_goals(self, brand: str, schedule: str) -> list[str]:
        """The goals it started that are not over."""
        over = [state for state in GoalState if is_final(state)]
        query = select(s.c.goal).join(g, g.c.id == s.c.goal).where(s.c.brand == brand, s.c.schedule == schedule)
        return list(self.tx.conn.execute(query.where(g.c.state.not_in(over)).order_by(s.c.slot)).scalars())

    def goals_of(self, brand: str, schedule: str) -> list[str]:
        """The goals it started."""
        query = select(s.c.goal).where(s.c.brand == brand, s.c.schedule == schedule, s.c.goal.is_not(None))
        return list(self.tx.conn.execute(query.order_by(s.c.slot)).scalars())

    def behind(self, goal: str) -> Slot | None:
        """The slot that started the goal; None where none did."""
        row = self.tx.conn.execute(_BEHIND, {"started": goal}).one_or_none()
        return None if row is None else Slot(**row._asdict())
