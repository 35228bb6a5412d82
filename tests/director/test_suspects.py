"""A turn that kills its process: it fails after three deaths, and takes none of those beside it along."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from director import turns
from director.goals import submit
from director.models import Turn
from director.office import Office
from director.states import TurnState
from director.sweep import sweep
from director.turns import LEASE, MOST_ATTEMPTS, SUSPECT
from tests.conftest import SetClock


def first_turns(office: Office, goals: list[str]) -> list[Turn]:
    """Each goal's first turn, as it is now."""
    with office.store.read() as tx:
        return [tx.turns.of_goal(goal)[0] for goal in goals]


def in_hand(found: list[Turn]) -> list[str]:
    """The goals whose turns are dispatched or running."""
    return [turn.goal for turn in found if turn.state in (TurnState.DISPATCHED, TurnState.RUNNING)]


@pytest.fixture
def goals(office: Office) -> list[str]:
    """Three goals, one for each slot; each goal's first turn is dispatched."""
    return [submit.submit(office, "Improve retention", plan_by="template").id for _ in range(3)]


@pytest.fixture
def die(office: Office, clock: SetClock, goals: list[str]) -> Callable[[], None]:
    """One process claims whatever is dispatched and dies; its leases run out and the sweep comes."""

    def crash() -> None:
        for turn in first_turns(office, goals):
            turns.claim(office, turn.id)
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(office)

    return crash


def test_after_two_deaths_each_suspect_goes_out_alone(
    office: Office, goals: list[str], die: Callable[[], None]
) -> None:
    """The others of that process are suspects too: nobody can tell yet which of them it was."""
    die()
    assert len(in_hand(first_turns(office, goals))) == 3, "after one death they go on side by side"
    die()
    assert {SUSPECT} == {turn.crashes for turn in first_turns(office, goals)}
    assert len(in_hand(first_turns(office, goals))) == 1


def test_only_the_one_that_kills_fails(office: Office, goals: list[str], die: Callable[[], None]) -> None:
    """It dies once more, alone, and fails; the others finish, and a person is asked about the one."""
    die()
    die()
    poison = first_turns(office, goals)[0]
    for _ in goals:
        (now,) = in_hand(first_turns(office, goals))
        turn = next(turn for turn in first_turns(office, goals) if turn.goal == now)
        if turn.id == poison.id:
            die()
            continue
        held = turns.claim(office, turn.id)
        assert held is not None
        with office.store.write() as tx:
            turns.finish(tx, held)
        turns.ring(office)
    failed, *others = first_turns(office, goals)
    assert (TurnState.FAILED, MOST_ATTEMPTS) == (failed.state, failed.attempts)
    assert {TurnState.DONE} == {turn.state for turn in others}
    with office.store.read() as tx:
        assert [failed.goal] == [asked.goal for asked in tx.approvals.open()]


def test_nobody_is_admitted_beside_a_suspect(office: Office, goals: list[str], die: Callable[[], None]) -> None:
    """Not by a new goal either; when the suspect is done, the slots are everybody's again."""
    die()
    die()
    late = submit.submit(office, "Improve retention", plan_by="template").id
    (alone,) = in_hand(first_turns(office, [*goals, late]))
    held = turns.claim(office, next(turn.id for turn in first_turns(office, goals) if turn.goal == alone))
    assert held is not None
    turns.ring(office)
    assert [alone] == in_hand(first_turns(office, [*goals, late]))


def test_a_suspect_waits_until_the_others_are_done(office: Office, goals: list[str], die: Callable[[], None]) -> None:
    """It is next, so nobody else is let in before it; those in hand finish first."""
    die()
    die()
    (alone,) = in_hand(first_turns(office, goals))
    turn = next(turn for turn in first_turns(office, goals) if turn.goal == alone)
    held = turns.claim(office, turn.id)
    assert held is not None
    with office.store.write() as tx:
        turns.finish(tx, held)
        goal = tx.goals.get(alone)
        turns.create(tx, goal, actor="director", verb="plan", subject=goal.id, version="unsuspected")
    turns.ring(office)
    (now,) = in_hand(first_turns(office, goals))
    assert now != alone, "the next suspect goes before what came later"
