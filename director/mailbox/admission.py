"""
Admission: when waiting turns go out, as many as there are slots for (MAX_PARALLEL_AGENTS; fewer where the model service's
limits say so, `weather`), and the bell of each. Which are first is the order of `Turns.admit` in `store/turns`.

Turns that are no goal's ask nothing of the model: they have as many slots of their own, also while the service is away. So an
event is looked at while goals keep theirs busy for minutes, and is never what goes out to see whether the service is back.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from director.mailbox import abilities, breaker, operation, restrictions, weather
from director.mailbox.turns import RING_AGAIN
from director.office import DIRECTOR, Office
from director.store.turns import Let
from director.store.tx import Tx
from director.words.errors import StoreError
from director.words.models import Turn

_log = logging.getLogger(__name__)

#: The duty under which turns are admitted, so that two processes cannot fill one slot twice.
_ADMISSION: Final = "admission"

#: A turn that waited so long for a slot is as urgent as the next class, so that urgent work without end does not keep all
#: slots. What rose shares them with what was urgent from the beginning.
RISES_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Room:
    """How much may go out of goals' turns."""

    free: int  #: turns that may go out now
    probing: bool  #: the service is offline, so what goes out is the probe


def room(tx: Tx, service: str, usual: int, only: str | None = None) -> Room:
    """
    Room for *usual* turns, or as many as the level of operation lets out at once, for who works for all goals or for *only*
    one; while the service is offline for one turn, and that each `breaker.PROBE_EVERY`.
    """
    in_hand = tx.turns.in_hand(only)
    usual = operation.effects(tx).room(usual)
    probes = breaker.probes_due(tx, service)
    if probes is None:
        return Room(max(0, usual - in_hand), probing=False)
    return Room(0 if in_hand else min(usual, probes), probing=True)


def room_without_goal(tx: Tx, usual: int, only: str | None = None) -> int:
    """How many turns that are no goal's may go out now; none for who works for one goal, and where none waits."""
    if only is not None or not tx.turns.any_ready(of_goals=False):
        return 0
    return max(0, usual - tx.turns.in_hand(of_goals=False))


def may_go_out(tx: Tx, office: Office) -> bool:
    """Whether a turn that this process works for could go out now. Locks nothing."""
    usual, reach = office.settings.max_parallel_agents, office.reach
    # Of what does not wait nothing else is asked: each process looks at each of its beats.
    if tx.turns.any_ready(reach) and (found := room(tx, office.claude.service, usual, reach.only)).free > 0:
        let, rooms = _let(tx, office, found), weather.rooms(tx, office)
        if tx.turns.any_ready(reach, let=replace(let, without=frozenset(rooms.full())) if rooms else let):
            return True
    return room_without_goal(tx, usual, reach.only) > 0


def ring(office: Office) -> None:
    """
    Admit what there are slots for, of what this process works for, and ring for it. Called after every commit that made or
    ended a turn.

    Safe to call any number of times. Neither a bell that cannot be rung (Redis away) nor a database that is away is an error
    here: what was to be said is committed, and the sweep rings again.
    """
    try:
        # Under load one look serves all whose commits came before it; each of its own would take the database's one write lock.
        admitted = office.admission.run(partial(_admit, office)) or []
    except StoreError as problem:
        _log.info("nothing admitted: %s", problem)
        return
    unheard = [turn for turn, queues in admitted if not queues]
    heard = [(turn, queues) for turn, queues in admitted if queues]
    for n, (turn, queues) in enumerate(heard):
        if not office.bus.ring(turn.actor, turn.id, *queues):
            unheard += [turn for turn, _ in heard[n:]]
            break
    if unheard:
        _unheard(office, unheard)


def _unheard(office: Office, unheard: list[Turn]) -> None:
    # Due at once: whoever starts next rings for them in its first sweep, and not when their bells count as lost.
    try:
        with office.store.write() as tx:
            tx.turns.due_now([turn.id for turn in unheard])
    except StoreError as problem:
        _log.info("unheard turns wait for the sweep: %s", problem)


def _admit(office: Office) -> list[tuple[Turn, set[str]]]:
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_ADMISSION)
        most, reach = office.settings.max_parallel_agents, office.reach
        found = room(tx, office.claude.service, most, reach.only)
        admitted = _within_limits(tx, office, found)
        if admitted and found.probing:
            breaker.let_out(tx, office.claude.service)
        free = room_without_goal(tx, most, reach.only)
        due_at = tx.now + RING_AGAIN
        admitted += tx.turns.admit(free, due_at=due_at, rises_every=RISES_EVERY, reach=reach, of_goals=False)
        return [(turn, abilities.queues(tx, turn)) for turn in admitted]


def _let(tx: Tx, office: Office, found: Room) -> Let:
    """Whose turns go out at this level of operation, and at those of the months; but for the limits of the service."""
    alone = None if found.probing or operation.effects(tx).specialists_run else DIRECTOR
    return Let(restrictions.kept_back(tx, office, probing=found.probing), only=alone)


def _within_limits(tx: Tx, office: Office, found: Room) -> list[Turn]:
    """As many turns of goals as there is room for, of each family of models no more than its limits let out."""
    admit = partial(tx.turns.admit, due_at=tx.now + RING_AGAIN, rises_every=RISES_EVERY, reach=office.reach)
    let, rooms = _let(tx, office, found), weather.rooms(tx, office) if found.free > 0 else None
    if rooms is None:
        return admit(found.free, let=let)
    admitted: list[Turn] = []
    while len(admitted) < found.free and (one := admit(1, let=replace(let, without=frozenset(rooms.full())))):
        rooms.took(one[0].actor)
        admitted += one
    return admitted
