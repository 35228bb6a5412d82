"""What many of a process's threads want done is done once for all who asked before it began."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from director.concurrency.single_flight import SingleFlight

PATIENCE_S = 30


class Going:
    """An action that is under way until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self) -> str:
        """Say that it began, and wait."""
        self.begun.set()
        assert self.go_on.wait(PATIENCE_S)
        return "first"


def test_whoever_comes_while_one_waits_leaves_it_to_that_one() -> None:
    """One goes, the next waits for it, all others return at once; the one that waited looks after they asked."""
    flight, first = SingleFlight(), Going()
    asked: list[str] = []
    with ThreadPoolExecutor(3) as pool:
        going = pool.submit(flight.run, first)
        assert first.begun.wait(PATIENCE_S)
        waiting = pool.submit(flight.run, lambda: list(asked))
        # Until the second waits, this one would wait itself; asking is all there is to see it by.
        while not flight._waiting.locked():
            assert not waiting.done()
        for name in ("third", "fourth"):
            asked.append(name)
            assert pool.submit(flight.run, lambda: "somebody went twice").result(PATIENCE_S) is None
        first.go_on.set()
        assert going.result(PATIENCE_S) == "first"
        assert waiting.result(PATIENCE_S) == ["third", "fourth"]


def test_an_action_that_fails_is_no_reason_for_the_next_to_wait() -> None:
    """The error is whose it was; who comes later goes."""
    flight = SingleFlight()

    def fail() -> None:
        raise ValueError("it broke")

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ValueError, match="it broke"):
            pool.submit(flight.run, fail).result(PATIENCE_S)
        assert pool.submit(flight.run, lambda: "done").result(PATIENCE_S) == "done"
