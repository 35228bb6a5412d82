"""What may be spent, and what was."""

from pathlib import Path
from typing import Annotated

import typer

from director.cli.commands.typed import MOST_SHOWN, Json, app

_budget = typer.Typer(
    help="What may be spent, what is spent, and what waits for it.", invoke_without_command=True, rich_markup_mode=None
)

_costs = typer.Typer(help="What calls cost.", invoke_without_command=True, rich_markup_mode=None)


@_budget.callback()
def budget(context: typer.Context, json: Json = False) -> None:
    """What may be spent, what is spent, and what waits for it."""
    if context.invoked_subcommand is None:
        from director.cli.budget import print_budget

        print_budget(json=json)


@_budget.command("set")
def set_budget(
    monthly: Annotated[str, typer.Argument(metavar="MONTHLY", help="What a month may cost, in USD.")],
    daily: Annotated[
        str | None, typer.Option(metavar="USD", help="What a day may cost, or none; without it, as it was.")
    ] = None,
    json: Json = False,
) -> None:
    """Set what a month, and a day, may cost, in place of BUDGET_MONTHLY. Held work that fits then goes on."""
    from director.cli.budget import set_budget

    set_budget(monthly, daily, json=json)


@_costs.callback()
def costs(
    context: typer.Context,
    by: Annotated[
        str, typer.Option(metavar="WHAT", help="Add up by goal, task, skill, model, purpose, day or month.")
    ] = "goal",
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Only what counts in this month.")] = None,
    goal: Annotated[str | None, typer.Option(metavar="GOAL", help="Only this goal.")] = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Calls that may have been paid, and no answer came.")
    ] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="The day on which the month's cap is reached at this pace.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help=f"All rows, not only the first {MOST_SHOWN}.")] = False,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it as bars, too, into this SVG file.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values, exact, and nothing else.")] = False,
    json: Json = False,
) -> None:
    """What calls cost: by goal, task, skill, model, purpose, day or month."""
    if context.invoked_subcommand is not None:
        return
    if unknown:
        from director.cli.unknown_costs import print_unknown

        print_unknown(json=json)
        return
    if forecast:
        from director.cli.month_forecast import print_forecast

        print_forecast(json=json)
        return
    from director.cli.costs import Asked, print_costs

    print_costs(Asked(by, month, goal, None if every else MOST_SHOWN, json, csv, chart))


@_costs.command("enter")
def enter_cost(
    call: Annotated[str, typer.Argument(metavar="CALL", help="Its number; `costs --unknown` lists them.")],
    usd: Annotated[str, typer.Argument(metavar="AMOUNT", help="What the provider's bill says, in USD.")],
    json: Json = False,
) -> None:
    """Say what a call cost whose answer never came, in place of its worst case."""
    from director.cli.unknown_costs import enter

    enter(call, usd, json=json)


app.add_typer(_budget, name="budget")
app.add_typer(_costs, name="costs")
