"""`goal`, `pipeline`: a goal is given, its plan agreed to, and followed to its end."""

import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from director.bootstrap import opened
from director.catalog import catalog_of
from director.cli import own_team
from director.cli.documents import print_document
from director.cli.ending import finish
from director.cli.plans import plan_view
from director.cli.run import follow_here, follow_worker, worker_runs
from director.cli.terminal import console, say_workspace
from director.goals.cancel import end_dry_run
from director.goals.submit import Wanted, check, take
from director.inbox import approvals
from director.office import Office
from director.progress.questions import about_plan
from director.views.forecast import planned_document
from director.views.goal import goal_document, is_rehearsal
from director.words.command import program, worker
from director.words.errors import DirectorError, WrongCall
from director.words.models import Approval, Goal
from director.words.settings import from_env
from director.words.states import Answer, Category, PlanBy, Priority
from director.words.typed import amount, word


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


def give(given: Given) -> None:
    """Give the team the goal; everything about the call that can be wrong is looked at before anything is made."""
    settings = from_env()
    wanted: Wanted = {
        "plan_by": word(PlanBy, "--plan", given.plan_by) or PlanBy.CLAUDE,
        "category": word(Category, "--category", given.category),
        "priority": word(Priority, "--priority", given.priority),
        "cap_nano": amount("--budget", given.budget),
        "pipeline": given.pipeline,
        "context": given.context.absolute() if given.context else None,
    }
    if given.detach and given.dry_run:
        raise WrongCall("--dry-run shows a plan and --detach does not wait for one: leave one of them out.")
    new = check(settings, catalog_of(settings), given.text, **wanted)
    if new.guessed and (settings.rehearses or new.plan_by is PlanBy.TEMPLATE) and sys.stderr.isatty():
        print(  # noqa: T201
            f"No word of the goal says what kind of goal it is, so it is planned as {new.category}; --category names another.",
            file=sys.stderr,
        )
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not (given.yes or given.json or given.detach)

    with opened(settings, begins=True) as office:
        standing = worker_runs(office)
        # A rehearsal costs nothing; whether a worker rehearses too, its own settings say.
        confirm = given.dry_run or (asks and (standing or not settings.rehearses))
        if given.detach:
            _detached(office, take(office, new, confirm=confirm), standing=standing, json=given.json)
            return
        if standing:
            _to_the_end(office, take(office, new, confirm=confirm), given, standing=True)
            return
    with own_team.make(settings) as office:
        _to_the_end(office, take(office, new, confirm=confirm), given, standing=False)


def _to_the_end(office: Office, goal: Goal, given: Given, *, standing: bool) -> None:
    if not given.json:
        say_workspace(office.settings)
    rehearses = office.claude.rehearses and not standing
    follow = follow_worker if standing else follow_here
    goal = follow(office, goal.id, json=given.json, dry=given.dry_run)
    with office.store.read() as tx:
        question = about_plan(tx, goal.id)
    if question is not None and given.dry_run:
        _dry_run(office, goal, json=given.json, rehearses=rehearses)
        return
    if question is not None and not given.json:
        rehearsal = _show_plan(office, goal, rehearses=rehearses)
        agreed = _agreed(office, goal, question, rehearsal=rehearsal)
        approvals.answer(office, question.id, Answer.APPROVE if agreed else Answer.CANCEL)
        goal = follow(office, goal.id, json=given.json)
    finish(office, goal, json=given.json, standing=standing)


def _dry_run(office: Office, goal: Goal, *, json: bool, rehearses: bool) -> None:
    # Before anything is printed: nobody may read to the end, and the plan's question must not stay open.
    end_dry_run(office, goal.id)
    if not json:
        _show_plan(office, goal, rehearses=rehearses)
        return
    with office.store.read() as tx:
        document = planned_document(office, tx, tx.goals.get(goal.id), rehearses=rehearses)
    print_document(document)


def _show_plan(office: Office, goal: Goal, *, rehearses: bool) -> bool:
    """Print the plan; whether it is a rehearsal."""
    out = console()
    with office.store.read() as tx:
        view = plan_view(office, tx, goal, out.width, rehearses=rehearses)
        rehearsal = is_rehearsal(tx, goal, rehearses=rehearses)
    out.print(view)
    return rehearsal


def _agreed(office: Office, goal: Goal, question: Approval, *, rehearsal: bool) -> bool:
    """Ask about the plan; one who leaves without an answer is told how to give it later."""
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


def _detached(office: Office, goal: Goal, *, standing: bool, json: bool) -> None:
    with office.store.read() as tx:
        document = goal_document(office, tx, tx.goals.get(goal.id))
        anybody = tx.presence.anybody()
    if json:
        print_document(document)
        return
    say_workspace(office.settings, sys.stderr)
    print(goal.id)  # noqa: T201
    if not standing:
        print(  # noqa: T201
            f"{'No worker stays for it' if anybody else 'No worker is running'}: start one with `{worker()}`, or do it "
            f"here with `{program()} watch {goal.id}`.",
            file=sys.stderr,
        )
