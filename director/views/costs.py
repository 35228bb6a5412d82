"""What the ledger adds up to, for people and for programs: tables, CSV, calls of which nobody knows what they cost."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final

from director.money.periods import zone_of
from director.office import Office
from director.store.ledger import By, Sum, Which, together
from director.store.tx import Tx
from director.words.amounts import NANO, as_number
from director.words.models import Call

#: Of a prompt's tokens and of the answer's, as the service counts them.
TOKENS: Final = ("input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens")


@dataclass(frozen=True, slots=True)
class Side:
    """What was paid, or what was rehearsed: never both."""

    sums: Sequence[Sum]
    total: Sum  #: of those that are left out, too
    left_out: int = 0

    @property
    def kind(self) -> str:
        """ "paid" or "rehearsed"."""
        return "rehearsed" if self.total.rehearsal else "paid"


@dataclass(frozen=True, slots=True)
class Costs:
    """The calls of *which*, added up by *by*."""

    by: By
    which: Which
    zone: tzinfo
    sides: Sequence[Side]  #: first what was paid, then what was rehearsed; none without calls
    names: dict[str, str]  #: what a goal asked for, whose a task is


def costs(tx: Tx, office: Office, by: By, which: Which, *, most: int | None = None) -> Costs:
    """
    Goals, tasks, days and months with the newest first, all else with the dearest first; the first *most* of what was paid, and
    of what was rehearsed.
    """
    zone = zone_of(office.settings)
    found = tx.ledger.sums(by, which, zone)
    sides = []
    for rehearsal in (False, True):
        if of_kind := _in_order(by, [one for one in found if one.rehearsal is rehearsal]):
            shown = of_kind[:most]
            sides.append(Side(shown, together(found, rehearsal=rehearsal), len(of_kind) - len(shown)))
    return Costs(by, which, zone, sides, tx.ledger.names(by, {one.unit for side in sides for one in side.sums}))


def costs_document(found: Costs) -> dict[str, Any]:
    """All sums; what was paid and what was rehearsed side by side, each null where there was none."""
    sides = {side.kind: side for side in found.sides}
    return {
        "by": found.by,
        "goal": found.which.goal,
        "month": found.which.month,
        "days_in": str(found.zone),
        "months_in": str(found.zone),
        **{
            kind: None
            if kind not in sides
            else {
                "rows": [
                    {found.by.value: one.unit, "name": found.names.get(one.unit), **_figures(one)}
                    for one in sides[kind].sums
                ],
                "left_out": sides[kind].left_out,
                "total": _figures(sides[kind].total),
            }
            for kind in ("paid", "rehearsed")
        },
    }


def costs_csv(found: Costs) -> str:
    """A row a sum, without totals: whoever adds the rows up gets them. Amounts are exact, to the nano-dollar."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["kind", found.by, "name", "calls", *TOKENS, "cost_usd", "of_it_unknown_usd", "set_aside_usd"])
    for side in found.sides:
        for one in side.sums:
            amounts = [_exact(nano) for nano in (one.cost_nano, one.lost_nano, one.reserved_nano)]
            tokens = [getattr(one, name) for name in TOKENS]
            name = " ".join(found.names.get(one.unit, "").split())
            rows.writerow([side.kind, _harmless(one.unit), _harmless(name), one.calls, *tokens, *amounts])
    return out.getvalue()


def unknown_document(calls: Sequence[Call]) -> dict[str, Any]:
    """Calls that may have been paid without an answer; what is counted for them is their worst case."""
    return {
        "unknown": [
            {
                "call": call.id,
                "at": call.created_at.isoformat(),
                "goal": call.goal,
                "task": call.task,
                "purpose": call.purpose,
                "model": call.answered_by,
                "rehearsal": call.rehearsal,
                "counted_usd": as_number(call.cost_nano),
                "counted_nano": call.cost_nano,
                "why": call.error,
            }
            for call in calls
        ]
    }


def _figures(one: Sum) -> dict[str, Any]:
    share = one.cache_share
    return {
        "calls": one.calls,
        **{name: getattr(one, name) for name in TOKENS},
        "cache_share": None if share is None else round(share, 4),
        "cost_usd": as_number(one.cost_nano),
        "cost_nano": one.cost_nano,
        "unknown_calls": one.lost,
        "unknown_nano": one.lost_nano,
        "open_calls": one.open,
        "set_aside_nano": one.reserved_nano,
    }


def _in_order(by: By, sums: Sequence[Sum]) -> list[Sum]:
    if by in (By.GOAL, By.TASK):
        return sorted(sums, key=_newest_goal_first)
    if by in (By.DAY, By.MONTH):
        return sorted(sums, key=lambda one: one.unit, reverse=True)
    return sorted(sums, key=lambda one: (-one.cost_nano, one.unit))


def _newest_goal_first(one: Sum) -> tuple[int, int]:
    # g12, or g12-3.
    goal, _, task = one.unit.removeprefix("g").partition("-")
    return -int(goal), int(task or 0)


def _exact(nano: int) -> str:
    return f"{Decimal(nano) / NANO:.9f}"


def _harmless(cell: str) -> str:
    # A spreadsheet takes what begins so for a formula, and a goal's text is anybody's.
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
