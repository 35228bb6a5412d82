"""
The clock: gives each due time of each schedule its one fate, and starts the goals of those that fire.

It may be called any number of times, by any number of processes, late, twice, or not for a year: what counts is the record.
Every slot up to a schedule's `looked_until` has its fate; a look gives one to each slot since, in the transaction that moves it
on.

A look does bounded work, however long nobody looked. A slot is looked at in time, or missed; the newest that were missed
and may be made up for have a row of their own, and all the older ones share two, of the first and of the last of them, whose
sentences say how many they are: `summed_up` tells of the slots in between.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from heapq import merge
from itertools import islice
from typing import Final

from director.calls.caps import left_of_month
from director.goals.submit import SUBMIT, NewGoal, begin, cap_of, check, will_rehearse_in
from director.mailbox import admission, operation, restrictions
from director.money.periods import month_of
from director.office import Office
from director.store.tx import Tx
from director.triggers.schedules import Missed, Schedule, Schedules, load
from director.words.amounts import usd
from director.words.clock import MOST_AHEAD
from director.words.errors import BrokenFile, StaleState, StoreError, WorkspaceError, WrongCall
from director.words.models import Goal, ScheduleRow
from director.words.states import SlotFate

_log = logging.getLogger(__name__)

#: The duty under which slots get their fates, so that two clocks follow each other.
_CLOCK: Final = "clock"

#: How late a slot may be looked at and still be in time; the clock looks each minute.
IN_TIME: Final = timedelta(minutes=2)

#: Slots of one look that have rows of their own; the older ones share two.
MOST_ROWS: Final = 500

#: How far the older ones are counted.
_MOST_COUNTED: Final = 10_000


def tick(office: Office) -> int:
    """
    Give every slot of every brand that is due its fate; how many goals were started.

    While the level of operation lets no trigger fire, no slot gets a fate. Those that were due meanwhile get theirs after it,
    and the schedule's policy on what was missed says which are made up for.

    Safe to call at any time. A schedule that is off is left alone: it begins with the first slot after it is on again.
    """
    with office.store.write() as tx:
        tx.operation.ticked()
        if not operation.effects(tx).triggers_fire:
            return 0
        brands = [brand.name for brand in tx.brands.all()]
    return sum(_tick_for(office.of(brand)) for brand in brands)


def _tick_for(office: Office) -> int:
    """The tick of one brand's schedules."""
    started = 0
    found = load(office.settings, office.catalog)
    for why in found.broken.values():
        _say_once(why)
    with office.store.read() as tx:
        looked_at = [schedule for schedule in found.schedules.values() if _is_of_interest(tx, office, schedule)]
    for schedule in looked_at:
        try:
            with office.store.write() as tx:
                tx.presence.one_at_a_time(_CLOCK)
                goals = _look(tx, office, schedule)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - as said below
            # A fault of ours, or a line of a person's that finds one: the slot stays due, and the other schedules go on.
            _log.exception("The schedule %s could not be looked at.", schedule.name)
            continue
        if goals:
            admission.ring(office)
        started += goals
    return started


@cache
def _say_once(why: str) -> None:
    _log.warning("A schedule rests, its file is broken: %s", why)


def run_now(office: Office, schedule: Schedule, *, rehearsal: bool) -> Goal:
    """
    Start the schedule's goal, because a person wants it now. No due time is used up, and the goal is one of the schedule's:
    while it is open, the clock starts no other.

    Raises:
        WrongCall, WorkspaceError, BrokenFile: the goal cannot be given.
    """
    new = new_goal(office, schedule, office.clock())
    with office.store.write() as tx:
        goal = run_in(tx, office, schedule, new, rehearsal=rehearsal)
    admission.ring(office)
    return goal


def run_in(tx: Tx, office: Office, schedule: Schedule, new: NewGoal, *, rehearsal: bool, by: str = SUBMIT) -> Goal:
    """As `run_now`, in a transaction that is open: the goal and the row of this moment. Who commits it rings."""
    goal = begin(tx, office, new, rehearsal=rehearsal, by=by)
    # Due times stand on whole minutes; two runs may fall on one moment.
    moment = tx.now.replace(microsecond=tx.now.microsecond or 1)
    while not tx.slots.add(office.brand, schedule.name, moment, SlotFate.RUN, "A person ran it.", goal.id):
        moment += datetime.resolution
    return goal


def new_goal(office: Office, schedule: Schedule, slot: datetime) -> NewGoal:
    """
    The goal of that slot, looked at and not given yet.

    Raises:
        WrongCall, WorkspaceError, BrokenFile: it cannot be given.
    """
    return check(office.settings, office.catalog, schedule.text(slot), **schedule.wanted)


def upcoming(office: Office, n: int) -> list[tuple[datetime, Schedule]]:
    """The next *n* slots of all schedules that are on, the soonest first."""
    with office.store.read() as tx:
        return next_slots(tx, office, load(office.settings, office.catalog), n)


def next_slots(tx: Tx, office: Office, schedules: Schedules, n: int) -> list[tuple[datetime, Schedule]]:
    """As `upcoming`, where the schedules are read and a transaction is open."""
    ways = [of_schedule(tx, office, schedule) for schedule in schedules.schedules.values()]
    return list(islice(merge(*ways, key=lambda due: due[0]), n))


def of_schedule(tx: Tx, office: Office, schedule: Schedule) -> Iterator[tuple[datetime, Schedule]]:
    """The slots of one schedule that are still to come; none while it is off."""
    row = tx.slots.schedule(office.brand, schedule.name)
    if not is_on(schedule, row):
        return
    since = tx.now if row is None else max(tx.now, _looked_until(tx, row))
    for slot in schedule.cron.after(since):
        yield slot, schedule


def is_on(schedule: Schedule, row: ScheduleRow | None) -> bool:
    """Whether it starts goals: what a person said, else what its file says."""
    return schedule.enabled if row is None or row.enabled is None else row.enabled


def summed_up(tx: Tx, office: Office, schedule: Schedule) -> Callable[[datetime], bool]:
    """Says of a slot without a row whether it was let go with others, which share the rows of the first and the last."""
    spans = tx.slots.missed_at_once(office.brand, schedule.name)
    return lambda slot: any(first < slot < last for first, last in spans)


def _is_of_interest(tx: Tx, office: Office, schedule: Schedule) -> bool:
    row = tx.slots.schedule(office.brand, schedule.name)
    # Where its file has switched it off, the look moves on all the same: the file may switch it on again.
    return is_on(schedule, row) or (row is not None and row.enabled is None)


def _looked_until(tx: Tx, row: ScheduleRow) -> datetime:
    # So far ahead the clock was wrong when that was written.
    return tx.now if row.looked_until > tx.now + MOST_AHEAD else row.looked_until


def _look(tx: Tx, office: Office, schedule: Schedule) -> int:
    """Give the schedule's slots up to now their fates; how many goals that started."""
    row = tx.slots.schedule(office.brand, schedule.name) or tx.slots.begin(office.brand, schedule.name)
    since = _looked_until(tx, row)
    if since > tx.now:
        return 0
    on = is_on(schedule, row)
    next_at = next(iter(schedule.cron.after(tx.now)), None) if on else None
    tx.slots.look_until(office.brand, schedule.name, tx.now, next_at=next_at)
    if not on:
        return 0
    due = _due(tx, schedule, since)
    given = _Fates(tx, office, schedule)
    given.sum_up(due)
    late = [slot for slot in due.own if slot < tx.now - IN_TIME]
    in_time = due.own[len(late) :]
    given.make_up(late, newer=in_time)
    for slot in in_time:
        given.fire(slot, "")
    return given.started


@dataclass(frozen=True, slots=True)
class _Due:
    """The slots a look has to do with."""

    own: list[datetime]  #: The newest, oldest first.
    older: list[datetime]  #: All that are older, oldest first, the first _MOST_COUNTED of them.
    last: datetime | None  #: The last of them, where they are more than that.


def _due(tx: Tx, schedule: Schedule, since: datetime) -> _Due:
    cron = schedule.cron
    own = deque(cron.between(max(since, tx.now - schedule.within), tx.now), maxlen=MOST_ROWS)
    before = own[0] if own else tx.now + timedelta(microseconds=1)
    older = list(islice(_until(cron.after(since), before), _MOST_COUNTED))
    return _Due(list(own), older, cron.last_before(before) if len(older) == _MOST_COUNTED else None)


def _until(slots: Iterator[datetime], end: datetime) -> Iterator[datetime]:
    for slot in slots:
        if slot >= end:
            return
        yield slot


class _Fates:
    """The fates of one look at one schedule. A slot that has one, from before a clock was set back, keeps it."""

    def __init__(self, tx: Tx, office: Office, schedule: Schedule) -> None:
        self._tx, self._office, self._schedule = tx, office, schedule
        self._made: set[str] = set()

    @property
    def started(self) -> int:
        """How many goals this look started."""
        return len(self._made)

    def sum_up(self, due: _Due) -> None:
        """Say of the oldest slots that all of them were missed."""
        if not due.older:
            return
        within = (due.older[0], due.last or due.older[-1])
        kept = self._tx.slots.between(self._office.brand, self._schedule.name, *within, limit=_MOST_COUNTED)
        # A clock that was set back comes by slots that have their fates.
        known = {slot.slot for slot in kept}
        free = [slot for slot in due.older if slot not in known]
        if due.last is not None and due.last not in known:
            free.append(due.last)
        if len(free) < 2:
            why = f"Nobody looked at its time: {self._why_old()}."
        else:
            count = f"more than {_MOST_COUNTED:,}" if due.last is not None else f"{len(free):,}"
            why = f"Missed with all others from {_utc(free[0])} to {_utc(free[-1])}, {count} slots: {self._why_old()}."
        for slot in dict.fromkeys(free[:1] + free[-1:]):
            self._write(slot, SlotFate.MISSED, why)

    def make_up(self, slots: list[datetime], *, newer: list[datetime]) -> None:
        """Do about slots that were missed what the schedule says of them, oldest first; *newer* are those in time."""
        policy, most = self._schedule.missed, self._schedule.most
        if policy is Missed.SKIP:
            chosen: list[datetime] = []
        elif policy is Missed.ALL:
            chosen = slots[-most:]
        else:
            chosen = [] if newer else slots[-1:]
        latest = (newer or slots)[-1:]
        for slot in slots:
            if slot in chosen:
                self.fire(slot, "Made up for; nobody looked at its time.")
            elif policy is Missed.SKIP:
                self._write(slot, SlotFate.MISSED, "Nobody looked at its time, and what is missed is skipped.")
            elif policy is Missed.ALL:
                self._write(slot, SlotFate.SKIPPED, f"Nobody looked at its time, and only {most} are made up for.")
            else:
                self._write(
                    slot, SlotFate.SKIPPED, f"Nobody looked at its time, and only the newest is run, {_utc(latest[0])}."
                )

    def fire(self, slot: datetime, why: str) -> None:
        """Start the slot's goal, or say why not."""
        tx, office, schedule = self._tx, self._office, self._schedule
        if tx.slots.get(office.brand, schedule.name, slot) is not None:
            return
        # Where all are made up for, those of one look go side by side.
        beside = self._made if schedule.missed is Missed.ALL else ()
        still = [goal for goal in tx.slots.open_goals(office.brand, schedule.name) if goal not in beside]
        if still:
            self._write(slot, SlotFate.SKIPPED, f"The goal of an earlier slot, {still[-1]}, is still open.")
            return
        try:
            new, rehearsal = new_goal(office, schedule, slot), will_rehearse_in(tx, office)
            no = _why_not(tx, office, new, rehearsal=rehearsal)
        except (WrongCall, WorkspaceError, BrokenFile) as problem:
            # It stays so until somebody mends the schedule, a file or the month's cap.
            self._write(slot, SlotFate.NOT_STARTED, f"Its goal could not be given: {problem}")
            return
        if no:
            self._write(slot, SlotFate.SKIPPED, no)
            return
        goal = begin(tx, office, new, rehearsal=rehearsal)
        self._made.add(goal.id)
        if not tx.slots.add(office.brand, schedule.name, slot, SlotFate.FIRED, why or "Its time came.", goal.id):
            raise StaleState(f"the slot {_utc(slot)} of {schedule.name} got another fate meanwhile")

    def _write(self, slot: datetime, fate: SlotFate, why: str) -> None:
        self._tx.slots.add(self._office.brand, self._schedule.name, slot, fate, why)

    def _why_old(self) -> str:
        days = self._schedule.within.days
        return f"what is more than {days} day{'' if days == 1 else 's'} or {MOST_ROWS} slots old is let go"


def _why_not(tx: Tx, office: Office, new: NewGoal, *, rehearsal: bool) -> str:
    """
    Why the goal would only wait: its priority is held, or the month has no room for its cap; nothing where it would not.

    Raises:
        WrongCall: no month has.
    """
    restriction = restrictions.of_brand(tx, office, office.brand, rehearsal=rehearsal)
    if restriction.keeps_back(new.priority):
        return restriction.reason
    cap_nano = cap_of(tx, office, new, rehearsal=rehearsal)
    month = month_of(tx.now, office.settings.time_zone)
    left = left_of_month(tx, office, month, rehearsal=rehearsal)
    if left >= max(cap_nano, 1):
        return ""
    return f"Its goal may cost {usd(cap_nano)}, and {usd(max(0, left))} is left of the month {month}."


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
