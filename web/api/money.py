"""What calls cost, what may still be spent."""

from datetime import datetime
from typing import Final

from pydantic import ConfigDict, Field

from director.access.roles import Caller, Right
from director.goals import set_caps as capping
from director.goals.set_caps import version_of_caps
from director.office import Office
from director.store.ledger import By, Which
from director.views import budget as budgets
from director.views.calls import call_document
from director.views.costs import costs, costs_document
from director.words.amounts import from_number
from director.words.states import CallState
from web.api.cursors import Paged, page_of
from web.api.models import Money
from web.api.operations import IDENTS, MOST_USD, Answered, Asked, Document, Given, Operation, Query, SeenBefore

_GOAL: Final = f"^{IDENTS['goal']}$"


class Call(Document):
    """A request to the model."""

    id: int
    at: datetime
    goal: str
    task: str | None
    purpose: str
    model: str = Field(description="That answered.")
    asked_model: str
    rehearsal: bool
    state: CallState
    cost_usd: float
    cost_nano: int
    set_aside_nano: int
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int
    seconds: float | None
    error: str | None


class Calls(Document):
    """A page of calls, the newest first."""

    calls: list[Call]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


class WhichCalls(Paged):
    """Which calls."""

    goal: str | None = Field(None, pattern=_GOAL)


class Figures(Document):
    """What some calls come to."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int
    cache_share: float | None
    cost_usd: float
    cost_nano: int
    unknown_calls: int
    unknown_nano: int
    open_calls: int
    set_aside_nano: int


class CostRow(Figures):
    """What the calls of one unit come to; the unit's name is what costs are added up by."""

    model_config = ConfigDict(extra="allow")

    name: str | None = Field(description="What a goal asked for, or whose task it is.")


class CostSide(Document):
    """What was paid, or rehearsed."""

    rows: list[CostRow] = Field(
        description="Goals, tasks, days and months the newest first, all else the dearest first."
    )
    left_out: int = Field(description="How many more rows there are.")
    total: Figures = Field(description="Of the rows that are left out, too.")


class Costs(Document):
    """What calls cost, added up."""

    by: By
    goal: str | None
    month: str | None
    days_in: str
    months_in: str
    paid: CostSide | None
    rehearsed: CostSide | None


class WhichCosts(Query):
    """Which costs, and by what they are added up."""

    by: By = By.GOAL
    goal: str | None = Field(None, pattern=_GOAL)
    month: str | None = Field(None, pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Such as 2026-11.")
    limit: int = Field(
        200, ge=1, le=1000, description="How many rows at most, of what was paid and of what was rehearsed."
    )


class Caps(Given):
    """What a brand may spend from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"monthly_usd": 250, "daily_usd": 25.5}]})

    monthly_usd: float = Field(ge=0, le=MOST_USD, description="What a month may cost; 0 spends nothing.")
    daily_usd: float | None = Field(
        ge=0, le=MOST_USD, description="What a day may cost, no more than its month; null: a day has no cap of its own."
    )


class Budget(Document):
    """What a brand may spend, and has spent."""

    brand: str
    month: str
    day: str
    zone: str
    set_by_person: bool
    paid: Money
    rehearsed: Money


def list_calls(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A page of calls."""
    with office.store.read() as tx:
        if asked.query.goal is not None:
            tx.goals.get(asked.query.goal, brand=caller.brand)
        found, following = page_of(
            "calls",
            asked.query,
            lambda before, limit: tx.pages.calls(caller.brand, before, limit, goal=asked.query.goal),
            lambda call: call.id,
        )
    return Answered({"calls": [call_document(call) for call in found], "next": following})


def get_costs(office: Office, caller: Caller, asked: Asked) -> Answered:
    """Costs, added up."""
    with office.store.read() as tx:
        if asked.query.goal is not None:
            tx.goals.get(asked.query.goal, brand=caller.brand)
        which = Which(caller.brand, asked.query.goal, asked.query.month)
        return Answered(costs_document(costs(tx, office, asked.query.by, which, most=asked.query.limit)))


def get_budget(office: Office, _caller: Caller, _asked: Asked) -> Answered:
    """The brand's money; its version is that of its caps."""
    with office.store.read() as tx:
        return Answered(budgets.budget_document(budgets.budget(tx, office)), version_of_caps(tx, office))


def set_caps(office: Office, caller: Caller, asked: Asked) -> Answered:
    """What may be spent, in place of what was said before."""
    body: Caps = asked.body
    capping.set_caps(
        office,
        monthly_nano=from_number(body.monthly_usd),
        daily_nano=None if body.daily_usd is None else from_number(body.daily_usd),
        by=caller.by,
        version=asked.version,
    )
    return get_budget(office, caller, asked)


OPERATIONS: Final = (
    Operation("GET", "/calls", Right.READ, "Calls of the model, the newest first.", Calls, list_calls, WhichCalls),
    Operation("GET", "/costs", Right.READ, "What calls cost, added up.", Costs, get_costs, WhichCosts),
    Operation("GET", "/budget", Right.READ, "What may be spent, and was.", Budget, get_budget),
    Operation(
        "PUT", "/budget", Right.MANAGE, "Say what a month and a day may cost.", Budget, set_caps, body=Caps,
        seen=SeenBefore.ALWAYS,
    ),
)  # fmt: skip
