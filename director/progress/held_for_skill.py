"""Turns that wait for a process that can do them: nobody who was there had the skill."""

from datetime import timedelta
from typing import Final

from director.mailbox import abilities, turns
from director.office import Office
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.models import Turn

#: How long whoever follows such a goal waits: a worker that is started anew is back sooner.
PATIENCE: Final = timedelta(seconds=30)


def put_aside(tx: Tx, turn: Turn) -> None:
    """Until somebody comes who can do it."""
    tx.turns.change(turn, due_at=tx.now + PATIENCE)


def look_after_skill(office: Office) -> int:
    """Held turns that somebody who is here can do go on, as far as this process works for them. Returns how many."""
    with office.store.read() as tx:
        able = abilities.held_that_can_be_done(tx, office.reach.only)
    for turn in able:
        with office.store.write() as tx:
            if turn.goal is not None:
                tx.goals.get(turn.goal, lock=True)
            turns.release(tx, turn)
            if turn.goal is not None:
                advance(tx, turn.goal, by="sweep")
    return len(able)
