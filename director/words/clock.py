"""What time it is."""

from datetime import UTC, datetime


class Clock:
    """What time it is, aware and in UTC. Part of the office, so that tests can set it."""

    def __call__(self) -> datetime:
        """Now."""
        return datetime.now(UTC)
