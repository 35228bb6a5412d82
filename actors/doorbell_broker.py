# mypy: allow-untyped-calls
# Dramatiq leaves its Redis broker untyped, and redis-py its URL reader.
"""
A Redis broker that listens instead of polling.

Dramatiq's own consumer sleeps between looks, up to a second, and every hop between queues pays for it. Ours
waits in `BLMOVE queue queue LEFT LEFT`: from a list's head to the same list's head, an atomic no-op that
returns as soon as the list has something. Then the stock fetch runs, still the one way a message is taken, so
acks, recovery and requeues are Dramatiq's. Any push to the list wakes it, also an older producer's.

Needs Redis 6.2 or any Valkey.
"""

import contextlib
import heapq
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import dramatiq.worker
import redis
from dramatiq import MessageProxy, Middleware
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import current_millis, dq_name
from dramatiq.errors import ActorNotFound, ConnectionClosed

from director.redis.bus import connections, hang_up

_log = logging.getLogger(__name__)

# How long to wait after a lost connection, before consuming and before acking again. Dramatiq reads the first
# from the environment when it is imported, which its command line does before any module of ours, and has no
# setting for the second. It looks at both names each time it waits, so they are set here.
dramatiq.worker.CONSUMER_RESTART_DELAY_SECS = 0.5
dramatiq.worker.POST_PROCESS_MESSAGE_RETRY_DELAY_SECS = 0.5  # type: ignore[assignment]  # it sleeps for it

#: A process that was silent for this long is dead, and what it had taken goes back to the queues. Nobody waits for that: a bell
#: that was lost is rung again by the sweep, within seconds. So signs of life can be rare, and an idle team quiet.
HEARTBEAT_TIMEOUT = timedelta(seconds=30)

#: Look for the messages of dead processes on every command (the unit is commands in a million).
MAINTENANCE_CHANCE = 1_000_000

#: Redis ends a block up to 100 ms late, so the last stretch before a delayed message is waited for here.
BLOCK_SLACK_S = 0.12

#: How much later than the end of its block an answer may come before the connection counts as lost.
ANSWER_GRACE_S = 10.0

#: How often the consumer of delayed messages listens between two looks: the sign of life is its neighbour's to give.
LISTENS_A_LOOK = 10

#: How long a consumer that could not use Redis listens until it says that it can.
BACK_AGAIN_S = 0.2

#: How soon a consumer that was told to hang up notices that its thread was stopped.
HUNG_UP_SLICE_S = 0.05


class DoorbellBroker(RedisBroker):
    """
    Dramatiq's Redis broker, with consumers that hear a message within about a millisecond.

    Building one connects to nothing. A worker holds one blocked connection per queue and per delay queue.

    Parameters:
        url: `redis://`, `rediss://` or `unix://`, as redis-py reads it, or `sentinel://`; anything else is a ValueError.
        namespace: what every key starts with.
        middleware: in place of Dramatiq's defaults.
        heartbeat_timeout: silence after which a process is dead. Everyone gives a sign three times as often.
    """

    def __init__(
        self,
        *,
        url: str,
        namespace: str = "dramatiq",
        middleware: list[Middleware] | None = None,
        heartbeat_timeout: timedelta = HEARTBEAT_TIMEOUT,
    ) -> None:
        super().__init__(
            client=redis.Redis(connection_pool=connections(url)),
            namespace=namespace,
            middleware=middleware,
            maintenance_chance=MAINTENANCE_CHANCE,
            heartbeat_timeout=int(heartbeat_timeout / timedelta(milliseconds=1)),
        )
        #: The longest block. Then the queue's consumer fetches, and a fetch is also the sign of life of its process.
        self.block_s = heartbeat_timeout.total_seconds() / 3
        # A socket_timeout in the URL is meant for ordinary commands; a block has to outlast it.
        self.blocking_pool = connections(url, socket_timeout=self.block_s + ANSWER_GRACE_S, max_connections=1000)
        #: A worker was told to go. Dramatiq starts its consumers again while it leaves; those take nothing either.
        self.hung_up = False
        self.worker: dramatiq.Worker | None = None
        #: Who answers the bells of actors that are not declared here.
        self.otherwise: dramatiq.Actor[..., Any] | None = None
        #: Of which queues Redis could not be used, and since when.
        self._away: set[str] = set()
        self._away_since = 0.0
        self._away_lock = threading.Lock()
        self.add_middleware(_Prefetch())

    @property
    def consumer_class(self) -> type["_DoorbellConsumer"]:
        return _DoorbellConsumer

    def get_actor(self, actor_name: str) -> dramatiq.Actor[..., Any]:
        """The actor of that name; else the one that answers for all others, where there is one."""
        try:
            return super().get_actor(actor_name)
        except ActorNotFound:
            if self.otherwise is None:
                raise
            return self.otherwise

    def take_no_more(self) -> None:
        """Take no more messages; what was taken is worked on. Waits for nothing, also where Redis is away."""
        self.hung_up = True
        for consumer in self.listening():
            consumer.take_no_more()

    def listening(self) -> list["_DoorbellConsumer"]:
        """The consumers of the worker there is."""
        threads = [] if self.worker is None else list(self.worker.consumers.values())  # in one step: it may be starting
        return [thread.consumer for thread in threads if isinstance(thread.consumer, _DoorbellConsumer)]

    def cannot_be_used(self, queue: str, problem: redis.RedisError) -> None:
        """Say once that bells are not heard now, and why; what the other consumers meet until it is over is the same."""
        with self._away_lock:
            if self.hung_up:
                return
            news = not self._away
            self._away.add(queue)
            if news:
                self._away_since = time.monotonic()
        if news:
            _log.error(
                "Redis cannot be used now (%s). Bells are not heard: work waits, and goes on by itself.", problem
            )

    def can_be_used(self, queue: str) -> None:
        """Say once that it is over, when it is for every queue."""
        if queue not in self._away:
            return
        with self._away_lock:
            self._away.discard(queue)
            if self._away:
                return
        _log.warning("Redis can be used again, after %.0f s.", time.monotonic() - self._away_since)

    def is_away(self, queue: str) -> bool:
        """Whether whoever listens to it could not use Redis when it last tried."""
        return queue in self._away

    def close(self) -> None:
        """Close every connection. Safe to call any number of times."""
        super().close()
        hang_up(self.client.connection_pool)
        hang_up(self.blocking_pool)


class _DoorbellConsumer(_RedisConsumer):
    """
    The stock consumer, with a better way to wait.

    The stock `__next__` takes a message from its cache, else fetches, else sleeps for at most `timeout` and
    returns None. With a timeout of 0 it does not sleep, and we wait where it would have.
    """

    def __init__(self, broker: DoorbellBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        del timeout  # How often a polling consumer would look; we look when there is something.
        super().__init__(broker, queue_name, prefetch, timeout=0)
        # Dramatiq says it at each start of a consumer, four times a second; the broker says it once.
        logging.getLogger(f"dramatiq.worker.ConsumerThread({queue_name})").addFilter(_not_said_by_the_broker)
        self.key = f"{broker.namespace}:{queue_name}"
        self.listens = LISTENS_A_LOOK if queue_name == dq_name(queue_name) else 1
        self.line: redis.Redis | None = None
        self.line_id = 0
        self.blocked = False
        self.hung_up = broker.hung_up
        if self.hung_up:
            self.prefetch = 0
        self.room = threading.Event()
        self.etas_ms: list[float] = []
        self.beat_at = time.monotonic() + broker.block_s

    def __next__(self) -> MessageProxy | None:
        with _connection_closed(self.broker, self.queue_name):
            message: MessageProxy | None = super().__next__()
            heard = message is None and self._wait()
        if not heard:  # else whether it can be taken is still to be seen
            self.broker.can_be_used(self.queue_name)
        if message is None:
            return None
        eta_ms = message.options.get("eta")
        if isinstance(eta_ms, int | float):
            heapq.heappush(self.etas_ms, eta_ms)
        return message

    def ack(self, message: MessageProxy) -> None:
        self._tell(super().ack, message)

    def nack(self, message: MessageProxy) -> None:
        self._tell(super().nack, message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        # Stock lets redis-py's errors out here: with Redis away they end a consumer thread, or a stop midway.
        with _connection_closed(self.broker, self.queue_name):
            super().requeue(messages)

    def take_no_more(self) -> None:
        """Take no more messages; heartbeats go on. Called from another thread."""
        self.hung_up = True
        self.prefetch = 0
        self.room.set()

    def hang_up(self) -> None:
        """
        Take no more messages and never block again. Called from another thread.

        Returns when the consumer no longer blocks, or when Redis refuses to wake it: then it wakes by itself,
        at the end of its block.
        """
        self.take_no_more()
        with contextlib.suppress(redis.RedisError):
            # More than once, because it may be about to block when we look.
            while self.blocked:
                self.broker.client.client_unblock(self.line_id)
                time.sleep(0.001)

    def _tell(self, tell: Callable[[MessageProxy], None], message: MessageProxy) -> None:
        """Say what became of *message*; a consumer that is stopping says it once."""
        try:
            with _connection_closed(self.broker, self.queue_name):
                tell(message)
        except ConnectionClosed:
            # Dramatiq says it again until Redis is back, which a worker that was told to go cannot wait for. The message comes
            # once more, and a bell that rings twice changes nothing.
            if not self.hung_up:
                raise
        finally:
            self.room.set()

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def _wait(self) -> bool:
        """Return when there may be something to fetch (then True), a delayed message is due, or a sign of life is."""
        patience_s: float = self.broker.block_s
        if self.etas_ms:
            now_ms = current_millis()
            if self.etas_ms[0] <= now_ms:
                while self.etas_ms and self.etas_ms[0] <= now_ms:
                    heapq.heappop(self.etas_ms)
                return False
            patience_s = min(patience_s, (self.etas_ms[0] - now_ms) / 1000)
        if self.broker.is_away(self.queue_name):
            patience_s = min(patience_s, BACK_AGAIN_S)  # a block that ends says that it is over

        self.room.clear()
        if self.outstanding_message_count >= self.prefetch:
            self.room.wait(HUNG_UP_SLICE_S if self.hung_up else patience_s)
            self._beat()
        elif self.etas_ms and patience_s <= BLOCK_SLACK_S:
            self.room.wait(patience_s)
        else:
            # Never 0, which would mean for ever.
            return self._listen(max(patience_s - BLOCK_SLACK_S, 0.01))
        return False

    def _listen(self, patience_s: float) -> bool:
        """Block until the queue has something, for at most *patience_s*, or some times that where nothing else is due."""
        if self.line is None:
            self.line = redis.Redis(connection_pool=self.broker.blocking_pool, single_connection_client=True)
            self.line_id = self.line.client_id()
        self.blocked = True
        try:
            for _ in range(1 if self.etas_ms else self.listens):
                if self.hung_up:
                    break
                # redis-py says the timeout is an int; Redis takes fractions.
                if self.line.blmove(self.key, self.key, patience_s, "LEFT", "LEFT"):  # type: ignore[arg-type]
                    return True
            return False
        finally:
            self.blocked = False

    def _beat(self) -> None:
        """Give the sign of life when it is due: a consumer with all it may hold fetches nothing, so a fetch of 0 stands in."""
        if time.monotonic() >= self.beat_at:
            self.broker.do_fetch(self.queue_name, 0)
            self.beat_at = time.monotonic() + self.broker.block_s


class _Prefetch(Middleware):
    """A worker takes as many messages as it has threads, and wakes its consumers when it stops, sooner than a block ends."""

    def before_worker_boot(self, broker: DoorbellBroker, worker: dramatiq.Worker) -> None:  # type: ignore[override]
        broker.worker = worker
        if not dramatiq.worker.QUEUE_PREFETCH:
            # Dramatiq takes twice as many, to save the wait for the next, which is a millisecond here. Turns take minutes, and
            # one that lies in a busy process waits for it while another has a thread free.
            worker.queue_prefetch = worker.worker_threads

    def before_worker_shutdown(self, broker: DoorbellBroker, worker: dramatiq.Worker) -> None:  # type: ignore[override]  # noqa: ARG002
        broker.take_no_more()
        for consumer in broker.listening():
            consumer.hang_up()

    def after_worker_shutdown(self, broker: DoorbellBroker, worker: dramatiq.Worker) -> None:  # type: ignore[override]  # noqa: ARG002
        # Only now: who was told to stop while the worker started takes nothing either.
        broker.hung_up = False
        broker.worker = None


def _not_said_by_the_broker(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(("Consumer encountered a connection error", "Restarting consumer"))


@contextlib.contextmanager
def _connection_closed(broker: DoorbellBroker, queue: str) -> Iterator[None]:
    """
    Turn redis-py's errors into the one after which Dramatiq starts the consumer again.

    All of them: a server that answers and can write nothing now (its disk is full, it became a replica) is away as well.
    """
    try:
        yield
    except redis.RedisError as error:
        broker.cannot_be_used(queue, error)
        raise ConnectionClosed(error) from None
