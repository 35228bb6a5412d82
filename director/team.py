"""The actors at work in this process, for a person who has no worker running."""

import importlib
import threading
from types import TracebackType
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

    def __enter__(self) -> Self:
        """Start the actors; work that was left over goes on."""
        from dramatiq import Worker  # noqa: PLC0415 - 0.3 s, and most commands start no worker

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
        try:
            self._worker.start()
        except BaseException:
            self._broker.hours.close()
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
        Take no more work and let calls on the wire finish. Interrupted meanwhile (a second Ctrl-C), end them at once: their
        turns go back to the mailbox.
        """
        done = threading.Event()

        def stop() -> None:
            try:
                self._worker.stop()
            finally:
                done.set()

        stopping = threading.Thread(target=stop, name="closing")
        stopping.start()
        while not done.is_set():
            try:
                done.wait()
            except KeyboardInterrupt:
                self.office.claude.shut()
        stopping.join()
