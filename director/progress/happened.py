"""What happens inside and may start work, told as events: once each time, in the transaction in which it happens."""

from typing import Final

from director.mailbox.events import LOOK, TEAM, receive
from director.store.tx import Tx
from director.words.errors import DirectorError
from director.words.health import ComponentName, Health, Operation
from director.words.models import Approval, Goal, Restriction, Turn
from director.words.states import GoalState, Level

#: A turn failed for good.
AGENT_FAILURE: Final = "agent_failure"

#: Something that work rests on is better or worse than it was.
HEALTH_CHANGED: Final = "health_changed"

#: The work goes further or less far than it did.
OPERATION_CHANGED: Final = "operation_changed"

#: A goal came to wait for a person, or failed.
PIPELINE_BLOCKED: Final = "pipeline_blocked"

#: A brand has spent so much of its month; of the levels that have no type of their own, and of a fall, the journal tells.
OF_LEVEL: Final = {
    Level.WARNING: "budget_warning",
    Level.THROTTLE: "budget_warning",
    Level.CRITICAL: "budget_critical",
    Level.EXHAUSTED: "budget_critical",
}


def agent_failed(tx: Tx, turn: Turn, error: DirectorError) -> None:
    """
    Tell that *turn* failed for good. Behind what is asked about it: two that tell and ask, in one order each, would wait for
    each other.
    """
    if turn.goal is None and turn.verb == LOOK:
        return  # whoever looks at that would fail as well, and so on; `events` says it
    data = {
        "goal": turn.goal,
        "task": None if turn.subject == turn.goal else turn.subject,
        "agent": turn.actor,
        "verb": turn.verb,
        "attempts": turn.attempts,
        "error": str(error),
    }
    delivery = f"turn-{turn.id}"
    receive(tx, brand=turn.brand, source=TEAM, delivery=delivery, type=AGENT_FAILURE, data=data, goal=turn.goal)


def goal_waits_for_person(tx: Tx, goal: Goal, question: Approval) -> None:
    """Tell that *goal* came to wait for the answer to *question*; again only when it comes to wait for another."""
    data = {
        "goal": goal.id, "state": GoalState.WAITING, "approval": question.id, "kind": question.kind,
        "reason": question.question,
    }  # fmt: skip
    delivery = f"{goal.id}-{question.id}"
    receive(tx, brand=goal.brand, source=TEAM, delivery=delivery, type=PIPELINE_BLOCKED, data=data, goal=goal.id)


def goal_failed(tx: Tx, goal: Goal, reason: str) -> None:
    """Tell that *goal* failed."""
    data = {"goal": goal.id, "state": GoalState.FAILED, "approval": None, "kind": None, "reason": reason}
    delivery = f"{goal.id}-failed"
    receive(tx, brand=goal.brand, source=TEAM, delivery=delivery, type=PIPELINE_BLOCKED, data=data, goal=goal.id)


def level_reached(tx: Tx, restriction: Restriction) -> None:
    """Tell that the brand's month came to a level: once for each of them, however often it falls back and comes again."""
    if (type_ := OF_LEVEL.get(restriction.level)) is None:
        return
    data = {
        "level": restriction.level, "month": restriction.month, "rehearsed": restriction.rehearsal,
        "reason": restriction.reason,
    }  # fmt: skip
    kind = "rehearsed" if restriction.rehearsal else "paid"
    delivery = f"{restriction.month}-{restriction.level}-{kind}"
    receive(tx, brand=restriction.brand, source=TEAM, delivery=delivery, type=type_, data=data, goal=None)


def health_changed(tx: Tx, brand: str, name: ComponentName, state: Health, *, before: Health, reason: str) -> None:
    """Tell that a component is *state* from now on, with a line of the journal."""
    tx.note(None, name, state, by="health", detail=reason)
    data = {"component": name, "state": state, "before": before, "reason": reason}
    delivery = f"{name}-{tx.now.isoformat()}"
    receive(tx, brand=brand, source=TEAM, delivery=delivery, type=HEALTH_CHANGED, data=data)


def operation_changed(tx: Tx, brand: str, level: Operation, *, before: Operation, does: str, reason: str) -> None:
    """Tell that the work goes on at *level* from now on, with a line of the journal; no *reason* where all is well."""
    tx.note(None, "operation", f"level {level}", by="health", detail=f"{does} ({reason})" if reason else does)
    data = {"level": int(level), "name": level.word, "before": int(before), "does": does, "reason": reason or None}
    delivery = f"operation-{tx.now.isoformat()}"
    receive(tx, brand=brand, source=TEAM, delivery=delivery, type=OPERATION_CHANGED, data=data)
