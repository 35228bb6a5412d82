"""Something that many of this process's threads want done, and one does for all of them."""

import threading
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")


class Errand:
    """Done one at a time. Whoever wants it while another waits to begin it leaves it to that one, and does not wait."""

    def __init__(self) -> None:
        self._waits = threading.Lock()
        self._goes = threading.Lock()

    def run(self, errand: Callable[[], Done]) -> Done | None:
        """
        The *errand*'s result, after whoever is at it; None at once when somebody waits for that already: what was committed
        before this call, that one's errand sees.
        """
        if not self._waits.acquire(blocking=False):
            return None
        try:
            self._goes.acquire()
        finally:
            self._waits.release()
        try:
            return errand()
        finally:
            self._goes.release()
