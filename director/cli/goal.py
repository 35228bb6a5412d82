"""`goal`, `pipeline`: a goal is given, its plan agreed to, and followed to its end."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from director.bootstrap import opened
from director.catalog import catalog_of
from director.cli import team_slot
from director.cli.consent import can_ask, raises, show_plan
from director.cli.documents import print_document
from director.cli.editor import see_that_there_is_one
from director.cli.left_goals import say_before
from director.cli.outcome import finish
from director.cli.plan import in_editor
from director.cli.run import edit_plan, follow_here, follow_worker, to_the_end, worker_runs
from director.cli.terminal import say_workspace
from director.goals.cancel import end_dry_run
from director.goals.submit import NewGoal, Wanted, check, see_that_it_may_be_paid, take, will_rehearse
from director.office import Office
from director.progress.questions import about_plan
from director.views.forecast import planned_document
from director.views.goal import goal_document
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.settings import from_env
from director.words.states import Category, PlanBy, Priority
from director.words.typed import amount, word

#: How somebody who is not asked agrees that a goal is paid for.
_HOW_TO_AGREE: Final = "say --yes or --budget USD, or see the plan and its likely cost first (--dry-run)"


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
    edit: bool = False


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
    if given.edit:
        if given.detach or given.json:
            raise WrongCall(
                "--edit opens the plan in an editor, and --detach and --json leave nobody to edit it: leave one out."
            )
        see_that_there_is_one(f"`{program()} goal … --dry-run`, then `plan GOAL --yaml` and `plan GOAL --file FILE`")
    new = check(settings, catalog_of(settings), given.text, **wanted)
    asks = can_ask(json=given.json) and not (given.yes or given.detach)
    agreed = asks or given.yes or given.dry_run or given.budget is not None
    if not settings.rehearses:
        see_that_it_may_be_paid(agreed=agreed, how=_HOW_TO_AGREE)

    with opened(settings, begins=True) as office:
        rehearsal = will_rehearse(office)
        if not rehearsal:
            see_that_it_may_be_paid(agreed=agreed, how=_HOW_TO_AGREE)
        standing = worker_runs(office, rehearsal=rehearsal)
        if not standing:
            rehearsal = settings.rehearses  # it is done here
        _say_how_it_is_planned(new, rehearsal=rehearsal)
        # A rehearsal costs nothing.
        confirm = given.dry_run or given.edit or (asks and not rehearsal)
        if given.detach or standing:
            goal = take(office, new, rehearsal=rehearsal, confirm=confirm)
            if given.detach:
                say_given(office, goal, standing=standing, json=given.json)
            else:
                _follow(office, goal, given, standing=True)
            return
    with team_slot.make(settings, "") as office:
        goal = take(office, new, rehearsal=rehearsal, confirm=confirm, here=True)
        _follow(office, goal, given, standing=False)


def _say_how_it_is_planned(new: NewGoal, *, rehearsal: bool) -> None:
    """Say at a terminal where the category decides on the plan, and no word of the goal said which it is."""
    if new.guessed and (rehearsal or new.plan_by is PlanBy.TEMPLATE) and sys.stderr.isatty():
        print(  # noqa: T201
            f"No word of the goal says what kind of goal it is, so it is planned as {new.category}; --category names another.",
            file=sys.stderr,
        )


def _follow(office: Office, goal: Goal, given: Given, *, standing: bool) -> None:
    if not given.json:
        say_workspace(office.settings)
        say_before(office, goal.id)
    if given.dry_run:
        _dry_run(office, goal.id, json=given.json, standing=standing, edit=given.edit)
    else:
        edit = in_editor if given.edit else None
        to_the_end(office, goal.id, json=given.json, yes=given.yes, standing=standing, edit=edit)


def _dry_run(office: Office, ident: str, *, json: bool, standing: bool, edit: bool) -> None:
    """Follow to the plan and show it. The goal stays, so that its plan can be run later and is not bought again."""
    rehearses = office.claude.rehearses and not standing
    goal, _ = (follow_worker if standing else follow_here)(office, ident, json=json, dry=True)
    if edit:
        goal = edit_plan(office, goal, in_editor)
    with office.store.read() as tx:
        question = about_plan(tx, ident)
        document = planned_document(office, tx, goal, rehearses=rehearses) if question and json else None
    if question is None:
        finish(office, goal, json=json, standing=standing)
        return
    try:
        if document is not None:
            print_document(document)
        else:
            show_plan(office, goal, rehearses=rehearses)
            runs = f"`{program()} watch {ident} --yes` runs this plan"
            if raises(question):
                print(visible(question.question))  # noqa: T201
                runs = f"`{program()} approve {question.id}` and then `watch {ident}` run this plan"
            print(  # noqa: T201
                f"Nothing runs until you say so: {runs} (until {question.due_at:%Y-%m-%d %H:%M} UTC), `{program()} cancel "
                f"{ident}` drops it."
            )
        sys.stdout.flush()
    except OSError:
        end_dry_run(office, ident)  # nobody was told that there is something to say yes to
        raise


def say_given(office: Office, goal: Goal, *, standing: bool, json: bool) -> None:
    """Say of a goal that is not followed which it is, and who does it."""
    with office.store.read() as tx:
        document = goal_document(office, tx, tx.goals.get(goal.id))
        anybody = tx.presence.anybody(goal)
    if json:
        print_document(document)
        return
    say_workspace(office.settings, sys.stderr)
    print(goal.id)  # noqa: T201
    if not standing:
        print(  # noqa: T201
            f"{'No worker stays for it' if anybody else 'No worker is running'}: start one with `{program()} up`, or do it "
            f"here with `{program()} watch {goal.id}`.",
            file=sys.stderr,
        )
