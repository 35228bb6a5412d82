"""Being told to stop: what the first signal does, what a second one does, and what a handler must never do."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from director.concurrency import stopping as module
from director.concurrency.stopping import SAME_SIGNAL, Stopping

#: Long enough for a loaded machine; nothing waits this long unless it is broken.
PATIENCE_S = 30

S = SAME_SIGNAL.total_seconds()


class Watch:
    """Seconds, as a test sets them."""

    s = 0.0

    def __call__(self) -> float:
        """The moment that was set."""
        return self.s


class Listener:
    """A Stopping that listens, and what it did."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.first = threading.Event()
        self.ended = threading.Event()
        self.stopping = Stopping(watch)
        self.stopping.end = self.ended.set

    def listen(self, *signals: signal.Signals) -> None:
        """Begin."""
        self.stopping.listen(*signals, first=self.first.set)

    def tell(self, number: signal.Signals = signal.SIGTERM, *, at_s: float = 0.0) -> None:
        """Send the signal to this process, whose main thread handles it before it goes on."""
        self.watch.s = at_s
        signal.raise_signal(number)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """One that listens to SIGTERM and SIGHUP; at the end the signals are given back, and nobody acts on them any more."""
    listener = Listener(Watch())
    listener.listen(signal.SIGTERM, signal.SIGHUP)
    yield listener
    listener.stopping.give_back()
    for thread in threads():  # else the next test finds it
        thread.join(PATIENCE_S)


def threads() -> list[threading.Thread]:
    """Those that act on signals."""
    return [thread for thread in threading.enumerate() if thread.name == "stopping"]


def test_the_first_signal_is_told_and_ends_nothing(listener: Listener) -> None:
    """Whoever waits is told, where they wait; calls on the wire go on."""
    assert not listener.stopping.told
    listener.stopping.wait(0)
    listener.tell()

    assert listener.stopping.told
    assert listener.first.wait(PATIENCE_S)
    with pytest.raises(KeyboardInterrupt):
        listener.stopping.wait(PATIENCE_S)
    assert not listener.ended.is_set()


@pytest.mark.parametrize("again", [signal.SIGTERM, signal.SIGHUP])
def test_a_second_signal_ends_calls(listener: Listener, again: signal.Signals) -> None:
    """Whatever its number, when it comes a second after the first."""
    listener.tell(at_s=5.0)
    listener.tell(again, at_s=5.0 + S)

    assert listener.ended.wait(PATIENCE_S)


@pytest.mark.parametrize("later_s", [0.0, 0.9 * S])
def test_a_signal_that_somebody_above_passed_on_is_the_same(listener: Listener, later_s: float) -> None:
    """Dramatiq's first process and make do that at once, with what the whole group was told. It counts once, and so do ten."""
    listener.tell(at_s=5.0)
    for _ in range(10):
        listener.tell(signal.SIGHUP, at_s=5.0 + later_s)
    [thread] = threads()
    listener.stopping.give_back()  # then there is nothing more to come
    thread.join(PATIENCE_S)

    assert listener.first.is_set()
    assert not listener.ended.is_set()


def test_calls_end_when_closing_time_is_over(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> None:
    """Also where nobody says it again."""
    monkeypatch.setattr(module, "CLOSING_TIME", timedelta(0))
    listener.tell()

    assert listener.ended.wait(PATIENCE_S)


def test_a_person_is_told_how_long_calls_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as they may: the sentence is made of the same time."""
    monkeypatch.setattr(module, "CLOSING_TIME", timedelta(seconds=7))

    assert module.parting("Gone").startswith("Gone: calls on the wire may finish (7 s at most);")


def test_a_signal_comes_at_any_moment(listener: Listener) -> None:
    """Also while the main thread holds the lock that an event is set under: nothing is raised there, and nobody waits."""
    with listener.stopping._told._cond:  # type: ignore[attr-defined]  # where Event.wait stands for a moment
        listener.tell()

    assert listener.first.wait(PATIENCE_S)


def test_signals_come_while_the_main_thread_works(listener: Listener) -> None:
    """However many: each step of what they meet is done, and a lock that was taken is given back."""
    lock, steps, told = threading.Lock(), 0, threading.Event()

    def tell() -> None:
        while not told.wait(0.0005):
            os.kill(os.getpid(), signal.SIGTERM)

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        for _ in range(20_000):
            lock.acquire()
            steps += 1
            lock.release()
    finally:
        told.set()
        teller.join(PATIENCE_S)

    assert (steps, lock.locked()) == (20_000, False)


def test_a_question_to_a_person_is_interrupted(listener: Listener) -> None:
    """Nothing else ends the wait for a line. Once: whoever handles that is left in peace."""
    with pytest.raises(KeyboardInterrupt), listener.stopping.interrupting():  # noqa: PT012 - the second line must not come
        listener.tell()
        listener.tell()
    listener.tell()

    with pytest.raises(KeyboardInterrupt), listener.stopping.interrupting():
        pytest.fail("who was told before is asked nothing")


def test_an_answer_to_a_question_ends_that(listener: Listener) -> None:
    """What follows it is not interrupted."""
    with listener.stopping.interrupting():
        pass
    listener.tell()

    assert listener.stopping.told


@pytest.fixture
def ignored() -> Iterator[Callable[[], object]]:
    """SIGHUP, as nohup leaves it; how it is handled."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield lambda: signal.getsignal(signal.SIGHUP)
    signal.signal(signal.SIGHUP, before)


def test_an_ignored_signal_stays_ignored(ignored: Callable[[], object]) -> None:
    """Who starts it with nohup wants it to outlive the terminal."""
    listener = Listener(Watch())
    listener.listen(signal.SIGTERM, signal.SIGHUP)
    found = ignored()
    listener.stopping.give_back()

    assert found is signal.SIG_IGN


def test_signals_are_given_back() -> None:
    """And the thread that acted on them ends."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    listener = Listener(Watch())
    listener.listen(*numbers)
    during = [signal.getsignal(number) for number in numbers]
    [thread] = threads()
    listener.stopping.give_back()
    thread.join(PATIENCE_S)

    assert [signal.getsignal(number) for number in numbers] == before
    assert set(before) & set(during) == set()
    assert not thread.is_alive()


STARTS = """
import signal, sys, time
from director.concurrency.stopping import Stopping

Stopping().listen(signal.SIGTERM, first=lambda: print("told", flush=True))
print("starts", flush=True)
while True:
    time.sleep(60)
"""


def test_a_process_that_has_nothing_in_hand_yet_ends_at_the_second_signal() -> None:
    """A start that hangs can be ended: with a sentence, and the code of whoever was told to stop."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "starts\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "told\n"
        answered = time.monotonic()
        while time.monotonic() < answered + S:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert (
        said == "Told to stop while it started, and ended before it was ready. Nothing was in hand; nothing is lost.\n"
    )
