"""What comes as a body: JSON of a size, and nothing that costs others."""

import json

import pytest

from director.office import Office
from tests.director.conftest import RecordAway
from tests.web.api.asked import ROOT, Api, problem
from tests.web.test_roles import addresses
from web.api.routes import MOST_BYTES, MOST_NAMES

A_GOAL = b'{"text": "Sell gnomes"}'
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (A_GOAL, {"Content-Type": "application/json; charset=utf-8"}, 201),
        (A_GOAL, {"Content-Type": 'application/json;charset="UTF-8"'}, 201),
        (A_GOAL, {"Content-Type": "text/plain"}, 415),
        (A_GOAL, {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (A_GOAL, {"Content-Type": "application/json; charset=latin-1"}, 415),
        (A_GOAL, {**JSON, "Content-Encoding": "gzip"}, 415),
        (A_GOAL.decode().encode("utf-16"), JSON, 400),
        (b"\xff\xfe", JSON, 400),
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b'{"text": "\\ud800"}', JSON, 400),
        (b'{"text": NaN}', JSON, 422),
        (b'{"text": "x", "budget_usd": 1e999}', JSON, 422),
        (b"[" * 200_000, JSON, 400),
        (b'{"text":' * 30_000, JSON, 400),
        (b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}", JSON, 422),
        (b"[]", JSON, 422),
        (b"9" * 200_000, JSON, 400),
        (b'{"text": "' + b"a" * MOST_BYTES + b'"}', JSON, 413),
        (b" " * 10_000_000, JSON, 413),
        (json.dumps({"text": "\U0001f9cc" * 4_000}).encode(), JSON, 201),
        (json.dumps(dict.fromkeys(map(str, range(MOST_NAMES + 1)))).encode(), JSON, 422),
        (json.dumps({"text": [{"a": 1}] * (MOST_NAMES + 1)}).encode(), JSON, 422),
    ],
    ids=range(23),
)
def test_a_body_that_is_none_is_refused(body: bytes, headers: dict[str, str], status: int, api: Api) -> None:
    """With what it has to be; never with a fault of ours. The longest that is needed is taken."""
    answer = api.ask("POST", f"{ROOT}/goals", body=body, headers=headers)

    if status == 201:
        assert answer.status_code == status
    else:
        problem(answer, status)


def test_of_many_names_only_their_number_is_said(api: Api) -> None:
    """Each by itself would cost more than to count them."""
    body = json.dumps(dict.fromkeys(map(str, range(MOST_NAMES + 1)))).encode()

    answer = problem(api.ask("POST", f"{ROOT}/goals", body=body, headers=JSON), 422, f"it has {MOST_NAMES + 1}")

    assert "errors" not in answer


def test_a_field_with_a_long_name_is_answered_shortly(api: Api) -> None:
    """What was sent is not sent back."""
    many = json.dumps({f"{number}" + "x" * 1000: 1 for number in range(200)}).encode()

    answer = api.ask("POST", f"{ROOT}/goals", body=many, headers=JSON)

    problem(answer, 422)
    assert len(answer.content) < 20_000


def test_while_the_record_is_away_nothing_is_done(api: Api, office: Office, record_away: RecordAway) -> None:
    """503 with when to come again, and no word of where the record is."""
    record_away.go()
    for answer in (api.get("/goals"), api.post("/goals", {"text": "Sell gnomes"})):
        problem(answer, 503)
        assert str(office.settings.workspace_dir) not in answer.text
    record_away.come_back()
    assert api.post("/goals", {"text": "Sell gnomes"}).status_code == 201


@pytest.fixture
def record_away(office: Office) -> RecordAway:
    """The office's record, which can go away and come back."""
    return RecordAway(office)


def test_no_address_takes_what_is_no_text(api: Api) -> None:
    """
    U+0000, which PostgreSQL keeps in no text: in a path or a query, wherever it stands, in a form and in a body, a sentence
    and the same one for both databases.
    """
    for address in addresses(api.client.app):
        if address.method not in ("GET", "POST", "PUT"):
            continue
        odd = "/".join("a%00b" if part.startswith("{") else part for part in address.template.split("/"))
        if odd != address.template:
            problem(api.ask(address.method, odd), 404, "U+0000")
        for query in ("q=%00", "%00", "a%00b=c"):
            problem(api.ask(address.method, address.path, query_string=query), 400, "U+0000")

    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    for path in ("/goals", "/questions/a1", "/money", "/clock/weekly-seo", "/business/all", "/tasks/g1-1/change"):
        for sent in ("text=a%00b", "a%00b=1"):
            problem(api.ask("POST", path, body=sent, headers=form), 400, "U+0000")
    for path, body, field in (
        ("/events", {"type": "gnome_stolen", "data": {"a": [{"b": "\0"}]}}, "data"),
        ("/events", {"type": "gnome_stolen", "data": {"\0": 1}}, "data"),
        ("/learnings", {"text": "a\0b", "skill": "copywriting"}, "text"),
        ("/goals", {"text": "Sell gnomes", "pipeline": "\0"}, "pipeline"),
    ):
        refused = problem(api.post(path, body), 422, "U+0000")
        assert [one["field"] for one in refused["errors"]] == [field]
    assert api.post("/events", {"type": "gnome_stolen", "data": {"a": "\\u0000"}}).status_code == 201


def test_a_number_of_thousands_of_digits_is_refused(api: Api) -> None:
    """As it is where senders tell of events: nobody means it, and every reader and writer of it takes long."""
    for digits, status in ((100, 201), (101, 422), (4_000, 422)):
        sent = f'{{"type": "gnome_stolen", "data": {{"n": [-{"9" * digits}]}}}}'.encode()
        answer = api.ask("POST", f"{ROOT}/events", body=sent, headers=JSON)
        assert answer.status_code == status, answer.text
    problem(answer, 422, "numbers of at most 100 digits")
