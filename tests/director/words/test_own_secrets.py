"""Our own keys and passwords: whoever is shown them may repeat them, and nobody hears that from us."""

import base64
import io
import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from director.claude.rehearsal.asked import Purpose
from director.claude.rehearsal.service import Reply
from director.files import mirror
from director.goals.submit import submit
from director.mailbox import handling
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.redis.bus import Bus, RedisAway
from director.store import schema
from director.store.database import Store
from director.store.opening import open_store
from director.words import log
from director.words.clock import Clock
from director.words.errors import Defect, StoreError, WrongSetting
from director.words.models import Goal
from director.words.redaction import OWN
from director.words.settings import Settings, from_env
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes to people without gardens"

#: No shape gives it away.
KEY = "gnome-proxy-key-0815"

PASSWORD = "-".join(("hunter2", "of", "gnomeland"))

OURS = f"[removed: {OWN}]"

#: Said in so many words that a sentence is cut in the middle of the key.
LONG = "x" * 280 + KEY

#: What a service may answer: a status, a type, a body.
ANSWERS = {
    "a wrong request": (400, "application/json", json.dumps({"error": {"message": f"x-api-key: {KEY}, sorry"}})),
    "a wrong key": (401, "application/json", json.dumps({"error": {"message": f"invalid x-api-key {KEY}"}})),
    "another form": (401, "application/json", json.dumps({"message": f"{KEY} is unknown"})),
    "no form": (403, "text/plain", f"Forbidden for {KEY}"),
    "a long sentence": (400, "application/json", json.dumps({"error": {"message": LONG}})),
    "not paid": (402, "application/json", json.dumps({"error": {"message": f"{KEY} is empty"}})),
    "too much": (429, "application/json", json.dumps({"error": {"message": f"slow down, {KEY}"}})),
    "a fault": (500, "text/html", f"<html>{KEY}</html>"),
    "a page": (200, "text/html", f"<html>{KEY}</html>"),
    "a page that is cut": (200, "text/html", f"<html><body>{' ' * 30}{KEY} may not</html>"),
    "a strange type": (200, f"text/{KEY}", "<html>"),
}


def everything(store: Store) -> str:
    """Each row of the record."""
    with store.read() as tx:
        return repr([tx.conn.execute(table.select()).all() for table in schema.metadata.sorted_tables])


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on a port of its own that does *serve* with each connection."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def accept() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.settimeout(5)
                    serve(line)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


@pytest.fixture
def asking_with_key(claude: ClaudeDouble, open_with: Callable[..., Office]) -> Office:
    """An office that asks `claude`, with a key."""
    return open_with(anthropic_base_url=claude.url, anthropic_api_key=KEY)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_service_that_repeats_the_key_is_not_quoted(
    asking_with_key: Office,
    claude: ClaudeDouble,
    drain: Drain,
    answer: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """
    Not in what the call, the turn, the journal, the question and the service's state keep, nor in the log; what else it said
    is there.
    """
    status, kind, body = ANSWERS[answer]
    said = Reply(status, {"content-type": kind, "content-length": str(len(body))}, body.encode())
    claude.always(Purpose.DRAFT, lambda _asked: said)
    with caplog.at_level(logging.DEBUG, logger="director"):
        drain(asking_with_key, submit(asking_with_key, GNOMES, pipeline="Social Week"))
    with asking_with_key.store.read() as tx:
        (call,) = tx.calls.of_goal("g1")

    assert str(status) in (call.error or "")
    assert KEY[:12] not in everything(asking_with_key.store)
    assert KEY[:12] not in caplog.text
    if answer != "a fault":
        assert OURS[:12] in (call.error or "")


def test_an_address_with_a_password_is_not_quoted_as_http_sends_it(
    claude: ClaudeDouble, open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    A proxy that complains about the header it got says the password in base64.
    """
    sent = base64.b64encode(f"gnome:{PASSWORD}".encode()).decode()
    office = open_with(anthropic_base_url=claude.url.replace("://", f"://gnome:{PASSWORD}@"))
    body = json.dumps({"message": f"Proxy-Authorization: Basic {sent} ({PASSWORD}) is wrong"}).encode()
    claude.always(Purpose.DRAFT, lambda _asked: Reply(403, {"content-type": "application/json"}, body))
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))

    assert f"Basic {OURS} ({OURS}) is wrong" in (goal.reason or "")
    assert sent not in everything(office.store)
    assert PASSWORD not in everything(office.store)


def test_what_the_client_reads_from_the_environment_by_itself_is_not_quoted(
    claude: ClaudeDouble, open_with: Callable[..., Office], drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Gateways are let in by headers, and proxies by a name and a password; a word that is none of both stays.
    """
    token = f"gw-{KEY}"
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", f"X-Gateway: Bearer {token}\nX-Team: gnomes")
    monkeypatch.setenv("ALL_PROXY", f"http://gnome:{PASSWORD}@127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    office = open_with(anthropic_base_url=claude.url)
    body = json.dumps({"message": f"gnomes with {token} came by {PASSWORD}"}).encode()
    claude.always(Purpose.DRAFT, lambda _asked: Reply(401, {"content-type": "application/json"}, body))
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))

    assert f"gnomes with {OURS} came by {OURS}" in (goal.reason or "")
    assert token not in everything(office.store)
    assert PASSWORD not in everything(office.store)


def test_nor_by_anything_else_that_keeps_what_others_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A fault of ours below the client, or a file that repeats it: all know the same secrets.
    """
    monkeypatch.setenv("ALL_PROXY", f"http://gnome:{PASSWORD}@127.0.0.1:1")
    goal = submit(office, GNOMES, pipeline="Social Week")
    with office.store.read() as tx:
        (turn,) = tx.turns.of_goal(goal.id)

    def fail(_office: Office, _held: Held) -> None:
        raise ValueError(f"no tunnel for {PASSWORD}")

    with pytest.raises(ValueError, match="no tunnel"):
        handling.handle(office, turn.id, {"plan": fail}, after_failure)
    mirror.write(office, "gnomes.md", f"Say {PASSWORD}.")

    assert f"no tunnel for {OURS}" in everything(office.store)
    assert PASSWORD not in everything(office.store)
    assert (office.settings.workspace_dir / "gnomes.md").read_text() == f"Say {OURS}."


#: What sets up the log of a process, and then has a library say something.
LOGGING = {
    "a worker": f"""
import logging, actors.broker
logging.getLogger("gnomes").warning("no tunnel for {PASSWORD}")
""",
    "a command that is its own worker": f"""
import logging
from actors import broker, inline
def stop(*_, **__):
    logging.getLogger("gnomes").warning("no tunnel for {PASSWORD}")
    raise SystemExit
logging.getLogger().handlers = []
inline.dramatiq.Worker = stop
with inline.inline_worker(broker.settings, ""):
    pass
""",
}


@pytest.mark.parametrize("process", LOGGING)
def test_nor_by_the_log_of(tmp_path: Path, process: str) -> None:
    """
    Of a worker, and of a command that does the work itself.
    """
    proxy = f"http://gnome:{PASSWORD}@127.0.0.1:1"
    done = subprocess.run(
        [sys.executable, "-c", LOGGING[process]],
        env={**os.environ, "ALL_PROXY": proxy, "WORKSPACE_DIR": str(tmp_path / "workspace"), "LOG_FORMAT": "json"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert f"no tunnel for {OURS}" in done.stderr
    assert PASSWORD not in done.stderr


def test_a_key_is_not_quoted_as_an_address_has_it(
    claude: ClaudeDouble, open_with: Callable[..., Office], drain: Drain
) -> None:
    """
    A gateway that puts it into an address says `%2F` for `/`.
    """
    office = open_with(anthropic_base_url=claude.url, anthropic_api_key="gnome/key+0815=")
    body = json.dumps({"message": "no such tenant: gnome%2Fkey%2B0815%3D"}).encode()
    claude.always(Purpose.DRAFT, lambda _asked: Reply(400, {"content-type": "application/json"}, body))
    goal = drain(office, submit(office, GNOMES, pipeline="Social Week"))

    assert f"no such tenant: {OURS}" in (goal.reason or "")


@pytest.mark.parametrize(
    "address", [f"redis://:{PASSWORD}@127.0.0.1:{{}}/0", f"redis://127.0.0.1:{{}}/0?password={PASSWORD}"]
)
def test_a_redis_that_repeats_the_password_is_not_quoted(address: str) -> None:
    """
    An old one, or what only looks like one, repeats a command it does not know with its arguments.
    """

    def serve(line: socket.socket) -> None:
        asked = line.recv(4096)
        if asked:
            line.sendall(b"-ERR unknown command, with args beginning with: '%s'\r\n" % PASSWORD.encode())

    with listening(serve) as port:
        bus = Bus(address.format(port), "troupe")
        with pytest.raises(RedisAway) as caught:
            bus.check()
        bus.close()

    assert "with args beginning with: '***'" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_the_password_of_the_sentinels_is_not_shown() -> None:
    """
    It stands behind the host, where one does not look for it.
    """
    bus = Bus(f"sentinel://127.0.0.1:1/gnomes?sentinel_password={PASSWORD}", "troupe")
    with pytest.raises(RedisAway) as caught:
        bus.check()

    assert "127.0.0.1:1/gnomes?sentinel_password=***" in str(caught.value)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "beside"),
    [
        (f"gnome:{PASSWORD}@127.0.0.1:{{}}/gnomes", ""),
        (f"gnome@127.0.0.1:{{}}/gnomes?password={PASSWORD}", ""),
        ("gnome@127.0.0.1:{}/gnomes?", "PGPASSWORD"),
        ("gnome@127.0.0.1:{}/gnomes?", "PGPASSFILE"),
        ("gnome@127.0.0.1:{}/gnomes?service=meadow", "PGSERVICEFILE"),
    ],
)
def test_a_database_that_repeats_the_password_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, beside: str
) -> None:
    """
    What stands between us and it, a pooler say, may say what it was given. Nor does the address show it. The client may have
    the password from elsewhere.
    """
    pytest.importorskip("psycopg")
    escaped = PASSWORD.replace("-", r"\-")
    (tmp_path / "PGPASSFILE").write_text(f"# of gnomes\n127.0.0.1:*:*:gnome:{escaped}\n")
    (tmp_path / "PGPASSFILE").chmod(0o600)
    (tmp_path / "PGSERVICEFILE").write_text(f"[meadow]\npassword={PASSWORD}\n")
    if beside:
        monkeypatch.setenv(beside, PASSWORD if beside == "PGPASSWORD" else str(tmp_path / beside))

    def serve(line: socket.socket) -> None:
        line.recv(4096)
        line.sendall(b"N")  # no TLS here
        line.recv(4096)
        line.sendall(b"R" + struct.pack("!ii", 8, 3))  # the password, please
        password = line.recv(4096)[5:-1]
        fault = b"SFATAL\0C28P01\0M" + password + b" is wrong\0\0"
        line.sendall(b"E" + struct.pack("!i", len(fault) + 4) + fault)

    with listening(serve) as port, pytest.raises(StoreError) as caught:
        open_store(
            f"postgresql+psycopg://{address.format(port)}&sslmode=prefer".replace("gnomes&", "gnomes?"),
            tmp_path,
            Clock(),
        )

    assert "*** is wrong" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_fault_of_ours_does_not_repeat_them() -> None:
    """
    What is raised somewhere below may say what it was called with.
    """
    assert PASSWORD not in str(Defect(ValueError(f"bad header {PASSWORD}"), [PASSWORD]))


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_no_line_of_the_log_repeats_them(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """
    Neither words nor arguments nor a stack, of our own or of a library; quotation marks in a password change nothing.
    """
    quoted = 'hunter"2\\'
    monkeypatch.setattr("sys.stderr", out := io.StringIO())
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        log.configure("info", form, [PASSWORD, quoted])
        logging.getLogger("redis").warning("cannot log in with %s", PASSWORD)
        logging.getLogger("director").error(f"words {PASSWORD} and {quoted}")
        try:
            int(PASSWORD)
        except ValueError:
            logging.getLogger("dramatiq").exception("it failed")
    finally:
        root.handlers, level = before
        root.setLevel(level)

    assert out.getvalue().count("removed") >= 4
    for secret in (PASSWORD, quoted, json.dumps(quoted)[1:-1], repr(quoted)[1:-1]):
        assert secret not in out.getvalue()


def test_the_settings_name_all_there_are() -> None:
    """
    Keys, tokens and the passwords within addresses; showing the settings shows none.
    """
    settings = from_env(
        {
            "ANTHROPIC_API_KEY": "secret-1",
            "WEBHOOK_TOKEN": "secret-2-of-senders",
            "ANTHROPIC_BASE_URL": "https://gnome:secret-3@proxy.example",
            "REDIS_URL": "redis://:secret-4@localhost",
            "DATABASE_URL": "postgresql://gnome:secret-5@localhost/gnomes",
        }
    )

    assert {"secret-1", "secret-2-of-senders", "secret-3", "secret-4", "secret-5"} <= set(settings.secrets)
    assert "secret-" not in repr(settings)
    assert Settings().secrets == ()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ANTHROPIC_BASE_URL", f"htps://gnome:{PASSWORD}@proxy.example"),
        ("ANTHROPIC_BASE_URL", f"gnome:{PASSWORD}@proxy.example"),
        ("WEB_PORT", "sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8NdFs"),
        ("LOG_LEVEL", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"),
    ],
)
def test_a_wrong_setting_that_holds_a_secret_is_not_repeated(variable: str, value: str) -> None:
    """
    Also where none is expected: an address with a password, a key in the wrong line.
    """
    with pytest.raises(WrongSetting) as caught:
        from_env({variable: value})

    assert variable in str(caught.value)
    assert "not shown" in str(caught.value)
    assert value not in str(caught.value)
    assert caught.value.__cause__ is None
