"""What many ask for at the same time, done in one go: group commit, for an event loop."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Batches(Generic[Asked, Done]):
    """
    Lets one thread at a time do all that was asked for since it began with the last: whoever comes while a database writes
    shares the next commit, and one hop to a thread, with all others that came.

    *do* returns what was done for each, or the error of each. It is called with at most *most* at once, and again after
    *pause_s* at the earliest.
    """

    def __init__(
        self, do: Callable[[Sequence[Asked]], Sequence[Done | Exception]], *, most: int = 64, pause_s: float = 0.0
    ) -> None:
        self._do = do
        self._most = most
        self._pause_s = pause_s
        self._waiting: deque[tuple[Asked, asyncio.Future[Done]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def done(self, asked: Asked) -> Done:
        """
        What was done, once it is.

        Raises:
            What *do* returned for it, or raised.
        """
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await future

    async def rest(self) -> None:
        """Wait until nothing is left to do."""
        while self._working is not None:
            await asyncio.wait([self._working])

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
                found: Sequence[Done | Exception]
                try:
                    found = await asyncio.to_thread(self._do, [asked for asked, _ in batch])
                except Exception as problem:  # noqa: BLE001 - theirs who asked
                    found = [problem] * len(batch)
                for (_, future), one in zip(batch, found, strict=True):
                    if future.done():  # who asked has gone
                        continue
                    if isinstance(one, Exception):
                        future.set_exception(one)
                    else:
                        future.set_result(one)
                if self._waiting:
                    await asyncio.sleep(self._pause_s)
        finally:
            self._working = None
