"""Server-sent events as a program reads them, over the real server."""

import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from director.bootstrap import open_office
from director.goals.submit import submit
from director.words.settings import from_env
from tests.web.api.asked import Api, problem
from tests.web.test_health import PATIENCE_S, Gunicorn

CONNECTS = 20


def events(answer: HTTPResponse) -> Iterator[dict[str, str]]:
    """The events of a stream, each by its fields; comments are left out."""
    fields: dict[str, str] = {}
    for line in iter(answer.readline, b""):
        name, colon, said = line.decode().rstrip("\n").partition(": ")
        if colon and name:
            fields[name] = said
        elif not name and not colon and fields:
            yield fields
            fields = {}


def test_a_stream_says_what_changed_and_ends_with_the_server(tmp_path: Path) -> None:
    """
    What another process writes is told to each who watches; with Last-Event-ID what was missed is told first. At SIGTERM the
    streams end, and the server with them, long before it would give up on them.
    """
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert served.get("/ready")[0] == 200
        office = open_office(replace(from_env({}), workspace_dir=tmp_path, redis_url=f"unix://{tmp_path}/nobody.sock"))
        with closing(office), closing(HTTPConnection("127.0.0.1", int(served.port), timeout=PATIENCE_S)) as connection:
            connection.request("GET", "/api/v1/stream")
            answer = connection.getresponse()
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "text/event-stream"
            heard = events(answer)
            assert next(heard) == {"event": "changed", "id": "0", "data": "*"}
            goal = submit(office, "Sell gnomes")
            told = next(heard)
            assert (told["event"], told["data"]) == ("changed", goal.id)
            with closing(HTTPConnection("127.0.0.1", int(served.port), timeout=PATIENCE_S)) as again:
                again.request("GET", f"/api/v1/goals/{goal.id}/stream", headers={"Last-Event-ID": "0"})
                assert next(events(again.getresponse()))["data"] == goal.id
            others = [HTTPConnection("127.0.0.1", int(served.port), timeout=PATIENCE_S) for _ in range(CONNECTS)]
            for one in others:
                one.request("GET", "/api/v1/stream")
                assert next(events(one.getresponse()))["event"] == "changed"
            assert served.get("/health")[0] == 200
            served.send(signal.SIGTERM)
            code, said = served.end()
            assert [fields["data"] for fields in heard] == []
            for one in others:
                one.close()

    assert code == 0
    assert "Forcing close" not in "".join([*served.lines, said])


def test_who_has_as_many_as_they_may_is_told_to_close_one(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """429, as whoever asks too often; others have room."""
    monkeypatch.setattr("web.changes.MOST_OF_ONE", 0)

    answer = api.get("/stream")

    problem(answer, 429, "close one first")
    assert int(answer.headers["retry-after"]) > 0


def test_a_stream_of_nothing_and_a_number_that_is_none_are_refused(api: Api) -> None:
    """Before anything is sent."""
    problem(api.get("/goals/g9/stream"), 404)
    problem(api.get("/goals/x/stream"), 404)
    problem(api.get("/stream", headers={"Last-Event-ID": "x"}), 400, "Last-Event-ID")
