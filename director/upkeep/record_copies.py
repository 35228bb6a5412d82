"""
Records that were copied: workers of two hear each other's bells where both ring under the same names at one Redis.

What a record is called in Redis is in the record, so that whoever moves it, mounts it elsewhere or restores it goes on with
what was there; a copy of a workspace or of a database has the same name. No file tells a copy from a record that was moved. Who
works for it does: each worker announces itself in its record first and then, until the same moment, in Redis. Who is in Redis
for longer than in this record works for another one.
"""

import logging
from datetime import UTC, datetime
from typing import Final

from director.office import Office
from director.redis.bus import namespace_of

_log = logging.getLogger(__name__)

_IDENTITY: Final = "identity"

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def workers_of_copies(office: Office) -> set[str]:
    """The processes that hear our bells now and work for another record."""
    if office.settings.redis_url is None:
        return set()  # the workspace's own server, which nobody else's workers know
    found = _not_ours(office)
    # Who leaves is gone from the record a moment after it is gone from Redis, and was found in between.
    return found & _not_ours(office) if found else found


def _not_ours(office: Office) -> set[str]:
    hearing = office.bus.hearing(office.clock())
    if not hearing:
        return set()
    with office.store.read() as tx:
        ours = tx.presence.announced_until()
    return {owner for owner, until in hearing.items() if ours.get(owner, _NEVER) < until}


def take_own_names(office: Office) -> None:
    """
    Give this record names of its own where a copy's worker uses those it has, and no worker of its own does; said once, by
    who starts. Names that were set (REDIS_NAMESPACE) stay.
    """
    others = workers_of_copies(office) if office.settings.redis_namespace is None else set()
    if not others:
        return
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_IDENTITY)
        identity = tx.identity() or ""
        if namespace_of(identity) == office.bus.namespace:
            if any(worker.owner not in others for worker in tx.presence.here()):  # those were copied too
                return  # they go on hearing under these; `sentence` is for them
            identity = tx.identify_anew()
    office.bus.move(namespace_of(identity))
    _log.warning("Workers of a copy of this record use its names at this Redis; it has names of its own from now on.")


def warning(office: Office) -> str | None:
    """What to say of copies to who asks how things stand; None where nobody of ours waits for bells, or nobody takes them."""
    others = workers_of_copies(office)
    with office.store.read() as tx:
        ours = [worker for worker in tx.presence.here() if worker.standing and worker.owner not in others]
    return sentence(office, others) if others and ours else None


def sentence(office: Office, owners: set[str]) -> str:
    """What to do about those."""
    host, process, *_ = min(owners).split(":")
    named = office.settings.redis_namespace is not None
    cure = "" if named else "stop all workers of one of them and start them again, which gives it names of its own, or "
    return (
        f"A worker of another record (process {process} on {host}) hears the same bells at this Redis, so work waits for "
        f"seconds: {cure}give one of them another REDIS_NAMESPACE."
    )
