"""`/health`: the process answers. `/ready`: what it needs answers too. `/health/detail`: how all that work rests on is."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import falcon

from director.access.roles import Right
from director.launcher.address import INSTANCE, INSTANCE_HEADER, LIVE
from director.office import Office
from director.views.health import health_document, last_look
from director.words.errors import DirectorError, StoreError, WorkspaceError
from web.callers import enter_or_send

_log = logging.getLogger(__name__)


class Health:
    """Live: whoever asks gets an answer, whatever else is away; the launcher is shown that it is the web app it started."""

    def __init__(self) -> None:
        self._instance = os.environ.get(INSTANCE)

    async def on_get(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """200, always."""
        if self._instance:
            resp.set_header(INSTANCE_HEADER, self._instance)
        resp.content_type, resp.data = falcon.MEDIA_JSON, LIVE

    on_head = on_get


class Ready:
    """
    Ready: the office can be opened and its database answers; says who is there to do the work.

    Anybody may ask, so what is not ready is named and nothing else: why it is not is in the log, once.
    """

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office
        #: The reasons the log has, until it is ready again.
        self._said: set[str] = set()

    async def on_get(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """200 with the number of worker processes, or 503 with the component that is not ready."""
        try:
            resp.media = {"status": "ready", "workers": await asyncio.to_thread(self._workers)}
            self._said.clear()
        except DirectorError as problem:
            resp.status = falcon.HTTP_503
            resp.media = {"status": "not ready", "component": _component(problem)}
            if str(problem) not in self._said:
                self._said.add(str(problem))
                _log.warning("Not ready: %s", problem)

    on_head = on_get

    def _workers(self) -> int:
        with self._office().store.read() as tx:
            return tx.presence.standing_workers()


class Detail:
    """
    In detail: as `status --health --json`, for whoever may read, or send events.

    Nothing is looked at for it, so that it can be asked as often as anybody likes: it is what the last look kept.
    """

    rights: ClassVar[Mapping[str, Right]] = {"GET": Right.READ}

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office

    async def on_get(self, req: Any, resp: Any) -> None:
        """200 with the document; 503 with one that says so, where the record cannot be read."""
        entered = await enter_or_send(req, self._office, self.rights["GET"])
        looked = await asyncio.to_thread(last_look, entered.office)
        if not looked.readable:
            resp.status = falcon.HTTP_503
        resp.media = health_document(looked, whole=entered.caller.whole)


def _component(problem: DirectorError) -> str:
    match problem:
        case StoreError():
            return "database"
        case WorkspaceError():
            return "workspace"
        case _:
            return "settings"
