"""What a brand may spend, what it has spent, and which goals wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from director.calls import caps
from director.mailbox import restrictions
from director.money import periods
from director.office import Office
from director.store.tx import Tx
from director.words.amounts import as_number
from director.words.models import Account, Goal, Restriction
from director.words.states import GoalState, WaitFor


@dataclass(frozen=True, slots=True)
class Money:
    """One kind of money, paid or rehearsed, of a brand."""

    restriction: Restriction
    month: Account
    month_cap_nano: int  #: with what people added to it
    day: Account
    day_cap_nano: int | None  #: as above; None: a day has no cap of its own
    held: Sequence[Goal]  #: goals that wait for money, or to be resumed


@dataclass(frozen=True, slots=True)
class Budget:
    """A brand's money."""

    brand: str
    month: str
    day: str
    zone: str  #: whose months and days these are
    set_by_person: bool  #: whether a person set the caps, in place of the settings
    paid: Money
    rehearsed: Money


def budget(tx: Tx, office: Office) -> Budget:
    """How it stands now."""
    zone = office.settings.time_zone
    month, day = periods.month_of(tx.now, zone), periods.day_of(tx.now, zone)
    return Budget(
        brand=office.brand,
        month=month,
        day=day,
        zone=str(periods.zone_of(office.settings)),
        set_by_person=tx.brands.get(office.brand).monthly_nano is not None,
        paid=_money(tx, office, month, day, rehearsal=False),
        rehearsed=_money(tx, office, month, day, rehearsal=True),
    )


def budget_document(found: Budget) -> dict[str, Any]:
    """As JSON."""
    return {
        "brand": found.brand,
        "month": found.month,
        "day": found.day,
        "zone": found.zone,
        "set_by_person": found.set_by_person,
        "paid": _money_document(found.paid),
        "rehearsed": _money_document(found.rehearsed),
    }


def _money(tx: Tx, office: Office, month: str, day: str, *, rehearsal: bool) -> Money:
    brand = tx.brands.get(office.brand)
    restriction = restrictions.of_money(tx, office, office.brand, rehearsal=rehearsal)
    of_month = tx.accounts.get(caps.month_scope(office.brand, month), rehearsal=rehearsal)
    of_day = tx.accounts.get(caps.day_scope(office.brand, day), rehearsal=rehearsal)
    return Money(
        restriction=restriction,
        month=of_month,
        month_cap_nano=restrictions.monthly_cap(office.settings, brand) + of_month.added_nano,
        day=of_day,
        day_cap_nano=None if brand.daily_nano is None else brand.daily_nano + of_day.added_nano,
        held=[
            goal
            for goal in tx.brands.open_goals(office.brand, rehearsal=rehearsal)
            if goal.state is GoalState.WAITING and goal.wait_for in (WaitFor.MONEY, WaitFor.PAUSE)
        ],
    )


def _money_document(money: Money) -> dict[str, Any]:
    return {
        "level": money.restriction.level,
        "month": _account(money.month, money.month_cap_nano),
        "day": _account(money.day, money.day_cap_nano),
        "held": [
            {"goal": goal.id, "priority": goal.priority, "waits_for": goal.wait_for, "reason": goal.reason}
            for goal in money.held
        ],
        "why": money.restriction.reason or None,
        "until": money.restriction.until.isoformat() if money.restriction.until else None,
    }


def _account(account: Account, cap_nano: int | None) -> dict[str, Any]:
    return {
        "spent_usd": as_number(account.spent_nano),
        "reserved_usd": as_number(account.reserved_nano),
        "cap_usd": None if cap_nano is None else as_number(cap_nano),
        "spent_nano": account.spent_nano,
        "reserved_nano": account.reserved_nano,
        "cap_nano": cap_nano,
    }
