"""
A look at what work rests on, each LOOK_EVERY, by one process: what it finds is kept, with the level of operation that follows.

Nothing is asked of the model service: its calls say how it is. A look writes how things are and nothing else; who lets turns
out reads the level (`mailbox/operation`), so what waits goes on by itself when the level falls.

Workers that stay look, whoever has the duty. Others stand in while they do not: the web app, which so sees that no worker
is left, and a command that does its own goal, which keeps what it sees for `status --health` and tells nobody.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from director.files.room import Room, room_of
from director.files.writable import check_places
from director.mailbox import restrictions
from director.mailbox.operation import EFFECTS
from director.office import Office
from director.progress.happened import health_changed, operation_changed
from director.store.presence import CLOCK_SLACK
from director.store.tx import Tx
from director.triggers import clock
from director.triggers.schedules import load
from director.upkeep.components import NOBODY_FOR, TICK_WITHIN, Facts, Found, find, level_of, next_level
from director.upkeep.sweep import stuck_in
from director.words.errors import Cure, DirectorError, WorkspaceError
from director.words.health import Health, Operation
from director.words.models import ComponentHealth, LastLook
from director.words.states import Level

_log = logging.getLogger(__name__)

#: How often somebody looks: what is found is older by at most this, and two looks (`components.LOOKS_TO_RISE`) are soon.
LOOK_EVERY: Final = timedelta(seconds=10)

#: Who stands in begins when three looks did not come.
STANDS_IN_AFTER: Final = 3 * LOOK_EVERY

_DUTY: Final = "health"

#: How long a process that leaves waits for a look that hangs, as at a disk that does not answer.
_LAST_LOOK_S: Final = 2.0


class Looker:
    """
    Looks from a thread of its own: a disk or a Redis that does not answer keeps no lease from being renewed.

    *team*: workers that stay and a clock are expected. *stands_in*: look only while nobody else does.
    """

    def __init__(self, office: Callable[[], Office], *, team: bool, stands_in: bool) -> None:
        self._office = office
        self._team = team
        self._stands_in = stands_in
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="looker", daemon=True)

    def start(self) -> None:
        """Begin; the first look is in LOOK_EVERY, when whoever starts together is there."""
        self._thread.start()

    def stop(self) -> None:
        """End; a look that hangs is left to hang."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_LAST_LOOK_S)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY.total_seconds()):
            try:
                look(self._office(), team=self._team, stands_in=self._stands_in)
            except DirectorError as problem:
                # Nothing can be kept. Whoever works or is asked says so; a look that is missing says it too.
                level = logging.DEBUG if problem.cure is Cure.WAIT else logging.WARNING
                _log.log(level, "Health could not be looked at: %s", problem)
            except Exception:  # noqa: BLE001 - this thread outlives every fault: without it nothing gets better either
                _log.exception("Health could not be looked at; the next look tries again.")


def look(office: Office, *, team: bool, stands_in: bool = False) -> bool:
    """
    Look, where it is this process's to do, and keep what was found; False where it is not.

    Raises:
        StoreError: the record cannot be used, so nothing is kept.
    """
    with office.store.read() as tx:
        last = tx.operation.last()
        if stands_in and last is not None and _is_anothers(last, office, tx.now):
            return False
    if not stands_in:
        with office.store.write() as tx:
            if not tx.presence.take_duty(_DUTY, office.owner, until=tx.now + 1.5 * LOOK_EVERY):
                return False
    facts = gather(office, team=team)
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_DUTY)
        said = _keep(tx, office, find(facts), team=facts.team)
    for sentence in said:
        _log.warning("%s", sentence)
    return True


def gather(office: Office, *, team: bool) -> Facts:
    """
    What a look finds now, kept nowhere. A team is expected too where a worker that stays is here.

    Raises:
        StoreError: the record cannot be used.
    """
    began = time.monotonic()
    with office.store.read() as tx:
        tx.operation.last()
    database_s = time.monotonic() - began
    with office.store.read() as tx:
        here = tx.presence.here()
        workers = [worker for worker in here if worker.standing]
        team = team or bool(workers)
        service = tx.components.get(office.claude.service)
        facts = Facts(
            team=team,
            failures=0 if service is None else service.failures,
            service_offline=service is not None and service.offline_since is not None,
            service_said="" if service is None else service.reason,
            redis_needed=office.settings.redis_url is not None or bool(here),
            database_s=database_s,
            workers=len(workers),
            waiting=tx.turns.waiting(tx.now - NOBODY_FOR, but_for={worker.reach.only or "" for worker in here}),
            stuck=_stuck(tx, office) if workers else 0,
            unticked=_unticked(tx, office) if team else None,
            month=_least_of_months(tx, office),
        )
    # No transaction stays open while others are asked.
    return _with_outside(office, facts)


def _least_of_months(tx: Tx, office: Office) -> Level:
    """The level that every brand's month has come to: what one alone has spent keeps back its own work, and nobody else's."""
    found = [
        restrictions.of_money(tx, office, brand.name, rehearsal=office.reach.rehearsal).level
        for brand in tx.brands.all()
    ]
    return min(found, key=list(Level).index)


def _with_outside(office: Office, facts: Facts) -> Facts:
    away = office.bus.why_away() if facts.redis_needed else None
    return replace(facts, redis_away=away, disk=_disk(office))


def _is_anothers(last: LastLook, office: Office, now: datetime) -> bool:
    if last.looked_at is None or last.looked_by == office.owner:
        return False
    return -CLOCK_SLACK <= now - last.looked_at < STANDS_IN_AFTER


def _stuck(tx: Tx, office: Office) -> int:
    """
    Rows that do not move, though a worker that is here does such work. A paid goal among workers that rehearse waits for
    others, and nothing is better for these going slower.
    """
    here = tx.presence.here()
    return sum(
        row.goal is None or any(worker.reach.works_for(tx.goals.get(row.goal)) for worker in here)
        for row in stuck_in(tx, office)
    )


def _unticked(tx: Tx, office: Office) -> timedelta | None:
    """Since when no tick was heard, where that is too long and a schedule is on; counted from when looks began."""
    last = tx.operation.last()
    if last is None or not tx.operation.is_recent(last):
        return None
    unticked = tx.now - max(last.began_at, last.ticked_at or last.began_at)
    if unticked <= TICK_WITHIN:
        return None
    # Files are read only now, which is seldom.
    return unticked if clock.next_slots(tx, office, load(office.settings, office.catalog), 1) else None


def _disk(office: Office) -> Room | str:
    """The disk of the machine that looks, or why nothing can be written there."""
    workspace = office.settings.workspace_dir
    try:
        check_places(office.settings)
        return room_of(workspace)
    except WorkspaceError as problem:
        return str(problem)
    except OSError as problem:
        return f"{workspace} cannot be looked at ({problem.strerror or problem})"


def _keep(tx: Tx, office: Office, found: list[Found], *, team: bool) -> list[str]:
    """Keep what was found. What changed is told where there is a team: an event, a line of the journal, and of the log."""
    last = tx.operation.last()
    if last is not None and last.looked_at is not None and timedelta(0) <= tx.now - last.looked_at < LOOK_EVERY / 2:
        return []  # another looked meanwhile: what is counted in looks would be counted twice
    said = []
    known = tx.operation.components()
    for one in found:
        before = known.get(one.name)
        state = Health.HEALTHY if before is None else before.state
        since = _since(before.since, tx.now) if before is not None and one.state is state else tx.now
        if before != ComponentHealth(one.name, one.state, one.reason, since):
            tx.operation.set_component(one.name, one.state, one.reason, since)
        if team and one.state is not state:
            said.append(f"{one.name} is {one.state}: {one.reason}.")
            health_changed(tx, office.brand, one.name, one.state, before=state, reason=one.reason)
    wanted = level_of(found) if team else Operation.FULL
    was, since = (Operation.FULL, tx.now) if last is None else (last.level, _since(last.since, tx.now))
    level, good, began_at = wanted, 0, tx.now
    if last is not None and tx.operation.is_recent(last):
        began_at = _since(last.began_at, tx.now)
        if team:
            level, good = next_level(was, last.good, wanted)
    if level is not was:
        since = tx.now
        if team:
            why = "; ".join(f"{one.name}: {one.reason}" for one in found if one.state is not Health.HEALTHY)
            said.append(f"The team works at level {level} ({level.word}): {EFFECTS[level].said}.")
            operation_changed(tx, office.brand, level, before=was, does=EFFECTS[level].said, reason=why)
    tx.operation.looked(office.owner, level=level, since=since, good=good, began_at=began_at)
    if last is not None and last.ticked_at is not None and last.ticked_at > tx.now + CLOCK_SLACK:
        tx.operation.ticked()  # a clock wrote it that was set back since: it counts from now
    return said


def _since(moment: datetime, now: datetime) -> datetime:
    """A moment kept by a clock that was set back since is now."""
    return min(moment, now)
