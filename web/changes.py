"""
Who watches what happens: one look at the journal a second for everybody, while anybody watches. The same look sees whether they
still may: what they watch by may be revoked, or expire, long before they go.

A watcher is told that a goal changed and reads it again; what it was told of and has not taken yet is kept once a goal, and
of many goals only that something changed. So a slow one keeps as much as a fast one.
"""

import asyncio
import logging
import weakref
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Final

from director.access.tokens import still_good
from director.office import Office
from director.store.changed import Changed
from director.words.errors import DirectorError
from web.limits import whose
from web.room import streams

_log = logging.getLogger(__name__)

#: How often somebody looks, while anybody watches.
_LOOKS_EVERY_S: Final = 1.0

#: What is said of no single goal, or of more than are kept.
ANY: Final = "*"

#: Goals a watcher is told of by name.
_MOST_NAMED: Final = 50

#: Lines that are read at a look, and how far back it reads again: at PostgreSQL one with a lower number can be there later.
_MOST_LINES: Final = 2000
_AGAIN: Final = 200

#: And of one token or session, or of one address where nobody says who they are: fifty pages that somebody keeps open.
MOST_OF_ONE: Final = 60


class TooMany(Exception):
    """As many watch as can."""


class TooManyOfOne(TooMany):
    """As many watch as one may have."""


@dataclass(eq=False, slots=True)
class _Watcher:
    """One who watches, and what they were not told yet: the number of the newest line of each goal."""

    brand: str
    goal: str | None  #: the one that is watched; None: all of the brand
    came_by: str | None  #: the id of their token or session; None: they have none
    counted_as: str  #: whose connections are counted together
    ended: bool = False  #: they may not watch any more
    told: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[str, int] = field(default_factory=dict)

    def tell(self, line: Changed) -> None:
        """Let them know, if it is for them."""
        if line.brand not in (None, self.brand) or self.goal not in (None, line.goal):
            return
        self.put(line.goal or ANY, line.number)

    def put(self, what: str, number: int) -> None:
        """Keep it until it is taken."""
        if what not in self.waiting and len(self.waiting) >= _MOST_NAMED:
            self.waiting.clear()
            what = ANY
        if ANY in self.waiting:
            what = ANY
        elif what == ANY:
            self.waiting.clear()
        self.waiting.pop(what, None)
        self.waiting[what] = number  # at the end: numbers only grow along a stream
        self.told.set()

    def take(self) -> list[tuple[int, str]]:
        """What they were not told yet, in the order of its numbers."""
        found = sorted((number, what) for what, number in self.waiting.items())
        self.waiting.clear()
        self.told.clear()
        return found


class Changes:
    """What happens, for all who watch in this process."""

    def __init__(self, opening: Callable[[], Office], *, looks_every_s: float = _LOOKS_EVERY_S) -> None:
        self._opening = opening
        self._looks_every_s = looks_every_s
        self._watchers: set[_Watcher] = set()
        self._looking: asyncio.Task[None] | None = None
        self._ended = False
        #: Those that watch at once in this process, each of which holds a connection.
        self.most = streams()
        #: The newest line that was seen, and those lately, by number.
        self._newest = 0
        self._seen: set[int] = set()
        self._is_away = False
        #: How often somebody looked at the journal.
        self.looks = 0
        _ALL.add(self)

    @property
    def watchers(self) -> int:
        """How many watch now."""
        return len(self._watchers)

    async def watch(
        self,
        brand: str,
        goal: str | None = None,
        *,
        after: int | None = None,
        patience_s: float,
        came_by: str | None = None,
        client: str = "",
    ) -> AsyncGenerator[tuple[int, str] | None, None]:
        """
        A number and a goal (or `ANY`) each time something changed, from what happened after the line *after* on; something at
        once, whatever happened. None when nothing did for as long as *patience_s*. It ends with the process, and with the token
        or session *came_by*; without one, when a token is made. *client* is the address of who has none.

        Raises:
            TooMany: as many watch as can, or as one may have.
        """
        watcher = await self._come(_Watcher(brand, goal, came_by, whose(came_by, client)), after)
        try:
            while not (self._ended or watcher.ended):
                try:
                    async with asyncio.timeout(patience_s):
                        await watcher.told.wait()
                except TimeoutError:
                    yield None
                    continue
                for number, what in () if watcher.ended else watcher.take():
                    yield number, what
        finally:
            self._watchers.discard(watcher)

    def see_room(self, of: str) -> None:
        """
        See that one more of those that are counted together can watch.

        Raises:
            TooMany
        """
        if sum(watcher.counted_as == of for watcher in self._watchers) >= MOST_OF_ONE:
            raise TooManyOfOne
        if len(self._watchers) >= self.most or self._ended:
            raise TooMany

    def end(self) -> None:
        """Nobody watches any more: the process ends. Called in the event loop."""
        self._ended = True
        for watcher in self._watchers:
            watcher.told.set()

    async def rest(self) -> None:
        """End, and wait until nobody looks any more, so that the office can be closed."""
        self.end()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _come(self, watcher: _Watcher, after: int | None) -> _Watcher:
        self.see_room(watcher.counted_as)
        self._watchers.add(watcher)  # before the first look, so that nothing falls between
        try:
            await self._begin(watcher, after)
        except BaseException:
            self._watchers.discard(watcher)
            raise
        return watcher

    async def _begin(self, watcher: _Watcher, after: int | None) -> None:
        newest, missed, seen = await asyncio.to_thread(self._missed, after)
        if after is not None and after <= newest and len(missed) < _MOST_LINES:
            for line in missed:
                watcher.tell(line)
        if not watcher.waiting:
            watcher.put(watcher.goal or ANY, newest)
        if self._looking is None or self._looking.done():
            self._newest, self._seen = newest, seen
            self._looking = asyncio.create_task(self._look_on())

    def _missed(self, after: int | None) -> tuple[int, list[Changed], set[int]]:
        with self._opening().store.read() as tx:
            newest = tx.happened.newest()
            missed = [] if after is None else tx.happened.since(after, most=_MOST_LINES)
            return newest, missed, {line.number for line in tx.happened.since(newest - _AGAIN, most=_MOST_LINES)}

    async def _look_on(self) -> None:
        """Look, as long as anybody watches."""
        while self._watchers and not self._ended:
            await asyncio.sleep(self._looks_every_s)
            self.looks += 1
            try:
                came_by = {watcher.came_by for watcher in self._watchers}
                lines, good = await asyncio.to_thread(self._since, self._newest - _AGAIN, came_by)
            except DirectorError as problem:
                if not self._is_away:  # once, until it is back
                    _log.warning("What happened cannot be read now: %s", problem)
                self._is_away = True
                continue
            self._is_away = False
            for watcher in self._watchers:
                if watcher.came_by in came_by and watcher.came_by not in good:
                    watcher.ended = True
                    watcher.told.set()
            self._tell([line for line in lines if line.number not in self._seen])

    def _since(self, after: int, came_by: set[str | None]) -> tuple[list[Changed], set[str | None]]:
        with self._opening().store.read() as tx:
            return tx.happened.since(after, most=_MOST_LINES), still_good(tx, came_by)

    def _tell(self, new: list[Changed]) -> None:
        if not new:
            return
        for watcher in self._watchers:
            if len(new) == _MOST_LINES:  # there are more than were read
                watcher.put(watcher.goal or ANY, new[-1].number)
                continue
            for line in new:
                watcher.tell(line)
        self._newest = max(self._newest, new[-1].number)
        self._seen = {one for one in self._seen if one > self._newest - _AGAIN} | {
            line.number for line in new if line.number > self._newest - _AGAIN
        }


#: All of this process, for the server's signal: it waits for connections before it tells the app that it ends.
_ALL: "weakref.WeakSet[Changes]" = weakref.WeakSet()


def end_all() -> None:
    """Nobody watches any more in this process."""
    for changes in list(_ALL):
        changes.end()
