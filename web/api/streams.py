"""Server-sent events that say what changed, and nothing of how: it is read again by whoever shows it."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, Final

from falcon.asgi import SSEvent

from director.access.roles import Right
from director.office import Office
from director.words.errors import DirectorError, NotFound
from web.api.routes import see_path
from web.callers import Entered, enter, give_place_back
from web.changes import MOST_OF_ONE, Changes, TooMany, TooManyOfOne
from web.connections import stays
from web.limits import whose
from web.problems import Problem

_log = logging.getLogger(__name__)

#: How long nothing is said on a stream: proxies and browsers take a longer silence for a line that is dead.
_SILENCE_S: Final = 10.0

#: When who finds no room may come again.
_AGAIN_S: Final = 10

_NUMBER: Final = re.compile(r"[0-9]{1,18}")


class Stream:
    """GET: the stream of a brand, or of one goal."""

    def __init__(self, opening: Callable[[], Office], changes: Changes) -> None:
        self._opening = opening
        self._changes = changes
        self.rights: Mapping[str, Right] = {"GET": Right.READ}

    async def on_get(self, req: Any, resp: Any, goal: str | None = None) -> None:
        """200 with the stream; 429 where one has as many as they may, 503 where as many are open as can be."""
        entered = await enter(req, self._opening, Right.READ)
        if goal is not None:
            see_path({"goal": goal})
            await asyncio.to_thread(_see_goal, entered, goal)
        last = req.get_header("Last-Event-ID")
        if last is not None and not _NUMBER.fullmatch(last):
            raise Problem(HTTPStatus.BAD_REQUEST, "Last-Event-ID has to be the id of an event of this stream.")
        try:
            self._changes.see_room(whose(entered.caller.token, entered.client))
        except TooManyOfOne:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{MOST_OF_ONE} streams are open by this token, or from this address, and no more can be: close one first.",
                {"Retry-After": str(_AGAIN_S)},
            ) from None
        except TooMany:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "As many streams are open as can be: ask again later, or read again from time to time.",
                {"Retry-After": str(_AGAIN_S)},
            ) from None
        resp.set_header("X-Accel-Buffering", "no")  # else nginx keeps them until there are many
        stays(req.scope)
        await give_place_back(req)
        resp.sse = self._events(entered, goal, None if last is None else int(last))

    async def _events(self, entered: Entered, goal: str | None, after: int | None) -> AsyncGenerator[SSEvent, None]:
        caller, client = entered.caller, entered.client
        try:
            watching = self._changes.watch(
                caller.brand, goal, after=after, patience_s=_SILENCE_S, came_by=caller.token, client=client
            )
            async with aclosing(watching):
                async for said in watching:
                    if said is None:
                        yield SSEvent(comment="nothing new")
                    else:
                        yield SSEvent(event="changed", event_id=str(said[0]), text=said[1])
        except (TooMany, DirectorError) as problem:  # what can be said of it is gone: the stream has begun
            _log.warning("A stream ended before it said anything: %s", problem or "as many are open as can be")


def _see_goal(entered: Entered, goal: str) -> None:
    with entered.office.store.read() as tx:
        try:
            tx.goals.get(goal, brand=entered.caller.brand)
        except NotFound as problem:
            raise Problem(HTTPStatus.NOT_FOUND, str(problem)) from problem
