"""Pure: from what a look found to how each component is, and to the level of operation that follows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from director.files.room import Room
from director.words.health import ComponentName, Health, Operation
from director.words.states import Level

#: A database that takes longer for one row is degraded: of a lease's 10 s three renewals have to fit, each in two statements.
SLOW_S: Final = 2.0

#: Turns that wait longer without a worker: within this time `up` has brought one back that died, and a new one has opened.
NOBODY_FOR: Final = timedelta(minutes=1)

#: A clock from which nothing came for longer: it ticks each minute, and two ticks may be lost while Redis comes back.
TICK_WITHIN: Final = timedelta(minutes=3)

_GB: Final = 1_000_000_000

#: Room on the disk, in bytes. Less than `_ALWAYS` is short on every disk: a record grows by some MB a goal, and is copied once
#: when it is brought up to date. A tenth of the disk is short too, though not where that is more than `_PLENTY`: a tenth of
#: 2 TB is room for years. Of a hundredth, at most `_LAST`, nothing more is written that could not be finished.
_ALWAYS: Final = 1 * _GB
_PLENTY: Final = 10 * _GB
_LAST: Final = _GB // 10

#: Calls in a row that were not answered, from which the service counts as degraded. One is waited out by its own turn.
_DEGRADED_AFTER: Final = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What a look found."""

    team: bool  #: a team is expected that stays: workers and a clock
    failures: int = 0  #: calls in a row that the model service did not answer
    service_offline: bool = False
    service_said: str = ""
    redis_away: str | None = None  #: why no bell can be rung; None: it can
    redis_needed: bool = True  #: False: it is the workspace's own, and whoever works starts it
    database_s: float = 0.0  #: how long it took for one row
    workers: int = 0  #: processes that stay and hear bells
    waiting: int = 0  #: turns whose time came longer ago than NOBODY_FOR and that nobody let out
    stuck: int = 0  #: open rows that do not move, of work that a worker who is here does
    unticked: timedelta | None = None  #: since when no tick was heard; None: within TICK_WITHIN, or no schedule is on
    disk: Room | str | None = None  #: the workspace's, or why nothing can be written there
    month: Level = Level.NORMAL


@dataclass(frozen=True, slots=True)
class Found:
    """How a component is."""

    name: ComponentName
    state: Health
    reason: str
    least: Operation  #: the level that it alone asks for


def find(facts: Facts) -> list[Found]:
    """How every component is, in the order of `ComponentName`."""
    return [
        _model(facts), _redis(facts), _database(facts), _workers(facts), _clock(facts), _disk(facts.disk),
        _budget(facts.month),
    ]  # fmt: skip


def level_of(found: Iterable[Found]) -> Operation:
    """The level that all together ask for: the worst of any; two that are offline leave the Director, three nobody."""
    found = list(found)
    offline = sum(one.state is Health.OFFLINE for one in found)
    together = {0: Operation.FULL, 1: Operation.ESSENTIAL, 2: Operation.DIRECTOR_ONLY}.get(offline, Operation.OFFLINE)
    return max(together, *(one.least for one in found))


def _is(name: ComponentName, state: Health, reason: str, least: Operation | None = None) -> Found:
    usual = {
        Health.HEALTHY: Operation.FULL, Health.DEGRADED: Operation.REDUCED, Health.OFFLINE: Operation.ESSENTIAL,
    }  # fmt: skip
    return Found(name, state, reason, usual[state] if least is None else least)


def _model(facts: Facts) -> Found:
    said = facts.service_said.rstrip(".")
    if facts.service_offline:
        return _is(ComponentName.MODEL, Health.OFFLINE, f"{said}; it is asked once a minute, and work waits")
    if facts.failures >= _DEGRADED_AFTER:
        return _is(ComponentName.MODEL, Health.DEGRADED, f"the last {facts.failures} calls were not answered: {said}")
    return _is(ComponentName.MODEL, Health.HEALTHY, "it answers, or was not asked")


def _redis(facts: Facts) -> Found:
    if not facts.redis_needed:
        return _is(ComponentName.REDIS, Health.HEALTHY, "the workspace's own, which starts with the work")
    if facts.redis_away is not None:
        return _is(
            ComponentName.REDIS,
            Health.OFFLINE,
            f"{facts.redis_away.rstrip('.')}; nobody hears of new work: what is in hand is finished, and nothing begins",
        )
    return _is(ComponentName.REDIS, Health.HEALTHY, "it passes on what is to be done")


def _database(facts: Facts) -> Found:
    if facts.database_s > SLOW_S:
        return _is(ComponentName.DATABASE, Health.DEGRADED, f"it took {facts.database_s:.1f} s for one row")
    return _is(ComponentName.DATABASE, Health.HEALTHY, "it answers")


def _workers(facts: Facts) -> Found:
    if not facts.team:
        return _is(ComponentName.WORKERS, Health.HEALTHY, "none is expected to stay: a command does its goal itself")
    if not facts.workers and facts.waiting:
        return _is(ComponentName.WORKERS, Health.OFFLINE, f"none is here, and {_turns(facts.waiting)}")
    if facts.stuck:
        rows = "a row does" if facts.stuck == 1 else f"{facts.stuck:,} rows do"
        return _is(ComponentName.WORKERS, Health.DEGRADED, f"{rows} not move (`status --stuck` says why)")
    return _is(
        ComponentName.WORKERS,
        Health.HEALTHY,
        f"{facts.workers} here" if facts.workers else "none is here, and nothing waits",
    )


def _turns(count: int) -> str:
    return "a turn waits" if count == 1 else f"{count:,} turns wait"


def _clock(facts: Facts) -> Found:
    if not facts.team:
        return _is(ComponentName.CLOCK, Health.HEALTHY, "none is expected: schedules start work where a team stays")
    if facts.unticked is not None:
        minutes = facts.unticked // timedelta(minutes=1)
        return _is(
            ComponentName.CLOCK, Health.DEGRADED, f"no tick for {minutes} min, and a schedule is on: what is due waits"
        )
    return _is(ComponentName.CLOCK, Health.HEALTHY, "it ticks, or no schedule is on")


def _disk(disk: Room | str | None) -> Found:
    if disk is None:
        return _is(ComponentName.DISK, Health.HEALTHY, "not looked at")
    if isinstance(disk, str):
        return _is(ComponentName.DISK, Health.OFFLINE, f"nothing can be written: {disk.rstrip('.')}")
    if disk.free < min(_LAST, disk.total // 100):
        return _is(ComponentName.DISK, Health.OFFLINE, str(disk))
    if disk.free < max(_ALWAYS, min(_PLENTY, disk.total // 10)):
        return _is(ComponentName.DISK, Health.DEGRADED, str(disk))
    return _is(ComponentName.DISK, Health.HEALTHY, str(disk))


def _budget(month: Level) -> Found:
    state, least = _BUDGET.get(month, (Health.HEALTHY, Operation.FULL))
    return _is(ComponentName.BUDGET, state, _MONTH.get(month, "enough is left for the month"), least)


#: How the month stands, where it is short.
_MONTH: Final[Mapping[Level, str]] = {
    Level.WARNING: "much of what the month may cost is spent",
    Level.THROTTLE: "most of what the month may cost is spent",
    Level.CRITICAL: "nearly all that the month may cost is spent",
    Level.EXHAUSTED: "all that the month may cost is spent",
}

#: Which priorities go on, and that nothing is begun by events, follows from the month's level itself. Once all is spent the
#: specialists of what is critical go out all the same: a person is asked about a call that does not fit, and only then.
_BUDGET: Final[Mapping[Level, tuple[Health, Operation]]] = {
    Level.WARNING: (Health.DEGRADED, Operation.REDUCED),
    Level.THROTTLE: (Health.DEGRADED, Operation.REDUCED),
    Level.CRITICAL: (Health.DEGRADED, Operation.ESSENTIAL),
    Level.EXHAUSTED: (Health.OFFLINE, Operation.ESSENTIAL),
}


#: Looks in a row that have to find things better until the level goes one better: two, 20 s, so that a component that comes and
#: goes with each look keeps the level where it is.
LOOKS_TO_RISE: Final = 2


def next_level(now: Operation, good: int, wanted: Operation) -> tuple[Operation, int]:
    """
    The level after a look that asks for *wanted*, and how many good looks it has then. Worse is at once; better is one level
    after LOOKS_TO_RISE looks in a row that would allow it.
    """
    if wanted >= now:
        return wanted, 0
    if good + 1 < LOOKS_TO_RISE:
        return now, good + 1
    return Operation(now - 1), 0
