"""Who watches is told that something changed, by one look at the journal for all of them."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from director.access import tokens
from director.access.roles import Role
from director.access.sessions import make_link, open_session
from director.office import Office
from director.words.models import Goal
from tests.conftest import SetClock
from tests.director.conftest import RecordAway, add_goal
from web.changes import _MOST_NAMED, ANY, MOST_OF_ONE, Changes, TooMany, TooManyOfOne

Watching = AsyncGenerator[tuple[int, str] | None, None]

PATIENCE_S = 30


@pytest.fixture
def changes(office: Office) -> Changes:
    """What happens in the office, looked at often."""
    return Changes(lambda: office, looks_every_s=0.01)


def give(office: Office, brand: str = "default") -> Goal:
    with office.store.write() as tx:
        return add_goal(tx, brand=brand)


def note(office: Office, goal: str | None, what: str = "happened") -> None:
    with office.store.write() as tx:
        tx.note(goal, goal or "m1", what, by="test")


async def next_of(watching: Watching) -> tuple[int, str]:
    async with asyncio.timeout(PATIENCE_S):
        said = await anext(watching)
    assert said is not None
    return said


def test_at_once_something_is_said_and_then_whatever_changes(office: Office, changes: Changes) -> None:
    """At the connect with the newest number, so that nothing falls between; then each goal that changed, by its name."""

    async def watch() -> None:
        watching = changes.watch("default", patience_s=PATIENCE_S)
        number, what = await next_of(watching)
        assert (number, what) == (0, ANY)
        goal = give(office)
        assert await next_of(watching) == (1, goal.id)
        note(office, None)
        assert await next_of(watching) == (2, ANY)
        await changes.rest()
        assert [said async for said in watching] == []

    asyncio.run(watch())


def test_who_comes_again_is_told_what_they_missed(office: Office, changes: Changes) -> None:
    """By the number of the last they heard: each goal once, with its newest number; nothing missed is said as well."""
    first, second = give(office), give(office)
    note(office, first.id)

    async def missed(after: int, goal: str | None = None) -> list[tuple[int, str]]:
        watching = changes.watch("default", goal, after=after, patience_s=0.001)
        found = []
        while (said := await anext(watching)) is not None:
            found.append(said)
        await watching.aclose()
        return found

    async def come() -> None:
        assert await missed(0) == [(2, second.id), (3, first.id)]
        assert await missed(2) == [(3, first.id)]
        assert await missed(3) == [(3, ANY)]
        assert await missed(99) == [(3, ANY)]  # of another record
        assert await missed(0, second.id) == [(2, second.id)]
        assert await missed(2, second.id) == [(3, second.id)]
        await changes.rest()

    asyncio.run(come())


def test_nobody_is_told_of_another_brands_goals(office: Office, changes: Changes) -> None:
    """What is of no goal is told to all."""

    async def watch() -> None:
        watching = changes.watch("another", patience_s=PATIENCE_S)
        await next_of(watching)
        give(office)
        theirs = give(office, brand="another")
        assert await next_of(watching) == (2, theirs.id)
        await changes.rest()
        await watching.aclose()

    asyncio.run(watch())


def test_fifty_who_watch_cost_one_look_and_none_costs_none(office: Office, changes: Changes) -> None:
    """All are told by the same look; when the last goes, nobody looks any more."""

    async def watch() -> None:
        several = [changes.watch("default", patience_s=PATIENCE_S) for _ in range(50)]
        await asyncio.gather(*map(next_of, several))
        goal = give(office)
        told = await asyncio.gather(*map(next_of, several))
        assert set(told) == {(1, goal.id)}
        looking = changes._looking
        assert looking is not None
        for watching in several:
            await watching.aclose()
        async with asyncio.timeout(PATIENCE_S):
            await looking
        assert changes.watchers == 0

    asyncio.run(watch())


def test_who_may_not_watch_any_more_is_sent_away_by_the_next_look(
    office: Office, changes: Changes, clock: SetClock
) -> None:
    """Whose token was revoked, whose expired, and who came without one once one is made; who has a good one stays."""
    first, _ = tokens.create(office, "first", Role.VIEWER)
    short, _ = tokens.create(office, "short", Role.VIEWER, days=1)
    good, _ = tokens.create(office, "good", Role.VIEWER)

    async def watch() -> None:
        watching = {
            name: changes.watch("default", patience_s=PATIENCE_S, came_by=name)
            for name in (first.id, short.id, good.id, None)
        }
        await asyncio.gather(*(next_of(one) for name, one in watching.items() if name is not None))
        tokens.revoke(office, first.id)
        assert [said async for said in watching[first.id]][1:] == []
        clock.forward(timedelta(days=1))
        assert [said async for said in watching[short.id]][1:] == []
        assert [said async for said in watching[None]][1:] == []
        assert changes.watchers == 1
        goal = give(office)
        assert (await next_of(watching[good.id]))[1] in (goal.id, ANY)
        await changes.rest()
        await watching[good.id].aclose()

    asyncio.run(watch())


def test_while_no_token_is_made_who_has_none_stays(office: Office, changes: Changes) -> None:
    """A session changes nothing of that; the first token ends it."""
    open_session(office, make_link(office))

    async def watch() -> None:
        watching = changes.watch("default", patience_s=PATIENCE_S)
        await next_of(watching)
        give(office)
        await next_of(watching)
        tokens.create(office, "first", Role.VIEWER)
        assert [said async for said in watching][1:] == []
        await changes.rest()

    asyncio.run(watch())


def test_who_is_slow_keeps_no_more_than_a_word(office: Office, changes: Changes) -> None:
    """More goals than are named become one word for all, with the newest number."""

    async def watch() -> None:
        watching = changes.watch("default", patience_s=PATIENCE_S)
        await next_of(watching)
        [watcher] = changes._watchers
        for number in range(1, 10_000):
            watcher.put(f"g{number}", number)
            assert len(watcher.waiting) <= _MOST_NAMED
        assert await next_of(watching) == (9_999, ANY)
        await changes.rest()
        await watching.aclose()

    asyncio.run(watch())


def test_there_is_room_for_so_many(office: Office, changes: Changes) -> None:
    """The next is refused, until one goes."""

    async def watch() -> None:
        several = [
            changes.watch("default", patience_s=PATIENCE_S, client=f"10.0.{n % 20}.1") for n in range(changes.most)
        ]
        await asyncio.gather(*map(next_of, several))
        with pytest.raises(TooMany):
            changes.see_room("k1")
        with pytest.raises(TooMany):
            await next_of(changes.watch("default", patience_s=PATIENCE_S))
        await several[0].aclose()
        changes.see_room("k1")
        await changes.rest()
        for watching in several:
            await watching.aclose()

    asyncio.run(watch())


def test_one_token_or_address_has_room_for_so_many(office: Office, changes: Changes) -> None:
    """The next of it is refused; another's is not, nor is who has a token counted by their address."""

    async def watch() -> None:
        several = [
            changes.watch("default", patience_s=PATIENCE_S, client=f"2001:db8::{n:x}") for n in range(MOST_OF_ONE)
        ]
        await asyncio.gather(*map(next_of, several))
        with pytest.raises(TooManyOfOne):
            await next_of(changes.watch("default", patience_s=PATIENCE_S, client="2001:db8::ffff"))
        for came_by, client in (("k1", "2001:db8::1"), (None, "2001:db8:1::1")):
            several.append(changes.watch("default", patience_s=PATIENCE_S, came_by=came_by, client=client))
            await next_of(several[-1])
        await changes.rest()
        for watching in several:
            await watching.aclose()

    asyncio.run(watch())


def test_a_line_with_a_lower_number_that_comes_later_is_told(office: Office, changes: Changes) -> None:
    """As with PostgreSQL, where a transaction that began before another may end after it."""
    first, second = give(office), give(office)
    with office.store.write() as tx:
        tx.conn.exec_driver_sql("delete from journal where id = 1")

    async def watch() -> None:
        watching = changes.watch("default", patience_s=PATIENCE_S)
        assert await next_of(watching) == (2, ANY)
        with office.store.write() as tx:
            tx.conn.exec_driver_sql(
                "insert into journal (id, goal, subject, what, by, at) select 1, ?, ?, 'late', 'test', at from journal",
                (first.id, first.id),
            )
        assert await next_of(watching) == (1, first.id)
        note(office, second.id)
        assert await next_of(watching) == (3, second.id)
        await changes.rest()
        await watching.aclose()

    asyncio.run(watch())


def test_while_the_record_is_away_streams_stay(
    office: Office, changes: Changes, caplog: pytest.LogCaptureFixture
) -> None:
    """What happens after it came back is told."""
    away = RecordAway(office)

    async def watch() -> None:
        watching = changes.watch("default", patience_s=PATIENCE_S)
        await next_of(watching)
        away.go()
        looks = changes.looks
        async with asyncio.timeout(PATIENCE_S):
            while changes.looks < looks + 2:
                await asyncio.sleep(0)
        await asyncio.to_thread(away.come_back)
        goal = give(office)
        assert await next_of(watching) == (1, goal.id)
        await changes.rest()
        await watching.aclose()

    asyncio.run(watch())
    assert "What happened cannot be read now" in caplog.text
