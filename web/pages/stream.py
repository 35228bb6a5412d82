"""The stream that says "changed" to open pages, until `web/changes.py` is there; then this file goes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from falcon.asgi import App, SSEvent

from director.access.roles import Right
from director.office import Office
from director.words.errors import DirectorError
from web.callers import enter

_LOOK_EVERY_S: Final = 1.0
_SIGN_EVERY_S: Final = 10.0


class _Watcher:
    """Looks at the journal once a second while anybody is connected, once for all of them."""

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office
        self._changed = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._there = 0
        self.over = False
        self.last = 0

    async def changes(self) -> AsyncIterator[SSEvent]:
        """An event at once, at each change, and a sign of life between."""
        self._there += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            seen = None
            while not self.over:
                changed = self._changed  # before it is looked whether anything is new: what comes after that sets it
                if seen != self.last:
                    seen = self.last
                    yield SSEvent(event="changed", text="", event_id=str(seen))
                    continue
                try:
                    await asyncio.wait_for(changed.wait(), _SIGN_EVERY_S)
                except TimeoutError:
                    yield SSEvent(comment="here")
        finally:
            self._there -= 1

    async def _look(self) -> None:
        while self._there and not self.over:
            try:
                found = await asyncio.to_thread(self._noted)
            except DirectorError:
                found = self.last
            if found != self.last:
                self.last = found
                woken, self._changed = self._changed, asyncio.Event()
                woken.set()
            await asyncio.sleep(_LOOK_EVERY_S)
        self._looking = None

    def _noted(self) -> int:
        with self._office().store.read() as tx:
            return tx.last_noted()

    def end(self) -> None:
        """Let all who are connected go."""
        self.over = True
        self._changed.set()


class _Stream:
    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, office: Callable[[], Office], watcher: _Watcher) -> None:
        self._office, self._watcher = office, watcher

    async def on_get(self, req: Any, resp: Any) -> None:
        await enter(req, self._office, self.rights["GET"])
        resp.set_header("X-Accel-Buffering", "no")
        resp.sse = self._watcher.changes()


class _Ending:
    def __init__(self, watcher: _Watcher) -> None:
        self._watcher = watcher

    async def process_shutdown(self, scope: Mapping[str, Any], event: Mapping[str, Any]) -> None:  # noqa: ARG002 - Falcon's signature
        self._watcher.end()


def add_stream(app: "App[Any, Any]", office: Callable[[], Office]) -> None:
    """Give *app* the stream."""
    watcher = _Watcher(office)
    app.add_route("/api/v1/stream", _Stream(office, watcher))
    app.add_middleware(_Ending(watcher))
