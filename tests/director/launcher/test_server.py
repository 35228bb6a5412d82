"""The launcher's share in the workspace's Redis, which it gives back even when it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from director.launcher import after_kill
from director.launcher.server import Server
from director.redis.embedded import SOCKET, EmbeddedServer

ROOT = Path(__file__).parents[3]

PATIENCE_S = 30.0

#: A launcher that has come as far as its Redis.
LAUNCHER = """
import sys
from pathlib import Path
from director.launcher.server import Server
from director.redis.embedded import EmbeddedServer
folder = Path(sys.argv[1])
Server(EmbeddedServer(folder), folder, {}).start()
print("up", flush=True)
sys.stdin.read()
"""


def answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(folder / SOCKET))
        except OSError:
            return False
        return True


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory; a process that is started from here finds our packages."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def test_a_launcher_that_is_killed_before_anybody_joined_leaves_no_redis(folder: Path) -> None:
    """Nobody else had a share in it yet, so nobody else would end it."""
    with subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "up\n"
        assert answers(folder)
        launcher.send_signal(signal.SIGKILL)
    until(lambda: not answers(folder))


def test_what_others_use_stays_when_the_launcher_is_killed(folder: Path) -> None:
    """As a goal's own process; it ends it as the last."""
    with EmbeddedServer(folder):
        watcher = after_kill.watch(folder, {})
        watcher.communicate()  # as the end of who holds its standard input
        assert watcher.returncode == 0
        assert answers(folder)
    assert not answers(folder)


def test_a_launcher_that_stops_leaves_nobody_who_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the server nor who would have ended it."""
    watchers: list[int] = []
    real = after_kill.watch

    def watch(*given: object) -> object:
        watchers.append((found := real(*given)).pid)  # type: ignore[arg-type]  # as it is called
        return found

    monkeypatch.setattr(after_kill, "watch", watch)
    server = Server(EmbeddedServer(folder), folder, {})
    server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    until(server.has_ended)
    server.start()
    server.end()

    assert not answers(folder)
    assert len(watchers) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(watchers[0], 0)
