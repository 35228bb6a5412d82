"""How what work rests on is doing, and how far the work goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from director.mailbox.operation import EFFECTS
from director.office import Office
from director.upkeep.components import Found, find
from director.upkeep.health import gather
from director.words.errors import StoreError
from director.words.health import ComponentName, Health, Operation
from director.words.models import ComponentHealth

#: Words for people.
_LEVELS: Final[Mapping[Operation, str]] = {
    Operation.FULL: "at work",
    Operation.REDUCED: "slowed down",
    Operation.ESSENTIAL: "only urgent work",
    Operation.DIRECTOR_ONLY: "nearly at rest",
    Operation.OFFLINE: "at rest",
}
_STATES: Final[Mapping[Health, str]] = {
    Health.HEALTHY: "fine",
    Health.DEGRADED: "not well",
    Health.OFFLINE: "not there",
}
_TITLES: Final[Mapping[ComponentName, str]] = {
    ComponentName.MODEL: "Claude, which writes",
    ComponentName.REDIS: "Messages within the team (Redis)",
    ComponentName.DATABASE: "The record of all work (database)",
    ComponentName.WORKERS: "The team itself (workers)",
    ComponentName.CLOCK: "The clock, for what starts by itself",
    ComponentName.DISK: "Room for files (disk)",
    ComponentName.BUDGET: "Money for this month",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found."""

    at: datetime | None  #: None: nobody looked yet
    recent: bool  #: it is the team's, and turns go out by it; else nothing is held back
    level: Operation
    since: datetime | None  #: None: no level is kept
    components: list[ComponentHealth]
    readable: bool = True  #: the record can be used

    @property
    def well(self) -> bool:
        """Whether every component is healthy."""
        return all(one.state is Health.HEALTHY for one in self.components)


def last_look(office: Office) -> Looked:
    """What the last look kept, however long ago. A record that cannot be used is found offline, and nothing else is known."""
    try:
        with office.store.read() as tx:
            last, known = tx.operation.last(), tx.operation.components()
            components = [known[name] for name in ComponentName if name in known]
            if last is not None and tx.operation.is_recent(last):
                return Looked(last.looked_at, recent=True, level=last.level, since=last.since, components=components)
    except StoreError as problem:
        return _unreadable(office, problem)
    at = None if last is None else last.looked_at
    return Looked(at, recent=False, level=Operation.FULL, since=None, components=components)


def health_of(office: Office) -> Looked:
    """What the last look kept; where that is not recent, what a look finds now, kept nowhere."""
    looked = last_look(office)
    if looked.recent or not looked.readable:
        return looked
    before = {one.name: one for one in looked.components}
    try:
        found = find(gather(office, team=False))
    except StoreError as problem:
        return _unreadable(office, problem)
    now = office.clock()
    components = [_as_row(one, before.get(one.name), now) for one in found]
    return Looked(now, recent=False, level=Operation.FULL, since=None, components=components)


def _unreadable(office: Office, problem: StoreError) -> Looked:
    now = office.clock()
    away = ComponentHealth(ComponentName.DATABASE, Health.OFFLINE, str(problem).rstrip("."), now)
    return Looked(now, recent=False, level=Operation.OFFLINE, since=None, components=[away], readable=False)


def _as_row(found: Found, before: ComponentHealth | None, now: datetime) -> ComponentHealth:
    since = before.since if before is not None and before.state is found.state else now
    return ComponentHealth(found.name, found.state, found.reason, since)


#: What of a reason is of all brands together, or of another one, in words that everybody may be told.
_FOR_ALL: Final[Mapping[ComponentName, Mapping[Health, str]]] = {
    ComponentName.WORKERS: {
        Health.HEALTHY: "they are here, or nothing waits for them",
        Health.DEGRADED: "work does not move, which who runs this installation is told more of",
        Health.OFFLINE: "none is here, and work waits",
    },
    ComponentName.BUDGET: {
        Health.HEALTHY: "there is money left",
        Health.DEGRADED: "money is running out",
        Health.OFFLINE: "the money is spent",
    },
}


def plain_health_document(looked: Looked, *, whole: bool = True) -> dict[str, Any]:
    """As `health_document`, with words for people who run no computers: what each part is there for, and how it is."""
    document = health_document(looked, whole=whole)
    return {
        **document,
        "title": _LEVELS[looked.level],
        "components": [
            {**one, "title": _TITLES[row.name], "state_said": _STATES[row.state]}
            for one, row in zip(document["components"], looked.components, strict=True)
        ],
    }


def health_document(looked: Looked, *, whole: bool = True) -> dict[str, Any]:
    """
    How far the work goes on, and each component with why and since when; in words without figures of all brands together where
    it is not for who may see the *whole*.
    """
    return {
        "level": int(looked.level),
        "name": looked.level.word,
        "does": EFFECTS[looked.level].said,
        "since": None if looked.since is None else looked.since.isoformat(),
        "looked_at": None if looked.at is None else looked.at.isoformat(),
        "recent": looked.recent,
        "components": [
            {
                "name": one.name,
                "state": one.state,
                "since": one.since.isoformat(),
                "reason": one.reason if whole else _FOR_ALL.get(one.name, {}).get(one.state, one.reason),
            }
            for one in looked.components
        ],
    }
