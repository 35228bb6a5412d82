"""When the month's cap is reached at the pace of the last days, and what the month comes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from director.calls.caps import month_cap
from director.money.pace import OVER, Pace, reached
from director.money.periods import month_of, next_month, zone_of
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
    kinds = [
        rehearsal
        for rehearsal in (False, True)
        if tx.ledger.first_after(None, Which(office.brand, rehearsal=rehearsal)) is not None
    ]
    return [_of(tx, office, rehearsal=rehearsal) for rehearsal in kinds or [office.claude.rehearses]]


def month_forecasts_document(found: list[MonthForecast]) -> dict[str, Any]:
    """Per kind, null where there are no calls: the pace, and when the cap is reached, null where the month ends before that."""
    kinds = {"rehearsed" if one.rehearsal else "paid": one for one in found}
    return {"paid": None, "rehearsed": None, **{kind: _document(one) for kind, one in kinds.items()}}


def _of(tx: Tx, office: Office, *, rehearsal: bool) -> MonthForecast:
    zone = office.settings.time_zone
    month, ends = month_of(tx.now, zone), next_month(tx.now, zone)
    so_far = tx.ledger.total(Which(office.brand, month=month), rehearsal=rehearsal)
    cap = month_cap(tx, office, month, rehearsal=rehearsal)
    first = tx.ledger.first_after(None, Which(office.brand, rehearsal=rehearsal)) or tx.now
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
