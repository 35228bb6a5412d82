"""`goal`, `pipeline`, `watch`, `cancel`: giving the team work and following it."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from director.cli import own_team
from director.words.command import program, worker
from director.words.errors import DirectorError, WrongCall

if TYPE_CHECKING:
    from director.office import Office
    from director.words.models import Approval, Goal
    from director.words.settings import Settings

Category = Annotated[
    str | None,
    typer.Option(help="strategic, content, optimization, retention, competitive or measurement; inferred otherwise."),
]
Priority = Annotated[str | None, typer.Option(help="P0 critical, P1 high, P2 medium, P3 low.")]
Budget = Annotated[
    str | None, typer.Option(metavar="USD", help="What this goal may cost; a tenth of the month otherwise.")
]
PlanBy = Annotated[str, typer.Option("--plan", metavar="claude|template", help="Who makes the plan.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan and its likely cost, then stop.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the plan runs.")]
Detach = Annotated[bool, typer.Option("--detach", help="Hand the goal in and return; a worker does it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Context = Annotated[Path | None, typer.Option(help="The product context to use instead of the workspace's.")]


class Unanswered(DirectorError):
    """A person left while they were asked whether a plan may run; it can be answered later."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person asked for, as they typed it."""

    text: str
    category: str | None
    priority: str | None
    budget: str | None
    pipeline: str | None
    plan_by: str
    dry_run: bool
    yes: bool
    detach: bool
    json: bool
    context: Path | None


def goal(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What should change, in plain words.")],
    category: Category = None,
    priority: Priority = None,
    budget: Budget = None,
    pipeline: Annotated[str | None, typer.Option(help="Use this pipeline as the plan.")] = None,
    plan_by: PlanBy = "claude",
    dry_run: DryRun = False,
    yes: Yes = False,
    detach: Detach = False,
    json: Json = False,
    context: Context = None,
) -> None:
    """Give the team a goal and follow it to its approved deliverables."""
    _run(Given(text, category, priority, budget, pipeline, plan_by, dry_run, yes, detach, json, context))


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
    goal_text = f"Run the pipeline {name}" if text is None else text
    _run(Given(goal_text, category, priority, budget, name, "template", dry_run, yes, detach, json, context))


def watch(ident: Annotated[str, typer.Argument(metavar="GOAL")], json: Json = False) -> None:
    """Follow a goal; where no worker is running, its work goes on in this process."""
    from director.bootstrap import opened  # noqa: PLC0415 - heavy imports stay inside commands, so that --help is quick
    from director.words.settings import from_env  # noqa: PLC0415

    settings = from_env()
    with opened(settings) as office:
        with office.store.read() as tx:
            over = _is_over(tx.goals.get(ident))
        if over or _worker_runs(office):
            _finish(office, _follow_with_worker(office, settings, ident, json=json), json=json, standing=True)
            return
    with own_team.make(settings) as office:
        _finish(office, _follow(office, ident, json=json), json=json, standing=False)


def cancel(ident: Annotated[str, typer.Argument(metavar="GOAL")]) -> None:
    """Stop a goal, also the calls it has on the wire. An approval's id stops the goal it is about."""
    from director.bootstrap import opened  # noqa: PLC0415
    from director.goals import cancel as stop  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415
    from director.words.states import stands  # noqa: PLC0415

    with opened(from_env()) as office:
        stopped = stop.cancel(office, ident)
    print(f"{stopped.id} {stands(stopped.state)}.")  # noqa: T201


def _run(given: Given) -> None:
    from director.bootstrap import opened  # noqa: PLC0415
    from director.catalog import catalog_of  # noqa: PLC0415
    from director.goals.submit import Wanted, check, take  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415
    from director.words.states import Category as GoalCategory  # noqa: PLC0415
    from director.words.states import PlanBy as GoalPlanBy  # noqa: PLC0415
    from director.words.states import Priority as GoalPriority  # noqa: PLC0415
    from director.words.typed import amount, word  # noqa: PLC0415

    settings = from_env()
    # Everything about the call that can be wrong is looked at before anything is made.
    wanted: Wanted = {
        "plan_by": word(GoalPlanBy, "--plan", given.plan_by) or GoalPlanBy.CLAUDE,
        "category": word(GoalCategory, "--category", given.category),
        "priority": word(GoalPriority, "--priority", given.priority),
        "cap_nano": amount("--budget", given.budget),
        "pipeline": given.pipeline,
        "context": given.context.absolute() if given.context else None,
    }
    if given.detach and given.dry_run:
        raise WrongCall("--dry-run shows a plan and --detach does not wait for one: leave one of them out.")
    new = check(settings, catalog_of(settings), given.text, **wanted)
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not (given.yes or given.json or given.detach)

    with opened(settings) as office:
        worker_runs = _worker_runs(office)
        # A rehearsal costs nothing; whether a worker rehearses too, its own settings say.
        confirm = given.dry_run or (asks and (worker_runs or not settings.rehearses))
        if given.detach:
            made = take(office, new, confirm=confirm)
            _detached(office, made.id, worker_runs=worker_runs, json=given.json)
            return
        if worker_runs:
            made = take(office, new, confirm=confirm)
            _to_the_end(office, made.id, given, standing=True)
            return
    with own_team.make(settings) as office:
        made = take(office, new, confirm=confirm)
        _to_the_end(office, made.id, given, standing=False)


def _to_the_end(office: "Office", ident: str, given: Given, *, standing: bool) -> None:
    settings = office.settings
    rehearses = office.claude.rehearses and not standing

    def follow() -> "Goal":
        if standing:
            return _follow_with_worker(office, settings, ident, json=given.json, dry=given.dry_run)
        return _follow(office, ident, json=given.json, dry=given.dry_run)

    goal = follow()
    question = _plan_question(office, ident)
    if question is not None and given.dry_run:
        _dry_run(office, goal, json=given.json, rehearses=rehearses)
        return
    if question is not None and not given.json:
        from director.inbox import approvals  # noqa: PLC0415
        from director.words.states import Answer  # noqa: PLC0415

        rehearsal = _show_plan(office, goal, rehearses=rehearses)
        agreed = _agreed(office, goal, question, rehearsal=rehearsal)
        approvals.answer(office, question.id, Answer.APPROVE if agreed else Answer.CANCEL)
        goal = follow()
    _finish(office, goal, json=given.json, standing=standing)


def _end_dry_run(office: "Office", ident: str) -> None:
    from director.goals.cancel import end_dry_run  # noqa: PLC0415

    end_dry_run(office, ident)


def _plan_question(office: "Office", ident: str) -> "Approval | None":
    with office.store.read() as tx:
        return next((question for question in tx.approvals.open(ident) if question.kind == "plan"), None)


def _dry_run(office: "Office", goal: "Goal", *, json: bool, rehearses: bool) -> None:
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.views.forecast import planned_document  # noqa: PLC0415

    # Before anything is printed: nobody may read to the end, and the plan's question must not stay open.
    _end_dry_run(office, goal.id)
    if not json:
        _show_plan(office, goal, rehearses=rehearses)
        return
    with office.store.read() as tx:
        document = planned_document(office, tx, tx.goals.get(goal.id), rehearses=rehearses)
    print_document(document)


def _show_plan(office: "Office", goal: "Goal", *, rehearses: bool) -> bool:
    """Print the plan; whether it is a rehearsal."""
    from director.cli.plans import plan_view  # noqa: PLC0415
    from director.cli.tables import console  # noqa: PLC0415
    from director.views.goal import is_rehearsal  # noqa: PLC0415

    out = console()
    with office.store.read() as tx:
        out.print(plan_view(office, tx, goal, out.width, rehearses=rehearses))
        return is_rehearsal(tx, goal, rehearses=rehearses)


def _agreed(office: "Office", goal: "Goal", question: "Approval", *, rehearsal: bool) -> bool:
    """Ask about the plan; whoever leaves without an answer is told how to give it later."""
    try:
        with office.stopping.interrupting():
            return typer.confirm("Run this plan as a rehearsal?" if rehearsal else "Run this plan?", default=True)
    except (typer.Abort, KeyboardInterrupt):
        print(file=sys.stderr)  # noqa: T201 - the question's line was not ended
        raise Unanswered(
            f"Stopped: {question.id}, whether the plan of {goal.id} may run, is open. `{program()} approve "
            f"{question.id}` and then `watch {goal.id}` run it, `show {question.id}` shows it again, `cancel {goal.id}` "
            "ends it."
        ) from None


def _detached(office: "Office", ident: str, *, worker_runs: bool, json: bool) -> None:
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.views.goal import goal_document  # noqa: PLC0415

    with office.store.read() as tx:
        document = goal_document(office, tx, tx.goals.get(ident))
        anybody = tx.presence.anybody()
    if json:
        print_document(document)
        return
    print(ident)  # noqa: T201
    if not worker_runs:
        print(  # noqa: T201
            f"{'No worker stays for it' if anybody else 'No worker is running'}: start one with `{worker()}`, or do it "
            f"here with `{program()} watch {ident}`.",
            file=sys.stderr,
        )


def _finish(office: "Office", goal: "Goal", *, json: bool, standing: bool) -> None:
    """Say what came of it; *standing* is whether another process, a worker, did it."""
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.cli.tables import console, delivered, goal_view, where  # noqa: PLC0415
    from director.files.mirror import report_path  # noqa: PLC0415
    from director.goals.conclude import write_missing  # noqa: PLC0415
    from director.views.goal import goal_document  # noqa: PLC0415
    from director.words.states import GoalState  # noqa: PLC0415

    rehearses = office.claude.rehearses and not standing
    with office.store.read() as tx:
        goal = tx.goals.get(goal.id)
        unwritten = write_missing(office, tx, goal)
        questions = len(tx.approvals.open(goal.id))
        if json:
            print_document(goal_document(office, tx, goal, rehearses=rehearses))
        else:
            out = console()
            out.print(goal_view(tx, goal, out.width, rehearses=rehearses))
            if goal.state is GoalState.COMPLETED:
                out.print()
                out.print(delivered(office, tx.tasks.of_goal(goal.id)), soft_wrap=True)
                out.print(f"Report: {where(office, report_path(goal))}", soft_wrap=True)
    if unwritten:
        first, more = unwritten[0], f", nor could {len(unwritten) - 1} more" if len(unwritten) > 1 else ""
        print(  # noqa: T201
            f"{first.file} could not be written ({first.reason}){more}: `{program()} show {first.subject}` has the "
            f"text, and `{program()} watch {goal.id}` writes what is missing.",
            file=sys.stderr,
        )
    if goal.state is not GoalState.COMPLETED:
        print(_why_not(goal, questions), file=sys.stderr)  # noqa: T201
    if unwritten or goal.state is not GoalState.COMPLETED:
        raise typer.Exit(1)


def _why_not(goal: "Goal", questions: int) -> str:
    """Why a goal is not completed, in one sentence."""
    from director.words.states import is_final, stands  # noqa: PLC0415

    if questions > 1 and not is_final(goal.state):
        return f"{goal.id} is waiting: {questions} questions are open, `{program()} approvals` lists them."
    why = " ".join(f": {goal.reason}".split()) if goal.reason else "."
    return f"{goal.id} {stands(goal.state)}{why}"


def _is_over(goal: "Goal") -> bool:
    from director.words.states import is_final  # noqa: PLC0415

    return is_final(goal.state)


def _worker_runs(office: "Office") -> bool:
    with office.store.read() as tx:
        return bool(tx.presence.standing_workers())


def _follow(office: "Office", ident: str, *, json: bool, dry: bool = False) -> "Goal":
    from director.cli.follow import follow  # noqa: PLC0415

    try:
        return follow(office, ident, json=json, dry=dry, rehearses=office.claude.rehearses)
    except (KeyboardInterrupt, OSError) as problem:
        if dry:
            _end_dry_run(office, ident)
        elif isinstance(problem, KeyboardInterrupt | BrokenPipeError):
            why = "Stopping" if isinstance(problem, KeyboardInterrupt) else "Nobody reads any more"
            with suppress(OSError):  # a terminal that was closed takes no sentence
                print(  # noqa: T201
                    f"{why}: calls on the wire may finish (30 s at most); Ctrl-C again ends them. Nothing is lost: "
                    f"`{program()} watch {ident}` goes on from here.",
                    file=sys.stderr,
                )
        raise


def _follow_with_worker(office: "Office", settings: "Settings", ident: str, *, json: bool, dry: bool = False) -> "Goal":
    """Follow while a worker does it; should the worker die, do it here."""
    from director.cli.follow import follow  # noqa: PLC0415
    from director.views.goal import rests  # noqa: PLC0415

    goal = follow(office, ident, json=json, dry=dry, until=lambda tx, _goal: not tx.presence.standing_workers())
    with office.store.read() as tx:
        if rests(tx, goal):
            return goal
    print("The worker went away; going on in this process.", file=sys.stderr)  # noqa: T201
    with own_team.make(settings) as own:
        return _follow(own, ident, json=json, dry=dry)
