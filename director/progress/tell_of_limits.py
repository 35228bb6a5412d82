"""
Tells of goals whose turns are not let out for a limit of the model service (`mailbox/weather`), which nobody else would say of
them.
"""

from collections.abc import Mapping

from director.mailbox import weather
from director.office import Office
from director.progress.advance import WORTH_TELLING
from director.store.tx import Tx
from director.words.errors import MustWait
from director.words.states import GoalState, TurnState, WaitFor, is_final


def name_waits(office: Office) -> int:
    """
    The sweep's part, while there is such a wait: each goal that does nothing else waits for the model service until then.
    Returns how many were told. It goes on by itself, as its turn begins.
    """
    with office.store.read() as tx:
        told = tx.now + WORTH_TELLING
        waits = {actor: wait for actor, wait in weather.waits(tx, office).items() if wait.until > told}
        goals = tx.turns.goals_of_queued(waits) if waits else []
    named = 0
    for goal_id in goals:
        with office.store.write() as tx:
            named += _name(tx, office, goal_id, waits)
    return named


def _name(tx: Tx, office: Office, goal_id: str, waits: Mapping[str, MustWait]) -> bool:
    goal = tx.goals.get(goal_id, lock=True)
    open_turns = tx.turns.open_of_goal(goal_id)
    waiting = [waits[turn.actor] for turn in open_turns if turn.state is TurnState.QUEUED and turn.actor in waits]
    # What was put back has said why itself.
    if is_final(goal.state) or not office.reach.works_for(goal) or not waiting or len(waiting) < len(open_turns):
        return False
    first = min(waiting, key=lambda wait: wait.until)
    changes = {"wait_for": WaitFor.MODEL, "reason": str(first), "wait_until": first.until}
    if goal.state is GoalState.WAITING:
        tx.goals.change(goal.id, **changes)
    else:
        tx.goals.move(goal, GoalState.WAITING, by="limits", **changes)
    return True
