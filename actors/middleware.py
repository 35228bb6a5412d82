"""What a worker process does when it opens and when it closes."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack

import dramatiq

from actors.doorbell_broker import DoorbellBroker
from actors.ticks import TICKS
from director.bootstrap import embedded_server
from director.concurrency.parent import end_with
from director.concurrency.stopping import Stopping
from director.launcher.restarting import restarting
from director.office import Office
from director.redis.bus import QUEUE, why_without_queue
from director.redis.embedded import EmbeddedServer
from director.upkeep.alerts import Watch
from director.upkeep.health import Looker
from director.upkeep.heartbeat import Heartbeat
from director.upkeep.record_copies import take_own_names
from director.words.alert import Rule
from director.words.errors import DirectorError
from director.words.settings import Settings

_log = logging.getLogger(__name__)


class OfficeHours(dramatiq.Middleware):
    """
    Opens the office when a worker boots and closes it when the worker has stopped.

    A process stays until it is told to go, as `dramatiq actors` does, and works for all goals; `only` is set by a command for
    the worker in its own process, as in `Reach`.
    """

    def __init__(self, settings: Settings, office: Callable[[], Office], stopping: Stopping) -> None:
        self.only: str | None = None
        self._settings = settings
        self._office = office
        self._stopping = stopping
        self._opened: Office | None = None
        self._server: EmbeddedServer | None = None
        self._heartbeat: Heartbeat | None = None
        self._looker: Looker | None = None

    @property
    def standing(self) -> bool:
        """Whether the process stays when a goal is over."""
        return self.only is None

    def after_process_boot(self, broker: DoorbellBroker) -> None:  # type: ignore[override]
        """
        Let a second signal end calls and not the process: only Dramatiq's command line calls this, in each worker process.

        Its own handler would leave there and then, and what was in hand would look as if it had crashed. (SIGINT it ignores
        here: the process above passes it on as SIGTERM.)

        When the process above is killed, which passes nothing on then, this one is told to stop as well.
        """
        dramatiqs = signal.getsignal(signal.SIGTERM)
        assert callable(dramatiqs)  # noqa: S101 - Dramatiq has just set it

        def first() -> None:
            broker.take_no_more()  # Dramatiq would only look in up to a second
            dramatiqs(signal.SIGTERM, None)

        self._stopping.listen(signal.SIGTERM, signal.SIGHUP, first=first)
        end_with(os.getppid())

    def before_worker_boot(self, broker: DoorbellBroker, worker: dramatiq.Worker) -> None:  # type: ignore[override]
        """
        Join the embedded server, where no other is named; open the office; look for work that was left.

        Dramatiq logs what a hook raises and goes on without it. A worker without its office must not: it ends, with a sentence.
        """
        try:
            if self._settings.redis_url is None:
                self._server = embedded_server(self._settings)
                self._server.join()
            self._opened = self._office()
            if self.standing:
                take_own_names(self._opened)
            broker.namespace = self._opened.bus.namespace  # no consumer is there yet
            self._stopping.end = self._opened.hurry
            hears = not worker.consumer_whitelist or QUEUE in worker.consumer_whitelist
            if hears:
                worker.consumer_whitelist = {self._opened.queue, *([TICKS] if self.standing else [])}
                broker.declare_queue(self._opened.queue)
            else:
                _log.error("No turn reaches this process: %s.", why_without_queue())
            heartbeat = Heartbeat(
                self._opened,
                standing=self.standing,
                hears=hears,
                threads=lambda: 0 if broker.hung_up else worker.worker_threads,
                watch=Watch(self._opened, {Rule.RESTARTING: restarting}),
            )
            if self._server is not None:
                self._opened.bus.revive = self._server.join
            self._opened.bus.check()
            self._opened.claude.warm()
            _ = self._opened.library  # read now rather than in the first plan
            self._heartbeat = heartbeat
            self._heartbeat.start()
            self._looker = Looker(self._office, team=self.standing, stands_in=not self.standing)
            self._looker.start()
            if self.standing and (said := self._settings.unused_token):
                _log.warning("%s", said)
            # What is imported stays. Else each full collection walks the SDK's classes again: 0.15 s in which nothing moves.
            gc.freeze()
        except Exception as problem:  # noqa: BLE001 - Dramatiq would swallow it
            self.close()
            if not isinstance(problem, DirectorError):
                _log.exception("the office cannot be opened")
            sys.stderr.write(f"{problem}\n")
            raise SystemExit(1) from None

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Leave everything as the next process expects to find it."""
        if not self.standing and self._opened is not None:
            self._opened.bus.forget(self._opened.queue)
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
            if self._heartbeat is not None:
                last.callback(self._heartbeat.stop)
                self._heartbeat = None
            if self._looker is not None:
                last.callback(self._looker.stop)
                self._looker = None
