"""The rules of health, pure: how a component is by what was found, and which level of operation follows."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from director.files.room import Room
from director.upkeep.components import LOOKS_TO_RISE, Facts, Found, find, level_of, next_level
from director.words.health import ComponentName, Health, Operation
from director.words.states import Level

GB = 1_000_000_000


def room(free: int, total: int) -> Room:
    """A disk with that many bytes."""
    return Room(Path(), free, total)


WELL = Facts(team=True, workers=1, disk=room(50 * GB, 100 * GB))

M, R, D, W, C, K, B = ComponentName


def of(facts: Facts, name: ComponentName) -> Found:
    """How that component is."""
    [found] = [one for one in find(facts) if one.name is name]
    return found


def test_every_component_is_found_once_and_in_order() -> None:
    """Also where all is well, and that is the full level."""
    found = find(WELL)

    assert [one.name for one in found] == list(ComponentName)
    assert {one.state for one in found} == {Health.HEALTHY}
    assert level_of(found) is Operation.FULL


@pytest.mark.parametrize(
    ("changes", "name", "state", "level"),
    [
        ({"failures": 1, "service_said": "Busy."}, M, Health.HEALTHY, 0),
        ({"failures": 2, "service_said": "Busy."}, M, Health.DEGRADED, 1),
        ({"service_offline": True, "service_said": "Busy."}, M, Health.OFFLINE, 2),
        ({"redis_away": "Redis cannot be used"}, R, Health.OFFLINE, 2),
        ({"redis_away": "Redis cannot be used", "redis_needed": False}, R, Health.HEALTHY, 0),
        ({"database_s": 2.0}, D, Health.HEALTHY, 0),
        ({"database_s": 2.1}, D, Health.DEGRADED, 1),
        ({"workers": 0}, W, Health.HEALTHY, 0),
        ({"workers": 0, "waiting": 1}, W, Health.OFFLINE, 2),
        ({"workers": 1, "waiting": 1}, W, Health.HEALTHY, 0),
        ({"stuck": 1}, W, Health.DEGRADED, 1),
        ({"unticked": timedelta(minutes=4)}, C, Health.DEGRADED, 1),
        ({"disk": None}, K, Health.HEALTHY, 0),
        ({"disk": "it is not ours to write"}, K, Health.OFFLINE, 2),
        ({"disk": room(10 * GB, 100 * GB)}, K, Health.HEALTHY, 0),
        ({"disk": room(10 * GB - 1, 100 * GB)}, K, Health.DEGRADED, 1),
        ({"disk": room(GB - 1, 2 * GB)}, K, Health.DEGRADED, 1),
        ({"disk": room(11 * GB, 2000 * GB)}, K, Health.HEALTHY, 0),
        ({"disk": room(GB // 10 - 1, 100 * GB)}, K, Health.OFFLINE, 2),
        ({"disk": room(GB // 100, GB)}, K, Health.DEGRADED, 1),
        ({"disk": room(GB // 100 - 1, GB)}, K, Health.OFFLINE, 2),
        ({"month": Level.NORMAL}, B, Health.HEALTHY, 0),
        ({"month": Level.WARNING}, B, Health.DEGRADED, 1),
        ({"month": Level.THROTTLE}, B, Health.DEGRADED, 1),
        ({"month": Level.CRITICAL}, B, Health.DEGRADED, 2),
        ({"month": Level.EXHAUSTED}, B, Health.OFFLINE, 2),
    ],
)
def test_one_fault_asks_for_its_level(
    changes: dict[str, object], name: ComponentName, state: Health, level: int
) -> None:
    """Each threshold, on both sides."""
    facts = replace(WELL, **changes)  # type: ignore[arg-type]  # as its row says

    assert of(facts, name).state is state
    assert of(facts, name).reason
    assert level_of(find(facts)) == level


@pytest.mark.parametrize("facts", [{"waiting": 9, "workers": 0}, {"stuck": 9}, {"unticked": timedelta(days=1)}])
def test_where_no_team_is_expected_none_is_missed(facts: dict[str, object]) -> None:
    """A command that does its goal itself has neither workers nor a clock."""
    alone = replace(WELL, team=False, **facts)  # type: ignore[arg-type]  # as above

    assert {one.state for one in find(alone)} == {Health.HEALTHY}


def test_the_level_of_every_combination() -> None:
    """
    All healthy: full. Any degraded: reduced. One offline: essential, two: the Director only, more: offline. A component that
    asks for more than its state does gets it.
    """
    usual = {Health.HEALTHY: 0, Health.DEGRADED: 1, Health.OFFLINE: 2}
    for states in product(Health, repeat=len(ComponentName)):
        found = [
            Found(name, state, "", Operation(usual[state])) for name, state in zip(ComponentName, states, strict=True)
        ]
        offline = states.count(Health.OFFLINE)
        level = min(offline + 1, 4) if offline else int(Health.DEGRADED in states)

        assert level_of(found) == level
        assert level_of([*found, Found(B, Health.DEGRADED, "", Operation.DIRECTOR_ONLY)]) == max(3, level)


def test_worse_is_at_once_and_better_is_a_level_at_a_time() -> None:
    """From every level, at every count, to every level that is asked for."""
    for now, good, wanted in product(Operation, range(LOOKS_TO_RISE), Operation):
        level, counted = next_level(now, good, wanted)
        if wanted >= now:
            assert (level, counted) == (wanted, 0)
        elif good + 1 == LOOKS_TO_RISE:
            assert (level, counted) == (now - 1, 0)
        else:
            assert (level, counted) == (now, good + 1)
