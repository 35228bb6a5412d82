"""Brands: added, and what is of which."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from director.office import Office
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.brand import DEFAULT, NAMED, brand_name
from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.models import Approval, Call, Event, Goal, Learning, Task


def add(office: Office, name: str, *, by: str = PERSON) -> None:
    """
    A brand more, with its own context, caps, schedules and memory; it has none of them yet.

    Raises:
        WrongCall: it cannot be called so, or there is one.
    """
    try:
        brand_name(name)
    except ValueError as problem:
        raise WrongCall(f"A brand's name is {NAMED}; {name[:80]!r} is none.") from problem
    with office.store.write() as tx:
        if name == DEFAULT or not tx.brands.add(name):
            raise WrongCall(f"There is a brand {name} already: `{program()} brands` lists them.")
        tx.note(None, name, "brand added", by=by)


#: How what belongs to a brand is named: verdicts, questions, calls, events, learnings; goals, and their tasks behind them.
_NAMED: Final = re.compile(r"([racem])([0-9]{1,18})|g[0-9]{1,18}(?=(?:-[0-9]+)?$)", re.ASCII)


def brand_of(tx: Tx, ident: str) -> str | None:
    """Of which brand something is, by its id; None where that names nothing that is there, which others complain of."""
    found = _NAMED.match(ident)
    if found is None or (found[1] and found[0] != ident):
        return None
    number = int(found[2] or 0)
    rows: Mapping[str, Callable[[], Goal | Approval | Event | Call | Learning | Task]] = {
        "g": lambda: tx.goals.get(found[0]),
        "a": lambda: tx.approvals.get(ident),
        "e": lambda: tx.events.get(ident),
        "c": lambda: tx.calls.find(number),
        "m": lambda: tx.learnings.get(ident),
        "r": lambda: tx.tasks.get(tx.drafts.get(tx.reviews.find(number).draft).task),
    }
    with suppress(NotFound):
        return rows[found[1] or "g"]().brand
    return None
