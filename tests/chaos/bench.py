"""What faults are tried on: an installation with standing workers, a model service beside it, and chance with a seed."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from sqlalchemy import func, select

from director.bootstrap import opened
from director.goals.submit import submit
from director.store import schema
from director.store.tx import Tx
from director.words.models import Goal
from director.words.settings import from_env
from director.words.states import GoalState, WaitFor, is_final
from tests.chaos.invariants import broken
from tests.e2e.installation import PATIENCE_S, Installation, Program, lines, until
from tests.messages_server import MessagesServer

#: The plan of every goal here: copy, then a page that builds on it. Draft, review, draft, review, conclusion are five calls,
#: and one more is made for each draft in which something was found.
PIPELINE: Final = "Gnome Page"
CALLS: Final = 5

#: Longer than anything takes; a scenario that is stuck ends here, and its row says what did not come to rest.
LONGEST_S: Final = 600.0

_MOMENT_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was done, what was measured, and what was to be kept."""

    fault: str
    measured: str
    bar: str
    lost: int = 0  #: Goals that are not completed where all should be.
    broken: list[str] = field(default_factory=list)  #: Rules of the record that do not hold, a sentence each.
    kept: bool = True  #: Whether the bars held that are about time or attempts.
    ran: bool = True  #: False where this machine does not allow the fault; *measured* says what is missing.

    @property
    def verdict(self) -> str:
        """One word."""
        if not self.ran:
            return "not run"
        return "held" if self.kept and not self.lost and not self.broken else "MISSED"


@dataclass(slots=True)
class Bench:
    """Where scenarios run: *scale* 1 is what the bars speak of, less is quicker and proves less."""

    folder: Path
    seed: int
    scale: float = 1.0
    tell: Callable[[str], None] = lambda _: None

    def some(self, full: int, *, least: int = 1) -> int:
        """So many instead of *full*."""
        return max(least, round(full * self.scale))

    def chance(self, name: str) -> random.Random:
        """Chance for the scenario *name*: the same seed, the same draws, whichever other scenarios run."""
        return random.Random(f"{self.seed} {name}")

    @contextmanager
    def ground(self, name: str, script: str, *, workers: int = 1, **settings: str) -> Iterator["Ground"]:
        """An installation whose model service plays *script*, and its workers; nothing of it runs afterwards."""
        self.tell(f"{name}: seed {self.seed}, scale {self.scale:g}")
        with (
            MessagesServer(f"{script} seed={self.seed}") as server,
            Installation(self.folder / name, anthropic_base_url=server.url, **settings) as place,
        ):
            place.add_pipeline(PIPELINE, "copywriting", "page-cro")
            with Crew(place, workers) as crew:
                yield Ground(place, server, crew, self.chance(name), lambda text: self.tell(f"{name}: {text}"))


class Crew:
    """Standing workers, each `dramatiq actors`; who is killed here is started again at once, as a supervisor does."""

    def __init__(self, place: Installation, size: int) -> None:
        self._place = place
        self._size = size
        self._workers: list[Program] = []

    def __enter__(self) -> Self:
        self._workers = [self._place.start_worker() for _ in range(self._size)]
        self._place.until(lambda tx: len(_owners(tx)) >= self._size, "the workers are there")
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        for worker in self._workers:
            worker.kill_all()

    def stop(self) -> list[str]:
        """Tell every worker to go, as a person does; what was wrong about how they went."""
        wrong = self.ended()
        for worker in self._workers:
            worker.send(signal.SIGTERM)
        for worker in self._workers:
            try:
                code = worker.wait().code
            except AssertionError:  # it is killed by now
                wrong.append(f"a worker did not go within {PATIENCE_S:.0f} s of SIGTERM")
            else:
                wrong += [f"a worker went with exit code {code}"] if code else []
        return wrong

    def has(self, process: int) -> bool:
        """Whether *process* is one of a worker's that was not killed."""
        return self._worker(process) is not None

    def kill(self, process: int) -> float:
        """Kill -9 the worker that *process* belongs to, and all of its processes. The moment, monotonic seconds."""
        worker = self._worker(process)
        assert worker is not None
        moment = time.monotonic()
        worker.kill_all()
        self._replace(worker)
        return moment

    def kill_any(self) -> None:
        """Kill -9 the first of the workers."""
        self.kill(self._workers[0].pid)

    def kill_process(self, process: int) -> None:
        """Kill -9 one process of a worker and let Dramatiq's master notice; the whole worker is replaced when it has."""
        worker = self._worker(process)
        assert worker is not None
        os.kill(process, signal.SIGKILL)
        worker.wait()
        self._replace(worker)

    @contextmanager
    def stopped(self, process: int) -> Iterator[None]:
        """
        The worker that *process* belongs to stands still for the length of a block, and goes on as if nothing had been.

        Not in the middle of a write: SQLite lets nobody else write until that is over, so nothing could be taken from it.
        """
        worker = self._worker(process)
        assert worker is not None
        os.killpg(worker.pid, signal.SIGSTOP)
        while not self._place.can_be_written():
            os.killpg(worker.pid, signal.SIGCONT)
            time.sleep(_MOMENT_S)
            os.killpg(worker.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(worker.pid, signal.SIGCONT)

    def ended(self) -> list[str]:
        """Workers that ended without being told to, with the last thing they said."""
        gone = [worker for worker in self._workers if worker.ended]
        return [f"a worker ended by itself: {(lines(worker.err) or ['(said nothing)'])[-1][:200]}" for worker in gone]

    def said(self) -> list[str]:
        """Every line the workers of now logged."""
        return [line for worker in self._workers for line in lines(worker.err)]

    def _worker(self, process: int) -> Program | None:
        try:
            group = os.getpgid(process)
        except ProcessLookupError:
            return None
        return next((worker for worker in self._workers if worker.pid == group), None)

    def _replace(self, worker: Program) -> None:
        self._workers[self._workers.index(worker)] = self._place.start_worker()


@dataclass(slots=True)
class Ground:
    """What one scenario stands on."""

    place: Installation
    server: MessagesServer
    crew: Crew
    chance: random.Random
    tell: Callable[[str], None]
    given: int = 0

    def hand_in(self, goals: int) -> None:
        """Give that many goals, each with words of its own, so that no request of one is a request of another."""
        with opened(from_env(self.place.environment())) as office:
            for _ in range(goals):
                self.given += 1
                submit(office, f"Sell the singing gnome number {self.given}", pipeline=PIPELINE)

    def answers(self) -> int:
        """How many whole answers the service has given."""
        return self.server.rehearsal.answered.total()

    def needed(self) -> int:
        """How many different requests there were: each has to be answered once."""
        return len(self.server.rehearsal.asked)

    def until_answers(self, more: int) -> None:
        """Wait until the service has given *more* answers, or nothing is left to ask."""
        enough = self.answers() + more
        until(lambda: self.answers() >= enough or self.at_rest(), "answers come", LONGEST_S)

    def at_rest(self) -> bool:
        """Whether every goal is over, or waits for somebody who is no machine."""
        with self.place.record() as tx:
            return all(_rests(tx, goal) for goal in tx.goals.all())

    def resting(self) -> int:
        """How many goals are over, or wait so."""
        with self.place.record() as tx:
            return sum(_rests(tx, goal) for goal in tx.goals.all())

    def come_to_rest(self, longest_s: float = LONGEST_S) -> None:
        """Wait until every goal rests; what does not is for the invariants to name."""
        with suppress(AssertionError):
            until(lambda: self.at_rest() or self.crew.ended(), "all goals are at rest", longest_s)

    def claims(self) -> int:
        """How often turns were claimed so far: work that was begun."""
        with self.place.record() as tx:
            return int(tx.conn.execute(select(func.coalesce(func.sum(schema.turns.c.epoch), 0))).scalar_one())

    def until_claimed(self, since: int, longest_s: float = LONGEST_S) -> float:
        """Seconds until a turn is claimed again after there were *since* claims."""
        began = time.monotonic()
        with suppress(AssertionError):
            until(lambda: self.claims() > since or self.at_rest(), "work goes on", longest_s)
        return time.monotonic() - began

    def most_attempts(self) -> int:
        """The most attempts any turn has used up."""
        with self.place.record() as tx:
            return int(tx.conn.execute(select(func.coalesce(func.max(schema.turns.c.attempts), 0))).scalar_one())

    def crashes(self) -> int:
        """How many crashes were counted of all turns together."""
        with self.place.record() as tx:
            return int(tx.conn.execute(select(func.coalesce(func.sum(schema.turns.c.crashes), 0))).scalar_one())

    def completed(self) -> int:
        """How many goals are completed."""
        return sum(goal.state is GoalState.COMPLETED for goal in self.place.goals())

    def lost(self) -> int:
        """How many are not, of those that were given."""
        return self.given - self.completed()

    def score(self) -> str:
        """The two as people read them."""
        return f"{self.completed()} of {self.given} goals completed"

    def kill_embedded_redis(self) -> None:
        """Kill -9 the workspace's own Redis."""
        os.kill(int((self.place.state_dir / "valkey.pid").read_text()), signal.SIGKILL)

    def broken(self) -> list[str]:
        """Every invariant that does not hold at the end, when the workers have been told to go."""
        return [*self.crew.stop(), *broken(self.place, self.server)]


class Background:
    """Something looked at again and again on a thread of its own, for the length of a block."""

    def __init__(self, look: Callable[[], None], every_s: float) -> None:
        self._look = look
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="look", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            self._look()


def quantile(values: list[float], share: float) -> float:
    """The value that *share* of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def process_of(owner: str) -> int:
    """The process an owner of turns is; it is called `host:process:…`."""
    return int(owner.split(":")[1])


def _owners(tx: Tx) -> list[str]:
    return list(tx.conn.execute(select(schema.workers.c.owner).where(schema.workers.c.until >= tx.now)).scalars())


def _rests(tx: Tx, goal: Goal) -> bool:
    waits = goal.state is GoalState.WAITING and goal.wait_for is not WaitFor.MODEL
    return is_final(goal.state) or (waits and bool(tx.approvals.open(goal.id)))
