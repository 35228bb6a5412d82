"""What can be typed: every command with its arguments, its options and what it is for. What it does is imported when called."""

import os
import shlex
from pathlib import Path
from typing import Annotated, Final

import typer
from typer._click import core
from typer.core import TyperCommand

from director.cli.starting import say_it_starts
from director.words.command import program
from director.words.errors import WrongCall
from director.words.states import Answer

app = typer.Typer(
    help="Troupe: a self-operating marketing team. Give it a goal.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_budget = typer.Typer(
    help="What may be spent, what is spent, and what waits for it.", invoke_without_command=True, rich_markup_mode=None
)
_alerts = typer.Typer(
    help="What is wrong with the team's work, and what was.", invoke_without_command=True, rich_markup_mode=None
)

_costs = typer.Typer(help="What calls cost.", invoke_without_command=True, rich_markup_mode=None)
_context = typer.Typer(help="The product context.", no_args_is_help=True, rich_markup_mode=None)
_events = typer.Typer(help="What happened, and what became of it.", invoke_without_command=True, rich_markup_mode=None)
_memory = typer.Typer(
    help="What the team learned, what waits for your word, and what it is worth.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
_schedules = typer.Typer(
    help="Recurring work: when it is due, what became of it.", invoke_without_command=True, rich_markup_mode=None
)
_skills = typer.Typer(help="The specialists there are.", invoke_without_command=True, rich_markup_mode=None)

#: Goals, events or rows that are shown unless all are asked for: a look takes as long on a record of years.
_MOST_SHOWN: Final = 50

#: Characters of a person's words that are repeated to show where their quotes belong.
_LONGEST_EXAMPLE: Final = 200

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
GoalId = Annotated[str, typer.Argument(metavar="GOAL")]
ScheduleName = Annotated[str, typer.Argument(metavar="NAME", help="The schedule's name; `schedules` lists them.")]
ScheduleNames = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="`schedules` lists them.")]
ApprovalId = Annotated[str, typer.Argument(metavar="APPROVAL")]


class _EndsInWords(TyperCommand):
    """A command whose last argument is a person's words: who left out the quotes around them is shown where they belong."""

    allow_extra_args = True

    def parse_args(self, ctx: core.Context, args: list[str]) -> list[str]:
        """Only what is left over is a complaint of its own; all else is wrong here as it is in other commands."""
        left = super().parse_args(ctx, args)
        if left:
            *before, last = [param for param in self.params if param.param_type_name == "argument"]
            words = " ".join((str(ctx.params[str(last.name)]), *left))
            words = words if len(words) <= _LONGEST_EXAMPLE else f"{words[:_LONGEST_EXAMPLE]}…"
            ahead = [str(ctx.params[str(param.name)]) for param in before] + ["--"] * words.startswith("-")
            example = shlex.join([*ahead, words])
            typed = _typed(ctx)
            raise WrongCall(
                f"{len(left) + 1} arguments came where one was expected: quote the {_WORDS_OF[typed]}, as in "
                f"`{program()} {typed} {example}`."
            )
        return left


def _typed(ctx: core.Context) -> str:
    """A command as it is typed, behind its group's name where it has one."""
    group = ctx.parent
    return (
        f"{group.info_name} {ctx.info_name}" if group is not None and group.parent is not None else str(ctx.info_name)
    )


#: What can be sent back.
_TASK_OR_APPROVAL: Final = (
    "A question (a1), or a task whose deliverable is approved (g1-2), or the title or file of a piece."
)

#: What a person calls the words that end a command.
_WORDS_OF: Final = {
    "goal": "goal", "pipeline": "text", "revise": "instructions", "memory add": "learning", "memory edit": "learning",
}  # fmt: skip

# What `goal` and `pipeline` share.
Category = Annotated[
    str | None,
    typer.Option(help="strategic, content, optimization, retention, competitive or measurement; inferred otherwise."),
]
Priority = Annotated[str | None, typer.Option(help="P0 critical, P1 high, P2 medium, P3 low.")]
Budget = Annotated[
    str | None, typer.Option(metavar="USD", help="What this goal may cost; a tenth of the month otherwise.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the plan and its likely cost, then stop; `watch GOAL --yes` runs it.")
]
Edit = Annotated[bool, typer.Option("--edit", help="Open the plan in your editor before it runs, and change it.")]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help="Do not ask before the plan runs; a paid goal needs it, or --budget, where nobody can be asked.",
    ),
]
Detach = Annotated[bool, typer.Option("--detach", help="Hand the goal in and return; a worker does it.")]
Context = Annotated[Path | None, typer.Option(help="The product context to use instead of the workspace's.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"troupe {version('troupe')}")  # noqa: T201
        except PackageNotFoundError:
            print("troupe, from a folder it was not installed from")  # noqa: T201
        raise typer.Exit


@app.callback()
def troupe(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Troupe: a self-operating marketing team. Give it a goal."""


@app.command()
def init(
    notes: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="NOTES",
            help="Sort these notes by their own headings, without a model: nothing is rewritten, added or left out.",
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Ask nothing: every section with a line that says what belongs there.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a context that is there; every earlier one is kept beside.")
    ] = False,
    json: Json = False,
) -> None:
    """Begin the brand's product context: by questions, from notes, or as a template."""
    from director.cli.init import begin

    begin(notes, template=template, force=force, json=json)


@app.command(cls=_EndsInWords)
def goal(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What should change, in plain words.")],
    category: Category = None,
    priority: Priority = None,
    budget: Budget = None,
    pipeline: Annotated[str | None, typer.Option(help="Use this pipeline as the plan.")] = None,
    plan_by: Annotated[str, typer.Option("--plan", metavar="claude|template", help="Who makes the plan.")] = "claude",
    dry_run: DryRun = False,
    edit: Edit = False,
    yes: Yes = False,
    detach: Detach = False,
    json: Json = False,
    context: Context = None,
) -> None:
    """Give the team a goal and follow it to its approved deliverables."""
    say_it_starts()
    from director.cli.goal import Given, give

    give(Given(text, category, priority, budget, pipeline, plan_by, dry_run, yes, detach, json, context, edit))


@app.command(cls=_EndsInWords)
def pipeline(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The pipeline's name; `pipelines` lists them.")],
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What it is for.")] = None,
    category: Category = None,
    priority: Priority = None,
    budget: Budget = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    detach: Detach = False,
    json: Json = False,
    context: Context = None,
) -> None:
    """Run a ready-made pipeline."""
    say_it_starts()
    from director.cli.goal import Given, give

    text = f"Run the pipeline {name}" if text is None else text
    give(Given(text, category, priority, budget, name, "template", dry_run, yes, detach, json, context))


@app.command()
def status(
    ident: Annotated[str | None, typer.Argument(metavar="GOAL")] = None,
    json: Json = False,
    stuck: Annotated[
        bool, typer.Option("--stuck", help="Only what should go on and does not; exit 1 if there is any.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help=f"All goals, not only the newest {_MOST_SHOWN}.")] = False,
    health: Annotated[
        bool, typer.Option("--health", help="What work rests on, and how far it goes on; exit 1 if anything is amiss.")
    ] = False,
) -> int:
    """The newest goals, or one with its tasks."""
    if health:
        from director.cli.health import print_health

        return print_health(json=json)
    if stuck:
        from director.cli.stuck import print_stuck

        return print_stuck(ident, json=json)
    from director.cli.status import print_goal, print_goals

    if ident is not None:
        print_goal(ident, json=json)
    else:
        print_goals(json=json, most=None if every else _MOST_SHOWN)
    return 0


@app.command()
def watch(
    ident: GoalId,
    json: Json = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run its plan, where that waits for a yes.")] = False,
    pay: Annotated[
        bool, typer.Option("--pay", help="Go on with Claude, and pay, where it was rehearsed so far.")
    ] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Go on as a rehearsal, where it was paid for so far.")
    ] = False,
) -> None:
    """Follow a goal; where no worker is running, its work goes on in this process."""
    say_it_starts()
    from director.cli.watch import watch

    watch(ident, json=json, yes=yes, pay=pay, rehearse=rehearse)


@app.command()
def show(
    ident: Annotated[str, typer.Argument(metavar="ID")],
    prompt: Annotated[
        bool, typer.Option("--prompt", help="Of a task: what its writer was, or would be, asked.")
    ] = False,
    revision: Annotated[
        int | None, typer.Option("--version", metavar="N", help="Of a task: that revision, from 0.")
    ] = None,
    receipt: Annotated[
        bool,
        typer.Option(
            "--receipt",
            help="Of an approved task, or of the file of a piece: its facts with their sources, checks, verdicts, cost.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """A goal's report, a task's text, its prompt or its receipt, or a question with what it is about."""
    if prompt and receipt:
        raise WrongCall("--prompt and --receipt show two things: ask for one of them.")
    if receipt:
        from director.cli.receipt import show_receipt

        show_receipt(ident, json=json)
        return
    if prompt:
        from director.cli.prompt import show_prompt

        show_prompt(ident, json=json)
        return
    from director.cli.show import show

    show(ident, revision, json=json)


@app.command()
def plan(
    ident: GoalId,
    edit: Annotated[
        bool, typer.Option("--edit", help="Change it in your editor: before it runs, or what of it has not begun.")
    ] = False,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Change it to what this YAML file says; - is standard input.")
    ] = None,
    svg: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write it as a picture with states and costs; - is standard output."),
    ] = None,
    yaml: Annotated[bool, typer.Option("--yaml", help="Print it as the file that --file takes.")] = False,
    json: Json = False,
) -> None:
    """A goal's plan as it stands, as a tree or a picture, and its change."""
    from director.cli import plan

    if edit or file is not None:
        if yaml or svg is not None or (edit and file is not None):
            raise WrongCall("--edit and --file change the plan, --svg and --yaml show it: name one of them.")
        plan.change(ident, file, json=json)
        return
    plan.show(ident, svg=svg, yaml=yaml, json=json)


@app.command()
def why(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="ID",
            help="A goal (g1), task (g1-2), verdict (r3), question (a1), call (c17), event (e1) or due time (NAME@TIME).",
        ),
    ],
    json: Json = False,
) -> None:
    """What led to it: who asked, the plan, prompts, calls, verdicts and answers, each with its time, and what it cost."""
    from director.cli.why import print_why

    print_why(words, json=json)


@app.command()
def verify(ident: Annotated[str | None, typer.Argument(metavar="GOAL")] = None, json: Json = False) -> int:
    """Whether deliverables, files and the record are as their receipts say, of one goal or of all; exit 1 if any is not."""
    from director.cli.verify import print_verified

    return print_verified(ident, json=json)


@app.command()
def cancel(ident: GoalId, json: Json = False) -> None:
    """Stop a goal, also the calls it has on the wire. An approval's id stops the goal it is about."""
    from director.cli.cancel import stop

    stop(ident, json=json)


MaybeGoal = Annotated[str | None, typer.Argument(metavar="GOAL")]


@app.command()
def pause(
    ident: MaybeGoal = None,
    every: Annotated[bool, typer.Option("--all", help="Everything, also what is given later.")] = False,
    json: Json = False,
) -> None:
    """Keep a goal, or everything, from going on: nothing new begins, what is on the wire is finished."""
    from director.cli.pause import pause

    pause(ident, every=every, json=json)


@app.command()
def resume(
    ident: MaybeGoal = None,
    every: Annotated[bool, typer.Option("--all", help="Everything; goals paused by themselves stay so.")] = False,
    json: Json = False,
) -> None:
    """Let what was paused go on."""
    from director.cli.pause import resume

    resume(ident, every=every, json=json)


@app.command()
def up() -> int:
    """Start the team and keep it up: workers, clock, web app, and Redis where none is named. Ctrl-C stops it."""
    if os.name == "nt":
        raise WrongCall("The team stays up on Linux and macOS; on Windows start it in WSL.")
    say_it_starts()
    from director.cli.up import go_up

    return go_up()


@app.command()
def ps(json: Json = False) -> None:
    """What is up in this workspace, since when, how often it was started again, and its memory."""
    from director.cli.ps import print_parts

    print_parts(json=json)


@app.command()
def down(json: Json = False) -> None:
    """Stop what is up in this workspace, and wait until it is."""
    from director.cli.down import stop_all

    stop_all(json=json)


@app.command()
def doctor(json: Json = False) -> int:
    """What is wrong with this installation, and the command that mends it; exit 1 where work could not be done."""
    from director.cli.doctor import print_findings

    return print_findings(json=json)


@app.command()
def approvals(json: Json = False) -> None:
    """Questions that wait for you."""
    from director.cli.approvals import print_approvals

    print_approvals(json=json)


@app.command()
def calibrate(
    kinds: Annotated[
        str | None,
        typer.Option(metavar="KIND,…", help="Only texts with these faults; the table names them, and clean."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Put at most N texts to the model, one in three of them clean."),
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(metavar="SEED", help="In an order that tells nothing; the same one for the same seed.")
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show what is known, and ask nothing.")] = False,
    people: Annotated[bool, typer.Option("--people", help="How often people said what the reviewer had said.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it is paid for.")] = False,
    json: Json = False,
) -> None:
    """How far the reviewer can be trusted: it judges texts whose faults are known."""
    from director.cli.calibrate import print_known, print_people, run

    if show and people:
        raise WrongCall(
            "--show is about texts whose faults are known, --people about people's answers: leave one of them out."
        )
    if show:
        print_known(json=json)
    elif people:
        print_people(json=json)
    else:
        run(kinds=kinds, limit=limit, shuffle=shuffle, yes=yes, json=json)


@app.command()
def approve(ident: ApprovalId, json: Json = False) -> None:
    """Say yes."""
    from director.cli.answer import answer

    answer(ident, Answer.APPROVE, json=json)


@app.command()
def reject(ident: ApprovalId, json: Json = False) -> None:
    """Say no."""
    from director.cli.answer import answer

    answer(ident, Answer.REJECT, json=json)


@app.command(cls=_EndsInWords)
def revise(
    ident: Annotated[str, typer.Argument(metavar="ID", help=_TASK_OR_APPROVAL)],
    words: Annotated[str | None, typer.Argument(metavar="WORDS", help="What to change.")] = None,
    dependents: Annotated[
        bool,
        typer.Option("--dependents", help="Of a task: have what rests on it looked at again; without WORDS only that."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask whether it may cost what it likely will.")
    ] = False,
    json: Json = False,
) -> None:
    """Send a draft back with your own instructions, or have a task's approved deliverable changed."""
    from director.cli.revise import revise

    revise(ident, words, dependents=dependents, yes=yes, json=json)


@app.command()
def accept(
    ident: Annotated[str, typer.Argument(metavar="TASK", help="A task (g1-2), or the title or file of a piece.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A piece or the whole, as you want it; without: it is fine as it is."),
    ] = None,
    piece: Annotated[str | None, typer.Option(metavar="TITLE", help="The piece the file is, by its title.")] = None,
    json: Json = False,
) -> None:
    """Take your own version of a deliverable; or, where what it rests on was changed, say that it is fine."""
    from director.cli.accept import accept

    accept(ident, file, piece=piece, json=json)


@app.command()
def pipelines(json: Json = False) -> None:
    """The ready-made plans there are."""
    from director.cli.pipelines import print_pipelines

    print_pipelines(json=json)


@app.command()
def triggers(json: Json = False) -> None:
    """Which events start which work."""
    from director.cli.triggers import print_triggers

    print_triggers(json=json)


@_events.callback()
def events(
    context: typer.Context,
    json: Json = False,
    every: Annotated[bool, typer.Option("--all", help=f"All events, not only the newest {_MOST_SHOWN}.")] = False,
) -> None:
    """What happened, and what became of it."""
    if context.invoked_subcommand is None:
        from director.cli.events import print_events

        print_events(most=None if every else _MOST_SHOWN, json=json)


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
    every: Annotated[bool, typer.Option("--all", help=f"All rows, not only the first {_MOST_SHOWN}.")] = False,
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

    print_costs(Asked(by, month, goal, None if every else _MOST_SHOWN, json, csv, chart))


@_costs.command("enter")
def enter_cost(
    call: Annotated[str, typer.Argument(metavar="CALL", help="Its number; `costs --unknown` lists them.")],
    usd: Annotated[str, typer.Argument(metavar="AMOUNT", help="What the provider's bill says, in USD.")],
    json: Json = False,
) -> None:
    """Say what a call cost whose answer never came, in place of its worst case."""
    from director.cli.unknown_costs import enter

    enter(call, usd, json=json)


@_context.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The context to look at; otherwise the workspace's.")
    ] = None,
    json: Json = False,
) -> None:
    """
    Which sections are missing, unknown or thin, and who misses them most.

    Exit code 0 when all of them say something, 1 when one is missing or unknown; a thin one is only told.
    """
    from director.cli.context import check

    check(file, json=json)


@_skills.callback()
def skills(context: typer.Context, json: Json = False) -> None:
    """The specialists there are."""
    if context.invoked_subcommand is None:
        from director.cli.skills import print_skills

        print_skills(json=json)


@_skills.command()
def validate(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="FOLDER", hidden=True)] = None,
    json: Json = False,
) -> None:
    """Check the skills in each FOLDER, otherwise in ours and in those of SKILLS_PATH; one line a fault."""
    from director.cli.skills import validate

    validate(folders, json=json)


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


LearningId = Annotated[str, typer.Argument(metavar="ID", help="`memory` lists them: m1, m2, …")]
LearningText = Annotated[str, typer.Argument(metavar="TEXT", help="A sentence that says what to do.")]


@_memory.callback()
def memory(
    context: typer.Context,
    skill: Annotated[str | None, typer.Option(metavar="SKILL", help="Only of this specialist.")] = None,
    state: Annotated[str | None, typer.Option(help="Only those that are proposed, active or retired.")] = None,
    json: Json = False,
) -> None:
    """What the team learned, what waits for your word, and what it is worth."""
    if context.invoked_subcommand is None:
        from director.cli.memory import print_memory

        print_memory(skill, state, json=json)


@_memory.command("add", cls=_EndsInWords)
def add_learning(
    text: LearningText,
    skill: Annotated[str, typer.Option(metavar="SKILL", help="Whose work it is about; director: everybody's.")],
    json: Json = False,
) -> None:
    """Say what to do in all work of a skill."""
    from director.cli.memory import add

    add(text, skill, json=json)


@_memory.command("edit", cls=_EndsInWords)
def edit_learning(ident: LearningId, text: LearningText, json: Json = False) -> None:
    """Put a learning in your own words; a proposal is followed then. Its figures begin anew."""
    from director.cli.memory import edit

    edit(ident, text, json=json)


@_memory.command("accept")
def accept_learning(ident: LearningId, json: Json = False) -> None:
    """Follow a proposal."""
    from director.cli.memory import accept

    accept(ident, json=json)


@_memory.command("retire")
def retire_learning(ident: LearningId, json: Json = False) -> None:
    """Follow a learning no more, or refuse a proposal."""
    from director.cli.memory import retire

    retire(ident, json=json)


@_memory.command("report")
def report_memory(json: Json = False) -> None:
    """What learnings are worth: first drafts with and without them."""
    from director.cli.memory import print_report

    print_report(json=json)


app.add_typer(_alerts, name="alerts")
app.add_typer(_budget, name="budget")
app.add_typer(_context, name="context")
app.add_typer(_costs, name="costs")
app.add_typer(_events, name="events")
app.add_typer(_memory, name="memory")
app.add_typer(_schedules, name="schedules")
app.add_typer(_skills, name="skills")
