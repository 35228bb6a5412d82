"""A lock by key: of the threads that would do the same thing at once, one at a time does it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class KeyedLock:
    """The key says what the same thing is; a thread that comes second waits, and looks what the first has left."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._keys: set[str] = set()

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Hold *key*; waits until no other thread does."""
        with self._changed:
            self._changed.wait_for(lambda: key not in self._keys)
            self._keys.add(key)
        try:
            yield
        finally:
            with self._changed:
                self._keys.remove(key)
                self._changed.notify_all()
