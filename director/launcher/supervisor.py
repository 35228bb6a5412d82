"""Starts the parts in order, starts again what ends unasked, and stops all of it in the reverse order."""

import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import FrameType
from typing import Final, Protocol

from director.concurrency.parent import adopt_orphans, reap_orphans
from director.concurrency.stopping import SAME_SIGNAL, parting
from director.launcher.lines import Lines
from director.launcher.state import PartStatus, State, Status
from director.words.clock import Clock
from director.words.errors import DirectorError

#: The pause before a part is started again, doubled each time up to the longest; after a good while it is the shortest again.
FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=1)
GOOD_WHILE: Final = timedelta(minutes=1)

#: A part that ended so often in a row without having been ready is given up.
MOST_FAILURES: Final = 5

#: For how long the next part waits for one that is neither ready nor ended.
READY_WITHIN: Final = timedelta(minutes=1)

#: How long a part may take to end its calls when it was told so a second time.
HURRIED: Final = timedelta(seconds=20)

#: How often it is looked whether a part is ready, or over.
_LOOK_S: Final = 0.1

#: Characters of a last line that are repeated.
_SHOWN: Final = 200

#: Who says what the launcher itself has to say.
SPEAKER: Final = "up"

#: A part that is told a second time sooner takes that for the first.
_AGAIN: Final = SAME_SIGNAL + timedelta(milliseconds=200)


class Part(Protocol):
    """What is started, watched and stopped."""

    @property
    def name(self) -> str:
        """Who speaks."""
        ...

    @property
    def grace(self) -> timedelta:
        """How long it may take to end once it is told to."""
        ...

    @property
    def knows_second(self) -> bool:
        """Whether a second word to end is more than the first; else it is killed."""
        ...

    @property
    def serves(self) -> bool:
        """Whether it does nothing by itself, and is there for the others."""
        ...

    @property
    def pid(self) -> int | None:
        """Of its first process."""
        ...

    @property
    def ending(self) -> socket.socket | None:
        """What can be read when it ends, where no signal tells of that."""
        ...

    def start(self) -> None:
        """Start it; DirectorError where that cannot be."""
        ...

    def is_ready(self, after_s: float) -> bool:
        """Whether it does its work, so long after it was started."""
        ...

    def has_ended(self) -> bool:
        """Whether it has ended, by itself or because it was told to."""
        ...

    def is_over(self) -> bool:
        """Whether nothing is left of it."""
        ...

    def why(self) -> str:
        """How it ended."""
        ...

    def last_lines(self) -> list[str]:
        """What it said last."""
        ...

    def end(self) -> None:
        """Tell it to end."""
        ...

    def kill(self) -> None:
        """End it, whatever it does."""
        ...


@dataclass(slots=True)
class _Watched:
    """A part, and where it stands. Moments in seconds are those of the monotonic clock."""

    part: Part
    state: State = State.WAITING
    awaited: bool = True  #: those behind it are not started yet
    since: datetime | None = None
    started_s: float = 0.0
    ready_s: float | None = None  #: when it was first seen to be ready since it was started
    due_s: float = 0.0  #: when its state has lasted long enough
    pause: timedelta = FIRST_PAUSE  #: before it is started again
    restarts: int = 0
    failures: int = 0  #: ends in a row without having been ready
    in_a_row: int = 0  #: ends since it last stayed up for a good while
    why: str = ""
    hurried: bool = False
    orphaned: bool = False  #: what its first process left behind was told to end, too


class Supervisor:
    """
    Runs *parts*. Only in the main thread: signals come to that, and what it starts ends with it (`concurrency/parent.py`).

    *told* is called with each status that is new; *pause* is the shortest before a part is started again.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        lines: Lines,
        clock: Clock,
        told: Callable[[Status], None],
        pause: timedelta = FIRST_PAUSE,
    ) -> None:
        self._watched = [_Watched(part, pause=pause) for part in parts]
        self._first_pause = pause
        self._lines = lines
        self._clock = clock
        self._told = told
        self._said: Status | None = None
        #: When it began to stop; whether somebody asked for that, and whether they are in a hurry.
        self._stopping_s: float | None = None
        self._asked = False
        self._hurry = False

    def run(self, status: Status) -> bool:
        """
        Start everything, watch, and stop everything when SIGINT, SIGTERM or SIGHUP comes; *status* says who we are. False when
        it stopped by itself, because all that could work was given up.

        Raises:
            DirectorError: a part cannot be started at all. Nothing is left.
        """
        adopt_orphans()
        with _signals() as arrivals:
            try:
                self._start_next()
                while not all(watched.state is State.STOPPED for watched in self._watched):
                    self._tell(status)
                    self._listen(arrivals)
                    for watched in self._watched:
                        self._look(watched)
                    self._stop_next()
                    reap_orphans({watched.part.pid for watched in self._watched if watched.part.pid is not None})
            except BaseException:
                for watched in reversed(self._watched):
                    watched.part.kill()
                    watched.part.end()
                raise
        self._say("Stopped.")
        return self._asked

    # Starting

    def _start_next(self) -> None:
        """Start what waits, up to the first for which those behind it still wait."""
        for watched in self._watched:
            if watched.state is State.WAITING and self._stopping_s is None:
                self._start(watched)
            if watched.awaited:
                return

    def _start(self, watched: _Watched) -> None:
        watched.state, watched.since, watched.ready_s = State.STARTING, self._clock(), None
        watched.started_s = time.monotonic()
        watched.due_s = watched.started_s + READY_WITHIN.total_seconds()
        try:
            watched.part.start()
        except (DirectorError, OSError) as problem:
            if watched.restarts == 0 and isinstance(problem, DirectorError):
                raise
            self._ended(watched, str(problem).rstrip("."))

    def _let_past(self, watched: _Watched) -> None:
        if watched.awaited:
            watched.awaited = False
            self._start_next()

    # Watching

    def _look(self, watched: _Watched) -> None:
        part, over_due = watched.part, time.monotonic() >= watched.due_s
        match watched.state:
            case State.STARTING | State.RUNNING if part.has_ended():
                self._ended(watched, part.why())
            case State.STARTING if part.is_ready(time.monotonic() - watched.started_s):
                watched.state, watched.ready_s, watched.failures = State.RUNNING, time.monotonic(), 0
                self._say(f"{part.name}: {_running(part.pid)}.")
                self._let_past(watched)
            case State.STARTING if over_due and watched.awaited:
                self._say(f"{part.name} is not ready after {READY_WITHIN.total_seconds():.0f} s; the rest goes on.")
                self._let_past(watched)
            case State.ENDING if part.is_over():
                self._start_again(watched)
            case State.PAUSING if over_due and self._stopping_s is None:
                watched.restarts += 1
                self._start(watched)
            case State.STOPPING if part.is_over():
                watched.state = State.STOPPED
            case State.STOPPING if part.has_ended() and not watched.orphaned:
                watched.orphaned = True
                part.end()  # whom it has left behind without a word
            case State.STOPPING if self._hurry and not watched.hurried:
                self._hurry_up(watched)
            case State.ENDING | State.STOPPING if over_due:
                part.kill()

    def _ended(self, watched: _Watched, why: str) -> None:
        """It ended unasked. What is left of it is told to end too, before it is started again."""
        part, now = watched.part, time.monotonic()
        last = next(reversed(part.last_lines()), "")
        watched.why = f"{why} ({last[:_SHOWN]})" if last else why
        if watched.ready_s is None:
            watched.failures += 1
        elif now - watched.ready_s >= GOOD_WHILE.total_seconds():
            watched.pause, watched.in_a_row = self._first_pause, 0
        watched.in_a_row += 1
        watched.state, watched.due_s = State.ENDING, now + part.grace.total_seconds()
        if part.is_over():
            self._start_again(watched)
        else:
            self._say(f"{part.name}: {why}; what is left of it ends first.")
            part.end()

    def _start_again(self, watched: _Watched) -> None:
        part = watched.part
        if watched.failures >= MOST_FAILURES:
            watched.state = State.GIVEN_UP
            self._say(
                f"{part.name} ended {watched.failures} times in a row before it was ready, and is given up; the rest goes on. "
                f"The last time {watched.why}. It said last:"
            )
            for line in part.last_lines():
                self._lines.say(part.name, line)
            self._let_past(watched)
            if all(w.state is State.GIVEN_UP for w in self._watched if not w.part.serves):
                self._say("Nothing is left that could work.")
                self._stop()
            return
        watched.state, watched.due_s = State.PAUSING, time.monotonic() + watched.pause.total_seconds()
        if self._stopping_s is None:
            self._say(f"{part.name}: {watched.why}; it is started again in {watched.pause.total_seconds():g} s.")
        watched.pause = min(2 * watched.pause, LONGEST_PAUSE)

    # Stopping

    def _signalled(self) -> None:
        if self._stopping_s is None:
            self._asked = True
            self._stop()
        elif not self._hurry and time.monotonic() - self._stopping_s >= SAME_SIGNAL.total_seconds():
            self._hurry = True
            self._say("Calls on the wire are ended at once; their turns go back, and nothing is lost.")

    def _stop(self) -> None:
        self._stopping_s = time.monotonic()
        names = ", ".join(watched.part.name for watched in reversed(self._watched))
        self._say(f"{parting(f'Stopping {names}')}.")

    def _stop_next(self) -> None:
        """Tell the last that is not over to stop; those before it come when it is."""
        if self._stopping_s is None:
            return
        for watched in reversed(self._watched):
            if watched.state is not State.STOPPED and watched.state is not State.STOPPING:
                watched.part.end()
                watched.started_s = time.monotonic()
                watched.state, watched.due_s = State.STOPPING, watched.started_s + watched.part.grace.total_seconds()
            if watched.state is State.STOPPING and watched.part.is_over():
                watched.state = State.STOPPED
            if watched.state is State.STOPPING:
                return

    def _hurry_up(self, watched: _Watched) -> None:
        now = time.monotonic()
        if not watched.part.knows_second:
            watched.hurried = True
            watched.part.kill()
        elif now - watched.started_s >= _AGAIN.total_seconds():
            watched.hurried, watched.due_s = True, now + HURRIED.total_seconds()
            watched.part.end()

    # Listening and telling

    def _listen(self, arrivals: socket.socket) -> None:
        """Wait until a signal comes, a part ends, or something is due."""
        lines = [line for watched in self._watched if (line := watched.part.ending) is not None]
        readable, _, _ = select.select([arrivals, *lines], [], [], self._patience_s())
        if arrivals in readable and any(number != signal.SIGCHLD for number in arrivals.recv(4096)):
            self._signalled()

    def _patience_s(self) -> float | None:
        if any(watched.state in (State.STARTING, State.ENDING, State.STOPPING) for watched in self._watched):
            return _LOOK_S
        due = [watched.due_s for watched in self._watched if watched.state is State.PAUSING]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _say(self, sentence: str) -> None:
        self._lines.say(SPEAKER, sentence)

    def _tell(self, status: Status) -> None:
        parts = tuple(
            PartStatus(w.part.name, w.state, w.part.pid, w.since if w.part.pid else None, w.restarts, w.why, w.in_a_row)
            for w in self._watched
        )
        now = replace(status, stopping=self._stopping_s is not None, parts=parts)
        if now != self._said:
            self._said = now
            self._told(now)


def _running(pid: int | None) -> str:
    return "running" if pid is None else f"running (process {pid})"


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """
    Where the numbers of signals come: of those that tell to stop, and of children that ended. One that is ignored stays
    ignored: who starts with nohup wants it to outlive the terminal.
    """
    heard = [n for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is not signal.SIG_IGN]
    come, go = socket.socketpair()
    with come, go:
        go.setblocking(False)
        before = {number: signal.signal(number, _nothing) for number in (*heard, signal.SIGCHLD)}
        woken = signal.set_wakeup_fd(go.fileno(), warn_on_full_buffer=False)
        try:
            yield come
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """What it means is read where its number comes."""
