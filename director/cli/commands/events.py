"""What starts work by itself, and what people are told: triggers, events, schedules, alerts."""

from typing import Annotated

import typer

from director.cli.commands.typed import MOST_SHOWN, Json, app

_events = typer.Typer(help="What happened, and what became of it.", invoke_without_command=True, rich_markup_mode=None)

_schedules = typer.Typer(
    help="Recurring work: when it is due, what became of it.", invoke_without_command=True, rich_markup_mode=None
)

_alerts = typer.Typer(
    help="What is wrong with the team's work, and what was.", invoke_without_command=True, rich_markup_mode=None
)

ScheduleName = Annotated[str, typer.Argument(metavar="NAME", help="The schedule's name; `schedules` lists them.")]

ScheduleNames = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="`schedules` lists them.")]


@app.command()
def triggers(json: Json = False) -> None:
    """Which events start which work."""
    from director.cli.triggers import print_triggers

    print_triggers(json=json)


@_events.callback()
def events(
    context: typer.Context,
    json: Json = False,
    every: Annotated[bool, typer.Option("--all", help=f"All events, not only the newest {MOST_SHOWN}.")] = False,
) -> None:
    """What happened, and what became of it."""
    if context.invoked_subcommand is None:
        from director.cli.events import print_events

        print_events(most=None if every else MOST_SHOWN, json=json)


@_events.command("send")
def send_event(
    event_type: Annotated[str, typer.Argument(metavar="TYPE", help="Like traffic_drop; `triggers` lists them.")],
    pairs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY=VALUE …", help="What came with it: numbers, true, false and null; all else is text."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Tell of an event, as a webhook would."""
    from director.cli.events import send

    send(event_type, pairs or [], json=json)


@_events.command("show")
def show_event(ident: Annotated[str, typer.Argument(metavar="EVENT")], json: Json = False) -> None:
    """One event: what came with it, and what became of it."""
    from director.cli.events import show_event

    show_event(ident, json=json)


@_events.command("sources")
def list_sources(json: Json = False) -> None:
    """Who may send events over HTTP: where to, signed how, of which types; what is wrong with their files."""
    from director.cli.sources import print_sources

    print_sources(json=json)


@_schedules.callback()
def schedules(context: typer.Context, json: Json = False) -> None:
    """Recurring work: when it is due, what became of it."""
    if context.invoked_subcommand is None:
        from director.cli.schedules import print_schedules

        print_schedules(json=json)


@_schedules.command()
def enable(
    names: ScheduleNames = None,
    every: Annotated[bool, typer.Option("--all", help="All there are.")] = False,
    json: Json = False,
) -> None:
    """Switch schedules on: each starts goals from its next slot on, while a clock runs."""
    from director.cli.schedules import switch

    switch(names or [], every=every, on=True, json=json)


@_schedules.command()
def change(
    name: ScheduleName,
    cron: Annotated[
        str | None, typer.Option(metavar="LINE", help="When it starts: a cron line such as '0 7 * * 1', or @daily.")
    ] = None,
    cap: Annotated[
        str | None,
        typer.Option(metavar="USD|none", help="What each of its goals may cost; none: a tenth of the month."),
    ] = None,
    json: Json = False,
) -> None:
    """Change when a schedule starts and what its goals may cost, in its file; of one of ours a copy is made."""
    from director.cli.schedules import change

    change(name, cron, cap, json=json)


@_schedules.command()
def disable(
    names: ScheduleNames = None,
    every: Annotated[bool, typer.Option("--all", help="All there are.")] = False,
    json: Json = False,
) -> None:
    """Switch schedules off: they start nothing more; the goals they started go on."""
    from director.cli.schedules import switch

    switch(names or [], every=every, on=False, json=json)


@_schedules.command("run")
def run_schedule(
    name: ScheduleName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask where the goal is paid for.")] = False,
    json: Json = False,
) -> None:
    """Start a schedule's goal now, and return; a worker does it. None of its slots is used up."""
    from director.cli.schedules import run

    run(name, yes=yes, json=json)


@_schedules.command("explain")
def explain_schedule(
    name: ScheduleName,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day, or today; a week ago otherwise.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last; in a week otherwise.")] = None,
    json: Json = False,
) -> None:
    """Every slot of a schedule from one day to another, and what became of it, or will."""
    from director.cli.schedules import explain

    explain(name, since, until, json=json)


@_alerts.callback()
def alerts(context: typer.Context, json: Json = False) -> None:
    """What is wrong with the team's work, and what was."""
    if context.invoked_subcommand is None:
        from director.cli.alerts import print_alerts

        print_alerts(json=json)


@_alerts.command("test")
def try_alerts(json: Json = False) -> int:
    """Send a test notice on every channel that is set, and say what came of it; exit 1 where one did not take it."""
    from director.cli.alerts import try_channels

    return try_channels(json=json)


app.add_typer(_events, name="events")
app.add_typer(_schedules, name="schedules")
app.add_typer(_alerts, name="alerts")
