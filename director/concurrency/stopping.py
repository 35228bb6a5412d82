"""Signals to stop, and what they mean to a process that does turns, a worker or a command. Not a goal's cancel."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final

#: How long calls on the wire may go on after somebody told the process to stop.
CLOSING_TIME: Final = timedelta(seconds=30)

#: A signal to a whole group of processes comes twice to one that is below another which passes it on: to a worker's below
#: Dramatiq's first, to a command below make. Within this time of the first it is the same one, whatever its number.
SAME_SIGNAL: Final = timedelta(seconds=1)

#: The exit code of whoever was told to stop, where it cannot be 0: 128 and the number of Ctrl-C's signal.
STOPPED: Final = 130


def parting(why: str = "Stopping") -> str:
    """What a person is told whose process stops while it has calls on the wire, without the full stop."""
    seconds = CLOSING_TIME.total_seconds()
    return f"{why}: calls on the wire may finish ({seconds:.0f} s at most); Ctrl-C again ends them. Nothing is lost"


@contextmanager
def ended_by_ctrl_c() -> Iterator[None]:
    """
    A block in which Ctrl-C ends this process without a word: for imports, of which a KeyboardInterrupt would show the inside.
    Where Ctrl-C is ignored, it stays so.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_Handler = Callable[[int, FrameType | None], object] | int | None


def _leave() -> None:
    sys.stderr.write(
        "Told to stop while it started, and ended before it was ready. Nothing was in hand; nothing is lost.\n"
    )
    sys.stderr.flush()
    os._exit(STOPPED)


class Stopping:
    """
    Whether this process was told to stop, and what follows.

    After the first signal calls on the wire may finish, until CLOSING_TIME is over; a second one ends them at once. Whoever
    follows the work lets time pass with `wait`, and leaves there, where nothing is half done.

    Python runs a signal's handler in the main thread between any two of its steps, also while that thread holds a lock. An
    exception raised there can lose a lock for ever, and `Event.set` takes a lock itself, so that it waits for ever when it
    interrupts that event's own `wait`. The handler here does nothing but put into a `SimpleQueue`, whose `put` may interrupt
    anything, itself too; a thread reads it and does the rest.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        #: Ends every call on the wire. While there is no office yet, it ends the process, which has nothing in hand then.
        self.end: Callable[[], None] = _leave
        self._monotonic = monotonic
        self._told = threading.Event()
        self._interrupts = False
        #: A signal came; the thread may not have read of it yet.
        self._came = False
        self._arrivals: SimpleQueue[float | None] = SimpleQueue()
        self._before: dict[signal.Signals, _Handler] = {}

    @property
    def told(self) -> bool:
        """Whether somebody told this process to stop."""
        return self._came

    def wait(self, seconds: float) -> None:
        """
        Let time pass.

        Raises:
            KeyboardInterrupt: somebody told this process to stop, before or meanwhile. Raised here and not by the handler.
        """
        if self._told.wait(seconds):
            raise KeyboardInterrupt

    def listen(self, *signals: signal.Signals, first: Callable[[], None]) -> None:
        """
        From now on these signals tell the process to stop; *first* is called once, in a thread of its own, after the first.

        Only the main thread may call this. A signal that is ignored stays ignored: who starts a process with nohup wants it
        to outlive the terminal.
        """
        threading.Thread(target=self._act, args=(first,), name="stopping", daemon=True).start()
        heard = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._note) for number in heard}

    def give_back(self) -> None:
        """Let the signals mean what they meant before `listen`."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
        self._arrivals.put(None)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """
        A block that a signal leaves with KeyboardInterrupt, also one that came before: for a question to a person, at which
        only that ends the wait. Nothing else may be in it, least of all what takes a lock.
        """
        self._interrupts = True
        try:
            if self._came:
                raise KeyboardInterrupt
            yield
        finally:
            self._interrupts = False

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True
        self._arrivals.put(self._monotonic())
        if self._interrupts:
            self._interrupts = False  # one is enough: a second would hit whoever handles the first
            raise KeyboardInterrupt

    def _act(self, first: Callable[[], None]) -> None:
        told_at = self._arrivals.get()
        if told_at is None:
            return
        self._told.set()
        first()
        if self._has_to_end(told_at):
            self.end()

    def _has_to_end(self, told_at: float) -> bool:
        """Wait for a second signal or for the end of closing time; False when the signals were given back before."""
        closes_at = time.monotonic() + CLOSING_TIME.total_seconds()
        while True:
            try:
                again = self._arrivals.get(timeout=max(0.0, closes_at - time.monotonic()))
            except Empty:
                return True
            if again is None:
                return False
            if again - told_at >= SAME_SIGNAL.total_seconds():
                return True
