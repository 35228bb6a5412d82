"""What comes in from outside: who may, what is written, and what is answered."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import ASGIConductor, Result, TestClient
from sqlalchemy import func, select

from director.access import brands, tokens
from director.access.roles import Role
from director.bootstrap import open_office
from director.mailbox.events import LOOK
from director.office import Office
from director.store import schema
from director.triggers.incoming import MOST_BYTES
from director.triggers.signatures import Scheme
from director.triggers.sources import Folder, Sources
from director.words.models import Event
from director.words.settings import Settings
from director.words.states import Outcome
from director.words.tokens import TokenKind
from tests.conftest import SetClock
from tests.director.conftest import RecordAway
from web.app import create_app
from web.callers import OPEN
from web.limits import FAILURES

ROOT = Path(__file__).parents[2]

PATIENCE_S = 30

TOKEN = "gnome-token-0815"  # noqa: S105 - of nothing

AN_EVENT: dict[str, Any] = {
    "id": "42", "type": "new_blog_post", "timestamp": "2026-11-22T08:59:00+00:00", "source": "blog",
    "data": {"title": "Ten gnomes", "words": 900},
}  # fmt: skip


@pytest.fixture
def office(open_with: Callable[..., Office]) -> Office:
    """An office with a token for senders."""
    return open_with(webhook_token=TOKEN)


@pytest.fixture
def client(office: Office) -> TestClient:
    """Who asks the web app over that office."""
    return TestClient(create_app(lambda: office))


@pytest.fixture
def record_away(office: Office) -> RecordAway:
    """The office's record, which can go away and come back."""
    return RecordAway(office)


def send(client: TestClient, document: Any = AN_EVENT, *, path: str = "/webhooks/events", **given: Any) -> Result:
    """POST it, as JSON unless it is bytes; with the token unless other headers are given."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    usual = {"headers": {"Authorization": f"Bearer {TOKEN}"}, "body": body}
    return client.simulate_post(path, **{**usual, **given})


def written(office: Office) -> list[Event]:
    """The events of the record; each has the one turn that looks for triggers."""
    with office.store.read() as tx:
        found = tx.events.all(limit=2000)
        turns = tx.conn.execute(select(func.count()).select_from(schema.turns).where(schema.turns.c.verb == LOOK))
        assert turns.scalar_one() == len(found)
    return found


def problem(answer: Result, status: int, said: str) -> str:
    """The one sentence of an answer that is a problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert said in answer.json["detail"]
    assert "Traceback" not in answer.text
    assert TOKEN not in answer.text
    return str(answer.json["detail"])


class TestOurEnvelope:
    """POST /webhooks/events."""

    def test_an_event_is_written_and_has_an_address(self, client: TestClient, office: Office) -> None:
        """202, and at its address stands what is known of it; the turn that looks for triggers is in the same transaction."""
        answer = send(client)

        assert (answer.status_code, answer.json) == (202, {"event": "e1", "status": "accepted"})
        assert answer.headers["location"] == "/webhooks/events/e1"
        [event] = written(office)
        assert (event.source, event.delivery, event.type) == ("events", "blog/42", "new_blog_post")
        assert event.data == AN_EVENT["data"]
        assert event.said_at == datetime(2026, 11, 22, 8, 59, tzinfo=UTC)
        seen = client.simulate_get("/webhooks/events/e1", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (seen.status_code, seen.json) == (
            200,
            {
                "event": "e1", "source": "events", "type": "new_blog_post", "received": "2026-11-22T09:00:00+00:00",
                "status": "accepted", "outcomes": [],
            },
        )  # fmt: skip

    def test_an_event_no_trigger_is_for_is_accepted_with_a_note(self, client: TestClient, office: Office) -> None:
        """It is written like any other; its sender sees the nearest type. A trigger that comes later ends that."""
        notes = [
            send(client, AN_EVENT | {"id": each, "type": each})
            for each in ("trafic_drop", "zzzz", "zzzz", "traffic_drop")
        ]

        assert [answer.status_code for answer in notes] == [202, 202, 200, 202]
        assert [answer.json.get("note") for answer in notes] == [
            "No trigger is for trafic_drop; nearest: traffic_drop.", *["No trigger is for zzzz."] * 2, None
        ]  # fmt: skip
        assert len(written(office)) == 3
        folder = office.settings.workspace_dir / "triggers"
        folder.mkdir(parents=True)
        (folder / "sleep.yaml").write_text("event: zzzz\ngoal: Sleep\n", encoding="utf-8")
        assert "note" not in send(client, AN_EVENT | {"id": "5", "type": "zzzz"}).json
        (folder / "sleep.yaml").write_text("event: zzz\n", encoding="utf-8")
        assert "note" in send(client, AN_EVENT | {"id": "6", "type": "zzzz"}).json
        assert "note" not in send(client, AN_EVENT | {"id": "7", "type": "zzz"}).json

    def test_its_address_says_what_became_of_it(self, client: TestClient, office: Office) -> None:
        """Once the triggers were looked through."""
        send(client)
        with office.store.write() as tx:
            tx.events.looked_at("e1")
            tx.events.add_outcome("e1", "posts", Outcome.COOLED_DOWN, "It started g1 an hour ago.")

        seen = client.simulate_get("/webhooks/events/e1", headers={"Authorization": f"Bearer {TOKEN}"}).json

        assert seen["status"] == "looked at"
        assert seen["outcomes"] == [
            {"trigger": "posts", "what": Outcome.COOLED_DOWN, "why": "It started g1 an hour ago.", "goal": None}
        ]

    def test_a_copy_is_answered_as_the_first_was(self, client: TestClient, office: Office) -> None:
        """200 with the first one's address, whatever else the copy says."""
        send(client)

        answer = send(client, AN_EVENT | {"data": {}})

        assert (answer.status_code, answer.json) == (200, {"event": "e1", "status": "accepted before"})
        assert answer.headers["location"] == "/webhooks/events/e1"
        assert len(written(office)) == 1

    def test_two_sources_may_have_the_same_number(self, client: TestClient, office: Office) -> None:
        """An id is its source's, not ours."""
        assert [send(client, AN_EVENT | {"source": name}).status_code for name in ("blog", "shop")] == [202, 202]
        assert len(written(office)) == 2

    def test_an_event_of_long_ago_is_taken(self, client: TestClient, office: Office) -> None:
        """Its sender may have been without a line for a week; a copy is known by its id."""
        assert send(client, AN_EVENT | {"timestamp": "2026-11-15T00:00:00+01:00"}).status_code == 202

    def test_a_type_nobody_knows_is_taken(self, client: TestClient, office: Office) -> None:
        """It is recorded; that no trigger is for it is said there."""
        assert send(client, AN_EVENT | {"type": "gnome.moved"}).status_code == 202

    @pytest.mark.parametrize(
        "token", [None, "", "Bearer", "Bearer ", "Bearer gnome", "Basic Z25vbWU6Z25vbWU=", "ü", TOKEN]
    )
    def test_without_the_token_nothing_is_written(self, client: TestClient, office: Office, token: str | None) -> None:
        """401, which says what is expected and not what came."""
        headers = {} if token is None else {"Authorization": token}

        for answer in (
            send(client, headers=headers),
            client.simulate_get("/webhooks/events/e1", headers=headers),
        ):
            said = problem(answer, 401, "Authorization")
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert "The scheme here is bearer." in said
        assert written(office) == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"id": None}, "The field id has to be text or a whole number; it is nothing."),
            ({"id": ""}, "The field id has to be text or a whole number; it is ''."),
            ({"id": True}, "The field id"),
            ({"id": 1.5}, "The field id"),
            ({"id": ["1"]}, "The field id"),
            ({"type": None}, "The field type has to be a word"),
            ({"type": "new blog post"}, "The field type"),
            ({"type": "x" * 65}, "The field type"),
            ({"type": "<b>"}, "The field type"),
            ({"type": 7}, "The field type"),
            ({"source": "a/b"}, "The field source has to be a word"),
            ({"source": {}}, "The field source"),
            ({"timestamp": None}, "The field timestamp has to be a time in ISO 8601 with its zone"),
            ({"timestamp": "2026-11-22T09:00:00"}, "The field timestamp"),
            ({"timestamp": "yesterday"}, "The field timestamp"),
            ({"timestamp": 1_700_000_000}, "The field timestamp"),
            ({"timestamp": "0001-01-01T00:00:00+23:00"}, "The field timestamp"),
            ({"timestamp": "9999-12-31T23:59:59-23:00"}, "The field timestamp"),
            ({"timestamp": "2026-11-23T09:00:00Z"}, "has to be a time that has come (ours is 2026-11-22T09:00:00Z)"),
            ({"data": None}, "The field data has to be an object; it is nothing."),
            ({"data": [1]}, "The field data"),
            ({"data": "text"}, "The field data"),
            ({"typ": "x"}, "it has 'typ'"),
            ({"\ud800": 1}, "it has '\\ud800'"),
        ],
    )
    def test_a_field_that_is_wrong_is_named(
        self, client: TestClient, office: Office, changes: dict[str, Any], said: str
    ) -> None:
        """400, with what was expected and what came; nothing is written."""
        detail = problem(send(client, AN_EVENT | changes), 400, "")

        assert said.encode().decode("unicode_escape") in detail or said in detail
        assert written(office) == []

    @pytest.mark.parametrize("field", AN_EVENT)
    def test_a_field_that_is_missing_is_named(self, client: TestClient, office: Office, field: str) -> None:
        """All five are needed."""
        document = {name: value for name, value in AN_EVENT.items() if name != field}

        problem(send(client, document), 400, f"The field {field} has to be there")
        assert written(office) == []


#: Bodies that are no event, and what is said of each.
ODD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "blank": (b" \r\n\t", "it is empty"),
    "text": (b"hello", "it is none in line 1, column 1"),
    "cut off": (json.dumps(AN_EVENT).encode()[:-1], "it is none"),
    "two of them": (json.dumps(AN_EVENT).encode() * 2, "it is none"),
    "XML": (b"<event/>", "it is none"),
    "YAML": (b"id: 42", "it is none"),
    "single quotes": (b"{'id': 42}", "it is none"),
    "a comma too many": (b'{"id": 42,}', "it is none"),
    "a comment": (b'{"id": 42} // gnome', "it is none"),
    "hexadecimal": (b"0x2A", "it is none"),
    "a zero before": (b"042", "it is none"),
    "a line in a text": (b'"a\nb"', "it is none"),
    "NUL in a text": (b'"a\0b"', "it is none"),
    "NUL": (b"\0", "it is none"),
    "half an escape": (b'"\\ud8"', "it is none"),
    "NaN": (b'{"data": NaN}', "NaN is no value"),
    "Infinity": (b'{"data": -Infinity}', "-Infinity is no value"),
    "too large": (b'{"data": 1e999}', "too large"),
    "too small": (b'{"data": -1e999}', "too large"),
    "10,000 digits": (b"9" * 10_000, "numbers of at most 100 digits"),
    "minus 10,000 digits": (b'{"data": -' + b"9" * 10_000 + b"}", "numbers of at most 100 digits"),
    "a key twice": (b'{"id": 1, "id": 2}', "it has 'id' twice"),
    "a key twice within": (b'{"data": [{"a": 1, "\\u0061": 2}]}', "it has 'a' twice"),
    "keys that are the same when cleaned": (
        json.dumps(AN_EVENT | {"data": dict.fromkeys(["\ud800", "\udfff"])}).encode(),
        "twice",
    ),
    "33 lists": (b"[" * 33 + b"]" * 33, "at most 32 values"),
    "100,000 lists": (b"[" * 100_000 + b"]" * 100_000, "at most 32 values"),
    "100,000 open lists": (b"[" * 100_000, "at most 32 values"),
    "40,000 objects": (b'{"a":' * 40_000, "at most 32 values"),
    "objects and lists": (b'[{"a":' * 20_000, "at most 32 values"),
    "brackets in a text": (b'"' + b"[" * 1000, "it is none"),
    "an escape at the end": (b"[" * 40 + b'"\\', "at most 32 values"),
    "Latin-1": ("{'a': 'grüße'}".encode("latin-1"), "UTF-8; the byte 0xfc at position 9"),
    "UTF-16": (json.dumps(AN_EVENT).encode("utf-16"), "UTF-8; the byte"),
    "UTF-16 without a mark": (json.dumps(AN_EVENT).encode("utf-16-be"), "it is none"),
    "UTF-32": (json.dumps(AN_EVENT).encode("utf-32"), "UTF-8; the byte"),
    "half a character": (b'"\xf0\x9f"', "UTF-8; the byte 0xf0"),
    "a surrogate in UTF-8": (b'"\xed\xa0\x80"', "UTF-8; the byte 0xed"),
    "an overlong slash": (b'"\xc0\xaf"', "UTF-8; the byte 0xc0"),
    "gzip": (b"\x1f\x8b\x08\x00", "UTF-8; the byte 0x8b"),
    "random": (bytes(range(256)), "UTF-8; the byte 0x80"),
    "null": (b"null", "an object with id, type"),
    "true": (b"true", "an object with id, type"),
    "a number": (b"42", "an object with id, type"),
    "a string": (b'"event"', "an object with id, type"),
    "a list": (b"[]", "an object with id, type"),
    "a list of events": (json.dumps([AN_EVENT]).encode(), "an object with id, type"),
    "no fields": (b"{}", "The field id has to be there"),
    "a form": (b"payload=%7B%7D", "it is none"),
    "multipart": (b"--gnome\r\nContent-Disposition: form-data\r\n\r\n{}\r\n--gnome--", "it is none"),
}


@pytest.mark.parametrize(("body", "said"), ODD.values(), ids=ODD)
def test_a_body_that_is_no_event_is_one_problem(client: TestClient, office: Office, body: bytes, said: str) -> None:
    """Whatever somebody with the token sends: 400 and a sentence; nothing is written, nothing breaks."""
    detail = problem(send(client, body), 400, said)

    assert len(detail) < 400
    assert written(office) == []
    assert send(client).status_code == 202


@pytest.mark.parametrize(
    "body", [json.dumps(AN_EVENT).encode("utf-8-sig"), b"\n" + json.dumps(AN_EVENT).encode() + b"\r\n"]
)
def test_a_mark_and_blanks_around_are_let_be(client: TestClient, body: bytes) -> None:
    """As PowerShell and editors write them."""
    assert send(client, body).status_code == 202


def test_a_form_is_told_that_it_is_one(client: TestClient, office: Office) -> None:
    """GitHub sends forms unless one chooses JSON: 415. Of any other type it is enough that the body is JSON."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}

    problem(send(client, b"payload=%7B%7D", headers=headers), 415, "it is a form: let its sender send JSON")
    problem(send(client, headers=headers | {"Content-Encoding": "gzip"}), 415, "without Content-Encoding")
    assert written(office) == []
    assert send(client, headers=headers).status_code == 202


@pytest.mark.parametrize("body", [b'{"id": "1", "data": {"a": "b=c"}', b"hello", b""])
def test_what_is_only_called_a_form_is_told_that_it_is_no_json(client: TestClient, body: bytes) -> None:
    """`curl -d` calls whatever it sends a form: who forgot a bracket is told where JSON ends."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}

    assert "form" not in problem(send(client, body, headers=headers), 400, "The body has to be JSON; it is")


@pytest.mark.parametrize("said", [{}, {"Authorization": "Bearer another"}, {"Authorization": "Basic dTpw"}])
def test_who_has_not_the_token_is_told_to_send_it(client: TestClient, said: dict[str, str]) -> None:
    """Nothing is signed with a token, so nobody is told to sign."""
    detail = problem(send(client, headers=said), 401, "send `Authorization: Bearer TOKEN`")

    assert "sign" not in detail


@pytest.mark.parametrize("text", ["\0", "\ud800", "\udfff\ud800", "a\0b", "🧌", "\U0010ffff", "\x1b[2J", "\u202egnome"])
def test_what_no_database_could_keep_is_replaced(client: TestClient, office: Office, text: str) -> None:
    """NUL and halves of characters, in texts and in keys; all else stays as it came."""
    kept = "".join(
        "\ufffd" if character == "\0" or "\ud800" <= character <= "\udfff" else character for character in text
    )

    assert send(client, AN_EVENT | {"id": f"id {text}", "data": {text: [text, {"a": text}]}}).status_code == 202

    [event] = written(office)
    assert event.data == {kept: [kept, {"a": kept}]}
    assert event.delivery.startswith("blog/")
    event.delivery.encode()


def test_a_long_id_is_kept_by_its_hash(client: TestClient, office: Office) -> None:
    """Two that differ in their last letter are two events, and a copy is one."""
    sent = [send(client, AN_EVENT | {"id": "x" * 9000 + end}).status_code for end in ("a", "b", "a")]

    assert sent == [202, 202, 200]
    assert all(len(event.delivery) <= 200 for event in written(office))


def test_secrets_are_taken_out_of_what_is_sent(client: TestClient, office: Office) -> None:
    """Ours, and what looks like one, also where an escape hides it: what is written may be shown, and asked of Claude."""
    key = "sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8NdFs"
    body = json.dumps(AN_EVENT | {"data": {"token": TOKEN, "key": [key], "n": 1}}).replace("sk-", "\\u0073k-").encode()

    assert send(client, body).status_code == 202

    said = json.dumps(written(office)[0].data)
    assert TOKEN not in said
    assert "hT7bQ2vXw9" not in said
    assert said.count("removed") == 2


def test_two_that_differ_in_a_secret_alone_are_two(client: TestClient, office: Office) -> None:
    """What is taken out of what is kept is not taken out of what tells events apart; the id is kept by its hash."""
    keys = ["sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8Nd" + end for end in ("Fs", "Ft")]

    assert [send(client, AN_EVENT | {"id": key}).status_code for key in keys] == [202, 202]
    assert not any("hT7bQ2vXw9" in event.delivery for event in written(office))


def test_a_token_that_is_a_word_is_taken_out_of_nothing(open_with: Callable[..., Office]) -> None:
    """Else a token of "blog" would change what a blog says."""
    office = open_with(webhook_token="blog")  # noqa: S106 - as above

    assert send(TestClient(create_app(lambda: office)), headers={"Authorization": "Bearer blog"}).status_code == 202
    assert written(office)[0].delivery == "blog/42"


def test_the_longest_body_is_taken_and_no_longer_one(client: TestClient, office: Office) -> None:
    """256 kB; one byte more is 413, whether its length is told or not."""
    room = MOST_BYTES - len(json.dumps(AN_EVENT | {"data": {"a": ""}}))
    longest = json.dumps(AN_EVENT | {"data": {"a": "x" * room}}).encode()
    assert len(longest) == MOST_BYTES

    problem(send(client, longest + b" "), 413, "at most 256 kB; it has more")
    assert written(office) == []
    assert send(client, longest).status_code == 202


def test_other_methods_and_addresses_are_problems_too(client: TestClient, office: Office) -> None:
    """405 names what may be asked; 404 lists nothing."""
    answer = client.simulate_get("/webhooks/events")
    problem(answer, 405, "Allow")
    assert "POST" in answer.headers["allow"]
    problem(client.simulate_put("/webhooks/gnomes"), 405, "Allow")
    problem(client.simulate_get("/gnomes"), 404, "nothing at this address")
    problem(send(client, path="/webhooks/gnomes"), 404, "no such source")
    problem(send(client, path="/webhooks/..%2Fgnomes"), 404, "")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    problem(client.simulate_get("/webhooks/events/e7", headers=headers), 404, "There is no event 'e7'.")
    problem(client.simulate_get("/webhooks/events/%00%F0%9F%A7%8C", headers=headers), 404, "U+0000")


def test_a_record_that_is_away_is_503(client: TestClient, record_away: RecordAway, office: Office) -> None:
    """With when to come again; who comes again then is answered."""
    record_away.go()
    answer = send(client)
    problem(answer, 503, "send it again")
    assert int(answer.headers["retry-after"]) > 0
    record_away.come_back()

    assert send(client).status_code == 202


def test_a_fault_of_ours_is_said_in_the_log_and_nowhere_else(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """500 with one sentence, as every problem."""

    def opening() -> Office:
        raise RuntimeError("the gnomes are loose")

    answer = send(TestClient(create_app(opening)))

    problem(answer, 500, "Something went wrong that should not")
    assert "gnomes" not in answer.text
    assert "the gnomes are loose" in caplog.text


def at(host: str) -> dict[str, Any]:
    """How Falcon's client is told the header Host."""
    name, _, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "80")
    return {"host": name, "port": int(port)}


class TestWithoutToken:
    """What no token is set for is for this machine's own programs."""

    @pytest.fixture
    def office(self, open_with: Callable[..., Office]) -> Office:
        """An office without a token."""
        return open_with()

    @pytest.mark.parametrize(
        ("peer", "host"),
        [
            ("127.0.0.1", "127.0.0.1:8000"),
            ("127.0.0.1", "localhost"),
            ("::1", "[::1]:8000"),
            ("::ffff:127.0.0.1", "LOCALHOST:1"),
        ],
    )
    def test_a_program_of_this_machine_may_send(self, client: TestClient, office: Office, peer: str, host: str) -> None:
        """By any of its names for itself."""
        assert send(client, headers={}, remote_addr=peer, **at(host)).status_code == 202

    @pytest.mark.parametrize(
        ("peer", "headers"),
        [
            (None, {}),
            ("", {}),
            ("192.0.2.1", {}),
            ("2001:db8::1", {}),
            ("12.7.0.1", {}),
            ("127.0.0.1", {"Host": "gnomes.example"}),
            ("127.0.0.1", {"Host": "localhost.gnomes.example:8000"}),
            ("127.0.0.1", {"Host": "127.0.0.1.nip.example"}),
            ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}),
            ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}),
            ("127.0.0.1", {"X-Forwarded-Proto": "https"}),
            ("127.0.0.1", {"X-Forwarded-Server": "gnomes.example"}),
            ("127.0.0.1", {"CF-Connecting-IP": "192.0.2.1"}),
            ("127.0.0.1", {"True-Client-IP": "192.0.2.1"}),
            ("127.0.0.1", {"X-Real-IP": "192.0.2.1"}),
            ("127.0.0.1", {"Via": "1.1 gnomes"}),
        ],
    )
    def test_nobody_else_may(
        self, client: TestClient, office: Office, peer: str | None, headers: dict[str, str]
    ) -> None:
        """From elsewhere, by a name that leads here from outside, or through a proxy: 403."""
        asked = {"headers": dict(headers), "remote_addr": peer, **at(headers.get("Host", "localhost:8000"))}

        problem(send(client, **asked), 403, "tokens create")
        problem(client.simulate_get("/webhooks/events/e1", **asked), 403, "tokens create")
        assert written(office) == []

    @pytest.mark.parametrize(
        "headers", [{"Origin": "https://gnomes.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
    )
    def test_nor_a_page_of_another_site(self, client: TestClient, office: Office, headers: dict[str, str]) -> None:
        """It may send what a form sends, to whatever address."""
        problem(send(client, headers=headers, remote_addr="127.0.0.1", **at("localhost:8000")), 403, "another site")
        assert written(office) == []

    def test_once_a_token_was_made_nobody_comes_without_one(self, client: TestClient, office: Office) -> None:
        """The same rule as for everything: who may do work sends events, to their own brand; who may read looks at them."""
        here = {"remote_addr": "127.0.0.1", **at("localhost:8000")}
        _, viewer = tokens.create(office, "gnome", Role.VIEWER)
        _, marketer = tokens.create(office, "troll", Role.MARKETER)
        brands.add(office, "other")
        with office.store.write() as tx:
            _, others = tokens.make(tx, "other", TokenKind.TOKEN, "theirs", Role.MARKETER, within=None)

        def bearer(secret: str) -> dict[str, str]:
            return {"Authorization": f"Bearer {secret}"}

        problem(send(client, headers={}, **here), 401, "tokens create")
        problem(client.simulate_get("/webhooks/events/e1", **here), 401, "tokens create")
        problem(send(client, headers=bearer(viewer), **here), 403, "'work'")
        assert send(client, headers=bearer(marketer), **here).json == {"event": "e1", "status": "accepted"}
        assert send(client, headers=bearer(others), **here).json["event"] == "e2"
        with office.store.read() as tx:
            assert [tx.events.get(ident).brand for ident in ("e1", "e2")] == [office.brand, "other"]
        assert client.simulate_get("/webhooks/events/e1", headers=bearer(viewer), **here).status_code == 200
        problem(client.simulate_get("/webhooks/events/e2", headers=bearer(viewer), **here), 404, "There is no event")

    def test_nor_who_speaks_as_nginx_does_unless_it_is_told_otherwise(self, client: TestClient, office: Office) -> None:
        """HTTP/1.0, this machine's own name, and no word of whom it asks for."""
        asked = {"headers": {"Host": "127.0.0.1:8000"}, "remote_addr": "127.0.0.1", "http_version": "1.0"}

        problem(send(client, **asked), 403, "tokens create")
        assert written(office) == []


#: A file for each scheme, the least that is needed.
FILES = {
    Scheme.BEARER: "type: /kind\nid: /number\n",
    Scheme.STANDARD: "type: /kind\n",
    Scheme.GITHUB: "type: {header: X-GitHub-Event, map: {release: new_feature_shipped}}\ndata: /release\n",
    Scheme.STRIPE: "type: /kind\ntimestamp: /created\n",
    Scheme.SHOPIFY: "type: {header: X-Shopify-Topic, map: {products/create: new_feature_shipped}}\n",
    Scheme.HUBSPOT: "type: /kind\nid: [/number, /portal]\nevents: ''\nurl: https://gnomes.example/webhooks/sender\n",
    Scheme.SLACK: "type: new_blog_post\n",
}

SECRET = "gnome-secret-4711"  # noqa: S105 - as above
STANDARD_SECRET = "whsec_" + base64.b64encode(SECRET.encode()).decode()

NOW = SetClock().now

#: What a sender of each tells.
BODIES: dict[Scheme, Any] = {
    Scheme.BEARER: {"kind": "new_blog_post", "number": 7},
    Scheme.STANDARD: {"kind": "new_blog_post"},
    Scheme.GITHUB: {"release": {"tag": "v1"}},
    Scheme.STRIPE: {"kind": "new_blog_post", "id": "evt_1", "created": int(NOW.timestamp())},
    Scheme.SHOPIFY: {"title": "Gnome"},
    Scheme.HUBSPOT: [{"kind": "new_blog_post", "number": 7, "portal": 1}, {"kind": "gnome", "number": 7, "portal": 2}],
    Scheme.SLACK: {"event_id": "Ev1", "text": "gnome"},
}


def signed_by(  # noqa: PLR0911 - a scheme, a return
    scheme: Scheme, body: bytes, *, secret: str = SECRET, at: datetime = NOW
) -> dict[str, str]:
    """The headers with which its sender would send *body*; as the documents of each have it."""
    seconds = int(at.timestamp())

    def digest(*parts: bytes) -> bytes:
        return hmac.new(secret.encode(), b"".join(parts), hashlib.sha256).digest()

    def text(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    match scheme:
        case Scheme.BEARER:
            return {"Authorization": f"Bearer {secret}"}
        case Scheme.STANDARD:
            signature = f"v1,{text(digest(f'msg_1.{seconds}.'.encode(), body))}"
            return {"webhook-id": "msg_1", "webhook-timestamp": str(seconds), "webhook-signature": signature}
        case Scheme.GITHUB:
            signature = f"sha256={digest(body).hex()}"
            return {"X-Hub-Signature-256": signature, "X-GitHub-Delivery": "d-1", "X-GitHub-Event": "release"}
        case Scheme.STRIPE:
            return {"Stripe-Signature": f"t={seconds},v1={digest(f'{seconds}.'.encode(), body).hex()}"}
        case Scheme.SHOPIFY:
            signature = text(digest(body))
            return {
                "X-Shopify-Hmac-Sha256": signature,
                "X-Shopify-Webhook-Id": "w-1",
                "X-Shopify-Topic": "products/create",
            }
        case Scheme.HUBSPOT:
            time = f"{seconds}000"
            signature = text(digest(b"POST", b"https://gnomes.example/webhooks/sender", body, time.encode()))
            return {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": time}
        case Scheme.SLACK:
            signature = f"v0={digest(f'v0:{seconds}:'.encode(), body).hex()}"
            return {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": str(seconds)}


def declare(office: Office, scheme: Scheme, name: str = "sender", more: str | None = None) -> Path:
    """Write the file of a source."""
    file = office.settings.workspace_dir / "sources" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    rest = FILES[scheme] if more is None else more
    file.write_text(f"name: {name}\nscheme: {scheme}\nsecret_env: GNOME_SECRET\n{rest}", encoding="utf-8")
    return file


@pytest.mark.parametrize("scheme", Scheme)
class TestSenders:
    """POST /webhooks/NAME, for each scheme."""

    @pytest.fixture(autouse=True)
    def declared(self, office: Office, scheme: Scheme, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its file is there, and its secret."""
        monkeypatch.setenv("GNOME_SECRET", STANDARD_SECRET if scheme is Scheme.STANDARD else SECRET)
        declare(office, scheme)

    def post(self, client: TestClient, scheme: Scheme, body: bytes | None = None, **signing: Any) -> Result:
        """Send its body, signed."""
        body = json.dumps(BODIES[scheme]).encode() if body is None else body
        return send(client, body, path="/webhooks/sender", headers=signed_by(scheme, body, **signing))

    def test_what_is_signed_is_taken_once(self, client: TestClient, office: Office, scheme: Scheme) -> None:
        """202, and a copy 200 with the first one's address."""
        first, copy = self.post(client, scheme), self.post(client, scheme)

        assert (first.status_code, copy.status_code) == (202, 200), first.text
        assert first.headers["location"] == copy.headers["location"] == f"/webhooks/events/{first.json['event']}"
        found = written(office)
        assert len(found) == (2 if scheme is Scheme.HUBSPOT else 1)
        assert {event.source for event in found} == {"sender"}
        assert found[-1].type == (
            "new_feature_shipped" if scheme in (Scheme.GITHUB, Scheme.SHOPIFY) else "new_blog_post"
        )

    def test_a_changed_byte_is_refused(self, client: TestClient, office: Office, scheme: Scheme) -> None:
        """In the body; or in the token, which signs none."""
        body = json.dumps(BODIES[scheme]).encode()
        headers = signed_by(scheme, body)
        if scheme is Scheme.BEARER:
            headers = {"Authorization": f"Bearer {SECRET[:-1]}2"}

        answer = send(client, body.replace(b"g", b"h", 1) + b" ", path="/webhooks/sender", headers=headers)

        assert f"The scheme here is {scheme}." in problem(answer, 401, "does not match")
        assert written(office) == []

    def test_another_secret_is_refused(self, client: TestClient, office: Office, scheme: Scheme) -> None:
        """Neither is in the answer."""
        answer = self.post(client, scheme, secret=f"{SECRET}2")

        assert SECRET not in problem(answer, 401, "does not match")
        assert written(office) == []

    def test_a_bearer_is_guessed_no_faster_than_a_token(self, client: TestClient, scheme: Scheme) -> None:
        """Where nothing is signed a right guess is not told from a wrong one; who signs may come by the same proxy."""
        for _ in range(int(FAILURES.at_once)):
            problem(self.post(client, scheme, secret=f"{SECRET}2"), 401, "does not match")

        wrong, right = self.post(client, scheme, secret=f"{SECRET}2"), self.post(client, scheme)

        bearer = scheme is Scheme.BEARER
        assert (wrong.status_code, right.status_code) == ((429, 429) if bearer else (401, 202))

    def test_a_missing_header_is_refused(self, client: TestClient, office: Office, scheme: Scheme) -> None:
        """And named."""
        problem(send(client, BODIES[scheme], path="/webhooks/sender", headers={}), 401, "has to have the header")
        assert written(office) == []

    @pytest.mark.parametrize("apart", [-86_400, -301, 301, 86_400])
    def test_another_time_is_refused(self, client: TestClient, office: Office, scheme: Scheme, apart: int) -> None:
        """Where it is signed."""
        if scheme in (Scheme.BEARER, Scheme.GITHUB, Scheme.SHOPIFY):
            pytest.skip("it signs no time; a copy is known by its number")

        problem(self.post(client, scheme, at=NOW + timedelta(seconds=apart)), 401, "within 300 s")
        assert written(office) == []

    def test_a_replay_beyond_the_window_is_refused(
        self, client: TestClient, office: Office, clock: SetClock, scheme: Scheme
    ) -> None:
        """What was taken and is sent again byte for byte: 401, or where no time is signed the first one's address."""
        self.post(client, scheme)
        before = written(office)
        clock.forward(timedelta(seconds=301))

        answer = self.post(client, scheme)

        expected = 200 if scheme in (Scheme.BEARER, Scheme.GITHUB, Scheme.SHOPIFY) else 401
        assert answer.status_code == expected
        assert written(office) == before

    def test_nothing_is_read_before_it_is_verified(self, client: TestClient, office: Office, scheme: Scheme) -> None:
        """What is no JSON is refused for its signature, and with one for what it is."""
        body = b"[" * 100_000

        problem(
            send(client, body, path="/webhooks/sender", headers=signed_by(scheme, b"{}", secret="x" * 9)), 401, "match"
        )
        problem(self.post(client, scheme, body), 400, "at most 32 values")
        assert written(office) == []

    def test_a_body_in_which_its_pointers_find_nothing_is_refused(
        self, client: TestClient, office: Office, scheme: Scheme
    ) -> None:
        """400, which names the field and the source."""
        declare(office, scheme, more=FILES[scheme].replace("data: /release", "") + "data: /nowhere\n")

        assert "The source sender says so" in problem(
            self.post(client, scheme), 400, "The data has to stand at /nowhere"
        )
        assert written(office) == []

    def test_without_its_secret_that_source_alone_is_closed(
        self,
        client: TestClient,
        office: Office,
        scheme: Scheme,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """503 with the name of the variable, said once in the log; the others go on."""
        monkeypatch.delenv("GNOME_SECRET")
        for _ in range(2):
            problem(self.post(client, scheme), 503, "The source sender has no secret: set GNOME_SECRET")

        assert sum("set GNOME_SECRET" in line for line in caplog.messages) == 1
        assert written(office) == []
        assert send(client).status_code == 202


def test_what_comes_together_is_answered_by_one_look_at_the_files(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fifty at once the first has a look of its own, and all who came meanwhile one."""
    looks = 0
    now = Folder.now

    def counted(folder: Folder) -> Sources:
        nonlocal looks
        looks += 1
        return now(folder)

    monkeypatch.setattr(Folder, "now", counted)

    async def send_all() -> list[Result]:
        async with ASGIConductor(create_app(lambda: office)) as conductor:
            asked = (
                conductor.simulate_post(
                    "/webhooks/events",
                    headers={"Authorization": f"Bearer {TOKEN}"},
                    body=json.dumps(AN_EVENT | {"id": str(n)}),
                )
                for n in range(50)
            )
            return await asyncio.gather(*asked)

    answers = asyncio.run(send_all())

    assert {answer.status_code for answer in answers} == {202}
    assert len(written(office)) == 50
    assert looks <= 10


def test_a_file_that_is_changed_is_read_again(
    client: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has to be started anew, also for a source that is new, broken, or gone."""
    monkeypatch.setenv("GNOME_SECRET", SECRET)

    def post() -> int:
        return send(
            client, BODIES[Scheme.BEARER], path="/webhooks/sender", headers={"Authorization": f"Bearer {SECRET}"}
        ).status_code

    statuses = [post()]
    file = declare(office, Scheme.BEARER)
    statuses.append(post())
    file.write_text("name: [", encoding="utf-8")
    statuses.append(post())
    declare(office, Scheme.BEARER, more="type: /kind\nid: /kind\n")
    statuses.append(post())
    file.unlink()
    statuses.append(post())

    assert statuses == [404, 202, 404, 202, 404]


def test_slack_is_answered_what_it_asks_once(
    client: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its challenge, when the address is entered there; nothing is written."""
    monkeypatch.setenv("GNOME_SECRET", SECRET)
    declare(office, Scheme.SLACK)
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()

    answer = send(client, body, path="/webhooks/sender", headers=signed_by(Scheme.SLACK, body))

    assert (answer.status_code, answer.json) == (200, {"challenge": "3eZbrw1aB"})
    assert written(office) == []


def test_a_senders_secret_is_kept_from_the_record(
    client: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may repeat it in what it sends."""
    monkeypatch.setenv("GNOME_SECRET", SECRET)
    declare(office, Scheme.BEARER)
    headers = {"Authorization": f"Bearer {SECRET}"}

    send(client, BODIES[Scheme.BEARER] | {"verification": SECRET}, path="/webhooks/sender", headers=headers)

    [event] = written(office)
    assert SECRET not in json.dumps(event.data)


@contextmanager
def served(folder: Path, *options: str, **settings: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """gunicorn with the web app at a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {"PATH": os.environ["PATH"], "WORKSPACE_DIR": str(folder), "WEB_PORT": str(port), **settings}
    command = [sys.executable, "-m", "gunicorn", "-c", "web/gunicorn.conf.py", *options]
    said = (folder.parent / "said").open("w+", encoding="utf-8")
    with said, subprocess.Popen(command, cwd=ROOT, env=environ, stderr=said, text=True) as process:
        try:
            until = time.monotonic() + PATIENCE_S
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < until
                    assert process.poll() is None
                    time.sleep(0.05)
            yield port, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)


def post(port: int, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    """Send it over a line of its own."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as line:
        line.request("POST", "/webhooks/events", body, headers)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def now_event(number: object) -> bytes:
    """An event of this moment."""
    return json.dumps(AN_EVENT | {"id": str(number), "timestamp": datetime.now(UTC).isoformat()}).encode()


def test_of_fifty_copies_at_once_one_is_new(tmp_path: Path) -> None:
    """Over two processes; all have the same address, and nobody has an error."""
    with served(tmp_path / "workspace", "-w", "2") as (port, _), ThreadPoolExecutor(50) as pool:
        post(port, now_event("the first"))  # so that the record is there
        body = now_event("a copy")

        answers = list(pool.map(lambda _: post(port, body), range(50)))

    assert sorted(status for status, _ in answers) == [200] * 49 + [202]
    assert {answer["event"] for _, answer in answers} == {"e2"}
    office = open_office(Settings(workspace_dir=tmp_path / "workspace"))
    assert len(written(office)) == 2
    office.close()


def test_over_the_wire(tmp_path: Path) -> None:
    """
    It is said at the start that anybody here may send; Redis (here nobody's) changes no answer; of 10 MB no more is read than
    may be, told or not, and the next is answered. What is no request to us is refused, and breaks nothing.
    """
    with served(tmp_path / "workspace", REDIS_URL=f"unix://{tmp_path}/nobody.sock") as (port, _):
        assert post(port, now_event(1)) == (202, {"event": "e1", "status": "accepted"})
        assert post(port, now_event(1), Host="gnomes.example")[0] == 403
        with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as line:
            line.putrequest("POST", "/webhooks/events")
            line.putheader("Content-Length", str(10**7))
            line.endheaders()  # nothing of the body
            assert line.getresponse().status == 413
        with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as line:
            line.sendall(b"POST /webhooks/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                for _ in range(1000):
                    line.sendall(b"2710\r\n" + b" " * 10_000 + b"\r\n")
            except OSError:
                pass  # it was closed, as it should be
            else:
                line.sendall(b"0\r\n\r\n")
            with closing(line.makefile("rb")) as answer:
                assert b" 413 " in answer.readline()
        assert post(port, now_event(2))[0] == 202
        upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
        for odd, status in {
            f"{upgrade}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==": b" 403 ",
            f"Content-Length: {'9' * 6000}": b" 400 ",
        }.items():
            with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as line:
                line.sendall(f"GET /webhooks/events HTTP/1.1\r\nHost: localhost\r\n{odd}\r\n\r\n".encode())
                with closing(line.makefile("rb")) as answer:
                    assert status in answer.readline()
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert OPEN in said
    assert "Traceback" not in said
