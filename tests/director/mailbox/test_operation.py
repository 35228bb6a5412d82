"""What goes out at each level of operation."""

from collections.abc import Callable
from itertools import product

import pytest

from director.mailbox import admission, turns
from director.mailbox.operation import EFFECTS
from director.office import DIRECTOR, REVIEWER, Office
from director.words.health import Operation
from director.words.models import Goal
from director.words.states import Priority, TurnState
from tests.director.conftest import at_work

ACTORS = (DIRECTOR, REVIEWER, "copywriting")
ALL = set(product(ACTORS, Priority))

P0, P1, P2, P3 = Priority


@pytest.mark.parametrize(
    ("level", "goes_out"),
    [
        (Operation.FULL, ALL),
        (Operation.REDUCED, set(product(ACTORS, (P0, P1, P2)))),
        (Operation.ESSENTIAL, set(product(ACTORS, (P0, P1)))),
        (Operation.DIRECTOR_ONLY, {(DIRECTOR, P0), (DIRECTOR, P1)}),
        (Operation.OFFLINE, set()),
    ],
)
def test_each_level_lets_out_what_it_says(
    level: Operation, goes_out: set[tuple[str, Priority]], office: Office, given_goal: Callable[..., Goal]
) -> None:
    """Of turns of each actor and each urgency, when none is out any more that could be in their place."""
    at_work(office)
    goals = [given_goal(priority=priority) for priority in Priority]
    with office.store.write() as tx:
        tx.operation.looked("ann", level=level, since=tx.now, good=0, began_at=tx.now)
        for goal, actor in product(goals, ACTORS):
            turns.create(tx, goal, actor=actor, verb="draft", subject=goal.id, version=actor)

    assert set(let_out(office, goals)) == goes_out


def test_each_level_lets_out_no_more_at_once_than_the_one_before() -> None:
    """One call at a time from the first on; from the one at which no specialist runs nothing new begins."""
    assert [EFFECTS[level].room(3) for level in Operation] == [3, 1, 1, 1, 0]
    assert [EFFECTS[level].triggers_fire for level in Operation] == [True, True, True, False, False]


def let_out(office: Office, goals: list[Goal]) -> list[tuple[str, Priority]]:
    """Actor and urgency of all that goes out, each time ended at once so that the next has its place."""
    found: list[tuple[str, Priority]] = []
    while True:
        admission.ring(office)
        with office.store.write() as tx:
            given = [turn for goal in goals for turn in tx.turns.open_of_goal(goal.id)]
            out = [turn for turn in given if turn.state is TurnState.DISPATCHED]
            for turn in out:
                tx.turns.move(turn, TurnState.CANCELLED)
        if not out:
            return found
        found += [(turn.actor, turn.priority) for turn in out]
