"""When a goal was over before a person had something of it changed."""

from datetime import datetime

from director.progress.replanning import journal
from director.store.tx import Tx
from director.words.models import Goal
from director.words.states import ON_REQUEST, ChangeKind


def over_before(tx: Tx, goal: Goal) -> list[tuple[datetime, datetime]]:
    """From when to when nobody worked on it, because it was over until somebody asked for a change; the first first."""
    if all(change.kind is not ChangeKind.REVISE for change in tx.changes.of_goal(goal.id)):
        return []
    found, since = [], None
    for line in journal(tx, goal.id):
        if line.subject != goal.id:
            continue
        if line.what in ON_REQUEST:
            since = line.at
        elif since is not None and line.what in ON_REQUEST.values():
            found.append((since, line.at))
            since = None
    return found
