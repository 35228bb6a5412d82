"""The clock's actor: periodiq sends a tick each minute, and whichever worker hears it starts what is due."""

import logging
from datetime import timedelta
from typing import Any, Final

import dramatiq
from dramatiq import Message
from periodiq import cron  # type: ignore[import-untyped]  # it has no types

from actors.broker import broker, office, settings
from actors.ticks import TICKS, Sender
from director.access.tokens import forget_old_uses
from director.triggers.clock import tick
from director.upkeep.daily_report import write_missing
from director.words.errors import DirectorError

_log = logging.getLogger(__name__)

#: The actor's name.
CLOCK: Final = "clock"

_sender = Sender(settings)


class _Clock(dramatiq.Actor[[], None]):
    """An actor that periodiq can send to: whatever is away, periodiq goes on."""

    def send_with_options(
        self,
        *,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        delay: timedelta | int | None = None,  # noqa: ARG002 - Dramatiq's signature
        **options: Any,
    ) -> Message[None]:
        """Send a tick now, if that can be."""
        message = self.message_with_options(args=args, kwargs=kwargs, **options)
        _sender.send(self, message)
        return message


@dramatiq.actor(actor_class=_Clock, actor_name=CLOCK, queue_name=TICKS, broker=broker, periodic=cron("* * * * *"))
def clock() -> None:
    """
    Start what is due, write the pages of days that are over, and forget what was done with tokens long ago. A tick that is
    late, doubled or lost changes nothing: due times are kept in the record.
    """
    try:
        tick(office())
        write_missing(office())
        forget_old_uses(office())
    except DirectorError as problem:
        _log.warning("What is due could not be started now (%s); the next tick looks again.", str(problem).rstrip("."))
