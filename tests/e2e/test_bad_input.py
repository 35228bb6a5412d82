"""Whatever is given to it, the program answers with one sentence and an exit code, and leaves nothing half-made behind."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from director.store.opening import open_store
from director.words.clock import Clock
from tests.e2e.installation import Done, Installation, lines, serving

GOAL = ("goal", "Sell the singing gnome")

#: How long a refusal may take on two busy cores. Who has not refused by then never does.
LIMIT_S = 30.0

Prepare = Callable[[Installation], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One wrong thing."""

    arguments: tuple[str, ...] = GOAL
    settings: dict[str, str] = field(default_factory=dict)
    prepare: Prepare | None = None  #: What is put there before.
    code: int = 1
    names: tuple[str, ...] = ()  #: What the sentence has to name: the thing, what came, what to do.
    hides: str | None = None  #: What it must not say.


def _write(path: str, content: bytes | str) -> Prepare:
    """Put a file into the installation's folder."""

    def prepare(place: Installation) -> None:
        file = place.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    return prepare


def _folder(path: str) -> Prepare:
    return lambda place: (place.folder / path).mkdir(parents=True)


def _both(first: Prepare, second: Prepare) -> Prepare:
    def prepare(place: Installation) -> None:
        first(place)
        second(place)

    return prepare


def _newer_database(place: Installation) -> None:
    """A record as a later version of the program would leave it."""
    open_store(None, place.state_dir, Clock()).close()
    with closing(sqlite3.connect(place.state_dir / "troupe.sqlite")) as connection, connection:
        connection.execute("update alembic_version set version_num = '9999'")


def _call(*arguments: str, names: tuple[str, ...]) -> Case:
    """A wrong call."""
    return Case(arguments, code=2, names=names)


def _setting(name: str, value: str, *names: str) -> Case:
    """A wrong setting: the sentence names the variable, what was expected and what came."""
    return Case(settings={name: value}, names=(name, *names, value))


def _secret(name: str, value: str, *names: str) -> Case:
    """A wrong setting that may hold a password: the sentence does not say what came."""
    return Case(settings={name: value}, names=(name, *names), hides=value)


def _context(*names: str, prepare: Prepare | None = None) -> Case:
    """A product context that cannot be used."""
    return Case((*GOAL, "--context", "gnomes.md"), prepare=prepare, code=2, names=("gnomes.md", *names))


def _notes(*names: str, prepare: Prepare | None = None) -> Case:
    """Notes that no context can be made from."""
    return Case(("init", "--from", "gnomes.md"), prepare=prepare, code=2, names=("notes file", "gnomes.md", *names))


CONTEXT = "workspace/context/product-marketing-context.md"
SKILL = "skills/gnome-care/SKILL.md"
PIPELINE = "workspace/pipelines/x.yaml"

CASES: dict[str, Case] = {
    # The call.
    "an empty goal": _call("goal", "", names=("goal is empty",)),
    "a goal of 100 kB": _call("goal", "gnome " * 17_000, names=("101,999 characters", "4,000", "context")),
    "a control character": _call("goal", "Sell the \x07 gnome", names=("U+0007",)),
    "a goal without quotes": _call(
        "goal", "Sell", "--dry-run", "the", "gnome", names=("3 arguments", "quote the goal", "goal 'Sell the gnome'")
    ),
    "a goal that begins with a dash": _call(
        "goal", "--dry-run", "--", "--all", "of", "it", names=("quote the goal", "goal -- '--all of it'")
    ),
    "a pipeline's text without quotes": _call(
        "pipeline", "Social Week", "Sell", "gnomes", names=("quote the text", "pipeline 'Social Week' 'Sell gnomes'")
    ),
    "instructions without quotes": _call(
        "revise", "a1", "Be", "brief", names=("quote the instructions", "revise a1 'Be brief'")
    ),
    "a goal of 300 words without quotes": _call("goal", *["gnome"] * 300, names=("300 arguments", "…'`.")),
    "no goal at all": _call("goal", names=("TEXT",)),
    "an unknown command": _call("gnome", names=("gnome",)),
    "an unknown category": _call(*GOAL, "--category", "gnomes", names=("--category", "retention", "'gnomes'")),
    "an unknown priority": _call(*GOAL, "--priority", "P9", names=("--priority", "P0", "'P9'")),
    "an unknown plan": _call(*GOAL, "--plan", "gnomes", names=("--plan", "template", "'gnomes'")),
    "an unknown pipeline": _call("pipeline", "Gnomes", names=("'Gnomes'", "Social Week")),
    "a budget in words": _call(*GOAL, "--budget", "a lot", names=("--budget", "USD", "'a lot'")),
    "a budget below the smallest": _call(*GOAL, "--budget", "1e-20", names=("--budget", "0.000000001", "'1e-20'")),
    "a budget that is no number": _call(*GOAL, "--budget", "nan", names=("--budget", "USD", "'nan'")),
    "an unknown goal": _call("watch", "g99", names=("'g99'", "director status")),
    "a prompt of no task": _call("show", "--prompt", "g99-1", names=("'g99-1'", "director status")),
    "a prompt of a goal": _call("show", "--prompt", "g1", names=("'g1'", "task", "director status")),
    # The product context.
    "a context that is missing": _context(),
    "a context that is empty": _context("empty", prepare=_write("gnomes.md", " \n")),
    "a context that is binary": _context("UTF-8", prepare=_write("gnomes.md", bytes(range(256)) * 20)),
    "a context of 5 MB": _context("512 kB", prepare=_write("gnomes.md", b"gnome " * 900_000)),
    "a context that is a folder": _context("is a folder", prepare=_folder("gnomes.md")),
    "an empty context in the workspace": Case(
        prepare=_write(CONTEXT, ""),
        code=2,
        names=("product-marketing-context.md", "empty"),
    ),
    # Beginning one.
    "questions and nobody to answer": _call("init", names=("terminal", "--from", "--template")),
    "notes and a template": _call("init", "--from", "gnomes.md", "--template", names=("--from", "--template")),
    "notes that are missing": _notes("exists"),
    "notes that are empty": _notes("empty", prepare=_write("gnomes.md", " \n")),
    "notes that are binary": _notes("UTF-8", prepare=_write("gnomes.md", bytes(range(256)) * 20)),
    "notes of 5 MB": _notes("512 kB", prepare=_write("gnomes.md", b"gnome " * 900_000)),
    "a context that is there already": Case(
        ("init", "--template"), prepare=_write(CONTEXT, "Mine."), code=2, names=(CONTEXT, "--force")
    ),
    "a folder where the context belongs": Case(
        ("init", "--template", "--force"), prepare=_folder(CONTEXT), names=(CONTEXT, "is a folder")
    ),
    "a file where the context's folder belongs": Case(
        ("init", "--template"), prepare=_write("workspace/context", "x"), names=(CONTEXT, "cannot be written")
    ),
    "nothing to check": _call("context", "check", names=(CONTEXT, "director init")),
    "a missing file to check": _call("context", "check", "gnomes.md", names=("gnomes.md",)),
    # Files of data.
    "a pipeline with a skill without a description": Case(
        ("pipeline", "Gnomes", "Sell gnomes"),
        code=2,
        settings={"skills_path": "skills"},
        prepare=_both(
            _write(SKILL, "---\nname: gnome-care\n---\nWater them.\n"),
            _write(PIPELINE, "name: Gnomes\ndescription: x\npriority: P2\nsteps:\n  - gnome-care\n"),
        ),
        names=("Gnomes", "gnome-care", "description"),
    ),
    "a pipeline that is no YAML": Case(prepare=_write(PIPELINE, "name: [Gnomes\n"), names=(PIPELINE, "YAML")),
    "a pipeline with an unknown skill": Case(
        ("pipeline", "Gnomes", "Sell gnomes"),
        code=2,
        prepare=_write(PIPELINE, "name: Gnomes\ndescription: x\npriority: P2\nsteps:\n  - gnome-care\n"),
        names=(PIPELINE, "gnome-care"),
    ),
    # Settings.
    "a key of two words": _secret("ANTHROPIC_API_KEY", "sk-gnome and more", "one word"),
    "an address that is none": _secret("ANTHROPIC_BASE_URL", "gnomes", "http"),
    "a model without a price": Case(settings={"model": "gnome-1"}, names=("'gnome-1'", "price", "claude-sonnet-5-5")),
    "a rehearsal of an unknown piece": _setting("REHEARSAL", "gnomes=1", "latency_ms"),
    "a time limit of nothing": _setting("CALL_TIMEOUT_S", "0", "3600"),
    "a Redis that is none": _secret("REDIS_URL", "http://gnomes", "redis://"),
    "a Redis with a wrong port and a password": _secret("REDIS_URL", "redis://:hush@gnomes:99999", "redis://"),
    "a Redis that is not there": Case(settings={"redis_url": "redis://127.0.0.1:1"}, names=("REDIS_URL",)),
    "a Redis that is not there, with a password": Case(
        settings={"redis_url": "redis://127.0.0.1:1?password=hush"}, names=("REDIS_URL", "127.0.0.1"), hides="hush"
    ),
    "an option of a Redis with a wrong value": _secret("REDIS_URL", "redis://h?socket_timeout=abc", "socket_timeout"),
    "an option of a Redis that is none": _secret("REDIS_URL", "redis://h?gnome=hush", "gnome="),
    "an option of a database that is none": Case(
        settings={"database_url": "postgresql://127.0.0.1:1/x?gnome=hush"},
        names=("DATABASE_URL", "gnome"),
        hides="hush",
    ),
    "a namespace of two words": _setting("REDIS_NAMESPACE", "two gnomes", "letters"),
    "a database of an unknown kind": _secret("DATABASE_URL", "gnomes://here", "postgresql://"),
    "a database in memory": Case(settings={"database_url": "sqlite:///:memory:"}, names=("DATABASE_URL",)),
    "a database that is not there": Case(
        settings={"database_url": "postgresql://gnome:hush@127.0.0.1:1/x"},
        names=("DATABASE_URL", "127.0.0.1"),
        hides="hush",
    ),
    "a workspace in nobody's home": _setting("WORKSPACE_DIR", "~nobody-of-that-name/x"),
    "skills in no folder": _setting("SKILLS_PATH", "/gnomes"),
    "a month's budget in words": _setting("BUDGET_MONTHLY", "a lot", "USD"),
    "no agents at all": _setting("MAX_PARALLEL_AGENTS", "0", "1"),
    "a log level there is not": _setting("LOG_LEVEL", "loud", "warning"),
    "a log format there is not": _setting("LOG_FORMAT", "rune", "json"),
    "a web host of two words": _setting("WEB_HOST", "two gnomes", "host"),
    "a Redis database that is no number": _secret("REDIS_URL", "redis://gnomes/abc", "number"),
    "an .env with a broken line": Case(
        prepare=_write(".env", "LOG_LEVEL=info\nANTHROPIC_API_KEY sk-gnome\n"),
        names=(".env", "NAME=value", "line 2"),
        hides="sk-gnome",
    ),
    "an .env with a mistyped name": Case(
        prepare=_write(".env", "ANTHROPIC_APIKEY=sk-gnome\n"),
        names=("ANTHROPIC_APIKEY", "ANTHROPIC_API_KEY", "line 1 of .env"),
        hides="sk-gnome",
    ),
    "an .env that is a folder": Case(prepare=_folder(".env"), names=(".env", "text file")),
    # What stands in the way. (The tests may run as root, who can write everywhere but below a file.)
    "a workspace below a file": Case(
        settings={"workspace_dir": "gnomes.md/workspace"},
        prepare=_write("gnomes.md", "x"),
        names=("gnomes.md/workspace", "WORKSPACE_DIR"),
    ),
    "a file where the outputs belong": Case(
        prepare=_write("workspace/outputs", "x"), names=("workspace/outputs", "WORKSPACE_DIR")
    ),
    "a file where the reports belong": Case(
        ("pipeline", "Social Week"),
        prepare=_write("workspace/reports", "x"),
        names=("workspace/reports", "WORKSPACE_DIR"),
    ),
    "a workspace that is a file": Case(prepare=_write("workspace", "x"), names=("workspace", "WORKSPACE_DIR")),
    "a file where the socket belongs": Case(
        prepare=_write("workspace/.state/valkey.sock", "x"), names=("valkey.sock", "move it away")
    ),
    "a database of a newer version": Case(prepare=_newer_database, names=("9999", "Update")),
    "a database that is none": Case(
        prepare=_write("workspace/.state/troupe.sqlite", "gnomes"), names=("troupe.sqlite",)
    ),
}


#: What a worker has to refuse as well, though it is not our program that starts it.
FOR_WORKERS = (
    "a model without a price",
    "an .env with a broken line",
    "an option of a Redis with a wrong value",
    "an option of a Redis that is none",
    "a database of a newer version",
    "a file where the socket belongs",
    "a file where the outputs belong",
)


@dataclass(frozen=True, slots=True)
class Refused:
    """What came of a case."""

    done: Done
    goals: int
    made: bool  #: Whether a record, or anything else of ours, was begun.


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Future[Refused]]]:
    """Every case, in an installation of its own, a few at a time."""
    with ThreadPoolExecutor(max_workers=3) as crew:
        begun = {name: crew.submit(attempt, tmp_path_factory.mktemp("e"), case) for name, case in CASES.items()}
        begun |= {
            f"worker: {name}": crew.submit(attempt, tmp_path_factory.mktemp("e"), CASES[name], worker=True)
            for name in FOR_WORKERS
        }
        yield begun.__getitem__
        crew.shutdown(cancel_futures=True)


def attempt(folder: Path, case: Case, *, worker: bool = False) -> Refused:
    """Start it, wait for its end; that something still runs then is an error already."""
    with Installation(folder) as place:
        if case.prepare is not None:
            case.prepare(place)
        start = partial(place.start_worker) if worker else partial(place.start, *case.arguments)
        done = start(**case.settings).wait(LIMIT_S)
        return Refused(done, _goal_rows(place), place.state_dir.exists())


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_gets_one_sentence(attempts: Callable[[str], Future[Refused]], name: str) -> None:
    """One line on standard error says what was expected, what came and what to do; nothing was made, nothing runs."""
    case, refused = CASES[name], attempts(name).result()
    done = refused.done

    assert "Traceback" not in done.err
    assert (done.code, done.out, len(lines(done.err))) == (case.code, "", 1)
    assert [named for named in case.names if named not in done.err] == []
    assert case.hides is None or case.hides not in done.err
    assert refused.goals == 0


@pytest.mark.parametrize("name", ["a file where the outputs belong", "worker: a file where the outputs belong"])
def test_where_nothing_can_be_written_nothing_is_begun(attempts: Callable[[str], Future[Refused]], name: str) -> None:
    """The places of deliverables are looked at before a record is made."""
    assert not attempts(name).result().made


@pytest.mark.parametrize("name", FOR_WORKERS)
def test_a_worker_that_cannot_work_ends_with_the_same_sentence(
    attempts: Callable[[str], Future[Refused]], name: str
) -> None:
    """It does not stay and do nothing: whoever supervises it sees it end, and its last line says why."""
    done = attempts(f"worker: {name}").result().done

    assert done.code not in (0, None)
    assert "Traceback" not in done.err
    assert [named for named in CASES[name].names if named not in done.err] == []


def test_a_key_that_is_refused_gets_one_sentence(install: Callable[..., Installation]) -> None:
    """The sentence names the key, who refused it and what to do; the key was tried once, and nothing keeps running."""
    place = install()
    with serving("bad_key=1") as server:
        done = place.run(*GOAL, "--yes", anthropic_base_url=server.url, anthropic_api_key="sk-gnome")
        asked = len(server.asked)

    assert (done.code, len(lines(done.err)), asked) == (1, 1, 1)
    assert "ANTHROPIC_API_KEY" in done.err
    assert "127.0.0.1" in done.err
    assert "{'" not in done.err + done.out, "an answer of the service as Python would print it"
    assert "sk-gnome" not in done.err + done.out
    assert place.left_running() == []


def _goal_rows(place: Installation) -> int:
    file = place.state_dir / "troupe.sqlite"
    if not file.is_file():
        return 0
    with closing(sqlite3.connect(file)) as connection:
        try:
            return int(connection.execute("select count(*) from goals").fetchone()[0])
        except sqlite3.DatabaseError:  # no record at all
            return 0
