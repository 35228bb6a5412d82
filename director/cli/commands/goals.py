"""Goals: given, followed, looked at, stopped."""

from pathlib import Path
from typing import Annotated

import typer

from director.cli.commands.typed import MOST_SHOWN, EndsInWords, GoalId, Json, app
from director.cli.starting import say_it_starts
from director.words.errors import WrongCall

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


@app.command(cls=EndsInWords)
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


@app.command(cls=EndsInWords)
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
    every: Annotated[bool, typer.Option("--all", help=f"All goals, not only the newest {MOST_SHOWN}.")] = False,
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
        print_goals(json=json, most=None if every else MOST_SHOWN)
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
