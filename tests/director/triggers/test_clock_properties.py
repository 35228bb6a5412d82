"""Whatever happens to the clock, and to the process that looks at it, each slot has one fate."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director.bootstrap import open_office
from director.office import Office
from director.progress.advance import cancel_goal
from director.triggers.clock import summed_up, tick
from director.triggers.schedules import folder_of, load
from director.words.states import SlotFate
from tests.chaos.year import die
from tests.conftest import SetClock, without_waiting_for_the_disk

#: A name of its own for each example, since they share a record.
NUMBERS = count()

LINES = ("0 * * * *", "30 2 * * *", "*/20 1-3 * * *", "0 9 * * 0", "* 4 * * *")

#: What happens before a look: minutes that pass (back too), whether the process dies at it, whether goals have ended.
STEP = st.tuples(
    st.one_of(st.integers(0, 3), st.integers(0, 40 * 60), st.integers(0, 40 * 24 * 60), st.integers(-30 * 60, 0)),
    st.sampled_from(["looks", "looks", "dies", "starts again"]),
    st.booleans(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    line=st.sampled_from(LINES),
    missed=st.sampled_from(["latest", "skip", "all"]),
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "UTC"]),
    steps=st.lists(STEP, min_size=1, max_size=8),
    chance=st.randoms(use_true_random=False),
)
def test_each_slot_has_one_fate_and_at_most_one_goal(
    open_with: Callable[..., Office],
    clock: SetClock,
    line: str,
    missed: str,
    zone: str,
    steps: list[tuple[int, str, bool]],
    chance: Any,
) -> None:
    """From when it was first seen until it was last looked at: none without a fate, none that is no slot, no goal twice."""
    office = open_with()
    name = f"s{next(NUMBERS)}"
    folder = folder_of(office.settings)
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / f"{name}.yaml").write_text(
        f"name: {name}\ncron: '{line}'\nzone: {zone}\ngoal: Look.\nenabled: true\nmissed: {missed}\n", encoding="utf-8"
    )
    # Examples share a record, and none of them looks back at another's years.
    clock.forward(timedelta(days=60))
    tick(office)
    begin = earliest = until = clock.now
    for minutes, what, ended in steps:
        clock.forward(timedelta(minutes=minutes))
        if what == "dies":
            die(office, chance)
        elif what == "starts again":
            other = without_waiting_for_the_disk(open_office(office.settings, clock=clock))
            tick(other)
            other.close()
        tick(office)
        earliest, until = min(earliest, clock.now), max(until, clock.now)
        if ended:
            with office.store.write() as tx:
                for goal in tx.slots.open_goals(office.brand, name):
                    cancel_goal(tx, goal, "It is over.", by="test")
    schedule = load(office.settings, office.catalog).schedules[name]
    due = list(schedule.cron.between(begin, until))
    with office.store.read() as tx:
        kept = {slot.slot: slot for slot in tx.slots.of_schedule(office.brand, name, limit=10**6)}
        let_go = summed_up(tx, office, schedule)
        # A clock that was set back by more than a day is believed, and what is due by it too.
        assert kept.keys() <= set(schedule.cron.between(earliest, until))
        assert [] == [slot for slot in due if slot not in kept and not let_go(slot)]
        goals = [slot.goal for slot in kept.values() if slot.fate is SlotFate.FIRED]
        assert None not in goals
        assert len(set(goals)) == len(goals)
        assert sorted(map(str, goals)) == sorted(tx.slots.goals_of(office.brand, name))
