"""An installation as a person has one: a workspace, an environment, and programs that are started in it and end."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from director.claude.rehearsal.service import Reply, Trouble
from director.concurrency.stopping import SAME_SIGNAL
from director.redis.embedded import EmbeddedServer
from director.store.database import Store
from director.store.opening import open_store
from director.store.tx import Tx
from director.words.clock import Clock
from director.words.models import Approval, Goal
from director.words.settings import Settings
from director.words.states import is_final
from tests.messages_server import MessagesServer

T = TypeVar("T")

ROOT = Path(__file__).parents[2]

#: Long enough for two busy cores; nothing waits this long unless it is broken.
PATIENCE_S = 60.0

#: What make leaves in the environment of what it runs.
_MAKES = {"MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "GOAL", "ARGS"}

#: By what a started program knows that its coverage is measured.
_MEASURES = {"COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"}

#: What an environment may say already. An installation here starts with none of it.
_SAID_ALREADY = {"CALL_TIMEOUT_S", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM"}
_SAID_ALREADY |= {field.name.upper() for field in fields(Settings)}


@dataclass(frozen=True, slots=True)
class Done:
    """A program that ended: its exit code (negative: the signal it died of) and all it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its standard output, which has to be one JSON document and nothing else."""
        return json.loads(self.out)


class Program:
    """A process that was started, in a session of its own; what it says goes to files."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str], said: Path) -> None:
        self._said = said
        with self._file("out").open("wb") as out, self._file("err").open("wb") as err:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def out(self) -> str:
        """What it said on standard output so far."""
        return self._file("out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it said on standard error so far."""
        return self._file("err").read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        """Its number, and that of its process group."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill_all(self) -> None:
        """Kill it and all it started, without a word."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)
        until(lambda: not self.family(), "all of its family are gone")

    def wait(self, limit_s: float = PATIENCE_S) -> Done:
        """Wait until it is over."""
        try:
            code = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise AssertionError(f"still running after {limit_s:.0f} s; it said\n{self.out}\n{self.err}") from None
        return Done(code, self.out, self.err)

    def family(self) -> dict[int, str]:
        """The processes of its group that still run, by number."""
        command = ["ps", "-A", "-o", "pid=,pgid=,stat=,args="]
        listed = subprocess.run(command, capture_output=True, text=True, check=True)
        rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
        # A zombie has ended; only its parent has not looked yet.
        return {int(row[0]): row[3] for row in rows if int(row[1]) == self.pid and not row[2].startswith("Z")}

    def _file(self, which: str) -> Path:
        return self._said.with_suffix(f".{which}")


class Installation:
    """
    A fresh folder with a workspace in it; as a context manager, from nothing to nothing left running.

    *settings* are the environment's variables: `Installation(folder, rehearsal="stuck=1")`. Programs of one that is not
    *measured* run without coverage, in little more than half the time.
    """

    def __init__(self, folder: Path, *, measured: bool = True, **settings: str) -> None:
        self.folder = folder
        self._measured = measured
        self.workspace = folder / "workspace"
        self._settings = {name.upper(): value for name, value in settings.items()}
        self._programs: list[Program] = []
        self._numbers = count(1)
        self._store: Store | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        """End what still runs; an error when there was something, unless there is another."""
        left = self.left_running()
        for program in self._programs:
            program.kill_all()
        if self._server_answers():
            with EmbeddedServer(self.state_dir):
                pass  # the last to leave ends it
        if self._store is not None:
            self._store.close()
        if left and problem is None:
            raise AssertionError(f"left running: {left}")

    @property
    def state_dir(self) -> Path:
        """Where the program keeps its own files."""
        return self.workspace / ".state"

    def environment(self, **settings: str) -> dict[str, str]:
        """
        What programs see: this machine's environment without our settings, and these. Also without what a make that runs the
        tests tells a make below it, such as the ARGS of `make check`.
        """
        ours = {
            "WORKSPACE_DIR": str(self.workspace),
            "PYTHONPATH": str(ROOT),
            **self._settings,
            **{name.upper(): value for name, value in settings.items()},
        }
        left_out = _MAKES if self._measured else _MAKES | _MEASURES
        kept = {name: value for name, value in os.environ.items() if not (_is_ours(name) or name in left_out)}
        return {**kept, **ours}

    def start(self, *arguments: str, **settings: str) -> Program:
        """Start `python -m director …`."""
        return self._start(["director", *arguments], settings)

    def run(self, *arguments: str, **settings: str) -> Done:
        """Run `python -m director …` to its end."""
        return self.start(*arguments, **settings).wait()

    def start_other(self, *command: str, **settings: str) -> Program:
        """Start another program, such as make."""
        return self._start_command(list(command), settings)

    def start_worker(self, *arguments: str, **settings: str) -> Program:
        """Start `dramatiq actors --processes 1` without waiting for anything."""
        return self._start(["dramatiq", "actors", "--processes", "1", "--threads", "3", *arguments], settings)

    def worker(self, **settings: str) -> Program:
        """A standing worker that is there."""
        worker = self.start_worker(**settings)
        self.until(lambda tx: tx.presence.standing_workers() > 0 or worker.ended, "a worker is there")
        assert not worker.ended, worker.err
        return worker

    @contextmanager
    def working(self, **settings: str) -> Iterator[Program]:
        """A standing worker for the length of a block; it is told to go at the end, and does."""
        worker = self.worker(**settings)
        yield worker
        worker.send(signal.SIGTERM)
        assert worker.wait().code == 0, worker.err

    def add_pipeline(self, name: str, *skills: str, priority: str = "P2") -> None:
        """A pipeline of the workspace: these skills, one after the other."""
        folder = self.workspace / "pipelines"
        folder.mkdir(parents=True, exist_ok=True)
        steps = "".join(f"  - {skill}\n" for skill in skills)
        text = f"name: {name}\ndescription: For a test.\npriority: {priority}\nsteps:\n{steps}"
        (folder / f"{name.lower().replace(' ', '-')}.yaml").write_text(text, encoding="utf-8")

    @contextmanager
    def record(self) -> Iterator[Tx]:
        """One consistent picture of the record."""
        if self._store is None:
            self._store = open_store(self._settings.get("DATABASE_URL"), self.state_dir, Clock())
        with self._store.read() as tx:
            yield tx

    def can_be_written(self) -> bool:
        """Whether nobody keeps SQLite's write lock for long; in a server each row has its own."""
        if "DATABASE_URL" in self._settings:
            return True
        with closing(sqlite3.connect(self.state_dir / "troupe.sqlite", timeout=2, isolation_level=None)) as connection:
            try:
                connection.execute("begin immediate")
            except sqlite3.OperationalError:
                return False
            connection.execute("rollback")
            return True

    def has_record(self) -> bool:
        """Whether somebody has made the record; only looks, so that it is never us who does."""
        if "DATABASE_URL" in self._settings:
            return True  # whoever comes first makes it, and it may be us
        file = self.state_dir / "troupe.sqlite"
        if not file.exists():
            return False
        with closing(sqlite3.connect(file)) as connection, suppress(sqlite3.OperationalError):
            return connection.execute("select version_num from alembic_version").fetchone() is not None
        return False

    def goals(self) -> list[Goal]:
        """All goals there are; none where there is no record yet."""
        if not self.has_record():
            return []
        with self.record() as tx:
            return tx.goals.all()

    def questions(self) -> dict[str, Approval]:
        """All open questions, by their ids."""
        with self.record() as tx:
            return {question.id: question for question in tx.approvals.open()}

    def until(self, condition: Callable[[Tx], T | None], what: str) -> T:
        """Wait until the record says so; what *condition* returned then."""

        def holds() -> T | None:
            if self._store is None and not self.has_record():
                return None
            with self.record() as tx:
                return condition(tx)

        return until(holds, what)

    def until_over(self, ident: str) -> Goal:
        """Wait until the goal is over."""
        return self.until(lambda tx: _over(tx.goals.get(ident)), f"{ident} is over")

    def left_running(self) -> list[str]:
        """What of all that was started still runs; the embedded server too."""
        running = [process for program in self._programs for process in program.family().values()]
        return [*running, *(["the embedded server"] if self._server_answers() else [])]

    def _start(self, module: list[str], settings: dict[str, str]) -> Program:
        return self._start_command([sys.executable, "-m", *module], settings)

    def _start_command(self, command: list[str], settings: dict[str, str]) -> Program:
        said = self.folder / f"program-{next(self._numbers)}"
        program = Program(command, self.folder, self.environment(**settings), said)
        self._programs.append(program)
        return program

    def _server_answers(self) -> bool:
        path = unquote(urlsplit(EmbeddedServer(self.state_dir).url).path)
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.connect(path)
            return True
        return False


def until(condition: Callable[[], T | None], what: str, limit_s: float = PATIENCE_S) -> T:
    """Wait until *condition* gives something; that."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {limit_s:.0f} s until {what}")


def at_once(**stories: Callable[[], T]) -> dict[str, T]:
    """Several stories side by side; most of each is waiting. The first that fails, fails here."""
    with ThreadPoolExecutor(max_workers=len(stories)) as crew:
        told = {name: crew.submit(story) for name, story in stories.items()}
    return {name: future.result() for name, future in told.items()}


@contextmanager
def serving(script: str = "", *, late: Mapping[int, float | None] | None = None) -> Iterator[MessagesServer]:
    """
    A MessagesServer that holds some answers back, by the number of their request in the order they came.

    `late={3: 2.0}` gives the third answer two seconds late; None is never.
    """

    def answer(document: dict[str, Any]) -> Reply | None:
        number = next(n for n, exchange in enumerate(server.asked, 1) if exchange.document is document)
        if late is None or number not in late:
            return None
        reply, seconds = server.rehearsal.reply(document), late[number]
        return replace(reply, fault=Trouble.HANG) if seconds is None else replace(reply, delay_s=seconds)

    server = MessagesServer(script, front=answer)
    with server:
        yield server


def asked(server: MessagesServer, number: int) -> None:
    """Wait until request *number* has come and waits for its answer."""
    until(lambda: len(server.asked) >= number, f"request {number} is on the wire")


def meant_again() -> None:
    """Wait until a signal is no longer taken for the one before, which the program has answered already."""
    answered = time.monotonic()
    until(lambda: time.monotonic() > answered + SAME_SIGNAL.total_seconds(), "another signal is another one")


def lines(text: str) -> list[str]:
    """The lines of what a program said that say anything."""
    return [line for line in text.splitlines() if line.strip()]


def paths(text: str) -> list[Path]:
    """The files a program named."""
    return [Path(found) for found in re.findall(r"/\S+\.md\b", text)]


def _is_ours(name: str) -> bool:
    return name in _SAID_ALREADY or name.startswith("ANTHROPIC_") or name.lower().endswith("_proxy")


def _over(goal: Goal) -> Goal | None:
    return goal if is_final(goal.state) else None
