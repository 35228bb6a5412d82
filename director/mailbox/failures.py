"""What becomes of a turn that went wrong, by the class of the error, or that nobody moved in time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from director.mailbox import abilities, breaker, weather
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, RING_AGAIN, Held
from director.office import Office
from director.store.presence import CLOCK_SLACK
from director.store.tx import Tx
from director.words.errors import Cure, DirectorError, LimitReached, ModelAway, MustWait, StoreError
from director.words.models import Turn
from director.words.states import TurnState

_log = logging.getLogger(__name__)

#: Waits between tries of a turn that waits for a service: doubling from the first to the last.
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=1)

#: The longest anybody can be told to wait.
_LONGEST: Final = {
    TurnState.QUEUED: weather.LONGEST_TOLD,
    TurnState.DISPATCHED: RING_AGAIN,
    TurnState.RUNNING: LEASE,
}

#: What the domain does about an error, in the transaction that moved the turn; it is handed the turn as it is now.
AfterFailure = Callable[[Tx, Turn, DirectorError], None]


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
                until = _until(tx, office.claude.service, error)
                wait = _wait(turn, error) if until is None else until - tx.now
                # Waiting for its place in the limits says nothing about the service, so the next wait is no longer for that.
                waits = max(1, turn.waits) if isinstance(error, MustWait) else turn.waits + 1
                _put_back(tx, turn, error, after_failure, wait=wait, waits=waits)
            case Cure.AGAIN:
                _try_again(tx, turn, error, after_failure, wait=FIRST_WAIT * (turn.attempts + 1))
            case Cure.OTHER:
                # Not at once: should this process hear it again, that is no reason to do nothing else meanwhile.
                _put_back(tx, turn, error, after_failure, wait=FIRST_WAIT)
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
        overdue = tx.turns.overdue(office.reach.only)
        overdue = [turn for turn in overdue if not (spare_held and turn.state is TurnState.RUNNING)]
        bound = {state: tx.now + longest + CLOCK_SLACK for state, longest in _LONGEST.items()}
        ahead = tx.turns.ahead(bound)
        heard = {turn.id: abilities.queues(tx, turn) for turn in overdue if turn.state is TurnState.DISPATCHED}
    if ahead:
        # Written by a clock that was ahead, before it was set back. What waits may go; what runs gets the time to be renewed.
        with office.store.write() as tx:
            to = {state: tx.now + longest for state, longest in _LONGEST.items()}
            tx.turns.draw_in(bound, to | {TurnState.QUEUED: tx.now})
    # A bell that waits for a free thread, of one who can do the turn, was not lost; another one would only wait beside it.
    lying = {queue: office.bus.unheard(queue) for queue in set().union(*heard.values())}
    for turn in overdue:
        with office.store.write() as tx:
            _lock_goal(tx, turn)
            if tx.turns.get(turn.id, lock=True) != turn:
                continue  # renewed, heard or finished since it was looked at
            if turn.state is TurnState.RUNNING:
                crashed = StoreError("The process that worked on it stopped without a word.")
                _try_again(tx, turn, crashed, after_failure, wait=timedelta(0), crashes=turn.crashes + 1)
            elif any(turn.id in lying[queue] for queue in heard[turn.id]):
                tx.turns.change(turn, due_at=tx.now + RING_AGAIN)
            else:
                tx.turns.move(turn, TurnState.QUEUED, due_at=None)
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


def _until(tx: Tx, service: str, error: DirectorError) -> datetime | None:
    """Until when a turn waits for the model service, by what all who ask it were told; None where only *error* says."""
    match error:
        case MustWait():
            weather.put_off(tx, service, error)
            return error.until
        case LimitReached():
            return weather.until(tx, service, error.model)
        case ModelAway():
            return breaker.went_wrong(tx, service, error)
    return None


def _wait(turn: Turn, error: DirectorError) -> timedelta:
    if error.retry_after is not None:
        return min(error.retry_after, _LONGEST[TurnState.QUEUED])
    doublings: int = 2 ** min(turn.waits, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)
