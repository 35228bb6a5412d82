"""What time it is."""

from datetime import UTC, datetime, timedelta
from typing import Final

#: Who finds that a moment was kept by a clock that was ahead waits until it has come, but not for longer than this.
MOST_AHEAD: Final = timedelta(days=1)


class Clock:
    """What time it is, aware and in UTC. Part of the office, so that tests can set it."""

    def __call__(self) -> datetime:
        """Now."""
        return datetime.now(UTC)
