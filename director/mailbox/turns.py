"""
A turn, the mailbox's row. Every message to an actor is one; the message through Redis only says "look".

A turn's life: `create` (queued) → `admission.ring` (dispatched, its bell rings) → `claim` (running, under a lease) → `finish`
(done, in one transaction with all it causes). What goes wrong ends in `failures`, the one place that decides about errors.

Bells may be lost, doubled, late or out of order: `claim` looks at the row before anything is done, and the sweep rings
again for what has not moved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from director.office import Office
from director.store.tx import Tx
from director.words.errors import LostLease
from director.words.models import Goal, Turn
from director.words.states import Priority, TurnState

#: How long a claim lasts unless it is renewed, as each beat of its process does; one that died is noticed after this long.
LEASE: Final = timedelta(seconds=8)

#: How long an admitted turn may stay unclaimed before its bell is taken for lost.
RING_AGAIN: Final = timedelta(seconds=3)

#: After this many crashes or failures that asking again could cure, a turn fails.
MOST_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed turn. Whatever its holder writes names the epoch, so that a holder that lost its lease cannot write."""

    turn: Turn


def key_of(verb: str, subject: str, version: str = "") -> str:
    """What a turn is for: the same cause makes the same key."""
    return f"{verb}:{subject}:{version}"


def create(tx: Tx, goal: Goal, *, actor: str, verb: str, subject: str, version: str = "") -> Turn | None:
    """
    A turn for *actor* to do *verb* about *subject*, at the goal's priority.

    The same subject, verb and version make the same turn once; None when it was made before.
    """
    return tx.turns.add(
        brand=goal.brand,
        goal=goal.id,
        actor=actor,
        verb=verb,
        subject=subject,
        key=key_of(verb, subject, version),
        priority=goal.priority,
        not_before=tx.now,
    )


def create_without_goal(
    tx: Tx, *, brand: str, priority: Priority, actor: str, verb: str, subject: str, version: str = ""
) -> Turn | None:
    """As `create`, for work that is no goal's. Its verb cannot ask the model: calls are paid from a goal's cap."""
    return tx.turns.add(**_without_goal(tx, brand, priority, actor, verb, subject, version))


def create_several_without_goal(
    tx: Tx, *, brand: str, priority: Priority, actor: str, verb: str, subjects: Iterable[str]
) -> None:
    """As `create_without_goal`, about each of *subjects*, in one statement."""
    tx.turns.add_all([_without_goal(tx, brand, priority, actor, verb, subject, "") for subject in subjects])


def _without_goal(
    tx: Tx, brand: str, priority: Priority, actor: str, verb: str, subject: str, version: str
) -> dict[str, Any]:
    return {
        "brand": brand, "goal": None, "actor": actor, "verb": verb, "subject": subject,
        "key": key_of(verb, subject, version), "priority": priority, "not_before": tx.now,
    }  # fmt: skip


def claim(office: Office, turn_id: int, *, most_crashes: int = MOST_ATTEMPTS) -> Held | None:
    """
    Take the turn under a lease; None when it is not to be had, is not for this process (`Reach`), or took more than
    *most_crashes* processes along.
    """
    with office.store.write() as tx:
        turn = tx.turns.claim(
            turn_id, owner=office.owner, lease_until=tx.now + LEASE, most_crashes=most_crashes, reach=office.reach
        )
    return None if turn is None else Held(turn)


def check(tx: Tx, held: Held) -> None:
    """
    Look whether the turn is still this holder's, for what is written before it is finished.

    Raises:
        LostLease: it is somebody else's by now; the transaction must not commit.
    """
    current = tx.turns.get(held.turn.id)
    if current.epoch != held.turn.epoch or current.state is not held.turn.state:
        raise LostLease(held.turn.id)


def finish(tx: Tx, held: Held) -> None:
    """
    Close the turn in the transaction that writes what it caused.

    Raises:
        LostLease: it is somebody else's by now; the transaction must not commit.
    """
    if not tx.turns.move(held.turn, TurnState.DONE, waits=0, error=None):
        raise LostLease(held.turn.id)


def release(tx: Tx, turn: Turn) -> bool:
    """Let a held turn go on."""
    return tx.turns.move(turn, TurnState.QUEUED, error=None, not_before=tx.now)
