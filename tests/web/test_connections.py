"""Connections of the real server: so many, and none that only holds its place."""

import asyncio
import json
import resource
import socket
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import create_scope

from director.office import Office
from tests.web.test_health import PATIENCE_S, Gunicorn
from web import bodies, room
from web.app import create_app

#: Connections the server has in these tests.
FEW = 4

SLOW = (
    b"POST /api/v1/goals HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
)
STREAM = b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"


def ask(served: Gunicorn, method: str, path: str) -> tuple[int, str, str | None]:
    """What is answered: the status, its name, and when to come again."""
    with closing(HTTPConnection("127.0.0.1", int(served.port), timeout=PATIENCE_S)) as line:
        line.request(method, path)
        with line.getresponse() as answer:
            return answer.status, answer.reason, answer.getheader("Retry-After")


def is_closed(line: socket.socket) -> bool:
    """Whether the other end closed it, in one way or another."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("path", ["/api/v1/goals", "/webhooks/events", "/goals"])
def test_a_slow_sender_is_cut(office: Office, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 once its body took too long; what came of it is nothing."""
    monkeypatch.setattr(bodies, "_WITHIN_S", 0.05)
    kind = "application/x-www-form-urlencoded" if path == "/goals" else "application/json"
    headers = {"Content-Type": kind, "Content-Length": "99"}
    scope = create_scope(
        method="POST", path=path, headers=headers, remote_addr="127.0.0.1", host="localhost", port=8000
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    asyncio.run(create_app(lambda: office)(scope, receive, send))

    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    with office.store.read() as tx:
        assert tx.pages.goals(office.brand, None, 1) == []


def test_of_long_bodies_so_many_are_read_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 for one more, before it is read; short ones are taken, and what is over leaves its room to others."""
    monkeypatch.setattr(bodies, "_MOST_AT_ONCE", 50_000)
    app = create_app(lambda: office)

    async def send(size: int, goes_on: asyncio.Event) -> int:
        """The status of a goal that somebody sends with so many bytes, the last of them later."""
        body = json.dumps({"text": "Gnomes"}).encode().ljust(size)
        parts = iter([(body[:-1], True), (body[-1:], False)])
        headers = {"Content-Type": "application/json", "Content-Length": str(size)}
        scope = create_scope(
            method="POST", path="/api/v1/goals", headers=headers, remote_addr="127.0.0.1", host="localhost", port=8000
        )
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            part, more = next(parts)
            if not more:
                await goes_on.wait()
            return {"type": "http.request", "body": part, "more_body": more}

        async def answer(event: dict[str, Any]) -> None:
            statuses.extend([event["status"]] if event["type"] == "http.response.start" else [])

        await app(scope, receive, answer)
        return statuses[0]

    async def ask() -> list[int]:
        later, now = asyncio.Event(), asyncio.Event()
        now.set()
        slow = [asyncio.create_task(send(20_000, later)) for _ in range(2)]
        while bodies._InHand.bytes < 40_000:
            await asyncio.sleep(0)
        meanwhile = [await send(20_000, now), await send(1_000, now)]
        later.set()
        return [*meanwhile, *await asyncio.gather(*slow), await send(20_000, now)]

    assert asyncio.run(ask()) == [503, 201, 201, 201, 201]
    assert bodies._InHand.bytes == 0


def test_who_sends_slowly_takes_nobodys_place_but_that_of_who_does_too(tmp_path: Path) -> None:
    """However many half-sent bodies there are, others are answered: the oldest of them makes room for each."""
    with Gunicorn(tmp_path, GUNICORN_CMD_ARGS=f"--worker-connections {FEW}") as served, ExitStack() as lines:
        served.says("Booting worker")
        assert served.get("/ready")[0] == 200
        slow = [
            lines.enter_context(socket.create_connection(("127.0.0.1", int(served.port)), PATIENCE_S))
            for _ in range(FEW + 2)
        ]
        for one in slow:
            one.sendall(SLOW)
        for path in ("/health", "/api/v1/goals"):  # of the same caller, too
            assert served.get(path)[0] == 200
        assert all(is_closed(one) for one in slow[:2])
        slow[-1].sendall(b" " * 98)
        assert slow[-1].recv(12) == b"HTTP/1.1 400"


def test_streams_make_no_room_and_who_finds_none_is_told_when_to_come(tmp_path: Path) -> None:
    """503 from the server itself, where all there is are streams: none of them is closed for it."""
    with Gunicorn(tmp_path, GUNICORN_CMD_ARGS=f"--worker-connections {FEW}") as served, ExitStack() as lines:
        served.says("Booting worker")
        assert served.get("/ready")[0] == 200
        streams = []
        for _ in range(FEW):
            streams.append(lines.enter_context(socket.create_connection(("127.0.0.1", int(served.port)), PATIENCE_S)))
            streams[-1].sendall(STREAM)
            assert streams[-1].recv(12) == b"HTTP/1.1 200"
        assert ask(served, "GET", "/health") == (503, "Service Unavailable", "10")
        streams.pop().close()
        assert any(ask(served, "GET", "/health")[0] == 200 for _ in range(1000))


def test_a_status_has_its_name(tmp_path: Path) -> None:
    """Also those that the server's own table does not have."""
    with Gunicorn(tmp_path) as served:
        served.says("Booting worker")
        assert ask(served, "POST", "/api/v1/goals/g1/plan/agreement")[:2] == (428, "Precondition Required")


@pytest.mark.parametrize(
    ("soft", "hard", "made", "connections", "streams"),
    [
        (1024, 1048576, 2400, 2000, 1000),
        (1024, 1024, 1024, 624, 312),
        (256, 256, 256, 64, 32),
        (20_000, 20_000, 20_000, 2000, 1000),
        (1024, resource.RLIM_INFINITY, 2400, 2000, 1000),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, resource.RLIM_INFINITY, 2000, 1000),
    ],
)
def test_there_are_fewer_than_files_may_be_open(
    soft: int, hard: int, made: int, connections: int, streams: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the system lets us have is asked for; and of what there is, some is kept for the record."""
    limits = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, wanted: limits.append(wanted))

    room.make_room()

    assert limits[-1] == (made, hard)
    assert (room.connections(), room.streams()) == (connections, streams)
