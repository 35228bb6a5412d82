"""The workspace's own Redis as a part of what is up: a share in it, and a line at whose end it is seen to have died."""

import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from director.launcher import after_kill
from director.redis.embedded import PID, EmbeddedServer

#: `leave` waits for the end of the server itself.
_NO_GRACE: Final = timedelta(0)


class Server:
    """
    A share in the embedded server. Nothing of it is this process's own: others that use it keep it, and the last ends it;
    where this process is killed and was the last, `after_kill` does, in this *environment* besides ours.
    """

    name = "redis"
    grace = _NO_GRACE
    knows_second = False
    serves = True

    def __init__(self, server: EmbeddedServer, state_dir: Path, environment: Mapping[str, str]) -> None:
        self._server = server
        self._state_dir = state_dir
        self._file = state_dir / PID
        self._environment = environment
        self._after_kill: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The server's, as it wrote it down itself."""
        if self._line is not None:
            with suppress(OSError, ValueError):
                return int(self._file.read_text())
        return None

    @property
    def ending(self) -> socket.socket | None:
        """What can be read when the server ends."""
        return self._line

    def start(self) -> None:
        """
        Join the server, which starts or brings it back where it is not there.

        Raises:
            EmbeddedServerError: it cannot be.
        """
        if self._after_kill is None or self._after_kill.poll() is not None:
            self._after_kill = after_kill.watch(self._state_dir, self._environment)  # before there is anything to end
        self._server.join()
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.connect(unquote(urlsplit(self._server.url).path))
            self._line.setblocking(False)
        except OSError:
            self._hang_up()  # it has just died: `has_ended` says so

    def is_ready(self, after_s: float) -> bool:  # noqa: ARG002 - as of a process
        """Whether it answers: `start` has waited for that."""
        return self._line is not None

    def has_ended(self) -> bool:
        """Whether the server has died."""
        if self._line is not None:
            try:
                if not self._line.recv(1):
                    self._hang_up()
            except BlockingIOError:
                return False
            except OSError:
                self._hang_up()
        return self._line is None

    def is_over(self) -> bool:
        """The same: there is nothing else of it."""
        return self.has_ended()

    def why(self) -> str:
        """How it ended."""
        return "it ended"

    def last_lines(self) -> list[str]:
        """What it says goes to its own log."""
        return []

    def end(self) -> None:
        """Give the share back, which ends the server where nobody else has one."""
        self._hang_up()
        self._server.leave()
        if self._after_kill is not None:
            self._after_kill.kill()
            self._after_kill.communicate()
            self._after_kill = None

    def kill(self) -> None:
        """Others may use it still."""

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
