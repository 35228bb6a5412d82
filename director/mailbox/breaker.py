"""
Whether the model service is there, told by the calls themselves.

After OFFLINE_AFTER failures in a row it counts as offline. From then on one turn goes out each PROBE_EVERY, the oldest, and its
call is the probe: real work, so a probe costs nothing extra. A good probe lets the next go at once; after GOOD_PROBES of
them everything goes on, oldest first. Nobody's attempts are used up meanwhile.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from director.store.tx import Tx
from director.words.errors import ModelAway

_log = logging.getLogger(__name__)

#: Failures in a row, of any calls, after which nobody but a probe asks. One limit or one hiccup is waited out by its own turn.
OFFLINE_AFTER: Final = 5

PROBE_EVERY: Final = timedelta(minutes=1)
GOOD_PROBES: Final = 3


def probes_due(tx: Tx, service: str) -> int | None:
    """How many probes may go out now, 0 or 1, while the service is offline; None while it is not, and nothing is probed."""
    found = tx.components.get(service)
    if found is None or found.offline_since is None:
        return None
    # A look further ahead than anybody puts it was written by a clock that was set back since.
    waits = found.look_at is not None and tx.now < found.look_at <= tx.now + 2 * PROBE_EVERY
    return 0 if waits else 1


def let_out(tx: Tx, service: str) -> None:
    """Note that the probe is out; the next is PROBE_EVERY away."""
    tx.components.look_at(service, tx.now + PROBE_EVERY)


def went_wrong(tx: Tx, service: str, problem: ModelAway) -> datetime | None:
    """Note a failed call. Returns when the service is asked again, where it is offline."""
    found = tx.components.failed(service, str(problem))
    if found.failures < OFFLINE_AFTER and found.offline_since is None:
        return None
    look_at = tx.now + PROBE_EVERY
    tx.components.offline(service, since=found.offline_since or tx.now, look_at=look_at)
    if found.offline_since is None:
        _log.error(
            "The model service is offline (%s). Work waits, no attempt is used; it is asked every %.0f s.",
            problem,
            PROBE_EVERY.total_seconds(),
        )
    return look_at


def went_well(tx: Tx, service: str) -> None:
    """Note an answered call; where it was the last good probe needed, everything that waits goes on."""
    found = tx.components.answered(service)
    if found is None or found.offline_since is None:
        return
    if found.good < GOOD_PROBES:
        tx.components.look_at(service, tx.now)
        return
    tx.components.back(service)
    tx.turns.look_again_now()
    _log.warning("The model service is back, after %.0f s.", (tx.now - found.offline_since).total_seconds())
