"""Who works in this process now: side by side, or one alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Floor:
    """Room to work in. Whoever wants it alone waits until it is empty, and keeps others out meanwhile."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working = 0
        self._alone = False

    @contextmanager
    def beside_others(self) -> Iterator[None]:
        """Work with whoever else is there; waits while somebody has it alone, or is about to."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._working += 1
        try:
            yield
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work with nobody beside; waits until those who are there have done."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._alone = True
            self._changed.wait_for(lambda: not self._working)
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
