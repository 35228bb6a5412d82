"""How often somebody told this process to stop, which is not how many signals came."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

#: A signal to a whole group of processes comes twice to one that is below another which passes it on: to a worker's below
#: Dramatiq's first, to a command below make. Within this time of the last that counted it is the same one, whatever its number.
SAME_SIGNAL: Final = timedelta(seconds=1)

_SAME_S: Final = SAME_SIGNAL.total_seconds()


class Told:
    """Counts for the handlers of a process's signals."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._at = 0.0
        #: How often it was told to stop.
        self.times = 0

    def anew(self) -> bool:
        """Note a signal that came; whether it counts."""
        now = self._monotonic()
        # Python may let another signal's handler in after any call. None stands from this look to the note, or both counted.
        if self.times and now - self._at < _SAME_S:
            return False
        self._at = now
        self.times += 1
        return True
