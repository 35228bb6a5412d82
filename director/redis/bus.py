"""Bells onto Redis, by name. A bell carries a turn's id and nothing else; losing one costs time, never work."""

import logging
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from director.words.addresses import SentinelAddress, blanked, shown
from director.words.command import worker
from director.words.errors import DirectorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dramatiq import Message
    from dramatiq.brokers.redis import RedisBroker
    from redis import ConnectionPool

_log = logging.getLogger(__name__)

#: Where bells are heard, by whoever is nothing special. Order and urgency are decided when turns are admitted, so no queue is
#: about them.
QUEUE: Final = "turns"


def queue_of(*special: str) -> str:
    """Where those hear bells who share what is special about them, as far as anything is."""
    return "-".join((QUEUE, *filter(None, special)))


def why_without_queue() -> str:
    """What is wrong with a worker that hears no bells, and what to do."""
    return (
        f"the worker does not consume the queue {QUEUE!r}; start it with `{worker()}`, without -Q or with `-Q {QUEUE}`"
    )


#: What keys in Redis start with, where the server is the workspace's own; elsewhere the record's identity follows.
NAMESPACE: Final = "troupe"


def namespace_of(identity: str) -> str:
    """What the keys of a record's bells start with, on a Redis that others may use."""
    return f"{NAMESPACE}-{identity}"


#: A Redis that takes longer is away, and so is each Sentinel that is asked for it: who rings has turns to do.
RING_TIMEOUT_S: Final = 1.0


class RedisAway(DirectorError):
    """Nobody answers where the bells are to be rung."""

    of_installation = True


def connections(url: str, **options: Any) -> "ConnectionPool":
    """
    Connections to the Redis at *url*; of one that Sentinels watch, to whoever is its master when a connection is made.

    *options* are redis-py's, and stand above what the address says; those about time and retries go for the Sentinels too.
    """
    from redis import ConnectionPool, Sentinel  # noqa: PLC0415 - 0.2 s, and most commands ring nothing
    from redis.connection import parse_url  # noqa: PLC0415 - as above
    from redis.sentinel import SentinelConnectionPool  # noqa: PLC0415 - as above

    if not url.startswith("sentinel:"):
        return ConnectionPool(**{**parse_url(url), **options})  # type: ignore[no-untyped-call]
    address = SentinelAddress.parse(url)
    limits = {name: value for name, value in options.items() if name.startswith(("socket_", "retry"))}
    asked = Sentinel(  # type: ignore[no-untyped-call]
        address.sentinels, sentinel_kwargs={"password": address.sentinel_password, **limits}
    )
    login = {"db": address.db, "username": address.username, "password": address.password}
    return SentinelConnectionPool(address.service, asked, **{**login, **options})  # type: ignore[no-untyped-call]


def hang_up(pool: "ConnectionPool") -> None:
    """Close every connection of *pool*, also those to the Sentinels it asked."""
    pool.disconnect()
    for asked in getattr(getattr(pool, "sentinel_manager", None), "sentinels", ()):
        asked.close()


class Bus:
    """Rings actors by name on the Redis at *url*. Connects at the first bell."""

    def __init__(self, url: str, namespace: str) -> None:
        self._url = url
        self.namespace = namespace
        self._broker: RedisBroker | None = None
        #: Brings the server back where that is ours to do: the workspace's own, which may have been killed.
        self.revive: Callable[[], None] | None = None

    def ring(self, actor: str, turn_id: int, *queues: str) -> bool:
        """
        Tell *actor* to look at its turn, where those hear it who listen to one of these queues; False when Redis is away, which
        the sweep makes up for.

        Who hears it twice, or after another, finds that there is nothing to do.
        """
        return all(self._ring(actor, turn_id, queue) for queue in queues)

    def _ring(self, actor: str, turn_id: int, queue: str) -> bool:
        # Here, so that commands that ring nothing do not wait for the import (0.2 s).
        from dramatiq import Message  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        bell: Message[None] = Message(queue_name=queue, actor_name=actor, args=(turn_id,), kwargs={}, options={})
        try:
            self._open().enqueue(bell)
        except RedisError as problem:
            _log.debug("no bell for turn %s: %s", turn_id, self._why(problem))
            return self.revive is not None and self._ring_revived(bell, self.revive)
        return True

    def _ring_revived(self, bell: "Message[None]", revive: "Callable[[], None]") -> bool:
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            revive()
            self._open().enqueue(bell)
        except (RedisError, DirectorError) as problem:
            _log.warning("The workspace's Redis cannot be brought back: %s", self._why(problem))
            return False
        return True

    def unheard(self, queue: str) -> set[int]:
        """The turns whose bells lie in this queue and were taken by nobody yet; none when Redis is away."""
        from dramatiq import Message  # noqa: PLC0415 - as above
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        line = f"{self.namespace}:{queue}"
        try:
            client = self._open().client
            ids = client.lrange(line, 0, -1)
            bells = cast("list[bytes | None]", client.hmget(f"{line}.msgs", ids)) if ids else []
        except RedisError as problem:
            _log.debug("bells not looked for: %s", self._why(problem))
            return set()
        return {Message.decode(bell).args[0] for bell in bells if bell is not None}

    def lengths(self, queues: "Iterable[str]") -> dict[str, int] | None:
        """How many bells lie in each of these queues and were taken by nobody yet; None when Redis is away."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            client = self._open().client
            return {queue: cast("int", client.llen(f"{self.namespace}:{queue}")) for queue in queues}
        except RedisError as problem:
            _log.debug("bells not counted: %s", self._why(problem))
            return None

    def check(self) -> None:
        """
        See that somebody answers, and that a bell can be rung and heard: one that nobody hears is tried.

        Raises:
            RedisAway: nobody answers, or whoever does lets us do less than that.
        """
        from dramatiq import Message  # noqa: PLC0415 - as above
        from redis.exceptions import ConnectionError as NoConnection  # noqa: PLC0415 - as above
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above
        from redis.exceptions import TimeoutError as NoAnswer  # noqa: PLC0415 - as above

        queue = f"check-{secrets.token_hex(8)}"
        line = f"{self.namespace}:{queue}"
        tried: Message[None] = Message(queue_name=queue, actor_name="nobody", args=(), kwargs={}, options={})
        try:
            broker = self._open()
            broker.client.ping()
            try:
                # As a worker does: the script that rings, the wait for a bell, what takes it, and what wakes who waits.
                bell = broker.enqueue(tried)
                broker.client.blmove(line, line, 1, "LEFT", "LEFT")
                broker.do_fetch(queue, 1)
                broker.do_ack(queue, bell.options["redis_message_id"])
                broker.client.client_unblock(broker.client.client_id())
            except BaseException:
                # Nobody takes from this queue again, so what was taken would keep its name among the heartbeats for ever.
                self.forget(queue)
                raise
            broker.flush(queue)
        except (NoConnection, NoAnswer) as problem:
            raise RedisAway(
                f"REDIS_URL names {shown(self._url)}, where no Redis answers ({self._why(problem)}): start it, or name "
                "another; without REDIS_URL the workspace brings its own."
            ) from problem
        except RedisError as problem:
            raise RedisAway(
                f"REDIS_URL names {shown(self._url)}, where no bell can be rung ({self._why(problem)}): it has to be a "
                "Redis from 6.2 on, or a Valkey, that takes writes and has room, and its user needs scripts, BLMOVE and "
                "CLIENT; give it that, or name another."
            ) from problem

    def why_away(self) -> str | None:
        """Why nothing can be written where bells are rung now; None where it can. One write, of a key that is soon gone."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            # A write: one that is full, or that is a replica by now, answers and takes no bells.
            self._open().client.set(f"{self.namespace}:looked", "", px=1000)
        except RedisError as problem:
            return f"Redis cannot be used ({self._why(problem)})"
        return None

    def look(self) -> dict[str, object]:
        """
        As `check`, and what the server says of itself (INFO; empty where this user may not ask). Leaves nothing behind.

        Raises:
            RedisAway: as `check`.
        """
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            self.check()
            return cast("dict[str, object]", self._open().client.info())
        except RedisError:
            return {}
        finally:
            with suppress(RedisError):
                broker = self._open()
                broker.client.zrem(f"{self.namespace}:__heartbeats__", broker.broker_id)

    def announce(self, owner: str, until: datetime) -> bool:
        """Say that *owner* hears bells here until then; False when Redis is away."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            self._open().client.zadd(self._processes, {owner: _ms(until)})
        except RedisError as problem:
            _log.debug("not announced: %s", self._why(problem))
            return False
        return True

    def leave(self, owner: str) -> None:
        """Say that *owner* hears nothing any more; where Redis is away, what it announced ends by itself."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            self._open().client.zrem(self._processes, owner)
        except RedisError as problem:
            _log.debug("left without a word: %s", self._why(problem))

    def hearing(self, now: datetime) -> dict[str, datetime]:
        """Who announced that it hears bells here, and until when; nobody when Redis is away."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            client = self._open().client
            client.zremrangebyscore(self._processes, "-inf", f"({_ms(now)}")
            found = cast("list[tuple[bytes, float]]", client.zrange(self._processes, 0, -1, withscores=True))
        except RedisError as problem:
            _log.debug("nobody looked for: %s", self._why(problem))
            return {}
        return {owner.decode(): datetime.fromtimestamp(until / 1000, UTC) for owner, until in found}

    @property
    def _processes(self) -> str:
        return f"{self.namespace}:processes"

    def move(self, namespace: str) -> None:
        """Ring under other names from now on."""
        self.close()
        self.namespace = namespace

    def forget(self, queue: str) -> None:
        """Take away the bells in a queue that nobody hears any more; where Redis is away, they stay."""
        from redis.exceptions import RedisError  # noqa: PLC0415 - as above

        try:
            self._open().flush(queue)
        except RedisError as problem:
            _log.debug("bells not taken away: %s", self._why(problem))

    def _why(self, problem: Exception) -> str:
        # Of Sentinels that know no master redis-py shows its own objects.
        return blanked(str(problem).partition(" : <")[0], self._url)

    def _open(self) -> "RedisBroker":
        if self._broker is None:
            from dramatiq.brokers.redis import RedisBroker  # noqa: PLC0415 - as above
            from redis import Redis  # noqa: PLC0415 - as above
            from redis.backoff import NoBackoff  # noqa: PLC0415 - as above
            from redis.retry import Retry  # noqa: PLC0415 - as above

            # Else redis-py asks each Sentinel that does not answer four times, with pauses. Who rings again here is the sweep.
            once = Retry(NoBackoff(), 0)
            limits = {"socket_timeout": RING_TIMEOUT_S, "socket_connect_timeout": RING_TIMEOUT_S, "retry": once}
            client = Redis(connection_pool=connections(self._url, **limits))
            self._broker = RedisBroker(client=client, namespace=self.namespace, middleware=[])  # type: ignore[no-untyped-call]
        return self._broker

    def close(self) -> None:
        """Let go of the connections; a bell that is being rung brings nothing back any more."""
        self.revive = None
        if self._broker is not None:
            self._broker.close()
            hang_up(self._broker.client.connection_pool)
            self._broker = None


def _ms(moment: datetime) -> int:
    # Cut off, never rounded up: nothing here lasts longer than in the record, from which it was taken.
    return int(moment.timestamp() * 1000)
