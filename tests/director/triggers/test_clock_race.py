"""Several clocks at once, on either database: each slot fires once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from director.bootstrap import open_office
from director.office import Office
from director.progress.advance import cancel_goal
from director.triggers.clock import tick
from director.triggers.schedules import folder_of
from director.words.settings import Settings
from director.words.states import SlotFate
from tests.conftest import SetClock
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures

CLOCKS = 6
ROUNDS = 5


@pytest.fixture(params=["sqlite", "postgresql"])
def clocks(
    request: pytest.FixtureRequest, tmp_path: Path, open_with: Callable[..., Office], clock: SetClock
) -> Iterator[list[Office]]:
    """As many processes with a clock as would be started by mistake."""
    settings = open_with().settings
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("url"))
    offices = [open_office(settings, clock=clock) for _ in range(CLOCKS)]
    yield offices
    for office in offices:
        office.close()


def at_once(offices: list[Office]) -> int:
    """A tick of each, begun together; how many goals they started."""
    begin = threading.Barrier(len(offices))
    started: list[int | BaseException] = []

    def look(office: Office) -> None:
        begin.wait()
        try:
            started.append(tick(office))
        except BaseException as problem:  # noqa: BLE001 - what a thread ends with is looked at below
            started.append(problem)

    threads = [threading.Thread(target=look, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == [problem for problem in started if isinstance(problem, BaseException)]
    return sum(int(str(number)) for number in started)


def a_schedule(settings: Settings, name: str, line: str) -> None:
    """One that is on."""
    folder = folder_of(replace(settings))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(
        f"name: {name}\ncron: {line}\ngoal: Write {name}.\nenabled: true\nmissed: all\n", encoding="utf-8"
    )


def test_several_clocks_at_once_fire_each_slot_once(clocks: list[Office], clock: SetClock) -> None:
    """Also when all of them see the schedules first, and when several slots were missed."""
    for name, line in (("tea", "0 12 * * *"), ("coffee", "0 12 * * *"), ("milk", "0 */8 * * *")):
        a_schedule(clocks[0].settings, name, line)
    assert 0 == at_once(clocks)
    begin = clock.now
    for day in range(ROUNDS):
        clock.now = begin.replace(hour=12) + timedelta(days=day)
        # Tea and coffee once each; milk at 16, 0 and 8 of the day before, made up for, and none of it on the first day.
        assert (2 if day == 0 else 5) == at_once(clocks)
        with clocks[0].store.write() as tx:
            for name in ("tea", "coffee", "milk"):
                for goal in tx.slots.open_goals("default", name):
                    cancel_goal(tx, goal, "It is over.", by="test")
    with clocks[0].store.read() as tx:
        fired = [
            sum(slot.fate is SlotFate.FIRED for slot in tx.slots.of_schedule("default", name, limit=1_000))
            for name in ("tea", "coffee", "milk")
        ]
        assert [ROUNDS, ROUNDS, 3 * (ROUNDS - 1)] == fired
        assert sum(fired) == tx.goals.count()
