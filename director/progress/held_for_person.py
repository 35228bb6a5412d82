"""Turns that wait for a person, because another model answers than was asked, at a price nobody agreed to."""

from director.calls import another_model
from director.mailbox import turns
from director.office import Office
from director.progress import questions
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.errors import AnotherModel
from director.words.models import Goal, Turn
from director.words.question import AboutFailure
from director.words.states import HeldWhy


def ask(tx: Tx, turn: Turn, goal: Goal, error: AnotherModel) -> None:
    """Ask about it once a goal; further turns that meet it wait for the same answer."""
    questions.ask(
        tx,
        goal,
        AboutFailure(turn.id),
        f"{error} Go on at the price of who answers? If not, see who that is (ANTHROPIC_BASE_URL).",
        version=error.which,
    )


def let_go(tx: Tx, goal: Goal) -> bool:
    """Let the goal's turns go on, where a person has agreed; whether there were any."""
    if another_model.unagreed(tx, goal) is not None:
        return False
    held = tx.turns.held(HeldWhy.PERSON, goal.id)
    for turn in held:
        turns.release(tx, turn)
    return bool(held)


def look_after_person(office: Office) -> int:
    """The sweep's part: turns that were put aside as the answer came. Returns how many goals go on."""
    with office.store.read() as tx:
        agreed = another_model.agreed_of_held(tx, office.reach.only)
    for ident in agreed:
        with office.store.write() as tx:
            if let_go(tx, tx.goals.get(ident, lock=True)):
                advance(tx, ident, by="sweep")
    return len(agreed)
