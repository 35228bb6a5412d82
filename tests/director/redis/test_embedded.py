"""The embedded server is there while somebody uses it, and gone after the last one."""

import contextlib
import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import redis

from director.redis import embedded
from director.redis.embedded import EmbeddedServer, EmbeddedServerError

ROOT = Path(__file__).parents[3]

#: Long enough for a loaded machine; nothing waits this long unless it is broken.
PATIENCE_S = 20.0

USER = """
import sys
from pathlib import Path
from director.redis.embedded import EmbeddedServer

server = EmbeddedServer(Path(sys.argv[1]))
print("ready", flush=True)
for order in sys.stdin:
    getattr(server, order.strip())()
    print(order.strip(), flush=True)
"""


class User:
    """Another process that uses the server of *state_dir*, and does what it is told: join, leave."""

    def __init__(self, state_dir: Path, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(state_dir)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.answer() == "ready"

    def tell(self, order: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, order: str) -> None:
        self.tell(order)
        assert self.answer() == order

    def end(self, how: signal.Signals) -> None:
        os.killpg(self.process.pid, how)
        self.process.wait(PATIENCE_S)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        with self.process:
            pass


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory; a server that a failed test leaves in it is killed."""
    folder = tmp_path / ".state"
    yield folder
    for pid_file in tmp_path.rglob("valkey.pid"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid_file.read_text()), signal.SIGKILL)


@pytest.fixture
def user(state_dir: Path) -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def make(folder: Path = state_dir, **environment: str) -> User:
        users.append(User(folder, **environment))
        return users[-1]

    yield make
    for each in users:
        each.close()


@pytest.fixture
def short_temp() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # pytest's own are too long
        yield folder


def pid_at(url: str) -> int:
    with redis.Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


def runs(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be collected does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def assert_gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while runs(pid):
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.01)


def test_the_last_of_two_users_ends_the_server(state_dir: Path, user: Callable[..., User]) -> None:
    """
    Two processes share one server; the first may leave while the second goes on; nothing is left after both.
    """
    url = EmbeddedServer(state_dir).url
    first, second = user(), user()
    first.do("join")
    pid = pid_at(url)
    second.do("join")
    assert pid_at(url) == pid

    first.do("leave")
    assert pid_at(url) == pid

    second.do("leave")
    assert_gone(pid)
    assert not (state_dir / "valkey.sock").exists()
    assert not (state_dir / "valkey.pid").exists()


def test_what_was_written_is_there_the_next_time(state_dir: Path) -> None:
    """
    The record outlives the server.
    """
    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        client.set("gnome", "with a fishing rod")

    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("gnome") == b"with a fishing rod"


def test_joining_and_leaving_may_be_repeated(state_dir: Path) -> None:
    """
    A second join takes no second lock, and a second leave gives up nobody else's.
    """
    server, other = EmbeddedServer(state_dir), EmbeddedServer(state_dir)
    server.leave()
    other.join()
    server.join()
    server.join()
    pid = pid_at(server.url)

    server.leave()
    server.leave()
    assert pid_at(other.url) == pid

    other.leave()
    assert_gone(pid)


def test_joining_again_brings_a_dead_server_back(state_dir: Path) -> None:
    """
    Whoever notices that the server died asks for it again, and what was written is still there.
    """
    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        client.set("gnome", "with a wheelbarrow")
        client.config_set("appendfsync", "always")
        client.set("gnome", "with a lantern")
        pid = pid_at(server.url)
        os.kill(pid, signal.SIGKILL)
        assert_gone(pid)

        server.join()

        assert pid_at(server.url) != pid
        assert client.get("gnome") == b"with a lantern"


def test_one_that_stands_still_while_it_starts_the_server_keeps_nobody(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Who has a share of a server that answers asks nobody; who comes is told after a while whom to end, and does not wait for
    ever. A worker that was stopped just then kept the others from looking after what it held.
    """
    monkeypatch.setattr(embedded, "TURN_S", 0.2)
    with EmbeddedServer(state_dir) as server, (state_dir / embedded.START).open() as still:
        fcntl.flock(still, fcntl.LOCK_EX)

        server.join()
        with pytest.raises(EmbeddedServerError, match=r"another process has been at it for longer; end that process"):
            EmbeddedServer(state_dir).join()


def test_a_killed_starter_leaves_a_server_to_use(state_dir: Path, user: Callable[..., User]) -> None:
    """
    After kill -9 of who started it the server serves who is there and who comes; the last ends it.
    """
    starter, other = user(), user()
    starter.do("join")
    other.do("join")
    url = EmbeddedServer(state_dir).url
    pid = pid_at(url)

    starter.end(signal.SIGKILL)
    assert pid_at(url) == pid

    other.end(signal.SIGKILL)
    assert pid_at(url) == pid

    with EmbeddedServer(state_dir):
        assert pid_at(url) == pid
    assert_gone(pid)


def test_what_killed_users_left_is_ended_by_whoever_is_asked_to(state_dir: Path, user: Callable[..., User]) -> None:
    """
    Without joining it; while somebody uses it, and where there is none, nothing happens.
    """
    EmbeddedServer(state_dir).end_unless_used()
    assert not state_dir.exists()
    starter, other = user(), user()
    starter.do("join")
    other.do("join")
    pid = pid_at(EmbeddedServer(state_dir).url)

    starter.end(signal.SIGKILL)
    EmbeddedServer(state_dir).end_unless_used()
    assert runs(pid)

    other.end(signal.SIGKILL)
    EmbeddedServer(state_dir).end_unless_used()
    assert_gone(pid)
    EmbeddedServer(state_dir).end_unless_used()


def test_ctrl_c_does_not_reach_the_server(state_dir: Path, user: Callable[..., User]) -> None:
    """
    An interrupt of the starter's whole process group ends the starter and not the server.
    """
    starter = user()
    starter.do("join")
    with EmbeddedServer(state_dir) as server:
        pid = pid_at(server.url)
        assert os.getsid(pid) != os.getsid(starter.process.pid)

        starter.end(signal.SIGINT)

        assert pid_at(server.url) == pid
    assert_gone(pid)


def test_six_who_come_at_once_get_one_server(state_dir: Path, user: Callable[..., User]) -> None:
    """
    Of those who find no server one starts it and all use it; as they leave at once, one ends it.
    """
    users = [user() for _ in range(6)]
    for each in users:
        each.tell("join")
    for each in users:
        assert each.answer() == "join"
    pid = pid_at(EmbeddedServer(state_dir).url)
    starts = (state_dir / "valkey.log").read_text().count("just started")
    for each in users:
        each.tell("leave")
    for each in users:
        assert each.answer() == "leave"

    assert starts == 1
    assert_gone(pid)


def test_coming_and_going_at_once_never_leaves_anyone_without(state_dir: Path, user: Callable[..., User]) -> None:
    """
    Whoever has joined has a server, while others leave and join as fast as they can; none is left at the end.
    """
    others = [user() for _ in range(3)]
    server = EmbeddedServer(state_dir)
    for each in others:
        for _ in range(5):
            each.tell("join")
            each.tell("leave")
    pids = set()
    for _ in range(5):
        with server:
            pids.add(pid_at(server.url))
    for each in others:
        assert [each.answer() for _ in range(10)] == ["join", "leave"] * 5

    for pid in pids:
        assert_gone(pid)
    assert not (state_dir / "valkey.sock").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux which files the server holds")
def test_the_server_holds_no_lock(state_dir: Path) -> None:
    """
    The server inherits no lock, or the last user would never be the last.
    """
    with EmbeddedServer(state_dir) as server:
        held = {str(file.readlink()) for file in Path(f"/proc/{pid_at(server.url)}/fd").iterdir()}

    assert not {name for name in held if "valkey.users" in name or "valkey.start" in name}


def test_a_fork_gives_no_lock(state_dir: Path) -> None:
    """
    A forked child that leaves takes nothing from its parent, and one that joins has a lock of its own.
    """
    server = EmbeddedServer(state_dir)
    server.join()
    pid = pid_at(server.url)

    for orders in (["leave"], ["join", "leave"], ["join"]):
        child = os.fork()
        if child == 0:
            code = 1
            with contextlib.suppress(BaseException):
                for order in orders:
                    getattr(server, order)()
                code = 0
            os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert pid_at(server.url) == pid

    server.leave()
    assert_gone(pid)


def test_any_name_of_a_directory_will_do(tmp_path: Path, state_dir: Path) -> None:
    """
    Spaces, quotes and signs that mean something in a URL are parts of a name like any other.
    """
    folder = tmp_path / 'Gnome\'s "garden" 100%?#&ü' / ".state"

    with EmbeddedServer(folder) as server:
        assert runs(pid_at(server.url))


def test_a_path_too_long_for_a_socket_has_a_short_way_to_it(
    tmp_path: Path, short_temp: str, user: Callable[..., User]
) -> None:
    """
    Processes with different temporary directories still meet at one server, and the way there is private.
    """
    folder = tmp_path.joinpath(*["a-very-long-name-for-a-garden"] * 4, ".state")
    server = EmbeddedServer(folder)
    other = user(folder, XDG_RUNTIME_DIR=short_temp)
    other.do("join")

    with server:
        pid = pid_at(server.url)
        way = Path(unquote(urlsplit(server.url).path))
        assert way.parent.parent.stat().st_mode & 0o777 == 0o700
        assert (folder / "valkey.sock").samefile(way)
        assert (folder / "valkey.log").read_text().count("just started") == 1
        other.do("leave")
        assert pid_at(server.url) == pid

    assert_gone(pid)
    assert not way.parent.is_symlink()


def test_a_short_way_that_others_can_use_is_refused(
    tmp_path: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    On a shared machine somebody else may have made the directory first.
    """
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"troupe-{os.getuid()}").mkdir()
    (tmp_path / f"troupe-{os.getuid()}").chmod(0o777)
    server = EmbeddedServer(tmp_path.joinpath(*["a-very-long-name-for-a-garden"] * 4, ".state"))

    with pytest.raises(EmbeddedServerError, match="a directory that only you can use"):
        server.join()


def test_a_socket_left_behind_is_no_hindrance(state_dir: Path) -> None:
    """
    A server that was killed leaves its socket and its number; the next one takes their place.
    """
    state_dir.mkdir()
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(state_dir / "valkey.sock"))
    (state_dir / "valkey.pid").write_text("1\n")

    with EmbeddedServer(state_dir) as server:
        assert int((state_dir / "valkey.pid").read_text()) == pid_at(server.url)


def test_a_file_in_the_way_is_named(state_dir: Path) -> None:
    """
    What is not a socket is not removed; the sentence says what to do.
    """
    state_dir.mkdir()
    (state_dir / "valkey.sock").write_text("my notes on garden gnomes")

    with pytest.raises(EmbeddedServerError, match="something else has that name; move it away"):
        EmbeddedServer(state_dir).join()

    assert (state_dir / "valkey.sock").read_text() == "my notes on garden gnomes"


def test_a_stranger_at_the_socket_is_named(state_dir: Path) -> None:
    """
    Who listens there and does not answer a PING is left alone.
    """
    state_dir.mkdir()
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.bind(str(state_dir / "valkey.sock"))
        stranger.listen()

        with pytest.raises(EmbeddedServerError, match=r"does not answer a PING .*; end that program"):
            EmbeddedServer(state_dir).join()


def test_a_directory_that_cannot_be_is_named(tmp_path: Path) -> None:
    """
    The sentence names the directory and the setting.
    """
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbeddedServerError, match=r"state directory .*/file/\.state has to be .* WORKSPACE_DIR"):
        EmbeddedServer(tmp_path / "file" / ".state").join()


def test_a_server_that_ends_at_once_says_where_its_log_is(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What the server complained of is in its log, and a record that is not to blame stays where it is.
    """
    with EmbeddedServer(state_dir):
        pass
    before = sorted((state_dir / "valkey.aof").iterdir())
    monkeypatch.setitem(embedded.OPTIONS, "port", "none")

    with pytest.raises(EmbeddedServerError, match=r"ended while it started; .*/valkey\.log says why"):
        EmbeddedServer(state_dir).join()

    assert "FATAL CONFIG FILE ERROR" in (state_dir / "valkey.log").read_text()
    assert sorted((state_dir / "valkey.aof").iterdir()) == before
    assert not list(state_dir.glob("*broken*"))


def test_a_server_that_never_answers_is_ended(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Waiting has a limit, and what was started is not left behind.
    """
    state_dir.mkdir()
    program = state_dir / "deaf"
    program.write_text("#!/bin/sh\nsleep 60 & echo $! | tee deaf.pid > valkey.pid\n")
    program.chmod(0o700)
    monkeypatch.setattr(embedded, "_binary", lambda: str(program))
    monkeypatch.setattr(embedded, "LIMIT_S", 1.0)

    with pytest.raises(EmbeddedServerError, match=r"has to answer within 1 seconds and did not; .*/valkey\.log"):
        EmbeddedServer(state_dir).join()

    assert_gone(int((state_dir / "deaf.pid").read_text()))


def test_a_cut_off_record_is_read_as_far_as_it_goes(state_dir: Path) -> None:
    """
    A machine that lost its power in the middle of a write loses that write only.
    """
    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        client.set("gnome", "with a watering can")
    record = next((state_dir / "valkey.aof").glob("*.incr.aof"))
    record.write_bytes(record.read_bytes() + b"*3\r\n$3\r\nSET\r\n$5\r\ngn")

    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("gnome") == b"with a watering can"
    assert not list(state_dir.glob("*broken*"))


def test_an_unreadable_record_is_put_aside(state_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    """
    The doorbell holds nothing that cannot be rung again: the server starts empty and a log line says so.
    """
    with EmbeddedServer(state_dir) as server, redis.Redis.from_url(server.url) as client:
        client.set("gnome", "with a spade")
    record = next((state_dir / "valkey.aof").glob("*.incr.aof"))
    record.write_bytes(b"my notes on garden gnomes\r\n" + record.read_bytes())

    with (
        caplog.at_level(logging.WARNING, "director.redis.embedded"),
        EmbeddedServer(state_dir) as server,
        redis.Redis.from_url(server.url) as client,
    ):
        assert client.get("gnome") is None

    (aside,) = state_dir.glob("valkey.aof.broken-*")
    assert str(aside) in caplog.text
