"""What is looked after when nobody rings: lost bells, the work of processes that died, money, questions whose time passed."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from director.calls.ask import settle_overdue
from director.goals import fitting
from director.inbox.approvals import apply_defaults
from director.mailbox import admission, failures, restrictions, weather
from director.office import Office
from director.progress import brakes
from director.progress.held_for_money import look_after_money
from director.progress.held_for_person import look_after_person
from director.progress.held_for_skill import look_after_skill
from director.progress.on_turn_failure import after_failure
from director.progress.tell_of_limits import name_waits
from director.progress.tell_of_restrictions import look_after_restrictions
from director.store import stuck as rows
from director.store.stuck import Stuck
from director.store.tx import Tx
from director.words.brand import DEFAULT
from director.words.models import Goal
from director.words.states import HeldWhy

#: How often one process sweeps when nothing is seen to be overdue. The duty lasts as long, so that one that died with its
#: holder is soon another's.
SWEEP_EVERY: Final = timedelta(seconds=5)

#: What is later than this is stuck: a lease or a bell that nobody renewed is taken back within half of it.
LATE: Final = timedelta(seconds=30)

#: What lets held turns go, by what they are held for.
LOOKS_AFTER_HELD: Final[Mapping[HeldWhy, Callable[[Office], int]]] = {
    HeldWhy.MONEY: look_after_money,
    HeldWhy.PERSON: look_after_person,
    HeldWhy.SKILL: look_after_skill,
}


def sweep(office: Office) -> None:
    """
    Look after everything whose time has passed, of all goals or of the one this process works for, and ring for what can go on.

    Safe to call any number of times, by any number of processes.
    """
    failures.take_back_overdue(office, after_failure)
    settle_overdue(office)
    for look_after in LOOKS_AFTER_HELD.values():
        look_after(office)
    brakes.look_again(office)
    look_after_restrictions(office)
    fitting.look_again(office)
    apply_defaults(office)
    name_waits(office)
    admission.ring(office)


def ring_again(office: Office) -> None:
    """The part of a sweep that takes nothing from anybody, whatever the clocks say: what nobody holds is rung for."""
    failures.take_back_overdue(office, after_failure, spare_held=True)
    look_after_skill(office)
    admission.ring(office)


def stuck(office: Office, brand: str | None = None) -> list[Stuck]:
    """
    Open rows, of one brand or of all, that nobody looked at when they were to be looked at; empty when all is well. What is of
    no goal counts for the brand that is there from the beginning.

    What is late by less than LATE is not stuck: one sweep may be under way, another begins within seconds.
    """
    with office.store.read() as tx:
        found = stuck_in(tx, office)
        return found if brand is None else [row for row in found if _brand_of(tx, row) == brand]


def _brand_of(tx: Tx, row: Stuck) -> str:
    return DEFAULT if row.goal is None else tx.goals.get(row.goal).brand


def stuck_in(tx: Tx, office: Office) -> list[Stuck]:
    """As `stuck`, where a transaction is open. What a level, or a pause, keeps waiting goes on by itself: it is not stuck."""
    room = admission.room(tx, office.claude.service, office.settings.max_parallel_agents).free
    restricted = {(one.brand, one.rehearsal): one for one in restrictions.of_all(tx, office)}

    def kept_back(goal: Goal) -> bool:
        return restrictions.why(goal, restricted.get((goal.brand, goal.rehearsal))) is not None

    rooms = weather.rooms(tx, office)
    return rows.find(tx, late=LATE, room=room, kept_back=kept_back, without=rooms.full() if rooms else ())


def unheard(tx: Tx, goal_id: str) -> str | None:
    """Why the goal does not go on although somebody is there who should do it; None while it does."""
    return next((row.why for row in rows.unheard(tx, late=LATE) if row.goal == goal_id), None)
