"""
The quick version of `make chaos`, with a fixed seed: a few kills, a worker that stands still, one death of Redis, one flush,
a service that refuses everything for some seconds.

Nothing here is timed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from director.money.periods import month_of
from tests.chaos.away import redis_flushed, redis_killed
from tests.chaos.bench import Bench, Row
from tests.chaos.deliveries import deliveries
from tests.chaos.kills import worker_killed, worker_stopped
from tests.chaos.levels import levels, to_begin
from tests.chaos.limits import storm
from tests.e2e.installation import at_once

#: Several teams of several processes at once, and the first test waits for all of them.
pytestmark = [pytest.mark.alone, pytest.mark.timeout(300)]

SCENARIOS: dict[str, Callable[[Bench], list[Row]]] = {
    "kills": worker_killed,
    "stopped": worker_stopped,
    "redis": redis_killed,
    "flush": redis_flushed,
    "deliveries": deliveries,
    "levels": levels,
    "storm": storm,
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """What each scenario found, side by side: most of each is waiting. The first row is the one about what was lost."""
    bench = Bench(tmp_path_factory.mktemp("c"), seed=1, scale=0.02)
    return {name: found[0] for name, found in at_once(**{n: _told(bench, s) for n, s in SCENARIOS.items()}).items()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_rule_of_the_record_holds_afterwards(rows: dict[str, Row], name: str) -> None:
    """Goals end, nothing is made or bought twice, money adds up, every open row says what is next."""
    assert rows[name].broken == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_goal_is_completed(rows: dict[str, Row], name: str) -> None:
    """Whatever was pulled, what was asked for is delivered."""
    assert rows[name].lost == 0, rows[name].measured


def test_each_event_that_was_told_is_one(rows: dict[str, Row]) -> None:
    """However often it was told, over two web processes, without Redis for a while; nobody is answered with an error."""
    assert rows["deliveries"].verdict == "held", rows["deliveries"]


def test_what_a_worker_that_stood_still_had_bought_is_counted_at_what_it_cost(rows: dict[str, Row]) -> None:
    """It was not dead: its answers are kept, or listed as duplicates of what another bought meanwhile, and none as lost."""
    assert rows["stopped"].kept, rows["stopped"].measured


def test_a_429_is_everybodys_and_uses_no_attempt(rows: dict[str, Row]) -> None:
    """Of several processes as many ask as were at it, then one of each family of models each time they were told to wait."""
    assert rows["storm"].kept, rows["storm"].measured


@pytest.mark.parametrize("left_s", [0, 1, 7_199, 7_200, 7_201, 86_400])
def test_clocks_are_only_set_forward_before_the_month_turns(left_s: int) -> None:
    """Also in the last hours of a month; then it is the end of the next one."""
    now = datetime(2026, 12, 1, tzinfo=UTC) - timedelta(seconds=left_s)

    assert to_begin(now) >= timedelta(0)
    assert month_of(now + to_begin(now), None) != month_of(now + to_begin(now) + timedelta(hours=2), None)


def _told(bench: Bench, scenario: Callable[[Bench], list[Row]]) -> Callable[[], list[Row]]:
    return lambda: scenario(bench)
