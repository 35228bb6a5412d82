"""A limit for what may hang anywhere: in a name that is looked up, a handshake, an answer that comes a byte at a time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from queue import Empty, SimpleQueue


def within(limit: timedelta, action: Callable[[], None]) -> None:
    """
    Do *action* and wait for it no longer than *limit*. One that takes longer is left to itself: it may still succeed.

    Raises:
        TimeoutError: it was not done in time.
        Exception: what the action raised.
    """
    came: SimpleQueue[Exception | None] = SimpleQueue()

    def run() -> None:
        try:
            action()
        except Exception as problem:  # noqa: BLE001 - it is raised where somebody waits for it
            came.put(problem)
        else:
            came.put(None)

    threading.Thread(target=run, name="within a limit", daemon=True).start()
    try:
        problem = came.get(timeout=limit.total_seconds())
    except Empty:
        raise TimeoutError(f"not done within {limit.total_seconds():g} s") from None
    if problem is not None:
        raise problem
