"""Log lines on standard error: pretty on a terminal, JSON otherwise, one form for our own and every library's."""

import logging
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from director.words.characters import visible
from director.words.redaction import blank
from director.words.streams import unguarded

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor


def about(**ids: str | int | None) -> AbstractContextManager[None]:
    """
    Let every line that is logged in the block say what it is about, by names such as brand, goal, task, turn, epoch,
    call, subject and by: ours and libraries', in this thread and in what this thread asks an event loop for. None says
    nothing. A block within another adds to it, and nothing is left behind for what the thread does next.
    """
    from structlog.contextvars import bound_contextvars  # noqa: PLC0415 - not for commands that only look

    return bound_contextvars(**{name: value for name, value in ids.items() if value is not None})


#: Below these levels libraries say what belongs into no log, so it is not said there however much is asked for.
_LEAST: Final = {
    "anthropic": logging.INFO,  # whole requests, with the context and the prompts; the address with who logs in
    "httpcore2": logging.INFO,  # what a server sends with its answers, cookies too
    "httpx2": logging.WARNING,  # the address with who logs in
    "sqlalchemy": logging.WARNING,  # what is written and read: texts, drafts, questions
}


def is_pretty(form: str | None) -> bool:
    """Whether lines are for people: as *form* says, or, where it says nothing, where standard error is a terminal."""
    return (form or ("pretty" if sys.stderr.isatty() else "json")) == "pretty"


def configure(level: str, form: str | None, own: Iterable[str]) -> None:
    """Set up logging for this process; *own* are the secrets no line may repeat. A second call replaces the first."""
    import structlog  # noqa: PLC0415 - as above

    pretty = is_pretty(form)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    rendered: list[Processor] = (
        [_briefly, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if pretty
        else [structlog.processors.JSONRenderer()]
    )
    handler = _ToStandardError()
    # Not by the loggers' own levels alone, which ANTHROPIC_LOG and others set anew.
    handler.addFilter(lambda record: record.levelno >= _LEAST.get(record.name.partition(".")[0], logging.NOTSET))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redacting(tuple(own)), *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # The libraries' own chatter is for debugging them.
    for noisy in (*_LEAST, "alembic", "periodiq", "redis"):
        logging.getLogger(noisy).setLevel(level.upper() if level == "debug" else "WARNING")


class _ToStandardError(logging.Handler):
    """
    Writes to what standard error is at that moment: a live table that puts itself in its place shows a line above itself,
    where one that went past it would be drawn into it.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """A line, whole."""
        try:
            # What is in a line is visible already, and its colours are ours.
            out = unguarded(sys.stderr)
            out.write(f"{self.format(record)}\n")
            out.flush()
        except Exception:  # noqa: BLE001 - logging's own way: what cannot be logged stops nobody
            self.handleError(record)


def _briefly(_logger: object, _method: str, line: "EventDict") -> "EventDict":
    """For people: a task's id has its goal's in it, and the rest is said in the sentence, or matters to programs."""
    for name in ("brand", "epoch", "call", "subject", "by"):
        line.pop(name, None)
    if "task" in line:
        line.pop("goal", None)
    return line


def _redacting(own: tuple[str, ...]) -> "Processor":
    """
    Takes secrets out of a line, of ours and of every library's, and makes it visible: it says what others said, and a stack
    repeats it.
    """

    def redact(_logger: object, _method: str, line: "EventDict") -> "EventDict":
        return {name: visible(blank(value, own)) if isinstance(value, str) else value for name, value in line.items()}

    return redact
