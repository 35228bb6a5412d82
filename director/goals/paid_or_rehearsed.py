"""A person agrees that a goal goes on otherwise: one that was paid for as a rehearsal, or a rehearsed one paid."""

from director.mailbox import turns
from director.office import Office
from director.progress.advance import advance
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.models import Goal
from director.words.question import AboutSpending
from director.words.states import ApprovalState, HeldWhy, TurnState, is_final


def go_on_as(office: Office, ident: str, *, rehearsal: bool) -> Goal:
    """
    From here on the goal is rehearsed, or paid for; the goal as it is then. What was made of it stays as it is.

    A goal that is so already, or over, stays as it is.
    """
    with office.store.write() as tx:
        goal = tx.goals.get(ident, lock=True)
        if goal.rehearsal is rehearsal or is_final(goal.state):
            return goal
        tx.goals.change(ident, rehearsal=rehearsal)
        tx.note(ident, ident, "goes on as a rehearsal" if rehearsal else "goes on paid", by=PERSON)
        _wait_no_longer(tx, goal)
        advance(tx, ident, by=PERSON)
        return tx.goals.get(ident)


def _wait_no_longer(tx: Tx, goal: Goal) -> None:
    # What it waited for was the other's: its money, its service, and a bell that rings where others listen.
    for question in tx.approvals.open(goal.id):
        if isinstance(question.about, AboutSpending) and question.about.rehearsal is goal.rehearsal:
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
    for turn in tx.turns.open_of_goal(goal.id, lock=True):
        if turn.state is TurnState.HELD and turn.held_why is HeldWhy.MONEY:
            turns.release(tx, turn)
        elif turn.state is TurnState.QUEUED:
            tx.turns.change(turn, not_before=tx.now)
        elif turn.state is TurnState.DISPATCHED:
            tx.turns.move(turn, TurnState.QUEUED, due_at=None)
