"""What the web app says about itself."""

import json
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

import pytest
from falcon.testing import TestClient

from director.access import tokens
from director.access.roles import Role
from director.bootstrap import open_office
from director.goals.submit import submit
from director.office import Office
from director.upkeep.components import NOBODY_FOR
from director.upkeep.health import look
from director.words.errors import BrokenFile, DirectorError, NewerDatabase, NoPrice, StoreError, WorkspaceError
from director.words.health import ComponentName
from director.words.settings import Settings
from director.words.tokens import TokenKind
from tests.conftest import SetClock
from tests.director.conftest import RecordAway, at_work
from web.app import LazyOffice, create_app

ROOT = Path(__file__).parents[2]

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn.conf.py"]

PATIENCE_S = 30

TOKEN = "gnome-token-0815"  # noqa: S105 - of nothing

WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


def test_it_is_live_whatever_else_is_away(office: Office) -> None:
    """
    /health needs nothing but the process.
    """
    client = TestClient(create_app(lambda: office))

    answer = client.simulate_get("/health")

    assert answer.status_code == 200
    assert answer.json == {"status": "live"}


def test_it_is_ready_when_the_database_answers(office: Office) -> None:
    """
    /ready looks at the record and says how many worker processes are there.
    """
    client = TestClient(create_app(lambda: office))

    answer = client.simulate_get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "workers": 0}


def test_it_is_not_ready_when_the_database_does_not(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """
    A database that cannot be read is a 503 that says so; why is in the log, once until it is ready again, and no stack.
    """
    client = TestClient(create_app(lambda: office))
    for _ in range(2):
        with office.store.write() as tx:
            tx.conn.exec_driver_sql("alter table workers rename to gone")
        for _ in range(2):
            answer = client.simulate_get("/ready")
            assert answer.status_code == 503
            assert answer.json == {"status": "not ready", "component": "database"}
        with office.store.write() as tx:
            tx.conn.exec_driver_sql("alter table gone rename to workers")
        assert client.simulate_get("/ready").status_code == 200

    assert ["Not ready: The database cannot be used now: no such table: workers"] * 2 == caplog.messages


@pytest.mark.parametrize(
    ("problem", "component"),
    [
        (StoreError, "database"),
        (NewerDatabase, "database"),
        (WorkspaceError, "workspace"),
        (BrokenFile, "settings"),
        (NoPrice, "settings"),
    ],
)
def test_what_is_not_ready_is_named_and_nothing_else_is_said(
    problem: type[DirectorError], component: str, caplog: pytest.LogCaptureFixture
) -> None:
    """
    Anybody may ask: who logs in where, and where files lie, is told to whoever reads the log.
    """
    reason = "postgresql://gnome@db.example.com/gnomes and /home/gnome/workspace"

    def opening() -> Office:
        raise problem(reason)

    answer = TestClient(create_app(opening)).simulate_get("/ready")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "component": component}
    assert caplog.messages == [f"Not ready: {reason}"]


def test_a_password_in_an_address_is_neither_served_nor_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The log may know the server, not what opens it.
    """
    url = f"postgresql://gnome:s3cret@/x?host={settings.workspace_dir}&sslpassword=s3cret-too"
    lazy = LazyOffice(lambda: open_office(replace(settings, database_url=url)))

    answer = TestClient(create_app(lazy.office)).simulate_get("/ready")

    assert answer.json == {"status": "not ready", "component": "database"}
    assert len(caplog.messages) == 1
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql+psycopg://gnome:hush-hush-4711-gnomes@127.0.0.1:1/gnomes"},
        {"DATABASE_URL": "postgresql+psycopg://gnome@127.0.0.1:1/gnomes", "PGPASSWORD": "hush-hush-4711-gnomes"},
        {"REDIS_URL": "redis://:hush-hush-4711-gnomes@127.0.0.1:1/0"},
        {"WEBHOOK_TOKEN": "hush-hush-4711-gnomes"},
    ],
)
def test_no_stack_in_its_log_repeats_a_secret(tmp_path: Path, given: dict[str, str]) -> None:
    """
    A database that was open may answer a statement with what it was given; that is a fault, whose stack is logged.
    """
    program = (
        "import logging, runpy; runpy.run_path('web/gunicorn.conf.py')\n"
        "said = RuntimeError('near hush-hush-4711-gnomes')\n"
        "logging.getLogger('web').error('It failed', exc_info=said)\n"
        "raise said"
    )
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "WORKSPACE_DIR": str(tmp_path), **given}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert done.stderr.count("RuntimeError: near [removed: ") == 2, done.stderr
    assert "hush" not in done.stderr


def test_a_probe_may_ask_for_the_head_alone(office: Office) -> None:
    """
    As load balancers do: the status is the one of GET, and there is no body.
    """
    client = TestClient(create_app(lambda: office))
    with office.store.write() as tx:
        tx.conn.exec_driver_sql("drop table workers")

    live, ready = client.simulate_head("/health"), client.simulate_head("/ready")

    assert (live.status_code, live.content) == (200, b"")
    assert (ready.status_code, ready.content) == (503, b"")


def test_an_office_that_cannot_be_opened_yet_is_tried_again_at_the_next_question(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """
    It is live and not ready meanwhile, with a sentence in the log, and ready as soon as it can be opened.
    """
    settings.state_dir.mkdir(parents=True)
    (settings.state_dir / "troupe.sqlite").write_text("Dear diary, " * 1000)
    lazy = LazyOffice(lambda: open_office(settings))
    client = TestClient(create_app(lazy.office))

    assert client.simulate_get("/health").status_code == 200
    for _ in range(2):
        answer = client.simulate_get("/ready")
        assert answer.status_code == 503
        assert answer.json == {"status": "not ready", "component": "database"}
    (settings.state_dir / "troupe.sqlite").unlink()
    assert client.simulate_get("/ready").json == {"status": "ready", "workers": 0}
    lazy.close()
    [said] = caplog.messages
    assert "cannot be opened (file is not a database): move the file away, or name another" in said


def test_nobody_waits_for_whoever_opens_it(office: Office) -> None:
    """
    A database may let its caller wait for minutes; who asks meanwhile is told so at once.
    """
    asked, answered = threading.Event(), threading.Event()

    def opening() -> Office:
        asked.set()
        assert answered.wait(PATIENCE_S)
        return office

    lazy = LazyOffice(opening)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lazy.office)
        assert asked.wait(PATIENCE_S)
        with pytest.raises(StoreError, match="being opened"):
            lazy.office()
        answered.set()
        assert first.result(PATIENCE_S) is lazy.office() is office


class TestInDetail:
    """GET /health/detail."""

    def test_it_is_what_the_last_look_kept(self, office: Office, open_with: Callable[..., Office]) -> None:
        """Each component with why and since when, and the level; nothing is looked at for it."""
        office = open_with(webhook_token=TOKEN)
        client = TestClient(create_app(lambda: office))
        before = client.simulate_get("/health/detail", headers=WITH_TOKEN)
        at_work(office)
        look(office, team=True)
        answer = client.simulate_get("/health/detail", headers=WITH_TOKEN)

        assert (before.status_code, before.json["recent"], before.json["components"]) == (200, False, [])
        assert (answer.status_code, answer.json["level"], answer.json["name"]) == (200, 2, "essential")
        assert answer.headers["cache-control"] == "no-store"
        assert [one["name"] for one in answer.json["components"]] == list(ComponentName)
        [redis] = [one for one in answer.json["components"] if one["state"] == "offline"]
        assert redis["name"] == "redis"
        assert redis["since"] == answer.json["since"] == "2026-11-22T09:00:00+00:00"
        assert "No such file or directory" in redis["reason"]

    def test_who_may_send_events_may_ask(self, open_with: Callable[..., Office]) -> None:
        """With the token; without one set, a program of this machine only."""
        with_token, without = open_with(webhook_token=TOKEN), open_with()
        client, at_home = TestClient(create_app(lambda: with_token)), TestClient(create_app(lambda: without))
        no_token = client.simulate_get("/health/detail")
        wrong = client.simulate_get("/health/detail", headers={"Authorization": "Bearer another"})
        near = at_home.simulate_get("/health/detail", remote_addr="127.0.0.1", host="localhost")
        far = at_home.simulate_get("/health/detail", remote_addr="192.0.2.7", host="localhost")

        assert [answer.status_code for answer in (no_token, wrong, near, far)] == [401, 401, 200, 403]
        assert "components" not in no_token.text + wrong.text + far.text

    def test_counts_of_all_brands_are_for_who_runs_the_installation(self, office: Office, clock: SetClock) -> None:
        """Everybody is told what is well and what is not; how much waits, of whomever, is not everybody's."""
        submit(office.of("other"), "Sell the singing troll")
        with office.store.write() as tx:
            admin = tokens.make(tx, office.brand, TokenKind.TOKEN, "admin", Role.ADMIN, within=None)[1]
            viewer = tokens.make(tx, office.brand, TokenKind.TOKEN, "viewer", Role.VIEWER, within=None)[1]
            theirs = tokens.make(tx, "other", TokenKind.TOKEN, "theirs", Role.ADMIN, within=None)[1]
        clock.forward(2 * NOBODY_FOR)
        look(office, team=True)
        client = TestClient(create_app(lambda: office))

        def reasons(path: str, secret: str) -> dict[str, str]:
            answer = client.simulate_get(path, headers={"Authorization": f"Bearer {secret}"})
            return {one["name"]: one["reason"] for one in answer.json["components"]}

        for path in ("/health/detail", "/api/v1/health"):
            whole = reasons(path, admin)
            assert (whole["workers"], whole["budget"]) == (
                "none is here, and a turn waits",
                "enough is left for the month",
            )
            for secret in (viewer, theirs):
                told = reasons(path, secret)
                assert (told["workers"], told["budget"]) == ("none is here, and work waits", "there is money left")
                assert told["disk"] == whole["disk"]

    def test_a_record_that_is_away_is_offline(self, open_with: Callable[..., Office]) -> None:
        """503, with a document that says so; where the office was never open, a problem: nobody knows who may ask."""
        office = open_with(webhook_token=TOKEN)
        RecordAway(office).go()
        answer = TestClient(create_app(lambda: office)).simulate_get("/health/detail", headers=WITH_TOKEN)
        assert (answer.status_code, answer.json["level"]) == (503, 4)
        assert [(one["name"], one["state"]) for one in answer.json["components"]] == [("database", "offline")]

        def opening() -> Office:
            raise StoreError("/home/gnome is away")

        unopened = TestClient(create_app(opening)).simulate_get("/health/detail", headers=WITH_TOKEN)
        assert unopened.status_code == 503
        assert unopened.json["detail"] == "The office is not open: /ready names what is not ready."


class Gunicorn:
    """`gunicorn -c web/gunicorn.conf.py` on a port of its own; what it says is read line by line."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])
        environ = {"PATH": "/usr/bin:/bin", "WORKSPACE_DIR": str(folder), "WEB_PORT": self.port, **settings}
        #: What was read of what it said.
        self.lines: list[str] = []
        self._process = subprocess.Popen(COMMAND, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, problem: object, trace: object) -> None:
        self._process.kill()
        self._process.communicate(timeout=PATIENCE_S)

    def says(self, words: str) -> None:
        """Wait until it says so."""
        assert self._process.stderr is not None
        while words not in (line := self._process.stderr.readline()):
            assert line, f"gunicorn ended before it said {words!r}"
            self.lines.append(line)
        self.lines.append(line)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def get(self, path: str, *, host: str = "127.0.0.1") -> tuple[int, dict[str, Any]]:
        """What it answers: the status and the document."""
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}{path}", timeout=PATIENCE_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def head(self, path: str) -> int:
        """The status alone."""
        line = HTTPConnection("127.0.0.1", int(self.port), timeout=PATIENCE_S)
        with closing(line):
            line.request("HEAD", path)
            return line.getresponse().status

    def end(self) -> tuple[int, str]:
        """Wait for its end: the exit code, and the rest of what it said."""
        _, said = self._process.communicate(timeout=PATIENCE_S)
        return self._process.returncode, said


def test_no_access_log_repeats_a_secret(tmp_path: Path) -> None:
    """Whoever switches one on, without any key set: neither a link that opens a session, nor a token, however it is written."""
    secret = "troupe_" + "hT7bQ2vXw9LmZr4KpYc8NdFs" * 2
    arguments = f"--access-logfile {tmp_path}/access --access-logformat '%(r)s %({{authorization}}i)s'"
    with Gunicorn(tmp_path, GUNICORN_CMD_ARGS=arguments) as served:
        served.says("Booting worker")
        for path in (f"/open/{secret}", f"/open/%74{secret[1:]}", f"/nowhere?a={secret}"):
            asked = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}")
            asked.add_header("Authorization", f"Bearer {secret}")
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(asked, timeout=PATIENCE_S)  # noqa: S310 - our own web app
        served.send(signal.SIGTERM)
        code, said = served.end()
    log = (tmp_path / "access").read_text()

    assert code == 0
    assert log.count("GET /open/[removed: ") == 2
    assert log.count(" [removed: ") == 3
    assert secret[10:] not in log + said


def test_gunicorn_serves_it_also_after_a_reload(tmp_path: Path) -> None:
    """
    At a SIGHUP, as logrotate sends it, the port is taken by gunicorn itself: new workers take over from the old. What it says
    has the form of our own lines before and after.
    """
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert served.get("/ready") == (200, {"status": "ready", "workers": 0})
        served.send(signal.SIGHUP)
        served.says("Booting worker")
        served.says("Worker exiting")
        assert served.get("/ready") == (200, {"status": "ready", "workers": 0})
        served.send(signal.SIGTERM)
        code, said = served.end()
    documents = [json.loads(line) for line in [*served.lines, *said.splitlines()]]

    assert code == 0
    assert {"gunicorn.error", "web.app"} == {one["logger"] for one in documents}
    assert sum("Worker exiting" in one["event"] for one in documents) == 2


def test_a_connection_whose_request_does_not_come_is_closed(tmp_path: Path) -> None:
    """
    Half a request, or none, holds its place for seconds and not for ever; who asks meanwhile and after is answered.
    """
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert served.get("/health")[0] == 200
        address = ("127.0.0.1", int(served.port))
        with (
            socket.create_connection(address, PATIENCE_S) as half,
            socket.create_connection(address, PATIENCE_S) as none,
        ):
            half.sendall(b"GET /health HTTP/1.1\r\nHost: gnomes\r\n")
            assert served.get("/health")[0] == 200
            assert (b"", b"") == (half.recv(1), none.recv(1))
        assert served.get("/health")[0] == 200


def test_gunicorn_serves_before_the_database_is_there(tmp_path: Path) -> None:
    """
    It does not matter which of them starts first.
    """
    state = tmp_path / ".state"
    state.mkdir()
    (state / "troupe.sqlite").write_text("Dear diary, " * 1000)
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert served.get("/health") == (200, {"status": "live"})
        assert served.get("/ready") == (503, {"status": "not ready", "component": "database"})
        assert served.head("/ready") == 503
        (state / "troupe.sqlite").unlink()
        assert served.get("/ready") == (200, {"status": "ready", "workers": 0})
        served.send(signal.SIGTERM)
        code, said = served.end()

    assert code == 0
    assert "Traceback" not in said
    assert said.count("Not ready: ") == 1
    assert "cannot be opened" in said


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    """
    It names WEB_PORT, and the exit code is 1.
    """
    with Gunicorn(tmp_path) as first:
        first.says("Booting worker")
        with Gunicorn(tmp_path, WEB_PORT=first.port) as second:
            code, said = second.end()

    assert code == 1
    assert f"\nWEB_PORT has to be a port that is free; it is 127.0.0.1:{first.port} (Address already in use)." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "2001:db8::1", "two..dots"])
def test_a_host_that_is_not_here_is_a_sentence(tmp_path: Path, host: str) -> None:
    """
    It names WEB_HOST, which is what has to change.
    """
    with Gunicorn(tmp_path, WEB_HOST=host) as served:
        code, said = served.end()

    assert code == 1
    assert "\nWEB_HOST has to be an address of this machine, or a name of one; it is " in said
    assert "WEB_PORT" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost"])
def test_it_listens_at_any_address_of_this_machine(tmp_path: Path, host: str) -> None:
    """
    Also where an address is written with colons.
    """
    if ":" in host and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with Gunicorn(tmp_path, WEB_HOST=host) as served:
        served.says("Booting worker")
        at = "[::1]" if ":" in host else host
        assert served.get("/health", host=at) == (200, {"status": "live"})
        served.send(signal.SIGTERM)
        assert served.end()[0] == 0


def has_ipv6() -> bool:
    """Whether this machine can be spoken to at ::1."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
