"""Log lines on standard error: pretty on a terminal, JSON otherwise, one form for our own and every library's."""

import logging
import sys
from typing import Final

import structlog

#: Below these levels libraries say what belongs into no log, so it is not said there however much is asked for.
_LEAST: Final = {
    "anthropic": logging.INFO,  # whole requests, with the context and the prompts; the address with who logs in
    "httpcore2": logging.INFO,  # what a server sends with its answers, cookies too
    "httpx2": logging.WARNING,  # the address with who logs in
    "sqlalchemy": logging.WARNING,  # what is written and read: texts, drafts, questions
}


def configure(level: str, form: str | None) -> None:
    """Set up logging for this process. A second call replaces the first."""
    pretty = (form or ("pretty" if sys.stderr.isatty() else "json")) == "pretty"
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if pretty else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    # Not by the loggers' own levels alone, which ANTHROPIC_LOG and others set anew.
    handler.addFilter(lambda record: record.levelno >= _LEAST.get(record.name.partition(".")[0], logging.NOTSET))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # The libraries' own chatter is for debugging them.
    for noisy in (*_LEAST, "alembic", "redis"):
        logging.getLogger(noisy).setLevel(level.upper() if level == "debug" else "WARNING")
