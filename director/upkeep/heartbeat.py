"""
The heartbeat of a process, two threads that keep turns moving: one renews this process's leases and ends the calls of turns
that were cancelled, the other rings for what waits and, in the process that has the duty, sweeps and looks for what is wrong.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from director.mailbox import admission
from director.mailbox.turns import LEASE
from director.office import Office
from director.store.presence import CLOCK_SLACK
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.upkeep.record_copies import sentence, workers_of_copies
from director.upkeep.sweep import SWEEP_EVERY, ring_again, sweep
from director.words.errors import Cure, StoreError
from director.words.models import Claim

_log = logging.getLogger(__name__)

#: How often a process looks at what it holds: a person's cancel reaches a call on the wire within this time.
BEAT: Final = timedelta(seconds=1)

#: How often this process's presence is renewed while it holds nothing; with what it holds, each beat renews it.
RENEW_EVERY: Final = timedelta(seconds=3)

#: How long a process that just began leaves expired leases alone: three beats of whoever is alive and holds something.
SETTLING: Final = RENEW_EVERY

#: How long a process that leaves waits for a bell it is ringing.
LAST_BELL: Final = timedelta(seconds=2)

_DUTY: Final = "sweep"


class Heartbeat:
    """
    The process's housekeeping. `standing` processes stay until they are told to go; `hears` and `threads` are as in
    `Presence.announce`.

    Who renews rings nothing: a bell can take longer than a lease, where Sentinels cannot be reached or the workspace's own
    server has to be brought back. So each beat of one thread, once it has renewed, sets the other going, the sweeper, which
    misses beats while it is busy.

    It sweeps only after it could renew for a whole lease without a break. When the clock is set, the machine sleeps or the
    database is away, every lease looks expired; those who live get the time to renew before anybody takes their work.
    One that just began cannot know what was before, so it gives them a few beats from when it was made, which is best done as
    soon as the record is open. Work that nobody holds it takes up at once.
    """

    def __init__(
        self,
        office: Office,
        *,
        standing: bool,
        hears: bool = True,
        threads: Callable[[], int] = lambda: 1,
        monotonic: Callable[[], float] = time.monotonic,
        watch: Watch | None = None,
    ) -> None:
        self._office = office
        self._standing = standing
        #: Who looks for what is wrong; a command that leaves with its goal does not.
        self._watch = watch if standing else None
        self._watched: float | None = None
        self._hears = hears
        self._threads = threads
        self._knows: str | None = None
        self._monotonic = monotonic
        self._stop = threading.Event()
        self._beaten = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._sweeper = threading.Thread(target=self._run_sweeper, name="sweeper", daemon=True)
        #: What both clocks said at the last beat.
        self._looked = (monotonic(), office.clock())
        self._renewed = self._looked[0]
        self._swept: float | None = None
        self._steady_since = self._renewed - (LEASE - SETTLING).total_seconds()
        self._away_since: float | None = None
        #: Until when the record has this process, and until when it was to be known in Redis.
        self._until = self._known_until = office.clock()
        self._others: set[str] = set()
        self._told_of_others = False

    def start(self) -> None:
        """Begin; what was left over and nobody holds goes on at once."""
        self._looked = (self._monotonic(), self._office.clock())
        self._announce()
        self._meet()
        ring_again(self._office)
        self._thread.start()
        self._sweeper.start()

    def stop(self) -> None:
        """End both threads and note that this process left. A bell that hangs is left to hang; nobody needs it to be heard."""
        self._stop.set()
        self._beaten.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._sweeper.is_alive():
            self._sweeper.join(LAST_BELL.total_seconds())
        if self._meets:
            self._office.bus.leave(self._office.owner)
        try:
            with self._office.store.write() as tx:
                tx.presence.leave(self._office.owner)
        except StoreError as problem:
            _log.warning("this process left without noting it: %s", problem)

    def _run(self) -> None:
        while not self._stop.wait(BEAT.total_seconds()):
            with _outlived():
                if self._renew():
                    self._beaten.set()

    def _run_sweeper(self) -> None:
        while True:
            self._beaten.wait()
            self._beaten.clear()  # before looking whether to stop, else a wake-up to stop could be the one that is cleared
            if self._stop.is_set():
                return
            with _outlived():
                self._look_after()
            with _outlived():
                self._look_for_what_is_wrong()

    def beat(self) -> None:
        """One look at everything, once a BEAT: what the two threads do, one after the other."""
        if self._renew():
            self._look_after()
            self._look_for_what_is_wrong()

    def _renew(self) -> bool:
        """The first half of a beat: what is in hand. False while the record cannot be used, so there is no second."""
        now, wall = self._monotonic(), self._office.clock()
        if self._jumped(now, wall):
            _log.warning("The clock was set, or this machine slept; sweeping waits until everybody has renewed.")
            self._steady_since = now
        self._looked = now, wall
        in_hand = set(self._office.in_hand)
        try:
            if in_hand or now - self._renewed >= RENEW_EVERY.total_seconds():
                self._extend(in_hand)
                self._announce()
                self._renewed = now
                self._back(now)
        except StoreError as problem:
            self._away(problem)
            return False
        return True

    def _look_after(self) -> None:
        """The second half: what is overdue, or could go out."""
        now = self._monotonic()
        if self._jumped(now, self._office.clock()):
            return  # since the last beat; the next one says so
        self._meet()
        try:
            waits, overdue = self._look()
            steady = now - self._steady_since >= LEASE.total_seconds()
            if steady and (overdue or self._swept is None or now - self._swept >= SWEEP_EVERY.total_seconds()):
                first, self._swept = self._swept is None, now
                # The process that had the duty may have died, and this one have been started in its place.
                if self._has_duty() or first:
                    sweep(self._office)
            elif overdue:
                ring_again(self._office)
            elif waits:
                admission.ring(self._office)
        except StoreError as problem:
            self._away(problem)

    def _look_for_what_is_wrong(self) -> None:
        now = self._monotonic()
        if self._watch is None or (self._watched is not None and now - self._watched < LOOK_EVERY.total_seconds()):
            return
        self._watched = now
        try:
            self._watch.look()
        except StoreError as problem:
            self._away(problem)

    def _jumped(self, now: float, wall: datetime) -> bool:
        """Whether more happened since the last beat than that time passed: the clock was set, or nothing ran for a lease."""
        then, wall_then = self._looked
        passed = timedelta(seconds=now - then)
        return abs(wall - wall_then - passed) > CLOCK_SLACK or passed > LEASE

    def _away(self, problem: StoreError) -> None:
        if problem.cure is not Cure.WAIT:
            raise problem
        self._steady_since = now = self._monotonic()
        if self._away_since is None:
            self._away_since = now
            _log.error("%s. Work stops, and goes on by itself when it can.", str(problem).rstrip("."))

    def _back(self, now: float) -> None:
        if self._away_since is not None:
            _log.warning("The database can be used again, after %.0f s.", now - self._away_since)
            self._away_since = None

    def _extend(self, in_hand: set[Claim]) -> None:
        """
        Renew what is in hand. A call whose lease was lost meanwhile (the database was away, the process was stopped) goes on:
        it is paid as it is, and its answer spares the turn's next holder, who may be in this very process, to ask again.
        Only what was cancelled is ended.
        """
        if not in_hand:
            return
        with self._office.store.write() as tx:
            lost = in_hand - tx.turns.renew(self._office.owner, in_hand, tx.now + LEASE)
            unwanted = tx.turns.cancelled(lost) if lost else lost
        self._office.claude.interrupt(unwanted)

    def _announce(self) -> None:
        if self._knows is None:
            text = self._office.catalog.knowledge.to_text()
            with self._office.store.write() as tx:
                self._knows = tx.keep(text)
        with self._office.store.write() as tx:
            tx.presence.announce(
                self._office.owner,
                standing=self._standing,
                reach=self._office.reach,
                until=(until := tx.now + LEASE),
                queue=self._office.queue if self._hears else None,
                threads=self._threads(),
                knows=self._knows,
            )
        self._until = until

    @property
    def _meets(self) -> bool:
        """Whether others ring where this process hears: a command has a queue of its own."""
        office = self._office
        return self._hears and office.reach.only is None and office.settings.redis_url is not None

    def _meet(self) -> None:
        """Be known in Redis for as long as in the record; who is there without being in it works for a copy. Said once."""
        if not self._meets or self._until == self._known_until:
            return
        self._known_until = self._until
        if not self._office.bus.announce(self._office.owner, self._until):
            return
        before, self._others = self._others, workers_of_copies(self._office)
        if not self._others:
            self._told_of_others = False
        elif before & self._others and not self._told_of_others:  # one look may fall between what another writes
            self._told_of_others = True
            _log.warning("%s", sentence(self._office, self._others))

    def _has_duty(self) -> bool:
        if self._office.reach.only is not None:
            return True  # nobody else may look after its goal
        with self._office.store.write() as tx:
            return tx.presence.take_duty(_DUTY, self._office.owner, until=tx.now + SWEEP_EVERY)

    def _look(self) -> tuple[bool, bool]:
        """Whether something could go out, and whether something is overdue."""
        with self._office.store.read() as tx:
            return admission.may_go_out(tx, self._office), tx.turns.any_overdue(self._office.reach.only)


@contextmanager
def _outlived() -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 - see the next line
        # Without these threads nothing is renewed and nothing rung again: they outlive every fault.
        _log.exception("housekeeping failed; the next beat tries again")
