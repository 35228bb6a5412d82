"""Redis, the database: gone for a while, flushed, locked, restarted in the middle of goals."""

import time
from typing import Final

from tests.chaos.bench import Bench, Ground, Row
from tests.chaos.plugs import PostgreSQL, Redis, hold_the_pen

_SLOW: Final = "latency_ms=200-1200"
_RESUMED_S: Final = 30.0
_NOTHING_LOST: Final = f"0 lost, resumed <= {_RESUMED_S:.0f} s after"
_NO_ATTEMPT: Final = "0 lost, no attempt used up"


def redis_killed(bench: Bench) -> list[Row]:
    """Kill -9 Redis in the middle of goals, and start it again after 10 s with what its file kept."""
    seconds = bench.some(10)
    return [_redis_away(bench, "redis", seconds, f"kill -9 of Redis, back after {seconds} s")]


def redis_gone(bench: Bench) -> list[Row]:
    """A minute without Redis; whoever hands a goal in meanwhile is told its id as always."""
    seconds = bench.some(60)
    return [_redis_away(bench, "gone", seconds, f"Redis gone for {seconds} s")]


def redis_flushed(bench: Bench) -> list[Row]:
    """Let Redis forget everything, three times, at random moments."""
    folder = bench.folder / "flush"
    with Redis(folder) as server, bench.ground("flush", _SLOW, redis_url=server.url) as ground:
        ground.hand_in(bench.some(10, least=2))
        resumed = []
        for _ in range(bench.some(3)):
            ground.until_answers(ground.chance.randint(1, 4))
            time.sleep(ground.chance.uniform(0, 0.5))
            server.flush()
            resumed.append(ground.until_claimed(ground.claims()))
        ground.come_to_rest()
        return [_row(ground, f"FLUSHALL mid-goal, {len(resumed)} times", max(resumed))]


def embedded_redis_killed(bench: Bench) -> list[Row]:
    """Kill -9 the workspace's own Redis under a standing worker; nobody but the team itself can start it again."""
    with bench.ground("embedded", _SLOW) as ground:
        ground.hand_in(bench.some(10, least=2))
        ground.until_answers(ground.chance.randint(1, 4))
        ground.kill_embedded_redis()
        before = ground.claims()
        resumed = ground.until_claimed(before, 60.0)
        ground.come_to_rest(60.0)
        return [_row(ground, "kill -9 of the embedded Redis", resumed)]


def postgresql_restarted(bench: Bench) -> list[Row]:
    """Stop PostgreSQL as a crash does, start it again after 3 s; three times, in the middle of calls."""
    with (
        PostgreSQL() as database,
        bench.ground("postgresql", _SLOW, workers=2, database_url=database.url, max_parallel_agents="6") as ground,
    ):
        ground.hand_in(bench.some(10, least=2))
        times, resumed = bench.some(3), []
        for _ in range(times):
            ground.until_answers(ground.chance.randint(1, 4))
            before = ground.claims()
            database.crash()
            time.sleep(3)
            database.start()
            resumed.append(ground.until_claimed(before))
        ground.come_to_rest()
        return [_row(ground, f"PostgreSQL restarted mid-goal, {times} times", max(resumed), bar=_NO_ATTEMPT)]


def sqlite_locked(bench: Bench) -> list[Row]:
    """Let another process hold the pen for 3 s, again and again."""
    with bench.ground("locked", _SLOW, workers=2, max_parallel_agents="6") as ground:
        ground.hand_in(bench.some(10, least=2))
        times, resumed = bench.some(5), []
        for _ in range(times):
            ground.until_answers(ground.chance.randint(1, 4))
            hold_the_pen(ground.place.state_dir / "troupe.sqlite", 3)
            resumed.append(ground.until_claimed(ground.claims()))
        ground.come_to_rest()
        return [_row(ground, f"SQLite locked for 3 s, {times} times", max(resumed), bar=_NO_ATTEMPT)]


def _redis_away(bench: Bench, name: str, seconds: int, fault: str) -> Row:
    with Redis(bench.folder / name) as server, bench.ground(name, _SLOW, redis_url=server.url) as ground:
        ground.hand_in(bench.some(10, least=2))
        ground.until_answers(ground.chance.randint(1, 4))
        server.kill()
        began = time.monotonic()
        accepted = ground.place.run("pipeline", "Gnome Page", "Sell the gnome nobody rang for", "--detach", "--yes")
        ground.given += accepted.code == 0
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        before = ground.claims()
        server.start()
        resumed = ground.until_claimed(before)
        ground.come_to_rest()
        handed_in = accepted.out.strip() if accepted.code == 0 else f"refused: {accepted.err.strip()}"
        return _row(ground, fault, resumed, said=f"--detach meanwhile: {handed_in}", kept=accepted.code == 0)


def _row(
    ground: Ground, fault: str, resumed_s: float, *, bar: str = _NOTHING_LOST, said: str = "", kept: bool = True
) -> Row:
    attempts = ground.most_attempts()
    parts = [ground.score(), f"work went on after {resumed_s:.1f} s", f"most attempts used: {attempts}", said]
    on_time = resumed_s <= _RESUMED_S if bar == _NOTHING_LOST else attempts == 0
    measured = "; ".join(filter(None, parts))
    return Row(fault, measured, bar, lost=ground.lost(), kept=kept and on_time, broken=ground.broken())
