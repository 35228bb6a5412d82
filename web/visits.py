"""
Who came, and what they did: the trail of tokens and sessions, written in groups behind the answers.

Nobody waits for it. What came since the last group, of a second at most, is lost when the process is killed; so is what
does not fit in memory while the record is away, which the log then counts.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from director.office import Office
from director.words.characters import visible
from director.words.errors import DirectorError
from director.words.models import TokenUse
from director.words.redaction import blank
from web.limits import Limits, Shares
from web.trail import Lines

_log = logging.getLogger(__name__)

#: The pause between two groups: a page that is open costs one small write a second, not one for each of its reads.
EVERY_S: Final = 1.0

#: Uses that wait in memory while the record is away; about 5 MB.
MOST: Final = 10_000

#: Columns of the trail.
_ADDRESS: Final = 64
_METHOD: Final = 16
_PATH: Final = 200

_READS: Final = ("GET", "HEAD", "OPTIONS")

#: What is answered to who did not come in.
_OUTSIDE: Final = (401, 429)

_Key = tuple[str, datetime, str, str, str, int]


class Visits:
    """What the web app knows of its visitors between requests: how often they came, and what is to be written down of it."""

    def __init__(self, office: Callable[[], Office], is_ours: Callable[[Any], bool] | None = None) -> None:
        self._office = office
        #: Whether the socket at the other end of a request is ours; None: the system does not tell.
        self.is_ours = is_ours
        #: The office, once somebody opened it.
        self.opened: Office | None = None
        self.limits = Limits()
        self.shares = Shares()
        #: Whether a token was ever made; None: nobody looked yet. True stays so.
        self.any_made: bool | None = None
        self._waiting: dict[_Key, TokenUse] = {}
        self._lines = Lines()
        self._lost = 0
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._said = False

    async def process_request(self, req: Any, resp: Any) -> None:  # noqa: ARG002 - Falcon's signature
        """So that `callers.enter` finds it."""
        req.context.visits = self

    async def process_response(self, req: Any, resp: Any, resource: object, req_succeeded: bool) -> None:  # noqa: ARG002 - Falcon's signature
        """Write down what was done with a token, and what was answered."""
        use = getattr(req.context, "use", None)
        if use is not None:
            self.add(replace(use, status=resp.status_code))

    def add(self, use: TokenUse) -> None:
        """Have it written soon."""
        use = self._lines.of(use)
        key = (use.token, use.at, use.address, use.method, use.path, use.status)
        before = self._waiting.get(key)
        if before is None and len(self._waiting) >= MOST:
            self._lost += 1
            return
        self._waiting[key] = use if before is None else _together(before, use)
        if self._writing is None or self._writing.done():
            self._hurry = asyncio.Event()
            self._writing = asyncio.create_task(self._write())

    async def rest(self) -> None:
        """Write what waits, so that the office can be closed."""
        self._hurry.set()
        if self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._hurry.wait()
            group, self._waiting = self._waiting, {}
            try:
                await asyncio.to_thread(self._keep, list(group.values()))
            except DirectorError as problem:
                if not self._said:
                    _log.warning("What is done with tokens cannot be written down now: %s", problem)
                self._said = True
                for key, use in group.items():
                    self._waiting[key] = _together(use, self._waiting[key]) if key in self._waiting else use
                if self._hurry.is_set():
                    self._lost += len(self._waiting)
                    self._waiting = {}
            else:
                self._said = False
            if self._lost and not self._said:
                _log.warning("%d uses of tokens were not written down.", self._lost)
                self._lost = 0
        if self._lost:
            _log.warning("%d uses of tokens were not written down.", self._lost)
            self._lost = 0

    def _keep(self, uses: list[TokenUse]) -> None:
        last: dict[str, datetime] = {}
        for use in uses:
            if use.status not in _OUTSIDE:
                last[use.token] = max(use.last_at, last.get(use.token, use.last_at))
        with self._office().store.write() as tx:
            tx.tokens.record(uses)
            tx.tokens.used(last.items())


def use_of(token: str, req: Any, client: str, now: datetime) -> TokenUse:
    """A use that has no answer yet. Reads of the same are counted together, by the hour."""
    at = now.replace(minute=0, second=0, microsecond=0) if req.method in _READS else now
    path = visible(blank(req.path)).encode("utf-8", "replace").decode()[:_PATH]
    return TokenUse(token, at, client[:_ADDRESS], req.method[:_METHOD], path, 0, 1, now)


def _together(first: TokenUse, second: TokenUse) -> TokenUse:
    return replace(first, times=first.times + second.times, last_at=max(first.last_at, second.last_at))
