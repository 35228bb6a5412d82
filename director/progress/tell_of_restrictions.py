"""
Tells of what keeps a brand's work from going out, when it changes: one event at each new level, and each of the brand's goals
that waits, or goes on, says so.

Nothing is kept back or let go here: what goes out follows from the record at once (`mailbox/restrictions`), told or not.
"""

import logging
from dataclasses import replace

from director.mailbox import restrictions
from director.office import Office
from director.progress import happened
from director.progress.advance import advance
from director.store.tx import Tx
from director.words.models import Restriction
from director.words.states import Level, is_final

_log = logging.getLogger(__name__)


def look_after_restrictions(office: Office) -> int:
    """The sweep's part: tell of what changed since it was told last. Returns how many goals were told."""
    with office.store.read() as tx:
        changed = [found for found in restrictions.of_all(tx, office) if _is_news(tx, found)]
    return sum(_tell(office, found.brand, rehearsal=found.rehearsal) for found in changed)


def tell(office: Office, brand: str) -> None:
    """As the sweep does of all, of one brand, for a person who has just changed something."""
    for rehearsal in (False, True):
        _tell(office, brand, rehearsal=rehearsal)


def _tell(office: Office, brand: str, *, rehearsal: bool) -> int:
    with office.store.write() as tx:
        found = restrictions.of_brand(tx, office, brand, rehearsal=rehearsal)
        if not _is_news(tx, found):
            return 0
        _keep(tx, found)
    # Not all in one transaction: a month may hold thousands. Should this process die, the next sweep tells them again.
    with office.store.read() as tx:
        goals = tx.brands.open_goals(brand, rehearsal=rehearsal)
    for goal in goals:
        with office.store.write() as tx:
            if not is_final(tx.goals.get(goal.id, lock=True).state):
                advance(tx, goal.id, by="sweep")
    with office.store.write() as tx:
        told = tx.brands.restriction(brand, rehearsal=rehearsal)
        if told is not None and _says(told) == _says(found):
            tx.brands.restrict(replace(told, named=True))
    return len(goals)


def _keep(tx: Tx, found: Restriction) -> None:
    before = tx.brands.restriction(found.brand, rehearsal=found.rehearsal)
    same_level = before is not None and (before.month, before.level) == (found.month, found.level)
    if before is not None and same_level:
        found = replace(found, since=before.since)
    tx.brands.restrict(replace(found, named=False))
    if same_level or (before is None and found.level is Level.NORMAL):
        return
    kind = "rehearsed " if found.rehearsal else ""
    detail = found.reason or f"The {kind}month {found.month} is at its level {found.level}."
    tx.note(None, found.brand, f"{kind}budget {found.level}", by="ledger", detail=detail)
    happened.level_reached(tx, found)
    _log.info("%s: %s", found.brand, detail)


def _is_news(tx: Tx, found: Restriction) -> bool:
    before = tx.brands.restriction(found.brand, rehearsal=found.rehearsal)
    if before is None:
        return found.wait_for is not None
    return not before.named or _says(before) != _says(found)


def _says(told: Restriction) -> tuple[object, ...]:
    # The words change with each call; what follows from them does not.
    return told.month, told.level, told.lowest, told.wait_for
