"""A year of schedules in ten zones, on a clock that is set: restarts, deaths between two writes, two clocks at once."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from director.bootstrap import open_office
from director.office import Office
from director.progress.advance import cancel_goal
from director.store.database import Store
from director.store.tx import Tx
from director.triggers.clock import summed_up, tick
from director.triggers.schedules import load
from director.words.settings import Settings
from director.words.states import SlotFate, is_final
from tests.chaos.bench import Bench, Row
from tests.conftest import SetClock, without_waiting_for_the_disk

#: Zones that change their clocks: north and south, at midnight, by half an hour, by two hours, around Ramadan.
ZONES: Final = (
    "Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "America/Santiago", "Africa/Casablanca", "Africa/Cairo",
    "America/Havana", "Antarctica/Troll", "Pacific/Auckland", "Asia/Beirut",
)  # fmt: skip

#: A year with a February 29th, and a change in both directions in each zone.
BEGIN: Final = datetime(2027, 7, 1, 12, 0, tzinfo=UTC)
_DAYS: Final = 366
END: Final = BEGIN + timedelta(days=_DAYS)

#: Days around a change of clocks and a leap day on which every slot is looked at in a short run too.
_AROUND: Final = timedelta(days=1)

_LINES: Final = {"night": "30 2 * * *", "sundays": "0 9 * * sun", "last": "0 12 31 * *", "leap": "15 7 29 2 *"}
_POLICIES: Final = ("latest", "skip", "all")


@dataclass(frozen=True, slots=True)
class Found:
    """What a year came to."""

    slots: int
    looks: int
    restarts: int
    fates: Counter[SlotFate]
    twice: list[str]
    without: list[str]
    others: list[str]  #: Slots on record that nobody's calendar has.

    @property
    def broken(self) -> list[str]:
        """A sentence for each slot that is not as it should be."""
        said = {"fired twice": self.twice, "without a fate": self.without, "that are none": self.others}
        return [f"slots {what}: {len(slots)}, such as {slots[0]}" for what, slots in said.items() if slots]


def year(bench: Bench) -> list[Row]:
    """The scenario: a year, ten zones, 200 restarts."""
    found = live(
        bench.folder / "year",
        bench.chance("year"),
        ZONES[: bench.some(len(ZONES), least=2)],
        restarts=bench.some(200, least=10),
        kept=min(1.0, bench.scale),
    )
    measured = (
        f"{found.slots} slots in {_DAYS} days, {found.looks} looks, {found.restarts} restarts; "
        + ", ".join(f"{count} {fate}" for fate, count in sorted(found.fates.items()))
        + f"; fired twice: {len(found.twice)}, without a fate: {len(found.without)}"
    )
    bar = "slots fired twice: 0, without a fate: 0"
    return [Row("schedules of a year, two clocks, restarts", measured, bar, broken=found.broken)]


def live(folder: Path, chance: random.Random, zones: Sequence[str], *, restarts: int, kept: float) -> Found:
    """
    A year of the schedules in *zones*, *restarts* of the clock's process in it; of its looks the share *kept*, and all of those
    around a change of clocks.
    """
    workspace = folder / "workspace"
    expected = {
        f"{name}-{n}": [slot for slot in _calendar(name, ZoneInfo(zone)) if BEGIN < slot <= END]
        for n, zone in enumerate(zones)
        for name in _LINES
    }
    (workspace / "schedules").mkdir(parents=True)
    for name in expected:
        _write(workspace / "schedules" / f"{name}.yaml", name, zones, chance)
    clock = SetClock()
    clock.now = BEGIN
    settings = Settings(workspace_dir=workspace, redis_url=f"unix://{folder}/nobody.sock")

    def start() -> Office:
        return without_waiting_for_the_disk(open_office(settings, clock=clock))

    one, other = start(), start()
    tick(one)
    times = _times(expected, zones, chance, kept)
    again = set(chance.sample(range(len(times)), min(restarts, len(times))))
    away = BEGIN
    looks = 0
    for number, moment in enumerate(times):
        if moment < away and number not in again:
            continue
        clock.now = max(clock.now, moment)
        looks += 1
        if number in again:
            die(one, chance)
            one.close()
            one = start()
            # A restart takes a minute, a night, or a holiday.
            away = moment + timedelta(hours=chance.choice((0, 0, 0, 9, 30, 24 * chance.randint(3, 12))))
        elif chance.random() < 0.2:
            _at_once(one, other)
        else:
            tick(chance.choice((one, other)))
        if chance.random() < 0.7:
            _end_goals(one)
    clock.now = max(clock.now, END)
    _at_once(one, other)
    try:
        return _found(one, expected, looks, len(again))
    finally:
        one.close()
        other.close()


def _write(file: Path, name: str, zones: Sequence[str], chance: random.Random) -> None:
    of, _, n = name.partition("-")
    file.write_text(
        f"name: {name}\ncron: {_LINES[of]}\nzone: {zones[int(n)]}\ngoal: Write {name} of {{date}}.\nenabled: true\n"
        f"missed: {chance.choice(_POLICIES)}\nwithin_days: {chance.choice((1, 7, 31))}\nmost: 4\n",
        encoding="utf-8",
    )


def _calendar(name: str, zone: ZoneInfo) -> Iterator[datetime]:
    """The slots of a schedule as a calendar on the wall has them; nothing of it is cronsim's."""
    for day in (BEGIN.date() + timedelta(days=n) for n in range(-1, _DAYS + 2)):
        if name == "night":
            yield _there(day, time(2, 30), zone)
        elif name == "sundays" and day.isoweekday() == 7:
            yield _there(day, time(9), zone)
        elif name == "last" and day.day == 31:
            yield _there(day, time(12), zone)
        elif name == "leap" and (day.month, day.day) == (2, 29):
            yield _there(day, time(7, 15), zone)


def _there(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That time of the day; where it is not there, the first after it that is; where it is there twice, the first."""
    local = datetime.combine(day, at)
    while local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        local += timedelta(minutes=1)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _times(
    expected: dict[str, list[datetime]], zones: Sequence[str], chance: random.Random, kept: float
) -> list[datetime]:
    """When the clock looks: soon after slots, as a tick of each minute does, which otherwise finds nothing to do."""
    hours = [BEGIN + timedelta(hours=n) for n in range(24 * _DAYS)]
    special = [datetime(2028, 2, 29, 12, 0, tzinfo=UTC)]
    for zone in map(ZoneInfo, zones):
        offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
        special += [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]
    due = sorted({slot for slots in expected.values() for slot in slots})
    near = [slot for slot in due if chance.random() < kept or any(abs(slot - day) < _AROUND for day in special)]
    return sorted(slot + timedelta(seconds=chance.randint(0, 110)) for slot in near)


class _Dying:
    """A store whose process dies at its n-th writing transaction, before or after it is committed."""

    def __init__(self, store: Store, left: int, *, before: bool) -> None:
        self._store, self._left, self._before = store, left, before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """As the store's, until it is the last one."""
        self._left -= 1
        with self._store.write() as tx:
            yield tx
            if self._left == 0 and self._before:
                raise KeyboardInterrupt
        if self._left == 0:
            raise KeyboardInterrupt


def die(office: Office, chance: random.Random) -> None:
    """A look that ends at one of its writes, before or after the commit."""
    dying: Any = _Dying(office.store, chance.randint(1, 12), before=chance.random() < 0.5)
    try:
        tick(replace(office, store=dying))
    except KeyboardInterrupt:
        return


def _at_once(*offices: Office) -> None:
    begin = threading.Barrier(len(offices))
    failed: list[Exception] = []

    def look(office: Office) -> None:
        begin.wait()
        try:
            tick(office)
        except Exception as problem:  # noqa: BLE001 - told of below, in the thread that asks
            failed.append(problem)

    threads = [threading.Thread(target=look, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _end_goals(office: Office) -> None:
    with office.store.write() as tx:
        for goal in tx.goals.all(limit=200):
            if not is_final(goal.state):
                cancel_goal(tx, goal.id, "The day is over.", by="test")


def _found(office: Office, expected: dict[str, list[datetime]], looks: int, restarts: int) -> Found:
    without, others, fates = [], [], Counter[SlotFate]()
    schedules = load(office.settings, office.catalog).schedules
    with office.store.read() as tx:
        goals = Counter(goal.text for goal in tx.goals.all(limit=10**6))
        for name, due in expected.items():
            kept = {slot.slot: slot for slot in tx.slots.of_schedule(office.brand, name, limit=10**6)}
            let_go = summed_up(tx, office, schedules[name])
            fates.update(slot.fate for slot in kept.values())
            others += [f"{name} {slot}" for slot in kept.keys() - set(due)]
            for slot in due:
                if slot not in kept and not let_go(slot):
                    without.append(f"{name} {slot}")
                if slot in kept and (kept[slot].fate is SlotFate.FIRED) != (kept[slot].goal is not None):
                    without.append(f"{name} {slot}, {kept[slot].fate} without its goal")
    # Each slot's goal names the schedule and the day, and no day has two slots of one schedule.
    twice = [text for text, count in goals.items() if count > 1]
    if len(goals) != fates[SlotFate.FIRED]:
        twice.append(f"{len(goals)} goals of {fates[SlotFate.FIRED]} slots")
    return Found(sum(map(len, expected.values())), looks, restarts, fates, twice, without, others)
