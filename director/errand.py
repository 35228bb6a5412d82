"""Something that many of this process's threads want done, and one does for all of them."""

import threading
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")


class Errand:
    """
    Done by one worker's thread at a time. One that wants it while another waits to begin it leaves it to that one, and does not
    wait. The main thread leaves it to nobody.
    """

    def __init__(self) -> None:
        self._waits = threading.Lock()
        self._goes = threading.Lock()

    def run(self, errand: Callable[[], Done]) -> Done | None:
        """
        The *errand*'s result, after whoever is at it; None at once when somebody waits for that already: what was committed
        before this call, that one's errand sees.
        """
        if threading.current_thread() is threading.main_thread():
            # A signal there can interrupt between taking a lock and noting that it was taken; it goes on its own.
            return errand()
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
