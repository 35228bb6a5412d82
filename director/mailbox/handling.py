"""What every actor does when its bell rings."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from director.mailbox import abilities
from director.mailbox.admission import ring
from director.mailbox.failures import AfterFailure, fail
from director.mailbox.turns import MOST_ATTEMPTS, Held, claim
from director.office import Office
from director.words import log
from director.words.errors import Cure, Defect, DirectorError, LostLease, StoreError
from director.words.own_secrets import own_secrets
from director.words.states import TurnState

_log = logging.getLogger(__name__)

#: A turn that was there when this many processes died is done alone: the next death tells it from those beside it.
SUSPECT: Final = MOST_ATTEMPTS - 1

#: What an actor does with a turn.
Verb = Callable[[Office, Held], None]


def handle(office: Office, turn_id: int, verbs: Mapping[str, Verb], after_failure: AfterFailure) -> None:
    """
    Claim the turn, do its verb, ring for what that caused.

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
        with log.about(brand=turn.brand, goal=turn.goal, task=task, turn=turn.id, epoch=turn.epoch):
            _do(office.of(turn.brand), held, verbs, after_failure)
    finally:
        # Whatever happened, also a failure to write down the failure: a lease that nobody renews runs out.
        office.in_hand.discard(turn.claim)
        ring(office)  # about others' turns too
    return False


def _do(office: Office, held: Held, verbs: Mapping[str, Verb], after_failure: AfterFailure) -> None:
    try:
        abilities.check(office, held)
        verbs[held.turn.verb](office, held)
        _log.info("%s of %s is done", held.turn.verb, held.turn.subject)
    except LostLease as lost:
        _log.info("gave up: %s", lost)
    except DirectorError as error:
        _fail_for_sure(office, held, error, after_failure)
    except Exception as problem:
        _fail_for_sure(office, held, Defect(problem, own_secrets(office.settings)), after_failure)
        raise


def _fail_for_sure(office: Office, held: Held, error: DirectorError, after_failure: AfterFailure) -> None:
    # A failure that is not written down would count as a crash when the lease runs out.
    try:
        office.insist(partial(fail, office, held, error, after_failure))
    except StoreError as problem:
        if problem.cure is not Cure.WAIT:
            raise
        _log.warning(
            "%s of %s is left as it is, and done again when its lease has run out: %s",
            held.turn.verb,
            held.turn.subject,
            problem,
        )
