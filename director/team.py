"""The actors at work in this process, for a person who has no worker running."""

import importlib
import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from director import log
from director.office import Office
from director.settings import Settings


class Team:
    """
    A worker inside a command: `with Team(settings) as team: …` until the command is done.

    The actors are found by the name of their package, as `dramatiq actors` finds them; the domain does not import them.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker: Any = None
        self._broker: Any = None
        self._stopping = False
        self._handlers: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        """Start the actors; work that was left over goes on. From here Ctrl-C and SIGTERM mean the same."""
        from dramatiq import Worker  # noqa: PLC0415 - 0.3 s, and most commands start no worker

        self._handlers = {name: signal.signal(name, self._on_signal) for name in (signal.SIGINT, signal.SIGTERM)}
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
            self._stopping = True
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
        Take no more work and let calls on the wire finish. Signalled meanwhile (a second Ctrl-C), end them at once: their
        turns go back to the mailbox.
        """
        self._stopping = True
        stopping = threading.Thread(target=self._worker.stop, name="closing")
        stopping.start()
        stopping.join()
        self._give_back_signals()

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        # Raised once, and only while there is something to interrupt: never into the closing itself.
        if not self._stopping:
            self._stopping = True
            raise KeyboardInterrupt
        if self._broker is not None:
            threading.Thread(target=self.office.hurry, name="hurry", daemon=True).start()

    def _give_back_signals(self) -> None:
        for name, handler in self._handlers.items():
            signal.signal(name, handler)
