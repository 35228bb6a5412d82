"""What a person says a month and a day may cost counts at once, in place of all that was said before."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from director.calls.caps import day_scope, month_scope, over_cap
from director.goals.set_caps import set_caps
from director.mailbox import failures
from director.mailbox.turns import Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.words.amounts import NANO
from director.words.models import Need
from director.words.reach import Reach
from director.words.states import ApprovalState, TurnState

DAY, MONTH, LAST = (
    day_scope("default", "2026-11-22"),
    month_scope("default", "2026-11"),
    month_scope("default", "2026-10"),
)


@pytest.mark.parametrize("rehearsal", [True, False])
def test_what_people_added_by_their_answers_is_in_them_no_longer(office: Office, rehearsal: bool) -> None:
    """
    Of this month and this day, of either kind of money: who says 20 after a yes to 50 more means 20. A month that is over
    keeps what was allowed in it.
    """
    with office.store.write() as tx:
        today = day_scope("default", f"{tx.now:%Y-%m-%d}")
        for scope in (MONTH, today, LAST):
            tx.accounts.allow(scope, 50 * NANO, rehearsal=rehearsal)
    set_caps(office, monthly_nano=20 * NANO, daily_nano=NANO)

    with office.store.read() as tx:
        added = [tx.accounts.get(scope, rehearsal=rehearsal).added_nano for scope in (MONTH, today, LAST)]
    assert added == [0, 0, 50 * NANO]


def test_what_was_held_and_fits_goes_on_at_once(
    office: Office, claimed: Callable[..., Held], given_goal: Callable[..., object]
) -> None:
    """
    Without a sweep, also where whoever says it works for one goal, or for none: its question is withdrawn, and it is rung for.
    """
    set_caps(office, monthly_nano=NANO, daily_nano=None)
    held = claimed()
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.goal)
        problem = over_cap(tx, office, goal, Need(MONTH, rehearsal=True, worst_nano=2 * NANO), room_by=tx.now)
    failures.fail(office, held, problem, after_failure)
    with office.store.read() as tx:
        assert tx.turns.get(held.turn.id).state is TurnState.HELD
    set_caps(replace(office, reach=Reach(rehearsal=True, only="another")), monthly_nano=3 * NANO, daily_nano=None)

    with office.store.read() as tx:
        [question] = tx.approvals.of_goal(goal.id)
        turn = tx.turns.get(held.turn.id)
    assert (question.state, turn.state) == (ApprovalState.WITHDRAWN, TurnState.QUEUED)
