"""`/health`: the process answers. `/ready`: what it needs answers too."""

import asyncio
from collections.abc import Callable
from typing import Any

import falcon

from director.errors import DirectorError
from director.office import Office


class Health:
    """Live: whoever asks gets an answer, whatever else is away."""

    async def on_get(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """200, always."""
        resp.media = {"status": "live"}


class Ready:
    """Ready: the office can be opened and its database answers; says who is there to do the work."""

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office

    async def on_get(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """200 with the number of worker processes, or 503 with the reason."""
        try:
            resp.media = {"status": "ready", "workers": await asyncio.to_thread(self._workers)}
        except DirectorError as problem:
            resp.status = falcon.HTTP_503
            resp.media = {"status": "not ready", "reason": str(problem)}

    def _workers(self) -> int:
        with self._office().store.read() as tx:
            return tx.presence.standing_workers()
