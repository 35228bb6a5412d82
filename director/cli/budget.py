"""`budget`: what may be spent, what is, and what waits for it; and the word of a person that sets it."""

from typing import Final

from rich.text import Text

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted, say_workspace
from director.goals.set_caps import set_caps
from director.views.budget import Budget, Money, budget, budget_document
from director.words.amounts import usd
from director.words.command import program
from director.words.models import Account
from director.words.settings import from_env
from director.words.typed import amount

#: What takes a day's own cap away.
_NONE: Final = "none"

#: Goals that are named, a line each.
_MOST_HELD: Final = 20

_COLUMNS = ("", "money", "spent", "reserved", "cap", "left", "used", "level")


def print_budget(*, json: bool) -> None:
    """The month, the day, and what is held."""
    with opened(from_env()) as office, office.store.read() as tx:
        found = budget(tx, office)
    if json:
        print_document(budget_document(found))
        return
    _print(found)


def set_budget(monthly: str, daily: str | None, *, json: bool) -> None:
    """Set the caps, and show how it stands then; the day's stays as it was where *daily* says nothing."""
    month = amount("The budget of a month", monthly)
    assert month is not None  # noqa: S101 - typer has seen to it
    day = None if daily == _NONE else amount("--daily", daily)
    settings = from_env()
    with opened(settings, begins=True) as office:
        if daily is None:
            with office.store.read() as tx:
                day = tx.brands.get(office.brand).daily_nano
        set_caps(office, monthly_nano=month, daily_nano=day)
        with office.store.read() as tx:
            found = budget(tx, office)
    if json:
        print_document(budget_document(found))
        return
    say_workspace(settings)
    _print(found)


def _print(found: Budget) -> None:
    out = console()
    kinds = [("paid", found.paid)]
    if found.rehearsed.month.spent_nano or found.rehearsed.month.reserved_nano:
        kinds.append(("rehearsed", found.rehearsed))
    rows = [
        *(_row(f"month {found.month}", kind, money.month, money.month_cap_nano, money) for kind, money in kinds),
        *(_row(f"day {found.day}", kind, money.day, money.day_cap_nano, None) for kind, money in kinds),
    ]
    right = ("spent", "reserved", "cap", "left", "used")
    out.print(fitted(rows, _COLUMNS, out.width, text="level", least=9, right=right, drop=("reserved", "left")))
    who = "`budget set`" if found.set_by_person else "the settings (BUDGET_MONTHLY)"
    out.print(Text(f"The caps are those of {who}; months and days are those of {found.zone}."))
    for kind, money in kinds:
        if reason := money.restriction.reason:
            out.print(Text(f"{kind.capitalize()} work: {reason}", style="yellow"))
        for goal in money.held[:_MOST_HELD]:
            out.print(Text(f"Held: {goal.id} ({goal.priority}). {goal.reason or ''}"))
        if (more := len(money.held) - _MOST_HELD) > 0:
            out.print(f"Held are {more} more.")
    if not any(money.restriction.reason or money.held for _, money in kinds):
        out.print(Text(f"Nothing is held. `{program()} budget set MONTHLY [--daily USD]` sets the caps."))


def _row(what: str, kind: str, account: Account, cap_nano: int | None, money: Money | None) -> tuple[str, ...]:
    left = "" if cap_nano is None else usd(max(0, cap_nano - account.spent_nano - account.reserved_nano))
    used = "" if not cap_nano else f"{account.spent_nano * 100 // cap_nano} %"
    level = "" if money is None else str(money.restriction.level)
    cap = "none" if cap_nano is None else usd(cap_nano)
    return what, kind, usd(account.spent_nano), usd(account.reserved_nano), cap, left, used, level
