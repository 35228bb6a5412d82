"""Pause and resume: a person keeps a goal, or all of a brand's, from going on. What is on the wire is finished and kept."""

from director.goals.version import see_version
from director.mailbox import admission
from director.office import Office
from director.progress import brakes, tell_of_restrictions
from director.progress.advance import advance
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import TurnState, is_final, stands


def pause(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Goal:
    """
    Pause the goal *ident*; the goal as it is then. Of one that is paused already nothing changes. With *version*, only as it
    was seen (`director/goals/version.py`).

    Raises:
        NotFound: there is no such goal.
        ChangedSince: it is not as it was seen.
        WrongCall: it is over.
    """
    with office.store.write() as tx:
        goal = _open(tx, ident, "paused", version)
        if goal.paused_at is None:
            tx.goals.change(goal.id, paused_at=tx.now)
            tx.note(goal.id, goal.id, "paused", by=by)
            _take_back(tx, goal)
            advance(tx, goal.id, by=by)
        return tx.goals.get(goal.id)


def resume(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Goal:
    """
    Let the goal *ident* go on; as it is then. It waits all the same while its brand is paused, or short of money. *version* as
    in `pause`.

    Raises:
        NotFound: there is no such goal.
        ChangedSince: it is not as it was seen.
        WrongCall: it is over, or not paused.
    """
    with office.store.write() as tx:
        goal = _open(tx, ident, "resumed", version)
        if goal.paused_at is None:
            raise WrongCall(f"Goal {ident} is not paused: nothing changed.")
        brakes.withdraw(tx, goal=goal)
        brakes.wake(tx, goal)
        tx.note(goal.id, goal.id, "resumed", by=by)
        advance(tx, goal.id, by=by)
        goal = tx.goals.get(goal.id)
    admission.ring(office)
    return goal


def pause_all(office: Office) -> bool:
    """
    Pause all work of the brand; False where it was paused before. A pause that would have ended by itself is then a person's.
    """
    with office.store.write() as tx:
        if tx.brands.get(office.brand).paused_at is not None:
            brakes.withdraw(tx, brand=office.brand)
            return False
        tx.brands.pause(office.brand, tx.now)
        tx.note(None, office.brand, "paused", by=PERSON)
    tell_of_restrictions.tell(office, office.brand)
    return True


def resume_all(office: Office) -> bool:
    """
    Let the brand's work go on; goals that were paused by themselves stay paused. False where it was not paused.
    """
    with office.store.write() as tx:
        if tx.brands.get(office.brand).paused_at is None:
            return False
        brakes.withdraw(tx, brand=office.brand)
        brakes.wake_all(tx, office.brand)
        tx.note(None, office.brand, "resumed", by=PERSON)
    tell_of_restrictions.tell(office, office.brand)
    admission.ring(office)
    return True


def _open(tx: Tx, ident: str, what: str, version: str | None) -> Goal:
    goal = tx.goals.get(ident, lock=True)
    see_version(goal, version)
    if is_final(goal.state):
        raise WrongCall(f"Goal {ident} {stands(goal.state)} already; it cannot be {what}.")
    return goal


def _take_back(tx: Tx, goal: Goal) -> None:
    """What was rung for and not begun waits with the rest: nobody could claim it."""
    for turn in tx.turns.open_of_goal(goal.id, lock=True):
        if turn.state is TurnState.DISPATCHED:
            tx.turns.move(turn, TurnState.QUEUED, due_at=None)
