"""A goal that is given over HTTP: once, however often the request comes, and answered as it was then."""

from collections.abc import Callable
from typing import Any

from director.access.once import answered_before, once
from director.access.roles import Caller
from director.goals.version import version_of_goal
from director.mailbox import admission
from director.office import Office
from director.store.tx import Tx
from director.views.goal import goal_document
from director.words.models import Goal
from web.api.operations import Answered, Asked


def given_before(office: Office, caller: Caller, asked: Asked) -> Answered | None:
    """What was answered to this request before, also where it would be refused by now; None where it was not asked."""
    before = answered_before(office, caller, asked.once)
    return None if before is None else _answered(before)


def give(office: Office, caller: Caller, asked: Asked, begin: Callable[[Tx], Goal]) -> Answered:
    """
    The goal that *begin* writes, with its first turn and with what is answered here in one transaction; its bell is rung after
    that, and by the sweep where this process died before.
    """

    def make() -> dict[str, Any]:
        goal = begin(tx)
        return {"id": goal.id, "version": version_of_goal(goal), "document": goal_document(office, tx, goal)}

    with office.store.write() as tx:
        made, is_new = once(tx, caller, asked.once, make)
    if is_new:
        admission.ring(office)
    return _answered(made)


def _answered(made: dict[str, Any]) -> Answered:
    return Answered(made["document"], made["version"], f"/goals/{made['id']}")
