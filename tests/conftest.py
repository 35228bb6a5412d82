"""The nouns of the tests: settings, a clock that can be set, a store, an office, and somebody to do the turns."""

import fcntl
import logging
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import hypothesis
import pytest
from sqlalchemy import event

from director.bootstrap import open_office
from director.calibration.judge import CALIBRATE, calibrate
from director.goals.conclude import conclude
from director.goals.plan import plan
from director.goals.replan import replan
from director.goals.warm import warm
from director.mailbox import admission, handling
from director.mailbox.events import LOOK
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.progress.replanning import REPLAN
from director.prompting.situation import Situation
from director.store.database import Store
from director.store.opening import open_store
from director.store.stuck import find
from director.tasks.draft import draft
from director.tasks.review import judge, review
from director.triggers.fire import look
from director.upkeep.notify import NOTIFY, deliver
from director.words import log
from director.words.clock import Clock
from director.words.models import Goal
from director.words.settings import Settings
from director.words.states import GoalState, TurnState, is_final
from pipelines.plan import DIRECTOR, PlannedTask, StepKind
from skills import loader
from skills.skill import Roster

# No test depends on the machine's speed, so none has a deadline for an example.
hypothesis.settings.register_profile("troupe", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("troupe")

#: A task that says nothing of its pieces.
A_TASK = PlannedTask("write", "copywriting", StepKind.DRAFT, ())

A_REPORT = PlannedTask("report", DIRECTOR, StepKind.REPORT, ())

#: Of a goal that has no plan yet.
SITUATION = Situation(date(2026, 11, 22))

#: Everything any actor can do; the real actors each know their own part of it (a test compares the two).
VERBS: dict[str, handling.Verb] = {
    "plan": plan,
    "draft": draft,
    "report": draft,
    "review": review,
    "judge": judge,
    "conclude": conclude,
    REPLAN: replan,
    "warm": warm,
    CALIBRATE: calibrate,
    LOOK: look,
    NOTIFY: deliver,
}


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one process more than there are processors, for many tests wait for another program."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    What takes longest, tests of whole programs, comes first, so that no process is left with it at the end; what is run
    alone comes last, when nobody has anything else to do. All else stays as it was shuffled.
    """
    items.sort(key=lambda item: (_is_alone(item), "install" not in getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around all else, so that waiting counts for no time limit
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """
    Run a test, its fixtures included, beside those of the run's other processes; one that is marked `alone`, alone.

    Who waits until it is alone keeps the queue meanwhile, so that those who come later wait behind it.
    """
    if not hasattr(item.config, "workerinput"):
        return (yield)
    of_the_run = Path(item.config.getoption("basetemp")).parent
    with (
        _locked(of_the_run / "queue.lock", fcntl.LOCK_EX) as let_the_next_come,
        _locked(of_the_run / "machine.lock", fcntl.LOCK_EX if _is_alone(item) else fcntl.LOCK_SH),
    ):
        let_the_next_come()
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were left out: what nobody reads of, nobody misses."""
    for line in left_out(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line)


def left_out(skipped: Iterable[pytest.TestReport | pytest.CollectReport]) -> list[str]:
    """A line for each reason, with how many tests, or files of tests, were left out for it."""
    reasons = Counter(str(one.longrepr[2]) for one in skipped if isinstance(one.longrepr, tuple | list))
    return [f"left out, {times}: {why.removeprefix('Skipped: ')}" for why, times in sorted(reasons.items())]


@contextmanager
def _locked(file: Path, how: int) -> Iterator[Callable[[], None]]:
    """Hold a file's lock, which ends with its process too; what is yielded lets go of it sooner."""
    with file.open("w") as opened:

        def let_go() -> None:
            fcntl.flock(opened, fcntl.LOCK_UN)

        fcntl.flock(opened, how)
        try:
            yield let_go
        finally:
            let_go()  # not left to closing: a process that was forked has the file open too


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


class SetClock(Clock):
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The moment that was set."""
        return self.now

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


def without_waiting_for_the_disk(office: Office) -> Office:
    """The same office over SQLite; thousands of commits are too many to flush each. Nobody pulls the plug in this process."""
    event.listen(office.store.engine, "connect", lambda conn, _: conn.execute("PRAGMA synchronous = OFF"))
    office.store.close()  # of the connections that were opened before
    return office


@pytest.fixture(autouse=True)
def no_log_of_anothers() -> None:
    """What an earlier test in this process set up, or an import of `actors`, writes no lines into what this one reads."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.__class__.__module__ == log.__name__]:
        root.removeHandler(handler)
        root.setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def no_real_api(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test that would talk to the real API has no key to do it with."""
    if request.node.get_closest_marker("live") is None:
        for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "REDIS_URL", "DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still."""
    return SetClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation without anything: no key, a fresh workspace, and a Redis nobody answers at."""
    return Settings(workspace_dir=tmp_path / "workspace", redis_url=f"unix://{tmp_path}/nobody.sock")


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where is kept what a test has seen, for people: in the folder that SCREENSHOTS names, else in one of its own."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def fresh_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that is up to date and empty, to be copied where migrating each time would take too long."""
    folder = tmp_path_factory.mktemp("record")
    open_store(None, folder, Clock()).close()
    return folder / "troupe.sqlite"


@pytest.fixture(scope="session")
def our_roster() -> Roster:
    """The specialists of this repository, read once: 26 folders take longer than most tests."""
    return loader.load([loader.OWN]).require()


@pytest.fixture
def open_with(
    settings: Settings, clock: SetClock, fresh_record: Path, our_roster: Roster
) -> Iterator[Callable[..., Office]]:
    """An office with other settings than the usual ones: `open_with(rehearsal="send_back=1")`."""
    opened: list[Office] = []

    def make(**changes: object) -> Office:
        wanted = replace(settings, **changes)
        record = wanted.state_dir / fresh_record.name
        if wanted.database_url is None and not record.exists():
            record.parent.mkdir(parents=True, exist_ok=True)
            copyfile(fresh_record, record)
        office = open_office(wanted, clock=clock)
        if wanted.database_url is None:
            without_waiting_for_the_disk(office)
        if not wanted.skills_path:
            vars(office.catalog).setdefault("roster", our_roster)  # where the cached property keeps it
        opened.append(office)
        return office

    yield make
    for office in opened:
        office.close()


@pytest.fixture
def office(open_with: Callable[..., Office]) -> Office:
    """An office over a fresh workspace, rehearsing."""
    return open_with()


@pytest.fixture
def store(office: Office) -> Store:
    """The office's store."""
    return office.store


@pytest.fixture
def drain() -> Callable[[Office, Goal], Goal]:
    """
    Do a goal's turns, one after the other as they are admitted, until it is over or waits; returns it as it is then.

    It stands where workers would: bells ring at nobody here, so what is dispatched is answered from the record.
    """

    def work(office: Office, goal: Goal, *, most: int = 200) -> Goal:
        for _ in range(most):
            admission.ring(office)
            with office.store.read() as tx:
                now = tx.goals.get(goal.id)
                waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
            if is_final(now.state) or not waiting:
                return now
            handling.handle(office, waiting[0].id, VERBS, after_failure)
            with office.store.read() as tx:
                assert [] == find(tx, late=timedelta(0), room=0, kept_back=lambda _: False), (
                    "an open row has no next look"
                )
        raise AssertionError(f"goal {goal.id} is not over after {most} turns: {GoalState(now.state)}")

    return work
