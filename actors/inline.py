"""A worker inside a command, for a person who has no worker running."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum, auto
from queue import SimpleQueue
from typing import Final

import dramatiq

from actors.broker import broker, hours, office, stopping
from director.concurrency.stopping import parting
from director.office import Office
from director.words import log
from director.words.errors import StoreError
from director.words.own_secrets import own_secrets
from director.words.settings import Settings

#: A command that is done says what it stays for, when it stays for longer than this.
SAY_AFTER: Final = timedelta(seconds=1)

#: Dramatiq would leave calls to their fate after ten minutes. How long one may take is their own limit's to say.
_NEVER_MS: Final = timedelta(days=365) // timedelta(milliseconds=1)


class _News(Enum):
    TOLD = auto()  #: A signal told the process to stop.
    STOPPED = auto()  #: The worker has stopped.


@contextmanager
def inline_worker(settings: Settings, goal: str) -> Iterator[Office]:
    """
    The actors at work in this process for the length of a block, which is given their office: for *goal*, of which what was
    left over goes on, and for no other. It is "" where the block is what gives the goal (`goals.submit.take`).

    Ctrl-C, SIGTERM and a closed terminal mean the same meanwhile. They interrupt nothing: whoever waits in the block does so
    with `office.stopping`, and leaves with KeyboardInterrupt after a word to the person. Told to stop while it starts, it
    raises that itself, and there is no block.
    """
    news: SimpleQueue[_News] = SimpleQueue()
    # A person looks at a live table here: say only what they would want to be interrupted for.
    log.configure(
        "warning" if settings.log_level == "info" else settings.log_level, settings.log_format, own_secrets(settings)
    )
    hours.only = goal
    worker = dramatiq.Worker(
        broker,
        worker_threads=settings.max_parallel_agents,
        worker_timeout=100,  # ms between a thread's looks at whether it should stop; it does not poll Redis
    )

    def first() -> None:
        broker.take_no_more()
        news.put(_News.TOLD)

    stopping.listen(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, first=first)
    try:
        try:
            worker.start()
        except BaseException:
            hours.close()
            raise
        knows = False
        try:
            stopping.wait(0)
            try:
                yield office()
            except KeyboardInterrupt:
                knows = True
                raise
        finally:
            _stop(worker, news, knows=knows)
    finally:
        stopping.give_back()


def _stop(worker: dramatiq.Worker, news: SimpleQueue[_News], *, knows: bool) -> None:
    """
    Take no more work and let calls on the wire finish, however long they take: they are paid. Told to stop by a signal, they
    have until closing time; by a second one, they are ended at once. The turns of calls that were ended go back to the mailbox.

    *knows* is whether the person was told that the process stops.
    """

    def stop() -> None:
        try:
            worker.stop(_NEVER_MS)
        finally:
            news.put(_News.STOPPED)

    closing = threading.Thread(target=stop, name="closing")
    closing.start()
    closing.join(SAY_AFTER.total_seconds())
    if not closing.is_alive():
        return
    if not stopping.told and (goals := _goals_in_hand()):
        _say(f"Finishing a call of {' and '.join(goals)} first (Ctrl-C leaves it to others).")
    while news.get() is _News.TOLD:
        if not knows:
            _say(f"{parting()}.")


def _goals_in_hand() -> list[str]:
    try:
        with office().store.read() as tx:
            goals = {tx.turns.get(claim.turn).goal for claim in set(office().in_hand)}
            return sorted(goal for goal in goals if goal is not None)
    except StoreError:
        return []  # the heartbeat says that the database is away


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
