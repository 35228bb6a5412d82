"""
The mailbox. Every message to an actor is a turn, a row; the message through Redis only says "look".

A turn's life: `create` (queued) → `admit` (dispatched, its bell rings) → `claim` (running, under a lease) → `finish`
(done, in one transaction with all it causes). What goes wrong ends in `fail`, the one place that decides about errors.

Bells may be lost, doubled, late or out of order: `claim` looks at the row before anything is done, and the sweep rings
again for what has not moved.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from director.mailbox import breaker
from director.office import DIRECTOR, REVIEWER, Office
from director.store.presence import CLOCK_SLACK
from director.store.tx import Tx
from director.words import log
from director.words.errors import Cure, Defect, DirectorError, LostLease, ModelAway, NotFound, StoreError
from director.words.models import Goal, Turn
from director.words.states import Priority, TurnState

_log = logging.getLogger(__name__)

#: How long a claim lasts unless it is renewed, which happens every second; a process that died is noticed after this long.
LEASE: Final = timedelta(seconds=8)

#: How long an admitted turn may stay unclaimed before its bell is taken for lost.
RING_AGAIN: Final = timedelta(seconds=3)

#: After this many crashes or failures that asking again could cure, a turn fails.
MOST_ATTEMPTS: Final = 3

#: A turn that was there when this many processes died is done alone: the next death tells it from those beside it.
SUSPECT: Final = MOST_ATTEMPTS - 1

#: Waits between tries of a turn that waits for a service: doubling from the first to the last.
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=1)

#: The duty under which turns are admitted, so that two processes cannot fill one slot twice.
_ADMISSION: Final = "admission"

#: The longest anybody can be told to wait: a service's own word, ten times ours at most.
_LONGEST: Final = {
    TurnState.QUEUED: LONGEST_WAIT * 10,
    TurnState.DISPATCHED: RING_AGAIN,
    TurnState.RUNNING: LEASE,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed turn. Whatever its holder writes names the epoch, so that a holder that lost its lease cannot write."""

    turn: Turn


#: What an actor does with a turn.
Verb = Callable[[Office, Held], None]

#: What the domain does about an error, in the transaction that moved the turn; it is handed the turn as it is now.
AfterFailure = Callable[[Tx, Turn, DirectorError], None]


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
        key=f"{verb}:{subject}:{version}",
        priority=goal.priority,
        not_before=tx.now,
    )


def create_without_goal(
    tx: Tx, *, brand: str, priority: Priority, actor: str, verb: str, subject: str, version: str = ""
) -> Turn | None:
    """As `create`, for work that is no goal's. Its verb cannot ask the model: calls are paid from a goal's cap."""
    return tx.turns.add(
        brand=brand,
        goal=None,
        actor=actor,
        verb=verb,
        subject=subject,
        key=f"{verb}:{subject}:{version}",
        priority=priority,
        not_before=tx.now,
    )


def ring(office: Office) -> None:
    """
    Admit what there are slots for, and ring for it. Called after every commit that made or ended a turn.

    Safe to call any number of times. Neither a bell that cannot be rung (Redis away) nor a database that is away is an error
    here: what was to be said is committed, and the sweep rings again.
    """
    try:
        # Under load one look serves all whose commits came before it; each of its own would hold the database's one pen.
        admitted = office.admission.run(partial(_admit, office)) or []
    except StoreError as problem:
        _log.info("nothing admitted: %s", problem)
        return
    for n, turn in enumerate(admitted):
        if not office.bus.ring(turn.actor, turn.id):
            _unheard(office, admitted[n:])
            return


def _unheard(office: Office, unheard: list[Turn]) -> None:
    # Due at once: whoever starts next rings for them in its first sweep, and not when their bells count as lost.
    try:
        with office.store.write() as tx:
            tx.turns.due_now([turn.id for turn in unheard])
    except StoreError as problem:
        _log.info("unheard turns wait for the sweep: %s", problem)


def _admit(office: Office) -> list[Turn]:
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_ADMISSION)
        room = breaker.room(tx, office.claude.service, office.settings.max_parallel_agents)
        admitted = tx.turns.admit(room.free, due_at=tx.now + RING_AGAIN)
        if admitted and room.probing:
            breaker.let_out(tx, office.claude.service)
    return admitted


def handle(office: Office, turn_id: int, verbs: Mapping[str, Verb], after_failure: AfterFailure) -> None:
    """
    What every actor does when its bell rings: claim the turn, do its verb, ring for what that caused.

    Nothing happens when the turn is somebody else's, or finished. Errors of ours end here, in `fail`.
    """
    with office.working.shared():
        suspected = _work(office, turn_id, verbs, after_failure, most_crashes=SUSPECT - 1)
    if suspected:
        with office.working.exclusive():
            _work(office, turn_id, verbs, after_failure, most_crashes=MOST_ATTEMPTS)


def _work(
    office: Office, turn_id: int, verbs: Mapping[str, Verb], after_failure: AfterFailure, *, most_crashes: int
) -> bool:
    """Claim and do the turn; whether it is there and was left alone, because it has more than *most_crashes*."""
    try:
        held = claim(office, turn_id, most_crashes=most_crashes)
        if held is None:
            with office.store.read() as tx:
                turn = tx.turns.get(turn_id)
            return turn.state is TurnState.DISPATCHED and turn.crashes > most_crashes
    except StoreError as problem:
        _log.info("turn %s not claimed, the sweep rings again: %s", turn_id, problem)
        return False
    turn = held.turn
    task = None if turn.subject == turn.goal else turn.subject
    office.in_hand.add(turn.claim)
    try:
        with log.about(goal=turn.goal, task=task, turn=turn.id, epoch=turn.epoch):
            _do(office, held, verbs, after_failure)
    finally:
        # Whatever happened, also a failure to write down the failure: a lease that nobody renews runs out.
        office.in_hand.discard(turn.claim)
        ring(office)  # about others' turns too
    return False


def _do(office: Office, held: Held, verbs: Mapping[str, Verb], after_failure: AfterFailure) -> None:
    try:
        verbs[held.turn.verb](office, held)
    except LostLease as lost:
        _log.info("gave up: %s", lost)
    except DirectorError as error:
        _fail_for_sure(office, held, error, after_failure)
    except Exception as problem:
        _fail_for_sure(office, held, Defect(problem, office.settings.secrets), after_failure)
        raise


def claim(office: Office, turn_id: int, *, most_crashes: int = MOST_ATTEMPTS) -> Held | None:
    """Take the turn under a lease; None when it is not to be had, or took more than *most_crashes* processes along."""
    with office.store.write() as tx:
        turn = tx.turns.claim(turn_id, owner=office.owner, lease_until=tx.now + LEASE, most_crashes=most_crashes)
    return None if turn is None else Held(turn)


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


def _fail_for_sure(office: Office, held: Held, error: DirectorError, after_failure: AfterFailure) -> None:
    # A failure that is not written down would count as a crash when the lease runs out.
    office.insist(partial(fail, office, held, error, after_failure))


def fail(office: Office, held: Held, error: DirectorError, after_failure: AfterFailure) -> None:
    """
    Act on an *error* by its class: wait, try again, hold, or give up; then the domain does its part.

    Does nothing when the lease was lost meanwhile.
    """
    turn = held.turn
    with office.store.write() as tx:
        _lock_goal(tx, turn)
        match error.cure:
            case Cure.WAIT:
                look_at = breaker.went_wrong(tx, office.claude.service, error) if isinstance(error, ModelAway) else None
                wait = _wait(turn, error) if look_at is None else look_at - tx.now
                _put_back(tx, turn, error, after_failure, wait=wait, waits=turn.waits + 1)
            case Cure.AGAIN:
                _try_again(tx, turn, error, after_failure, wait=FIRST_WAIT * (turn.attempts + 1))
            case Cure.HOLD:
                if tx.turns.move(turn, TurnState.HELD, error=str(error), held_why=error.held_why, due_at=None):
                    after_failure(tx, tx.turns.get(turn.id), error)
            case Cure.NONE:
                _give_up(tx, turn, error, after_failure, attempts=turn.attempts)
    _log.info("turn %s, %s of %s: %s (%s)", turn.id, turn.verb, turn.subject, error, error.cure)


def take_back_overdue(office: Office, after_failure: AfterFailure, *, spare_held: bool = False) -> int:
    """
    The sweep's part: bells not heard are rung again, unless they still lie in Redis; expired leases, unless they are spared,
    count an attempt and go back, or fail the turn.

    Each turn in a transaction of its own, so that one that cannot be moved does not keep the others. Returns how many were
    overdue.
    """
    with office.store.read() as tx:
        overdue = [turn for turn in tx.turns.overdue() if not (spare_held and turn.state is TurnState.RUNNING)]
        bound = {state: tx.now + longest + CLOCK_SLACK for state, longest in _LONGEST.items()}
        ahead = tx.turns.ahead(bound)
    if ahead:
        # Written by a clock that was ahead, before it was set back. What waits may go; who has a turn gets time to say so.
        with office.store.write() as tx:
            to = {state: tx.now + longest for state, longest in _LONGEST.items()}
            tx.turns.draw_in(bound, to | {TurnState.QUEUED: tx.now})
    # A bell that waits for a free hand was not lost; another one would only wait beside it.
    unheard = office.bus.unheard() if any(turn.state is TurnState.DISPATCHED for turn in overdue) else set()
    for turn in overdue:
        with office.store.write() as tx:
            _lock_goal(tx, turn)
            if tx.turns.get(turn.id, lock=True) != turn:
                continue  # renewed, heard or finished since it was looked at
            if turn.state is TurnState.RUNNING:
                crashed = StoreError("The process that worked on it stopped without a word.")
                _try_again(tx, turn, crashed, after_failure, wait=timedelta(0), crashes=turn.crashes + 1)
            elif turn.actor in (DIRECTOR, REVIEWER) or turn.actor in office.skills:
                if turn.id in unheard:
                    tx.turns.change(turn, due_at=tx.now + RING_AGAIN)
                else:
                    tx.turns.move(turn, TurnState.QUEUED, due_at=None)
            else:
                gone = NotFound("specialist", turn.actor, "put its skill folder back")
                _give_up(tx, turn, gone, after_failure, attempts=turn.attempts)
    return len(overdue)


def _lock_goal(tx: Tx, turn: Turn) -> None:
    # Before the turn, as everywhere: a cancel locks the goal, then its turns.
    if turn.goal is not None:
        tx.goals.get(turn.goal, lock=True)


def _put_back(
    tx: Tx, turn: Turn, error: DirectorError, after_failure: AfterFailure, *, wait: timedelta, **changes: int
) -> None:
    if tx.turns.move(turn, TurnState.QUEUED, error=str(error), not_before=tx.now + wait, due_at=None, **changes):
        after_failure(tx, tx.turns.get(turn.id), error)


def _try_again(
    tx: Tx, turn: Turn, error: DirectorError, after_failure: AfterFailure, *, wait: timedelta, **changes: int
) -> None:
    attempts = turn.attempts + 1
    if attempts < MOST_ATTEMPTS:
        _put_back(tx, turn, error, after_failure, wait=wait, attempts=attempts, **changes)
    else:
        _give_up(tx, turn, error, after_failure, attempts=attempts)


def _give_up(tx: Tx, turn: Turn, error: DirectorError, after_failure: AfterFailure, *, attempts: int) -> None:
    # Only what runs can fail; what was dispatched and never heard is claimed on the way.
    if turn.state is TurnState.DISPATCHED:
        turn = tx.turns.claim(turn.id, owner="sweep", lease_until=tx.now, most_crashes=MOST_ATTEMPTS) or turn
    if tx.turns.move(turn, TurnState.FAILED, error=str(error), attempts=attempts):
        tx.note(turn.goal, turn.subject, f"{turn.verb} failed", by=turn.actor, detail=str(error))
        after_failure(tx, tx.turns.get(turn.id), error)


def _wait(turn: Turn, error: DirectorError) -> timedelta:
    if isinstance(error, ModelAway) and error.retry_after is not None:
        return min(error.retry_after, _LONGEST[TurnState.QUEUED])
    doublings: int = 2 ** min(turn.waits, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
