"""
What keeps turns moving when nobody rings: leases renewed, lost bells rung again, the dead's work taken back.

One thread a process (`Keeper`). Its beat renews this process's leases and ends calls whose turn is no longer ours; the
process that has the duty also looks after what is due and has not moved.
"""

import logging
import threading
from datetime import timedelta
from typing import Final

from director import turns
from director.calls.ask import settle_overdue
from director.errors import StoreError
from director.office import Office
from director.turns import LEASE
from director.work.after import after_failure
from director.work.approvals import apply_defaults, release_what_fits

_log = logging.getLogger(__name__)

#: How often the thread looks at what it holds: a person's cancel reaches a call on the wire within this time.
BEAT: Final = timedelta(seconds=1)

#: How often leases and this process's presence are renewed when nothing is on the wire, and how often one process sweeps.
RENEW_EVERY: Final = timedelta(seconds=3)
SWEEP_EVERY: Final = timedelta(seconds=5)

_DUTY: Final = "sweep"


def sweep(office: Office) -> None:
    """
    Look after everything whose time has passed, and ring for what can go on.

    Safe to call any number of times, by any number of processes.
    """
    turns.take_back_overdue(office, after_failure)
    settle_overdue(office)
    release_what_fits(office)
    apply_defaults(office)
    turns.ring(office)


class Keeper:
    """The process's one housekeeping thread. `standing` processes stay until they are told to go."""

    def __init__(self, office: Office, *, standing: bool) -> None:
        self._office = office
        self._standing = standing
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin, with a sweep, so that what was left over goes on at once."""
        self._announce()
        sweep(self._office)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and say goodbye."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            with self._office.store.write() as tx:
                tx.presence.leave(self._office.owner)
        except StoreError as problem:
            _log.warning("left without a word: %s", problem)

    def _run(self) -> None:
        renewed = swept = self._office.clock()
        while not self._stop.wait(BEAT.total_seconds()):
            now = self._office.clock()
            try:
                in_hand = set(self._office.in_hand)
                if in_hand or abs(now - renewed) >= RENEW_EVERY:
                    self._renew(in_hand)
                    self._announce()
                    renewed = now
                if abs(now - swept) >= SWEEP_EVERY:
                    swept = now
                    if self._has_duty():
                        sweep(self._office)
                elif self._something_waits():
                    turns.ring(self._office)
            except StoreError as problem:
                _log.warning("housekeeping waits: %s", problem)
            except Exception:  # noqa: BLE001 - see the next line
                # Without this thread nothing is renewed and nothing rung again: it outlives every fault.
                _log.exception("housekeeping failed; the next beat tries again")

    def _renew(self, in_hand: set[int]) -> None:
        if not in_hand:
            return
        with self._office.store.write() as tx:
            still = tx.turns.renew(self._office.owner, in_hand, tx.now + LEASE)
        # Cancelled, or taken by somebody else: an answer would not be used.
        self._office.claude.interrupt(in_hand - still)

    def _announce(self) -> None:
        with self._office.store.write() as tx:
            tx.presence.announce(self._office.owner, standing=self._standing, until=tx.now + LEASE)

    def _has_duty(self) -> bool:
        with self._office.store.write() as tx:
            return tx.presence.take_duty(_DUTY, self._office.owner, until=tx.now + 2 * SWEEP_EVERY)

    def _something_waits(self) -> bool:
        with self._office.store.read() as tx:
            slots = self._office.settings.max_parallel_agents - tx.turns.in_hand()
            return slots > 0 and tx.turns.next_waiting() is not None
