"""What is made over HTTP: once, however often the request comes, and answered as it was then."""

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


def made_before(office: Office, caller: Caller, asked: Asked) -> Answered | None:
    """What was answered to this request before, also where it would be refused by now; None where it was not asked."""
    before = answered_before(office, caller, asked.once)
    return None if before is None else Answered(**before)


def make_once(
    office: Office,
    caller: Caller,
    asked: Asked,
    make: Callable[[Tx], Answered],
    after: Callable[[Office], object] = admission.ring,
) -> Answered:
    """
    What *make* writes and answers, in one transaction; *after* the commit bells are rung for it, or a readable copy is made,
    which the sweep does too where this process died before.
    """

    def made() -> dict[str, Any]:
        answered = make(tx)
        return {"document": answered.document, "version": answered.version, "location": answered.location}

    with office.store.write() as tx:
        answer, is_new = once(tx, caller, asked.once, made)
    if is_new:
        after(office)
    return Answered(**answer)


def given(office: Office, tx: Tx, goal: Goal) -> Answered:
    """What is answered for a goal that was given."""
    return Answered(goal_document(office, tx, goal), version_of_goal(goal), f"/goals/{goal.id}")
