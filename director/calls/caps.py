"""What may be spent: a worst case is set aside against the call's, the goal's and the month's cap, or refused."""

from datetime import datetime
from typing import Any

from director.errors import OverCap, TooDear
from director.models import Call, Goal, Turn
from director.money.amounts import usd
from director.office import Office
from director.prompting.request import Request
from director.states import CallState
from director.store.engine import Tx


def goal_scope(goal_id: str) -> str:
    """The account of one goal."""
    return f"goal {goal_id}"


def month_scope(brand: str, month: str) -> str:
    """The account of one brand's month, "2026-11"."""
    return f"month {brand} {month}"


def reserve(tx: Tx, office: Office, *, turn: Turn, key: str, request: Request, due_at: datetime) -> Call:
    """
    Set the worst case of *request* aside and open its call.

    Rehearsed money is counted in accounts of its own: it plays the same rules and never eats a real cap.

    Raises:
        OverCap: it does not fit; the transaction must not commit.
    """
    worst = office.prices.worst_case(request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens)
    rehearsal = office.claude.rehearses
    month = tx.now.strftime("%Y-%m")
    goal = tx.goals.get(turn.goal)
    if worst > office.settings.call_cap:
        raise TooDear(
            f"One call may cost {usd(office.settings.call_cap)} at most; this one could cost {usd(worst)}. "
            "Name a cheaper model, or show it less."
        )
    for scope, cap, whose in (
        (goal_scope(turn.goal), goal.cap_nano, f"goal {turn.goal}"),
        (month_scope(turn.brand, month), office.settings.budget_monthly, f"the month {month}"),
    ):
        if not tx.accounts.reserve(scope, worst, rehearsal=rehearsal, cap_nano=cap):
            account = tx.accounts.get(scope, rehearsal=rehearsal)
            left = max(0, account.left_nano(cap))
            allowed = cap + account.added_nano
            raise OverCap(
                f"The next call of {turn.goal} could cost {usd(worst)}; {usd(left)} is left of {usd(allowed)} for {whose}.",
                scope=scope,
                rehearsal=rehearsal,
                worst_nano=worst,
                allowed_nano=allowed,
                needed_nano=worst - left,
            )
    return tx.calls.add(
        brand=turn.brand,
        goal=turn.goal,
        task=None if turn.subject == turn.goal else turn.subject,
        turn=turn.id,
        epoch=turn.epoch,
        key=key,
        purpose=request.purpose,
        model=request.model,
        rehearsal=rehearsal,
        month=month,
        reserved_nano=worst,
        due_at=due_at,
    )


def has_room(tx: Tx, office: Office, goal: Goal, scope: str, worst_nano: int, *, rehearsal: bool) -> bool:
    """Whether *worst_nano* would fit under *scope* now; always when its month is over."""
    if scope == goal_scope(goal.id):
        cap = goal.cap_nano
    elif scope == month_scope(goal.brand, tx.now.strftime("%Y-%m")):
        cap = office.settings.budget_monthly
    else:
        return True
    return tx.accounts.get(scope, rehearsal=rehearsal).left_nano(cap) >= worst_nano


def settle(tx: Tx, call: Call, state: CallState, cost_nano: int, **changes: Any) -> bool:
    """Give the reservation back and count *cost_nano*; False, and nothing counted, when the call was settled before."""
    if not tx.calls.settle(call, state, cost_nano=cost_nano, **changes):
        return False
    for scope in (goal_scope(call.goal), month_scope(call.brand, call.month)):
        tx.accounts.settle(scope, rehearsal=call.rehearsal, reserved_nano=call.reserved_nano, spent_nano=cost_nano)
    return True


def lose(tx: Tx, call: Call, why: str) -> None:
    """Count a call at its worst case: it may have been paid, and its answer did not come."""
    if settle(tx, call, CallState.LOST, call.reserved_nano, error=why):
        tx.note(
            call.goal,
            call.task or call.goal,
            "call lost",
            by="ledger",
            detail=f"call {call.id} ({call.purpose}): {why}",
        )
