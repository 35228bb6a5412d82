"""
What keeps turns from going out now: the level of their brand's month, a pause, the level of operation.

It is computed from the record each time and written onto no turn, so what was kept back goes on as soon as the reason is gone.
Asked when turns are admitted, and again before a call is sent: what is on the wire is finished, nothing new is begun. The level
of operation is asked for where turns are admitted only; what was let out may finish, and may be what sees the service is back.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from director.mailbox import operation
from director.mailbox.operation import Effects
from director.money import levels, periods
from director.office import Office
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.command import program, with_brand
from director.words.errors import NotNow
from director.words.models import Account, Brand, Goal, Restriction
from director.words.settings import Settings
from director.words.states import Level, Priority, WaitFor


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a goal does not go on, and until when it is so at the latest; None: until a person says so."""

    wait_for: WaitFor
    reason: str
    until: datetime | None


def month_scope(brand: str, month: str) -> str:
    """The account of one brand's month, "2026-11"."""
    return f"month {brand} {month}"


def monthly_cap(settings: Settings, brand: Brand) -> int:
    """The brand's cap a month, without what people added to it; nano-dollars."""
    return settings.budget_monthly if brand.monthly_nano is None else brand.monthly_nano


def of_brand(tx: Tx, office: Office, name: str, *, rehearsal: bool) -> Restriction:
    """What keeps the brand's goals of this kind back now."""
    return _with_operation(of_money(tx, office, name, rehearsal=rehearsal), operation.effects(tx))


def of_money(tx: Tx, office: Office, name: str, *, rehearsal: bool) -> Restriction:
    """As `of_brand`, without what the level of operation does."""
    brand, month = tx.brands.get(name), periods.month_of(tx.now, office.settings.time_zone)
    account = tx.accounts.get(month_scope(name, month), rehearsal=rehearsal)
    return _restriction(tx, office, brand, account, month)


def of_all(tx: Tx, office: Office) -> list[Restriction]:
    """As `of_brand`, of every brand and both kinds."""
    effects = operation.effects(tx)
    return [_with_operation(found, effects) for found in _all_of_money(tx, office)]


def kept_back(tx: Tx, office: Office, *, probing: bool = False) -> frozenset[tuple[str, Priority]]:
    """
    The brands and priorities of which nothing goes out now, among the goals this process works for. While *probing*, the turn
    that finds out whether an offline service is back goes out at whatever level of operation that service led to.
    """
    found, effects = _all_of_money(tx, office), operation.effects(tx)
    if not probing:
        # Whose turns these are is looked at besides: the Director's go out where no specialist runs.
        found = [_stricter(one, effects.lowest, effects.said) for one in found]
    return frozenset(
        (one.brand, priority)
        for one in found
        if one.rehearsal is office.claude.rehearses and one.wait_for is not None
        for priority in Priority
        if one.keeps_back(priority)
    )


def _all_of_money(tx: Tx, office: Office) -> list[Restriction]:
    month = periods.month_of(tx.now, office.settings.time_zone)
    brands = {brand.name: brand for brand in tx.brands.all()}
    used = tx.accounts.of_scopes([month_scope(name, month) for name in brands])
    return [
        _restriction(tx, office, brand, used.get(account, Account(*account)), month)
        for brand in brands.values()
        for account in ((month_scope(brand.name, month), False), (month_scope(brand.name, month), True))
    ]


def why(goal: Goal, restriction: Restriction | None) -> Wait | None:
    """Why *goal* does not go on, where its brand is restricted like this; None where it does."""
    if goal.paused_at is not None:
        return Wait(WaitFor.PAUSE, f"It is paused; `{program()} resume {goal.id}` lets it go on.", None)
    if restriction is None or restriction.wait_for is None or not restriction.keeps_back(goal.priority):
        return None
    return Wait(restriction.wait_for, restriction.reason, restriction.until)


def check(tx: Tx, office: Office, goal: Goal) -> None:
    """
    See that *goal* may send a call now.

    Raises:
        NotNow: it may not; its turn waits where it is admitted from.
    """
    if (wait := why(goal, of_money(tx, office, goal.brand, rehearsal=office.claude.rehearses))) is not None:
        raise NotNow(wait.reason)


def _restriction(tx: Tx, office: Office, brand: Brand, account: Account, month: str) -> Restriction:
    cap = monthly_cap(office.settings, brand) + account.added_nano
    level = levels.level_of(account.spent_nano, cap)
    open_ = Restriction(
        brand.name,
        account.rehearsal,
        month,
        level,
        lowest=Priority.P3,
        wait_for=None,
        reason="",
        until=None,
        since=tx.now,
    )
    if brand.paused_at is not None:
        reason = f"All work is paused; `{program()} resume --all{with_brand(brand.name)}` lets it go on."
        return replace(open_, lowest=None, wait_for=WaitFor.PAUSE, reason=reason)
    if level is Level.NORMAL:
        return open_
    reason = (
        f"The {'rehearsed ' if account.rehearsal else ''}month is at its level {level} "
        f"({usd(account.spent_nano)} of {usd(cap)} spent), at which {_waiting(level)} until it turns or "
        f"`{program()} budget set{with_brand(brand.name)}` raises its cap."
    )
    until = periods.next_month(tx.now, office.settings.time_zone)
    return replace(open_, lowest=levels.LOWEST[level], wait_for=WaitFor.MONEY, reason=reason, until=until)


def _with_operation(found: Restriction, effects: Effects) -> Restriction:
    # What the Director alone does goes out, and no goal is completed by that.
    return _stricter(found, effects.lowest if effects.specialists_run else None, effects.said)


def _stricter(found: Restriction, lowest: Priority | None, said: str) -> Restriction:
    """*found*, but where the level of operation, which is *said* to people, lets out less: *lowest* and what is more urgent."""
    if found.lowest is None or (lowest is not None and lowest >= found.lowest):
        return found
    reason = f"The team works at a lower level: {said}. `{program()} status --health` says why."
    return replace(found, lowest=lowest, wait_for=WaitFor.HEALTH, reason=reason, until=None)


def _waiting(level: Level) -> str:
    held = sorted(levels.kept_back(level))
    return f"{held[0]} waits" if len(held) == 1 else f"{', '.join(held[:-1])} and {held[-1]} wait"
