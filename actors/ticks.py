"""The minute tick as a message: where it goes, which of them are too old, and how periodiq's own process sends it."""

import atexit
import logging
import signal
import sys
from types import FrameType
from typing import Any, Final

import dramatiq
from periodiq import PeriodiqMiddleware  # type: ignore[import-untyped]  # it has no types
from redis import RedisError

from actors.doorbell_broker import DoorbellBroker
from director.bootstrap import embedded_server, open_office
from director.redis.embedded import EmbeddedServer
from director.words.errors import DirectorError
from director.words.settings import Settings

_log = logging.getLogger(__name__)

#: Where ticks are heard: by every process of a standing worker, whatever it can do besides.
TICKS: Final = "ticks"

#: A tick that is heard later is not one any more: the next has been sent.
TOO_LATE_S: Final = 55


class Ticks(PeriodiqMiddleware):  # type: ignore[misc]  # it has no types
    """periodiq's middleware, for ticks only: by itself it looks every message's actor up, and not all are declared here."""

    def __init__(self) -> None:
        super().__init__(skip_delay=TOO_LATE_S)

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        """A tick that is too old is left."""
        if message.queue_name == TICKS:
            super().before_process_message(broker, message)


class Sender:
    """
    Makes ready for a tick to be sent, in a process that is no worker: that of periodiq.

    Nobody else tells its broker how keys in Redis begin, and it is a user of the workspace's own Redis as others are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: EmbeddedServer | None = None
        self._away = False

    def send(self, actor: dramatiq.Actor[..., Any], message: dramatiq.Message[Any]) -> None:
        """
        Send a tick, if that can be. One that cannot be is lost, which changes nothing: the next finds what is due. It is said
        once, when it begins and when it is over.
        """
        try:
            self._open(actor.broker)
            actor.broker.enqueue(message)
        except (DirectorError, RedisError) as problem:
            if not self._away:
                _log.error(
                    "No tick can be sent now (%s). What is due waits, and starts when one can.",
                    str(problem).rstrip("."),
                )
            self._away = True
        else:
            if self._away:
                _log.warning("Ticks can be sent again.")
            self._away = False

    def _open(self, broker: dramatiq.Broker) -> None:
        assert isinstance(broker, DoorbellBroker)  # noqa: S101 - there is no other
        if self._settings.redis_url is None:
            if self._server is None:
                self._server = embedded_server(self._settings)
                atexit.register(self._server.leave)
                if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
                    signal.signal(signal.SIGTERM, _exit)  # else this process would end without leaving
            self._server.join()  # each time: it brings the server back if it has died
        # Each time: a worker that finds that the record is a copy gives it another.
        office = open_office(self._settings)
        broker.namespace = office.bus.namespace
        office.close()


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
