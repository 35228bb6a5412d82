"""What a brand's month comes to: against its cap, by day, by goal, by skill, by model, and what the cache saved."""

from collections.abc import Mapping
from typing import Any, Final

from director.goals.set_caps import version_of_caps
from director.office import Office
from director.store.ledger import By, Which
from director.store.tx import Tx
from director.views.budget import budget, budget_document
from director.views.costs import Side, costs
from director.views.managed import CAPS, managed_document
from director.views.month_forecast import month_forecasts, month_forecasts_document
from director.views.titles import skill_title
from director.words.amounts import as_number, typed_usd
from director.words.characters import shortened
from director.words.states import Level

#: What each level of the month means for who owns the work.
SHORT: Final[Mapping[Level, str]] = {
    Level.WARNING: "Much of what this month may cost is spent: what can wait longest waits.",
    Level.THROTTLE: "Most of what this month may cost is spent: what can wait waits.",
    Level.CRITICAL: "Nearly all that this month may cost is spent: only what is most urgent goes on, written by the cheapest "
    "model.",
    Level.EXHAUSTED: "All that this month may cost is spent: nothing more is written until it turns, or it may cost more.",
}

#: Rows of a table, and characters of a goal in one.
_MOST: Final = 15
_LONGEST: Final = 90


def money_document(office: Office, tx: Tx) -> dict[str, Any]:
    """The month as it stands, what was paid and what was rehearsed each for itself; a side is null where there is nothing."""
    found = budget(tx, office)
    which = Which(office.brand, month=found.month)
    sides = {by: costs(tx, office, by, which) for by in (By.DAY, By.GOAL, By.SKILL, By.MODEL)}
    kinds = {kind: {by: _of(one.sides, kind) for by, one in sides.items()} for kind in ("paid", "rehearsed")}
    kept = found.rehearsed if office.settings.rehearses else found.paid
    return {
        "budget": budget_document(found),
        # As people type them, to the digit: what a form shows and gets back as it was changes nothing.
        "shown": {
            "monthly": typed_usd(kept.month_cap_nano),
            "daily": "" if kept.day_cap_nano is None else typed_usd(kept.day_cap_nano),
        },
        "version": version_of_caps(tx, office),
        "managed": managed_document(tx, office.brand, CAPS),
        "short": SHORT,
        "forecast": month_forecasts_document(month_forecasts(tx, office)),
        "sides": [
            {
                "kind": kind,
                "total_usd": as_number(side.total.cost_nano),
                "calls": side.total.calls,
                "cache_share": side.total.cache_share,
                "saved_usd": as_number(
                    max(0, office.prices.saved(tx.ledger.calls(which, rehearsal=kind == "rehearsed")))
                ),
                "days": [{"day": one.unit, "cost_usd": as_number(one.cost_nano)} for one in reversed(side.sums)],
                "goals": [
                    {
                        "id": one.unit,
                        "name": shortened(" ".join(sides[By.GOAL].names.get(one.unit, "").split()), _LONGEST),
                        "cost_usd": as_number(one.cost_nano),
                    }
                    for one in sorted(_sums(kinds[kind][By.GOAL]), key=lambda one: -one.cost_nano)[:_MOST]
                ],
                "skills": [
                    {"name": _named(one.unit), "cost_usd": as_number(one.cost_nano), "calls": one.calls}
                    for one in _sums(kinds[kind][By.SKILL])[:_MOST]
                ],
                "models": [
                    {"name": one.unit, "cost_usd": as_number(one.cost_nano), "calls": one.calls}
                    for one in _sums(kinds[kind][By.MODEL])[:_MOST]
                ],
            }
            for kind in ("paid", "rehearsed")
            if (side := kinds[kind][By.DAY]) is not None
        ],
    }


def _of(sides: Any, kind: str) -> Side | None:
    return next((side for side in sides if side.kind == kind), None)


def _sums(side: Side | None) -> list[Any]:
    return [] if side is None else list(side.sums)


def _named(skill: str) -> str:
    return "The reviewer" if skill == "reviewer" else skill_title(skill)
