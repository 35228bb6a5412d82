"""How far one goal may go before a person looks at it, whatever its cap allows: a loop that does not end is stopped."""

from datetime import timedelta
from typing import Final

from director.store.tx import Tx
from director.words.errors import Ceiling
from director.words.models import Goal

#: Calls of one goal. All specialists together, each revised as often as is allowed, make some 240.
MOST_CALLS: Final = 400

#: How long a goal's calls take together. One lasts minutes at most.
LONGEST: Final = timedelta(hours=24)


def check(tx: Tx, goal: Goal) -> None:
    """
    See that *goal* is below its ceilings; a person who lets it go on allows as much again.

    Raises:
        Ceiling
    """
    allowed = goal.extended + 1
    calls, took = tx.calls.work_of_goal(goal.id)
    if calls >= MOST_CALLS * allowed:
        raise Ceiling(f"{goal.id} has made {calls} calls, and no goal needs so many: something goes in a circle.")
    if took >= LONGEST * allowed:
        hours = took.total_seconds() / 3600
        raise Ceiling(
            f"The calls of {goal.id} took {hours:.0f} hours, and no goal's need so long: something goes in a circle."
        )


def extend(tx: Tx, goal: Goal) -> None:
    """A person lets *goal* go on: where it stands at a ceiling, as far again; where it does not, nothing changes."""
    while True:
        try:
            check(tx, goal)
        except Ceiling:
            tx.goals.change(goal.id, extended=goal.extended + 1)
            goal = tx.goals.get(goal.id)
        else:
            return
