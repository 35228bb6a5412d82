"""Single-flight: what many threads of this process want done is done once for all of them."""

import threading
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")


class SingleFlight:
    """
    Runs an action in one thread at a time. A thread that asks while another waits to begin leaves it to that one and does not
    wait.
    """

    def __init__(self) -> None:
        self._waiting = threading.Lock()
        self._running = threading.Lock()

    def run(self, action: Callable[[], Done]) -> Done | None:
        """
        The *action*'s result, after the run that is under way; None at once when another thread waits to run it already: that
        run sees whatever was committed before this call.
        """
        if not self._waiting.acquire(blocking=False):
            return None
        try:
            self._running.acquire()
        finally:
            self._waiting.release()
        try:
            return action()
        finally:
            self._running.release()
