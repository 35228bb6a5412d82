"""What a worker process does when it opens and when it closes."""

import gc
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from types import FrameType
from typing import Any, Final

import dramatiq

from director.bootstrap import embedded_server
from director.office import Office
from director.redis.embedded import EmbeddedServer
from director.upkeep.sweep import Keeper
from director.words.errors import DirectorError
from director.words.settings import Settings

_log = logging.getLogger(__name__)

#: How long calls on the wire may go on after somebody told the process to stop.
CLOSING_TIME: Final = timedelta(seconds=30)

#: A signal to all processes of a worker, as systemd sends it, comes twice: the one above the others passes it on to them.
SAME_SIGNAL: Final = timedelta(seconds=1)


class OfficeHours(dramatiq.Middleware):
    """
    Opens the office when a worker boots and closes it when the worker has stopped.

    `standing` is whether the process stays until it is told to go, as `dramatiq actors` does; `goal` sets it to False for
    the worker it runs in its own process.
    """

    def __init__(self, settings: Settings, office: Callable[[], Office]) -> None:
        self.standing = True
        self._settings = settings
        self._office = office
        self._opened: Office | None = None
        self._server: EmbeddedServer | None = None
        self._keeper: Keeper | None = None
        self._closing: threading.Timer | None = None
        self._told_to_stop = False
        self._told_at = 0.0

    def after_process_boot(self, broker: dramatiq.Broker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """
        Let a second signal end calls and not the process: only Dramatiq's command line calls this, in each worker process.

        Its own handler would leave there and then, and what was in hand would look as if it had crashed. (SIGINT it ignores
        here: the process above passes it on as SIGTERM.)
        """
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal(signal.getsignal(number)))

    def _on_signal(self, dramatiqs: Any) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            opening = self._opened is None and self._closing is None
            if self._told_to_stop and time.monotonic() - self._told_at < SAME_SIGNAL.total_seconds():
                return
            self._told_at = time.monotonic()
            if self._told_to_stop and not opening:
                threading.Thread(target=self._office().hurry, name="hurry", daemon=True).start()
            else:
                self._told_to_stop = True
                dramatiqs(number, frame)

        return handle

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """
        Join the embedded server, where no other is named; open the office; look for work that was left.

        Dramatiq logs what a hook raises and goes on without it. A worker without its office must not: it ends, with a sentence.
        """
        try:
            if self._settings.redis_url is None:
                self._server = embedded_server(self._settings)
                self._server.join()
            self._opened = self._office()
            keeper = Keeper(self._opened, standing=self.standing)
            if self._server is not None:
                self._opened.bus.revive = self._server.join
            self._opened.bus.check()
            self._opened.claude.warm()
            _ = self._opened.library  # read now rather than in the first plan
            self._keeper = keeper
            self._keeper.start()
            # What is imported stays. Else each full collection walks the SDK's classes again: 0.15 s in which nothing moves.
            gc.freeze()
        except Exception as problem:  # noqa: BLE001 - Dramatiq would swallow it
            self.close()
            if not isinstance(problem, DirectorError):
                _log.exception("the office cannot be opened")
            sys.stderr.write(f"{problem}\n")
            raise SystemExit(1) from None

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """A standing worker stops because it was told to; a command may only have done what it came for."""
        if self.standing:
            self.begin_closing_time()

    def begin_closing_time(self) -> None:
        """
        Give calls on the wire until closing time, then end them; their turns go back, no attempt used.

        Safe to call any number of times.
        """
        if self._closing is None:
            self._closing = threading.Timer(CLOSING_TIME.total_seconds(), self._office().hurry)
            self._closing.daemon = True
            self._closing.start()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Leave everything as the next process expects to find it."""
        broker.close()
        self.close()

    def close(self) -> None:
        """Let go of whatever was opened. Safe to call any number of times."""
        with ExitStack() as last:  # in reverse, and each whatever happens to the one before
            if self._server is not None:
                last.callback(self._server.leave)
                self._server = None
            if self._opened is not None:
                last.callback(self._opened.close)
                self._opened = None
            if self._keeper is not None:
                last.callback(self._keeper.stop)
                self._keeper = None
            if self._closing is not None:
                self._closing.cancel()
