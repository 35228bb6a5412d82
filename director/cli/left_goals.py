"""Goals that would go on, and nobody is there to do them: said in one line, with the command that goes on with one."""

import sys
from collections.abc import Iterable
from typing import Final

from director.office import Office
from director.store.tx import Tx
from director.views.goal import is_left
from director.words.command import program
from director.words.models import Goal
from director.words.reach import unlike_workers

#: Goals that are named in a line.
_MOST_NAMED: Final = 5


def left_line(tx: Tx, goals: Iterable[Goal]) -> str | None:
    """The line about those of *goals* that are left; None where none is."""
    left = [goal for goal in goals if is_left(tx, goal)]
    if not left:
        return None
    more = len(left) - _MOST_NAMED
    named = ", ".join(goal.id for goal in left[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Nobody works now on {named}{_why(tx, left)}; `{program()} watch {left[0].id}` goes on."


def say_before(office: Office, ident: str) -> None:
    """What a person should know before a goal is followed: what waits besides, and a token that nobody uses."""
    with office.store.read() as tx:
        line = left_line(tx, (goal for goal in tx.goals.all(office.brand) if goal.id != ident))
    for said in filter(None, (line, office.settings.unused_token)):
        print(said, file=sys.stderr)  # noqa: T201


def _why(tx: Tx, left: list[Goal]) -> str:
    if not tx.presence.standing_workers():
        return ""
    # Where workers are, they are all of the other kind.
    they = "it is" if len(left) == 1 else "they are"
    return f": {they} {unlike_workers(rehearsal=left[0].rehearsal)}"
