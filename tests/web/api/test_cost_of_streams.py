"""What open pages and programs cost while nothing happens: one look at the record a second, however many there are."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from falcon.testing import create_scope
from sqlalchemy import event

from director.office import Office
from director.words.models import Goal
from web.app import create_app
from web.changes import Changes

PATIENCE_S = 30

#: Looks that are counted.
LOOKS = 5


class Looks:
    """How many statements the record had been asked for when each look began."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        self.at: list[int] = []
        event.listen(office.store.engine, "before_cursor_execute", self._count)
        self._loop, self._looked = asyncio.get_running_loop(), asyncio.Event()
        looks, counted = Changes._since, self

        def since(changes: Changes, *said: Any) -> Any:
            counted.at.append(len(counted.statements))
            counted._loop.call_soon_threadsafe(counted._looked.set)
            return looks(changes, *said)

        monkeypatch.setattr(Changes, "_since", since)
        monkeypatch.setitem(Changes.__init__.__kwdefaults__, "looks_every_s", 0.01)

    def _count(self, conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        self.statements.append(statement)

    async def next_ones(self) -> list[list[str]]:
        """The statements of each of the next looks."""
        begun = len(self.at)
        async with asyncio.timeout(PATIENCE_S):
            while len(self.at) <= begun + LOOKS:
                self._looked.clear()
                await self._looked.wait()
        return [self.statements[first:last] for first, last in pairwise(self.at[begun:])]


async def open_stream(app: Any, path: str) -> "asyncio.Task[None]":
    """A stream that has begun and goes on."""
    heard = asyncio.Event()
    body: Iterator[dict[str, Any]] = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for one in body:
            return one
        await asyncio.Event().wait()
        raise AssertionError

    async def send(said: dict[str, Any]) -> None:
        if said["type"] == "http.response.body" and said.get("body"):
            heard.set()

    scope = create_scope(method="GET", path=path, remote_addr="127.0.0.1", host="localhost")
    streaming = asyncio.create_task(app(scope, receive, send))
    async with asyncio.timeout(PATIENCE_S):
        await heard.wait()
    return streaming


def test_fifty_open_pages_and_streams_cost_no_more_than_one(
    office: Office, done: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each look is the same few statements, for one who watches and for fifty, of the whole brand or of a goal; nothing else is
    asked between two looks.
    """

    async def watch() -> None:
        looks = Looks(office, monkeypatch)
        app = create_app(lambda: office)
        streams = [await open_stream(app, "/api/v1/stream")]
        alone = await looks.next_ones()
        streams += [await open_stream(app, f"/api/v1/goals/{done.id}/stream") for _ in range(24)]
        streams += [await open_stream(app, "/api/v1/stream") for _ in range(25)]
        together = await looks.next_ones()

        assert {len(statements) for statements in (*alone, *together)} == {len(alone[0])}
        assert 1 <= len(alone[0]) <= 3, alone[0]
        assert [len([one for one in streams if one.done()]), len(streams)] == [0, 50]
        for one in streams:
            one.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    asyncio.run(watch())
