"""
An event comes in: written once, in one transaction with the turn of who looks through the triggers for it. Whoever tells of one
comes here: the web's addresses, the command line, and the team itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from director.mailbox import turns
from director.office import DIRECTOR
from director.store.tx import Tx
from director.words.errors import WrongCall
from director.words.json_values import unfit
from director.words.models import Event, Told, Turn
from director.words.states import Priority

#: The Director's verb about an event: to look through the triggers.
LOOK: Final = "event"

#: The source of what happens inside.
TEAM: Final = "team"


def receive(
    tx: Tx,
    *,
    brand: str,
    source: str,
    delivery: str,
    type: str,  # noqa: A002 - the word people know it by
    data: Any,
    said_at: datetime | None = None,
    goal: str | None = None,
) -> tuple[Event, bool]:
    """
    The event, and whether it is new. Of one that its source told of before, under the same *delivery*, it is the first, and
    nothing is written for the copy. After the commit: `admission.ring`.

    *data* is text from outside, kept as it came. *goal* is what happened inside happened to.

    Raises:
        WrongCall: *data* is nothing that can be kept as JSON and read again.
    """
    if why := unfit(data):
        raise WrongCall(f"The data of an event have to be {why}: nothing was written.")
    told = Told(source=source, delivery=delivery, type=type, data=data, said_at=said_at, goal=goal)
    [(ident, is_new)] = receive_all(tx, brand=brand, told=[told])
    return tx.events.get(ident), is_new


def receive_all(tx: Tx, *, brand: str, told: Sequence[Told]) -> list[tuple[str, bool]]:
    """As `receive`, in as many statements for many as for one: of each its id, and whether it is new."""
    keys = [(one.source, one.delivery) for one in told]
    found = tx.events.delivered(brand, set(keys))
    new = {key: one for key, one in zip(reversed(keys), reversed(told), strict=True) if key not in found}
    made: dict[tuple[str, str], str] = {}
    if new:
        # The first of each, in the order they came.
        made = tx.events.add(brand, [new[key] for key in dict.fromkeys(keys) if key in new])
    if made:
        turns.create_several_without_goal(
            tx, brand=brand, priority=Priority.P1, actor=DIRECTOR, verb=LOOK, subjects=made.values()
        )
    if len(made) < len(new):  # another's copy was quicker, on PostgreSQL
        found |= tx.events.delivered(brand, new.keys() - made.keys())
    fresh = dict(made)
    return [(made.get(key) or found[key], fresh.pop(key, None) is not None) for key in keys]


def turn_of(tx: Tx, event: Event) -> Turn | None:
    """The turn of who looks at the event."""
    return tx.turns.keyed(turns.key_of(LOOK, event.id))
