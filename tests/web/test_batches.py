"""What many ask for at the same time is done in one go."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from web.batches import Batches

PATIENCE_S = 30


def test_who_comes_meanwhile_shares_the_next() -> None:
    """The first is not kept waiting for others; those who come while it is done are done together, each with its own."""
    batches: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def double(asked: Sequence[int]) -> list[int | Exception]:
        batches.append(list(asked))
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return [2 * number for number in asked]

    async def ask() -> list[int]:
        shared: Batches[int, int] = Batches(double, most=3)
        first = asyncio.create_task(shared.done(1))
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        others = [asyncio.create_task(shared.done(number)) for number in (2, 3, 4, 5)]
        await asyncio.sleep(0)  # each of them has asked
        go_on.set()
        return await asyncio.gather(first, *others)

    assert asyncio.run(ask()) == [2, 4, 6, 8, 10]
    assert batches == [[1], [2, 3, 4], [5]]


def test_an_error_is_whose_it_is() -> None:
    """One that is returned is of that one; one that is raised is of all, and the next are done all the same."""

    def halve(asked: Sequence[int]) -> list[int | Exception]:
        if 0 in asked:
            raise RuntimeError("nothing to halve")
        return [ValueError("odd") if number % 2 else number // 2 for number in asked]

    async def ask() -> list[object]:
        shared: Batches[int, int] = Batches(halve)
        found = await asyncio.gather(*(shared.done(number) for number in (4, 3)), return_exceptions=True)
        found += await asyncio.gather(*(shared.done(number) for number in (0, 2)), return_exceptions=True)
        return [*found, await shared.done(8)]

    half, odd, *nothing, quarter = asyncio.run(ask())
    assert (half, quarter) == (2, 4)
    assert isinstance(odd, ValueError)
    assert [type(problem) for problem in nothing] == [RuntimeError] * 2


def test_who_has_gone_keeps_nobody_from_an_answer() -> None:
    """A line that was cut while its event was written."""
    go_on = threading.Event()

    def same(asked: Sequence[int]) -> list[int | Exception]:
        assert go_on.wait(PATIENCE_S)
        return list(asked)

    async def ask() -> int:
        shared: Batches[int, int] = Batches(same)
        gone, stays = asyncio.create_task(shared.done(1)), asyncio.create_task(shared.done(2))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        go_on.set()
        return await stays

    assert asyncio.run(ask()) == 2
