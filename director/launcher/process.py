"""A program that the launcher runs, with all the processes that it starts: a session of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from director.launcher.lines import Lines, Tail


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, how it is seen to be ready, and how it ends."""

    name: str
    command: tuple[str, ...]
    #: Whether the session of that number is ready, some seconds after it was started.
    ready: Callable[[int, float], bool]
    #: How long it may take to end once it is told to.
    grace: timedelta
    #: Whether a second SIGTERM ends its work at once and loses nothing; what knows none is killed in its place.
    knows_second: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


class Process:
    """
    A *program* at work. Start it in a thread that stays: when that ends, so does the program (`concurrency/parent.py`).

    It is over when none of its processes is left, whoever of them ended first.
    """

    serves = False

    def __init__(self, program: Program, lines: Lines) -> None:
        self._program = program
        self._lines = lines
        self._process: subprocess.Popen[bytes] | None = None
        self._tail = Tail()

    @property
    def name(self) -> str:
        """Its name."""
        return self._program.name

    @property
    def grace(self) -> timedelta:
        """How long it may take to end."""
        return self._program.grace

    @property
    def knows_second(self) -> bool:
        """Whether a second word to end is more than the first."""
        return self._program.knows_second

    @property
    def pid(self) -> int | None:
        """Of its first process, which is also that of its session."""
        return None if self._process is None else self._process.pid

    @property
    def ending(self) -> None:
        """Nothing to wait at: a process that ends is told of by a signal."""

    def start(self) -> None:
        """Start it anew."""
        self._process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-P", "-m", "director.launcher.child", str(os.getpid()), *self._program.command],
            env={**os.environ, **self._program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        self._tail = self._lines.repeat(self.name, self._process.stdout)

    def is_ready(self, after_s: float) -> bool:
        """Whether it does its work now."""
        return self._process is not None and self._program.ready(self._process.pid, after_s)

    def has_ended(self) -> bool:
        """Whether its first process has; others of it may be left."""
        self._reap()
        return self._process is None or self._process.returncode is not None

    def is_over(self) -> bool:
        """Whether none of its processes is left."""
        if self._process is None or (self._reap() and not self._signal_all(0)):
            self._process = None
            return True
        return False

    def why(self) -> str:
        """How it ended."""
        code = None if self._process is None else self._process.returncode
        if code is None:
            return "it ended"
        if code < 0:
            with suppress(ValueError):
                return f"it was ended by {signal.Signals(-code).name}"
        return f"it ended with {code}"

    def last_lines(self) -> list[str]:
        """What it said last."""
        return self._tail.settled()

    def end(self) -> None:
        """Tell it to end; where its first process has ended already, whoever is left."""
        if self._process is None:
            return
        if self._process.returncode is None:
            os.kill(self._process.pid, signal.SIGTERM)
        else:
            self._signal_all(signal.SIGTERM)

    def kill(self) -> None:
        """End all of its processes, whatever they do."""
        self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: int) -> bool:
        """Whether there was anybody."""
        with suppress(ProcessLookupError, PermissionError):
            if self._process is not None:
                os.killpg(self._process.pid, number)
                return True
        return False

    def _reap(self) -> bool:
        """
        Take note of those that have ended, also of those whose own parent ended before (`adopt_orphans`), which would stay in
        the session for ever; True when the first process is among them.
        """
        process = self._process
        if process is None:
            return True
        with suppress(ChildProcessError):
            while found := os.waitpid(-process.pid, os.WNOHANG)[0:2]:
                ended, status = found
                if ended == 0:
                    break
                if ended == process.pid:
                    process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode is not None
