"""Schedules as they stand: when they are due, what became of their slots, what they started and what it cost."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Any, Final

from director.files.context import read_context
from director.goals import forecast, past
from director.goals.forecast import Forecast
from director.office import Office
from director.store.tx import Tx
from director.triggers.clock import is_on, next_slots, of_schedule, summed_up
from director.triggers.schedules import Schedule, Schedules, load
from director.words.amounts import as_number
from director.words.errors import BrokenFile, WrongCall, WrongField
from director.words.models import ScheduleRow, Slot
from director.words.states import SlotFate
from pipelines.loader import UnknownPipeline

#: Times that are told of what is to come.
_TOLD: Final = 3

#: Where nobody named days: before and after now.
AROUND_NOW: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a schedule stands."""

    schedule: Schedule
    on: bool
    next: list[datetime]  #: none while it is off
    last: Slot | None
    goals: int
    cost_nano: int  #: what its goals' calls cost, or would have cost


@dataclass(frozen=True, slots=True)
class Explained:
    """A due time, and what became of it or will."""

    slot: datetime
    fate: SlotFate | None
    why: str
    goal: str | None


def standing(tx: Tx, office: Office, schedule: Schedule) -> Standing:
    """How one schedule stands."""
    goals = tx.slots.goals_of(office.brand, schedule.name)
    return Standing(
        schedule=schedule,
        on=is_on(schedule, tx.slots.schedule(office.brand, schedule.name)),
        next=[slot for slot, _ in islice(of_schedule(tx, office, schedule), _TOLD)],
        last=next(iter(tx.slots.of_schedule(office.brand, schedule.name, limit=1)), None),
        goals=len(goals),
        cost_nano=sum(tx.calls.costs(goals).values()),
    )


def likely(office: Office, schedule: Schedule) -> Forecast | None:
    """What each of its goals will likely cost; None where nobody knows before its plan is made."""
    if schedule.pipeline is None:
        return None
    try:
        plan = office.library.find(schedule.pipeline).plan()
        context = read_context(office.settings, None)
        with office.store.read() as tx:
            before = past.of_brand(tx, office.brand, rehearsal=office.settings.rehearses)
        return forecast.of(office, plan, context, before, paid=not office.settings.rehearses)
    except (UnknownPipeline, BrokenFile, WrongCall):  # said when it starts a goal
        return None


def days_shown(schedule: Schedule, now: datetime, first: date | None, last: date | None) -> tuple[date, date]:
    """
    The days that somebody means who named the first, the last or both, in the schedule's zone: to a week around now.

    Raises:
        WrongField: the last is before the first.
    """
    today, around = day_of(schedule, now), (day_of(schedule, now - AROUND_NOW), day_of(schedule, now + AROUND_NOW))
    since = first or min(around[0], last or today)
    until = last or max(around[1], since)
    if until < since:
        raise WrongField("until", f"{until} is before {since}: name them the other way round.")
    return since, until


def day_of(schedule: Schedule, moment: datetime) -> date:
    """The day it is then where the schedule is."""
    return moment.astimezone(schedule.cron.zone).date()


def explained_days(
    tx: Tx, office: Office, schedule: Schedule, first: date, last: date, *, most: int
) -> tuple[list[Explained], bool]:
    """Each slot of these days, the first *most* of them, and whether there are more."""
    begin, end = _midnight(schedule, first), _midnight(schedule, last + timedelta(days=1))
    told = explained(tx, office, schedule, begin, end - datetime.resolution, most=most + 1)
    return told[:most], len(told) > most


def explained(
    tx: Tx, office: Office, schedule: Schedule, since: datetime, until: datetime, *, most: int
) -> list[Explained]:
    """Each slot from *since* to *until*, the first *most* of them: what is on record, and what its file says is due."""
    return list(islice(_told(tx, office, schedule, since, until, limit=most), most))


@dataclass(frozen=True, slots=True)
class Around:
    """The slots next to now, oldest first, and how many of the span were left out."""

    told: list[Explained]
    earlier: int
    later: int


def explained_around(tx: Tx, office: Office, schedule: Schedule, span: timedelta, *, most: int) -> Around:
    """As `explained`, of the span to either side of now the *most* slots that are nearest to it."""
    past: deque[Explained] = deque(maxlen=most)
    coming: list[Explained] = []
    earlier = later = 0
    for told in _told(tx, office, schedule, tx.now - span, tx.now + span):
        if told.slot <= tx.now:
            earlier += len(past) == most
            past.append(told)
        elif len(coming) < most:
            coming.append(told)
        else:
            later += 1
    return Around([*past, *coming], earlier, later)


def _told(
    tx: Tx, office: Office, schedule: Schedule, since: datetime, until: datetime, *, limit: int | None = None
) -> Iterator[Explained]:
    row = tx.slots.schedule(office.brand, schedule.name)
    let_go = summed_up(tx, office, schedule)
    kept = tx.slots.between(office.brand, schedule.name, since, until, limit=limit)
    known = {slot.slot for slot in kept}
    others = (
        Explained(slot, *_unwritten(tx, is_on(schedule, row), row, slot, let_go), None)
        for slot in _due(schedule, since, until)
        if slot not in known
    )
    written = (Explained(slot.slot, slot.fate, slot.why, slot.goal) for slot in kept)
    return merge(written, others, key=lambda told: told.slot)


def next_document(tx: Tx, office: Office) -> dict[str, Any] | None:
    """What the clock starts next; None where all schedules are off."""
    for slot, schedule in next_slots(tx, office, load(office.settings, office.catalog), 1):
        return {"schedule": schedule.name, "at": slot.isoformat()}
    return None


def schedules_document(settled: list[Standing], schedules: Schedules) -> dict[str, Any]:
    """All schedules, and the files that are broken, each with the reason."""
    return {
        "schedules": [standing_document(each) for each in settled],
        "broken": [{"file": str(file), "reason": why} for file, why in schedules.broken.items()],
    }


def standing_document(each: Standing) -> dict[str, Any]:
    """One schedule."""
    schedule, last = each.schedule, each.last
    return {
        "name": schedule.name,
        "description": schedule.description,
        "enabled": each.on,
        "when": schedule.cron.in_words,
        "cron": schedule.cron.line,
        "zone": schedule.cron.zone.key,
        "pipeline": schedule.pipeline,
        "goal": schedule.goal,
        "priority": schedule.priority,
        "cap_usd": None if schedule.cap_nano is None else as_number(schedule.cap_nano),
        "missed": schedule.missed,
        "within_days": schedule.within.days,
        "most": schedule.most,
        "file": str(schedule.file),
        "next": [slot.isoformat() for slot in each.next],
        "last": None if last is None else explained_document(Explained(last.slot, last.fate, last.why, last.goal)),
        "goals": each.goals,
        "cost_usd": as_number(each.cost_nano),
    }


def explained_document(told: Explained) -> dict[str, Any]:
    """One slot; its fate is null where it has none yet, or had none."""
    return {"slot": told.slot.isoformat(), "fate": told.fate, "why": told.why, "goal": told.goal}


def _midnight(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, time(), schedule.cron.zone).astimezone(UTC)


def _due(schedule: Schedule, since: datetime, until: datetime) -> Iterator[datetime]:
    return schedule.cron.between(since - datetime.resolution, until)


def _unwritten(
    tx: Tx, on: bool, row: ScheduleRow | None, slot: datetime, let_go: Callable[[datetime], bool]
) -> tuple[SlotFate | None, str]:
    if slot > tx.now:
        return None, "Will be." if on else "Will not be: it is off."
    if row is None:
        return None, "Was before it was enabled."
    if slot > row.looked_until:
        return None, "Is due, and the clock has not looked yet." if on else "Was not looked at: it is off."
    if let_go(slot):
        return SlotFate.MISSED, "Missed with the others before and after it."
    return None, "Started nothing: it was off then, or its file said other times."
