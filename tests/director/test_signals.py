"""Being told to stop: what counts as once more, and what is the same signal that came by another way."""

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from director.signals import SAME_SIGNAL, Told

S = SAME_SIGNAL.total_seconds()


class Watch:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        """The moment that was set."""
        return self.s


@pytest.fixture
def watch() -> Watch:
    """A clock that only runs, standing at its beginning: a machine that was just started."""
    return Watch()


@pytest.fixture
def handlers() -> Iterator[None]:
    """Gives the signals back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("moments", "counted"),
    [
        ([0.0], [True]),
        ([0.0, 0.0], [True, False]),
        ([0.0, 0.9 * S], [True, False]),
        ([0.0, S], [True, True]),
        ([0.0, 0.5 * S, 0.9 * S, 1.1 * S], [True, False, False, True]),
        ([0.0, 2 * S, 2 * S, 4 * S], [True, True, False, True]),
    ],
    ids=["one", "at once", "soon", "again", "a person who does not stop pressing", "each one passed on"],
)
def test_what_comes_within_a_second_of_one_that_counted_is_the_same(
    watch: Watch, moments: list[float], counted: list[bool]
) -> None:
    """
    Who passes a signal on does so at once; who means it again is heard after a second, also who never lets go.
    """
    told, found = Told(watch), []
    for watch.s in moments:
        found.append(told.anew())

    assert found == counted
    assert told.times == counted.count(True)


def test_one_that_comes_while_another_is_noted_is_the_same(handlers: None) -> None:
    """
    Two handlers, one inside the other: one of the two counts, whichever it is.
    """
    found: list[bool] = []

    def now() -> float:
        if not inner.is_set():
            inner.set()
            os.kill(os.getpid(), signal.SIGHUP)
        return 0.0

    def handle(_number: int, _frame: FrameType | None) -> None:
        found.append(told.anew())

    told, inner = Told(now), threading.Event()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handle)
    os.kill(os.getpid(), signal.SIGTERM)

    assert sorted(found) == [False, True]
    assert told.times == 1
