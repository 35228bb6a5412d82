"""What may be spent: a worst case is set aside against the call's, the goal's, the month's and the day's cap, or refused."""

from datetime import datetime
from typing import Any, Final

from director.calls import ceilings
from director.mailbox import restrictions
from director.mailbox.restrictions import month_scope as month_scope  # noqa: PLC0414 - whose accounts are all named here
from director.mailbox.restrictions import monthly_cap
from director.money import periods
from director.office import Office
from director.prompting.request import Request
from director.store.tx import Tx
from director.words.amounts import NANO, typed_usd, usd
from director.words.errors import OverCap, TooDear, WrongField
from director.words.models import Account, Call, Goal, Need, Turn
from director.words.states import CallState

#: What is said besides of an amount that cannot be.
_NOTHING: Final = "Nothing changed."


def goal_scope(goal_id: str) -> str:
    """The account of one goal."""
    return f"goal {goal_id}"


def day_scope(brand: str, day: str) -> str:
    """The account of one brand's day, "2026-11-29"."""
    return f"day {brand} {day}"


def is_month(scope: str) -> bool:
    """Whether it is a month's account; together they count every call once."""
    return scope.startswith("month ")


def ends_at(office: Office, scope: str, now: datetime) -> datetime | None:
    """When the account after a month's or a day's that is open *now* begins; None for a goal's, which does not end."""
    zone = office.settings.time_zone
    if is_month(scope):
        return periods.next_month(now, zone)
    return periods.next_day(now, zone) if scope.startswith("day ") else None


def reserve(
    tx: Tx, office: Office, *, goal: Goal, turn: Turn, key: str, request: Request, worst_nano: int, due_at: datetime
) -> Call:
    """
    Set aside *worst_nano*, the worst case of the *request*, and open its call.

    Rehearsed money is counted in accounts of its own: it plays the same rules and never eats a real cap.

    Raises:
        NotNow: the brand's level, or a pause, keeps the goal back.
        Ceiling: the goal has gone further than any needs to.
        TooDear: it is more than any one call may cost.
        OverCap: it does not fit; the transaction must not commit.
    """
    restrictions.check(tx, office, goal)
    ceilings.check(tx, goal)
    rehearsal, zone = office.claude.rehearses, office.settings.time_zone
    month, day = periods.month_of(tx.now, zone), periods.day_of(tx.now, zone)
    if worst_nano > office.settings.call_cap:
        raise TooDear(
            f"One call may cost {usd(office.settings.call_cap)} at most; this one could cost {usd(worst_nano)}. "
            "Name a cheaper model, or show it less."
        )
    tx.brands.fitted(turn.brand)  # before the accounts, as whoever sets caps; undone where it does not fit
    for scope in (goal_scope(goal.id), month_scope(turn.brand, month), day_scope(turn.brand, day)):
        if not tx.accounts.reserve(scope, worst_nano, rehearsal=rehearsal, cap_nano=_cap_of(tx, office, goal, scope)):
            raise over_cap(tx, office, goal, Need(scope, rehearsal, worst_nano), room_by=due_at)
    return tx.calls.add(
        brand=turn.brand,
        goal=goal.id,
        task=None if turn.subject == goal.id else turn.subject,
        turn=turn.id,
        epoch=turn.epoch,
        key=key,
        purpose=request.purpose,
        model=request.model,
        rehearsal=rehearsal,
        month=month,
        day=day,
        reserved_nano=worst_nano,
        parts_hash=tx.keep(request.made_of()),
        due_at=due_at,
    )


def over_cap(tx: Tx, office: Office, goal: Goal, need: Need, *, room_by: datetime) -> OverCap:
    """What is said of a call of *goal* that does not fit; *room_by* is when every call on the wire is over."""
    account, cap = tx.accounts.get(need.scope, rehearsal=need.rehearsal), _cap_of(tx, office, goal, need.scope) or 0
    left = account.left_nano(cap)  # less than nothing where the cap was lowered
    kind, _, name = need.scope.partition(" ")
    whose = f"goal {name}" if kind == "goal" else f"the {kind} {name.rpartition(' ')[2]}"
    message = (
        f"The next call of {goal.id} could cost {usd(need.worst_nano)}; "
        f"{usd(max(0, left))} is left of {usd(cap + account.added_nano)} for {whose} "
        f"({usd(account.spent_nano)} is spent, {usd(account.reserved_nano)} reserved)."
    )
    by = room_by if account.reserved_nano >= need.worst_nano - left else None
    if by is None and kind == "day" and need.worst_nano <= cap + account.added_nano:
        # A day's cap is there to spread the work; nobody need be asked for what the next day allows.
        by = periods.next_day(tx.now, office.settings.time_zone)
        message += f" It goes on by itself at {by:%Y-%m-%d %H:%M} UTC."
    return OverCap(
        message, scope=need.scope, rehearsal=need.rehearsal, worst_nano=need.worst_nano, cap_nano=cap, room_by=by
    )


def fits(
    tx: Tx, office: Office, goal: Goal, need: Need, *, promised_nano: int = 0, account: Account | None = None
) -> bool:
    """
    Whether a call of *goal* would fit now, beside *promised_nano* for others under the same cap; always when its month is
    over. *account* is given where it was read with others in this transaction.
    """
    if is_over(tx, office, goal, need.scope):
        return True
    account = account or tx.accounts.get(need.scope, rehearsal=need.rehearsal)
    cap = _cap_of(tx, office, goal, need.scope)
    return cap is None or account.left_nano(cap) >= need.worst_nano + promised_nano


def is_over(tx: Tx, office: Office, goal: Goal, scope: str) -> bool:
    """Whether no call of *goal* is counted in *scope* any more: its month, or its day, has turned."""
    zone = office.settings.time_zone
    month, day = periods.month_of(tx.now, zone), periods.day_of(tx.now, zone)
    return scope not in (goal_scope(goal.id), month_scope(goal.brand, month), day_scope(goal.brand, day))


def enough_for(tx: Tx, calls: int, need: Need) -> int:
    """
    The cap under which *calls* such calls fit beside what is spent and reserved now, in whole dollars, below one in cents;
    nano-dollars.
    """
    enough = least_for(tx, need) + (calls - 1) * need.worst_nano
    step = NANO if enough > NANO else NANO // 100
    return -(-enough // step) * step


def least_for(tx: Tx, need: Need) -> int:
    """The least cap under which such a call fits beside what is spent and reserved now; nano-dollars."""
    account = tx.accounts.get(need.scope, rehearsal=need.rehearsal)
    return account.spent_nano + account.reserved_nano + need.worst_nano


def allowed(tx: Tx, office: Office, goal: Goal, scope: str, *, rehearsal: bool) -> int:
    """What may be spent in *scope*, a goal's or a month's, in all, with what people added; nano-dollars."""
    return (_cap_of(tx, office, goal, scope) or 0) + tx.accounts.get(scope, rehearsal=rehearsal).added_nano


def month_cap(tx: Tx, office: Office, month: str, *, rehearsal: bool) -> int:
    """What may be spent in a month, "2026-11", with what people added to it; nano-dollars."""
    added = tx.accounts.get(month_scope(office.brand, month), rehearsal=rehearsal).added_nano
    return monthly_cap(office.settings, tx.brands.get(office.brand)) + added


def left_of_month(tx: Tx, office: Office, month: str, *, rehearsal: bool) -> int:
    """What can still be reserved of a month, "2026-11"; less than nothing when its cap was lowered."""
    account = tx.accounts.get(month_scope(office.brand, month), rehearsal=rehearsal)
    return account.left_nano(monthly_cap(office.settings, tx.brands.get(office.brand)))


def raise_to(tx: Tx, goal: Goal, scope: str, cap_nano: int, *, rehearsal: bool, of_nano: int) -> None:
    """
    See that the cap is *cap_nano* at least: the goal's own, or the month's or the day's, to which people add. Where no person
    set those they are *of_nano*, as whoever asked had it in the settings.
    """
    if scope == goal_scope(goal.id):
        added = tx.accounts.get(scope, rehearsal=rehearsal).added_nano
        tx.goals.change(goal.id, cap_nano=max(goal.cap_nano, cap_nano - added))
        return
    brand = tx.brands.get(goal.brand)
    set_nano = brand.monthly_nano if is_month(scope) else brand.daily_nano
    tx.accounts.allow(scope, cap_nano - (of_nano if set_nano is None else set_nano), rehearsal=rehearsal)


def raise_to_own(
    tx: Tx, office: Office, goal: Goal, scope: str, own_nano: int, *, rehearsal: bool, of_nano: int
) -> None:
    """
    As `raise_to`, to a person's own figure, which is then what the cap is.

    Raises:
        WrongField: it is not more than now, or a goal's and more than its month's; the transaction must not commit.
    """
    whose = "The goal" if scope == goal_scope(goal.id) else f"The {scope.partition(' ')[0]}"
    if scope == goal_scope(goal.id):
        month = month_cap(tx, office, periods.month_of(tx.now, office.settings.time_zone), rehearsal=rehearsal)
        if own_nano > month:
            raise WrongField(
                "at_most", f"A goal may cost no more than its month, ${typed_usd(month)}: name less. {_NOTHING}"
            )
    before = allowed(tx, office, goal, scope, rehearsal=rehearsal)
    raise_to(tx, goal, scope, own_nano, rehearsal=rehearsal, of_nano=of_nano)
    if allowed(tx, office, tx.goals.get(goal.id), scope, rehearsal=rehearsal) == before:
        raise WrongField("at_most", f"{whose} may cost ${typed_usd(before)} already: name more, or say no. {_NOTHING}")


def _cap_of(tx: Tx, office: Office, goal: Goal, scope: str) -> int | None:
    """Without what people added to it; None where there is none."""
    if scope == goal_scope(goal.id):
        return goal.cap_nano
    brand = tx.brands.get(goal.brand)
    return monthly_cap(office.settings, brand) if is_month(scope) else brand.daily_nano


def settle(tx: Tx, call: Call, state: CallState, cost_nano: int, **changes: Any) -> bool:
    """
    Give the reservation back and count *cost_nano*; where the call was counted without being heard of (lost, or as a person
    entered it) and more is known after all, count it instead. False, and nothing counted, when it was settled before.
    """
    was = tx.calls.settle(call, state, cost_nano=cost_nano, **changes)
    if was is None:
        return False
    back = {"reserved_nano": call.reserved_nano, "spent_nano": cost_nano}
    if was.state is not CallState.RESERVED:
        back = {"reserved_nano": 0, "spent_nano": cost_nano - was.cost_nano}
        if state is not CallState.ENTERED:
            counted = "what a person entered" if was.state is CallState.ENTERED else "its worst case"
            _note(tx, call, "call found", f"{usd(cost_nano)} instead of {counted}, {usd(was.cost_nano)}")
    if state is CallState.DUPLICATE:
        _note(tx, call, "call paid twice", f"{usd(cost_nano)} for an answer that was kept before")
    day = [] if call.day is None else [day_scope(call.brand, call.day)]
    for scope in (goal_scope(call.goal), month_scope(call.brand, call.month), *day):
        tx.accounts.settle(scope, rehearsal=call.rehearsal, **back)
    return True


def lose(tx: Tx, call: Call, why: str) -> None:
    """Count a call at its worst case: it may have been paid, and its answer did not come."""
    if settle(tx, call, CallState.LOST, call.reserved_nano, error=why):
        _note(tx, call, "call lost", why)


def _note(tx: Tx, call: Call, what: str, why: str) -> None:
    subject = call.task or call.goal
    tx.note(call.goal, subject, what, by="ledger", detail=f"call {call.id} ({call.purpose}): {why}")
