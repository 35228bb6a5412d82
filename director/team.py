"""The actors at work in this process, for a person who has no worker running."""

import importlib
import signal
import sys
import threading
from datetime import timedelta
from types import FrameType, TracebackType
from typing import Any, Final, Self

from director.office import Office
from director.words import log
from director.words.errors import StoreError
from director.words.settings import Settings

#: A command that is done says what it stays for, when it stays for longer than this.
SAY_AFTER: Final = timedelta(seconds=1)

#: Dramatiq would leave calls to their fate after ten minutes. How long one may take is their own limit's to say.
_NEVER_MS: Final = timedelta(days=365) // timedelta(milliseconds=1)


class Team:
    """
    A worker inside a command: `with Team(settings) as team: …` until the command is done.

    The actors are found by the name of their package, as `dramatiq actors` finds them; the domain does not import them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker: Any = None
        self._broker: Any = None
        #: Whether the command is done or was told to stop: nothing is left that a signal could interrupt.
        self._leaving = False
        #: How often it was told to stop.
        self._signals = 0
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """Start the actors; work that was left over goes on. From here Ctrl-C, SIGTERM and a closed terminal mean the same."""
        from dramatiq import Worker  # noqa: PLC0415 - 0.3 s, and most commands start no worker

        stops = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
        # Who started it with nohup wants it to outlive the terminal.
        stops = [name for name in stops if signal.getsignal(name) is not signal.SIG_IGN]
        self._handlers = {name: signal.signal(name, self._on_signal) for name in stops}
        try:
            importlib.import_module("actors")
            self._broker = importlib.import_module("actors.broker")
            # A person looks at a live table here: say only what they would want to be interrupted for.
            level = "warning" if self._settings.log_level == "info" else self._settings.log_level
            log.configure(level, self._settings.log_format)
            self._broker.hours.standing = False
            self._worker = Worker(
                self._broker.broker,
                worker_threads=self._settings.max_parallel_agents,
                worker_timeout=100,  # ms between a thread's looks at whether it should stop; it does not poll Redis
            )
            self._worker.start()
        except BaseException:
            self._leaving = True
            if self._broker is not None:
                self._broker.hours.close()
            self._give_back_signals()
            raise
        return self

    @property
    def office(self) -> Office:
        """The office the actors work in."""
        office: Office = self._broker.office()
        return office

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, stack: TracebackType | None
    ) -> None:
        """
        Take no more work and let calls on the wire finish, however long they take: they may be another goal's, whose person
        waits for them elsewhere. Told to stop by a signal, give them until closing time; by a second one, end them at once.
        The turns of calls that were ended go back to the mailbox.
        """
        self._leaving = True
        if self._signals:
            self._broker.hours.begin_closing_time()
        stopping = threading.Thread(target=self._worker.stop, args=(_NEVER_MS,), name="closing")
        stopping.start()
        stopping.join(SAY_AFTER.total_seconds())
        if stopping.is_alive() and not self._signals and (goals := self._goals_in_hand()):
            _say(f"Finishing a call of {' and '.join(goals)} first (Ctrl-C leaves it to others).")
        stopping.join()
        self._give_back_signals()

    def _goals_in_hand(self) -> list[str]:
        try:
            with self.office.store.read() as tx:
                goals = {tx.turns.get(turn_id).goal for turn_id in set(self.office.in_hand)}
                return sorted(goal for goal in goals if goal is not None)
        except StoreError:
            return []  # the keeper says that the database is away

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self._signals += 1
        # Raised once, and only while there is something to interrupt: never into the closing itself.
        if not self._leaving:
            self._leaving = True
            raise KeyboardInterrupt
        if self._broker is not None:
            end = self._end_soon if self._signals == 1 else self.office.hurry
            threading.Thread(target=end, name="ending", daemon=True).start()

    def _end_soon(self) -> None:
        self._broker.hours.begin_closing_time()
        _say("Stopping: the call may finish (30 s at most); Ctrl-C again ends it. Nothing is lost.")

    def _give_back_signals(self) -> None:
        for name, handler in self._handlers.items():
            signal.signal(name, handler)


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
