"""A turn that kills its process: it fails after three deaths, and takes none of those beside it along."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from director.concurrency.read_write_lock import ReadWriteLock
from director.goals import submit
from director.mailbox import handling, turns
from director.mailbox.handling import SUSPECT
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.upkeep.sweep import sweep
from director.words.models import Turn
from director.words.states import TurnState
from tests.conftest import SetClock

#: How long a test waits for something that has to come; nothing waits this long unless it is broken.
PATIENCE_S = 30.0


def first_turns(office: Office, goals: list[str]) -> list[Turn]:
    """Each goal's first turn, as it is now."""
    with office.store.read() as tx:
        return [tx.turns.of_goal(goal)[0] for goal in goals]


@pytest.fixture
def goals(office: Office) -> list[str]:
    """Three goals, one for each slot; each goal's first turn is dispatched."""
    return [submit.submit(office, "Improve retention", plan_by="template").id for _ in range(3)]


@pytest.fixture
def die(office: Office, clock: SetClock) -> Callable[[list[Turn]], None]:
    """One process claims these turns and dies; their leases run out, the sweep comes, and they are dispatched again."""

    def crash(found: list[Turn]) -> None:
        for turn in found:
            assert turns.claim(office, turn.id) is not None
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(office)

    return crash


@pytest.fixture
def suspects(office: Office, goals: list[str], die: Callable[[list[Turn]], None]) -> list[Turn]:
    """Three turns that were there when two processes died: one of them did it, and nobody can tell which."""
    die(first_turns(office, goals))
    die(first_turns(office, goals))
    found = first_turns(office, goals)
    assert [(TurnState.DISPATCHED, SUSPECT)] * 3 == [(turn.state, turn.crashes) for turn in found]
    return found


def test_suspects_of_one_process_work_one_after_the_other(office: Office, suspects: list[Turn]) -> None:
    """However many bells it hears at once: each is claimed only when nobody else is at work there."""
    at_work: list[int] = []
    most = []

    def verb(office: Office, held: Held) -> None:
        at_work.append(held.turn.id)
        with office.store.read() as tx:
            most.append(sum(tx.turns.get(turn.id).state is TurnState.RUNNING for turn in suspects))
        with office.store.write() as tx:
            turns.finish(tx, held)
        at_work.remove(held.turn.id)

    threads = [
        threading.Thread(target=handling.handle, args=(office, turn.id, {"plan": verb}, after_failure))
        for turn in suspects
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [1, 1, 1] == most
    assert {TurnState.DONE} == {turn.state for turn in first_turns(office, [turn.goal for turn in suspects])}


def test_only_the_one_that_kills_fails(office: Office, suspects: list[Turn], die: Callable[[list[Turn]], None]) -> None:
    """It dies once more, alone, and fails; the others, not claimed yet, finish, and a person is asked about the one."""
    poison, *others = suspects
    die([poison])
    sweep(office)
    for turn in first_turns(office, [turn.goal for turn in others]):
        held = turns.claim(office, turn.id)
        assert held is not None
        with office.store.write() as tx:
            turns.finish(tx, held)
    (failed,) = first_turns(office, [poison.goal])
    assert (TurnState.FAILED, MOST_ATTEMPTS) == (failed.state, failed.attempts)
    with office.store.read() as tx:
        assert [failed.goal] == [asked.goal for asked in tx.approvals.open()]


def test_after_one_death_they_go_on_side_by_side(
    office: Office, goals: list[str], die: Callable[[list[Turn]], None]
) -> None:
    """A worker that is killed is no reason to go slow: most deaths are nobody's fault."""
    die(first_turns(office, goals))
    assert all(turns.claim(office, turn.id, most_crashes=SUSPECT - 1) for turn in first_turns(office, goals))


def test_a_thread_that_wants_the_lock_alone_waits_and_is_waited_for() -> None:
    """It comes when those who are there have done, and nobody comes in between."""
    lock, seen = ReadWriteLock(), []
    inside, go = threading.Event(), threading.Event()

    def beside(name: str) -> None:
        with lock.shared():
            seen.append(f"{name} in")
            inside.set()
            assert go.wait(PATIENCE_S)
            seen.append(f"{name} out")

    def alone() -> None:
        with lock.exclusive():
            seen.append("alone")

    first = threading.Thread(target=beside, args=("first",))
    first.start()
    assert inside.wait(PATIENCE_S)
    wants = threading.Thread(target=alone)
    wants.start()
    while not lock._exclusive:
        wants.join(0.01)
    late = threading.Thread(target=beside, args=("late",))
    late.start()
    go.set()
    for thread in (first, wants, late):
        thread.join(PATIENCE_S)
    assert ["first in", "first out", "alone", "late in", "late out"] == seen
