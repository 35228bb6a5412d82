"""When the month's cap is reached at the pace of the last days, and what the month comes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from director.calls.caps import month_cap, month_scope
from director.money.pace import OVER, Pace, reached
from director.money.periods import month_of, months, next_month, zone_of
from director.office import Office
from director.store.ledger import Which
from director.store.tx import Tx
from director.words.amounts import as_number


@dataclass(frozen=True, slots=True)
class MonthForecast:
    """How a month goes, paid or rehearsed; nano-dollars."""

    month: str
    rehearsal: bool
    cap_nano: int
    spent_nano: int
    reserved_nano: int
    pace: Pace
    reached: datetime | None  #: when the cap is; in the brand's zone
    at_end_nano: int | None  #: what the month comes to if no cap stops it; None where nobody can say


def month_forecasts(tx: Tx, office: Office) -> list[MonthForecast]:
    """What is paid and what is rehearsed, each where there are calls of it; one without any where there is none at all."""
    oldest = tx.ledger.first_after(None, Which(office.brand)) or tx.now
    firsts = {kind: _first(tx, office, oldest, rehearsal=kind) for kind in (False, True)}
    found = [_of(tx, office, first, rehearsal=kind) for kind, first in firsts.items() if first is not None]
    return found or [_of(tx, office, tx.now, rehearsal=office.claude.rehearses)]


def month_forecasts_document(found: list[MonthForecast]) -> dict[str, Any]:
    """Per kind, null where there are no calls: the pace, and when the cap is reached, null where the month ends before that."""
    kinds = {"rehearsed" if one.rehearsal else "paid": one for one in found}
    return {"paid": None, "rehearsed": None, **{kind: _document(one) for kind, one in kinds.items()}}


def _first(tx: Tx, office: Office, oldest: datetime, *, rehearsal: bool) -> datetime | None:
    """
    When the first call of the kind was begun, where that of all was at *oldest*; None where there is none. It is looked for in
    the months that have an account of the kind: else the database reads all the calls there are to find none.
    """
    brand, zone, day = office.brand, office.settings.time_zone, timedelta(days=1)
    scopes = {
        month_scope(brand, month): month for month in months(month_of(oldest - day, zone), month_of(tx.now + day, zone))
    }
    used = tx.accounts.of_scopes(scopes)
    in_months = (
        Which(brand, month=month, rehearsal=rehearsal) for scope, month in scopes.items() if (scope, rehearsal) in used
    )
    return next((first for which in in_months if (first := tx.ledger.first_after(None, which))), None)


def _of(tx: Tx, office: Office, first: datetime, *, rehearsal: bool) -> MonthForecast:
    zone = office.settings.time_zone
    month, ends = month_of(tx.now, zone), next_month(tx.now, zone)
    so_far = tx.ledger.total(Which(office.brand, month=month), rehearsal=rehearsal)
    cap = month_cap(tx, office, month, rehearsal=rehearsal)
    since = max(first, tx.now - OVER)
    pace = Pace(tx.ledger.total(Which(office.brand, since=since), rehearsal=rehearsal).cost_nano, tx.now - since)
    when = reached(pace, cap - so_far.cost_nano, tx.now, ends)
    rest = pace.cost_of(ends - tx.now) if pace.says_something else None
    return MonthForecast(
        month=month,
        rehearsal=rehearsal,
        cap_nano=cap,
        spent_nano=so_far.cost_nano,
        reserved_nano=so_far.reserved_nano,
        pace=pace,
        reached=None if when is None else when.astimezone(zone_of(office.settings)),
        at_end_nano=None if rest is None else so_far.cost_nano + rest,
    )


def _document(one: MonthForecast) -> dict[str, Any]:
    a_day = one.pace.cost_of(timedelta(days=1)) if one.pace.says_something else None
    return {
        "month": one.month,
        "cap_usd": as_number(one.cap_nano),
        "spent_usd": as_number(one.spent_nano),
        "set_aside_usd": as_number(one.reserved_nano),
        "pace_over_days": round(one.pace.over / timedelta(days=1), 2),
        "pace_usd_a_day": None if a_day is None else as_number(a_day),
        "reached_at": None if one.reached is None else one.reached.isoformat(),
        "at_end_usd": None if one.at_end_nano is None else as_number(one.at_end_nano),
    }
