"""What calls cost, added up by goal, task, skill, model, purpose, day or month; and those whose cost nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import reduce
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, func, select

from director.money.periods import around, start_of
from director.store import schema
from director.store.transaction import Transaction
from director.words.models import Call
from director.words.states import CallState
from pipelines.plan import DIRECTOR, StepKind

c, t, g = schema.calls, schema.tasks, schema.goals

#: Who asks where it is neither the Director nor the task's specialist: reviews of drafts, and the edits that follow from them.
REVIEWER: Final = "reviewer"
REVIEWING: Final = ("review", "mend")

#: Names that are asked for in one statement.
_AT_ONCE: Final = 500


class By(StrEnum):
    """What costs are added up by."""

    GOAL = "goal"
    TASK = "task"  #: A goal's plan and conclusion, which are no task's, are its own: they stand under its id.
    SKILL = "skill"  #: Whose work it is: the Director's, the reviewer's or a specialist's.
    MODEL = "model"  #: That answered.
    PURPOSE = "purpose"
    DAY = "day"  #: Where the brand is.
    MONTH = "month"  #: Under whose cap it is.


@dataclass(frozen=True, slots=True)
class Sum:
    """What some calls come to, paid or rehearsed; money in nano-dollars."""

    rehearsal: bool
    unit: str = ""  #: the goal, task, skill, …
    calls: int = 0
    input_tokens: int = 0  #: neither written to the cache nor read from it
    output_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0
    cost_nano: int = 0
    lost: int = 0  #: of the calls, those that may have been paid without an answer
    lost_nano: int = 0  #: of the cost, what those are counted at: their worst case
    open: int = 0  #: of the calls, those on the wire: they cost nothing yet
    reserved_nano: int = 0  #: set aside for those

    @property
    def cache_share(self) -> float | None:
        """The part of the prompts that was read from the cache, 0 to 1; None where there were none."""
        prompts = self.input_tokens + self.cache_write_tokens + self.cache_read_tokens
        return self.cache_read_tokens / prompts if prompts else None

    def plus(self, other: Sum) -> Sum:
        """Both together, under this one's unit."""
        if self.rehearsal is not other.rehearsal:
            raise ValueError("paid and rehearsed money are never added up")
        added = {name: getattr(self, name) + getattr(other, name) for name in _ADDED}
        return Sum(self.rehearsal, self.unit, **added)


_ADDED: Final = tuple(field.name for field in fields(Sum) if field.name not in ("rehearsal", "unit"))

_lost = schema.among(c.c.state, CallState.LOST)
_open = schema.among(c.c.state, CallState.RESERVED)
_SUMS: Final = (
    func.count().label("calls"),
    *(func.sum(c.c[name]).label(name) for name in _ADDED if name.endswith("_tokens") or name == "cost_nano"),
    func.sum(case((_lost, 1), else_=0)).label("lost"),
    func.sum(case((_lost, c.c.cost_nano), else_=0)).label("lost_nano"),
    func.sum(case((_open, 1), else_=0)).label("open"),
    func.sum(case((_open, c.c.reserved_nano), else_=0)).label("reserved_nano"),
)
_UNITS: Final[dict[By, ColumnElement[Any]]] = {
    By.GOAL: c.c.goal,
    By.TASK: func.coalesce(c.c.task, c.c.goal),
    By.SKILL: case(
        (t.c.id.is_(None), DIRECTOR),
        (and_(c.c.purpose.in_(REVIEWING), t.c.kind != StepKind.REVIEW), REVIEWER),
        else_=t.c.skill,
    ),
    By.MODEL: func.coalesce(c.c.served, c.c.model),
    By.PURPOSE: c.c.purpose,
    By.MONTH: c.c.month,
}


@dataclass(frozen=True, slots=True)
class Which:
    """Of which calls: all of a brand's, or those that fit every word that is said."""

    brand: str
    goal: str | None = None
    month: str | None = None
    rehearsal: bool | None = None
    since: datetime | None = None
    before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """For a statement about calls."""
        found = [c.c.brand == self.brand]
        if self.goal is not None:
            found.append(c.c.goal == self.goal)
        if self.month is not None:
            # The month says which calls; what is around it, in any zone, keeps the database from reading those of years.
            found += [c.c.month == self.month, c.c.created_at.between(*around(self.month))]
        if self.rehearsal is not None:
            found.append(c.c.rehearsal == self.rehearsal)
        if self.since is not None:
            found.append(c.c.created_at >= self.since)
        if self.before is not None:
            found.append(c.c.created_at < self.before)
        return found


class Ledger:
    """The ledger, read."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def sums(self, by: By, which: Which, zone: tzinfo) -> list[Sum]:
        """
        The calls added up, those that were paid and those that were rehearsed each for themselves. A day is one of *zone*, by
        when its calls were begun; all else does not look at it.
        """
        if by is By.DAY:
            return self._by_day(which, zone)
        query = select(c.c.rehearsal, _UNITS[by].label("unit"), *_SUMS).where(*which.conditions())
        if by is By.SKILL:
            query = query.select_from(c.outerjoin(t, t.c.id == c.c.task))
        return [_sum(row) for row in self.tx.conn.execute(query.group_by(c.c.rehearsal, _UNITS[by]))]

    def calls(self, which: Which, *, rehearsal: bool) -> Iterator[Call]:
        """The calls themselves, one after the other."""
        query = select(c).where(*which.conditions(), c.c.rehearsal == rehearsal)
        return (Call(**row._asdict()) for row in self.tx.conn.execute(query))

    def total(self, which: Which, *, rehearsal: bool) -> Sum:
        """All of them as one."""
        query = select(c.c.rehearsal, *_SUMS).where(*which.conditions(), c.c.rehearsal == rehearsal)
        row = self.tx.conn.execute(query.group_by(c.c.rehearsal)).one_or_none()
        return Sum(rehearsal) if row is None else _sum(row)

    def first_after(self, moment: datetime | None, which: Which) -> datetime | None:
        """When the first call at *moment*, or later, was begun; None where there is none."""
        query = select(func.min(c.c.created_at)).where(*which.conditions())
        if moment is not None:
            query = query.where(c.c.created_at >= moment)
        found: datetime | None = self.tx.conn.execute(query).scalar_one()
        return found

    def unknown(self, brand: str) -> list[Call]:
        """Calls that may have been paid without an answer, and of which nobody said what they cost, oldest first."""
        query = select(c).where(_lost, c.c.brand == brand).order_by(c.c.id)
        return [Call(**row._asdict()) for row in self.tx.conn.execute(query)]

    def names(self, by: By, units: Collection[str]) -> dict[str, str]:
        """What the goals asked for, and whose the tasks are (what is a goal's own is the Director's); else nothing."""
        columns = {By.GOAL: (g.c.id, g.c.text), By.TASK: (t.c.id, t.c.skill)}.get(by)
        if columns is None:
            return {}
        wanted = list(units)
        found = dict.fromkeys(wanted, DIRECTOR) if by is By.TASK else {}
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(*columns).where(columns[0].in_(wanted[start : start + _AT_ONCE]))
            found |= {row[0]: row[1] for row in self.tx.conn.execute(query)}
        return found

    def _by_day(self, which: Which, zone: tzinfo) -> list[Sum]:
        # No database knows the days of every zone, so each is asked for by its ends, and those without calls are passed over.
        found: list[Sum] = []
        moment = self.first_after(None, which)
        while moment is not None:
            day = moment.astimezone(zone).date()
            ends = start_of(day + timedelta(days=1), zone)
            query = select(c.c.rehearsal, *_SUMS).where(*which.conditions())
            query = query.where(c.c.created_at >= moment, c.c.created_at < ends).group_by(c.c.rehearsal)
            found += [_sum(row, day.isoformat()) for row in self.tx.conn.execute(query)]
            moment = self.first_after(ends, which)
        return found


def together(sums: Iterable[Sum], *, rehearsal: bool) -> Sum:
    """Those of the sums that were paid, or rehearsed, as one."""
    return reduce(Sum.plus, (one for one in sums if one.rehearsal is rehearsal), Sum(rehearsal))


def _sum(row: Row[Any], unit: str = "") -> Sum:
    values = row._asdict()
    # PostgreSQL adds whole numbers up to decimals.
    numbers = {name: int(values[name]) for name in _ADDED}
    return Sum(values["rehearsal"], str(values.get("unit", unit)), **numbers)
