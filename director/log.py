"""Log lines on standard error: pretty on a terminal, JSON otherwise, one form for our own and every library's."""

import logging
import sys

import structlog


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
    for noisy in ("httpx2", "httpcore2", "anthropic", "alembic", "redis"):
        logging.getLogger(noisy).setLevel(level.upper() if level == "debug" else "WARNING")
