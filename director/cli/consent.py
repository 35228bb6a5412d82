"""What a person agrees to before a goal goes on: its plan, and that the rest of it is rehearsed, or paid for."""

import sys

import typer

from director.cli.plan_view import plan_view
from director.cli.terminal import console
from director.goals import paid_or_rehearsed
from director.inbox import approvals
from director.office import Office
from director.views.goal import is_rehearsal
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.errors import AnsweredBefore, DirectorError, WrongCall
from director.words.models import Approval, Goal
from director.words.question import AboutPlan
from director.words.states import Answer, is_final


class Unanswered(DirectorError):
    """A person left while they were asked whether a plan may run; it can be answered later."""


def can_ask(*, json: bool) -> bool:
    """Whether somebody is there who sees a question and can answer it."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not json


def answer_about_plan(office: Office, goal: Goal, question: Approval, *, yes: bool, rehearses: bool) -> None:
    """
    Answer the open question about the goal's plan: *yes*, or what a person says who is shown it. Where it was closed while
    they were asked, they are told how; the goal goes on from there. Who said yes before there was a plan said it to no higher
    cap.

    Raises:
        AnsweredBefore: somebody said yes, and this person says no: nothing goes on here.
    """
    agreed = (yes and not raises(question)) or _asked_about_plan(office, goal, question, rehearses=rehearses)
    try:
        approvals.answer(office, question.id, Answer.APPROVE if agreed else Answer.CANCEL)
    except AnsweredBefore as problem:
        with office.store.read() as tx:
            runs = not is_final(tx.goals.get(goal.id).state)
        if runs and not agreed:
            raise AnsweredBefore(f"{problem} `{program()} cancel {goal.id}` ends the goal.") from problem
        print(problem, file=sys.stderr)  # noqa: T201


def raises(question: Approval) -> bool:
    """Whether a yes to this question about a plan raises a cap."""
    return isinstance(question.about, AboutPlan) and question.about.raises


def show_plan(office: Office, goal: Goal, *, rehearses: bool) -> bool:
    """Print the plan; whether it is a rehearsal. *rehearses* as in `goal_document`."""
    out = console()
    with office.store.read() as tx:
        view = plan_view(office, tx, goal, out.width, rehearses=rehearses)
        rehearsal = is_rehearsal(tx, goal, rehearses=rehearses)
    out.print(view)
    return rehearsal


def agree_to_kind(office: Office, goal: Goal, *, wanted: bool | None, json: bool) -> Goal:
    """
    See that this process may go on with the goal; the goal as it is then. One of the other kind needs a yes:
    *wanted*, whether from here on it is to be a rehearsal, where that was said, or what a person says who is asked.

    Raises:
        WrongCall: nobody said so; nothing was done.
    """
    here = office.settings.rehearses
    if goal.rehearsal is here:
        return goal
    if here:
        told = f"{goal.id} is paid for, and there is no ANTHROPIC_API_KEY here to go on with"
        instead = f"set one, or `{program()} watch {goal.id} --rehearse` has the built-in model do the rest"
        question = "Let the built-in model do the rest, as a rehearsal?"
    else:
        told = f"{goal.id} is a rehearsal so far, and with the key that is set here it would be paid for"
        instead = (
            f"`{program()} watch {goal.id} --pay` agrees to that ({usd(goal.cap_nano)} at most); without a key it goes on as "
            "it is"
        )
        question = f"Pay for the rest ({usd(goal.cap_nano)} at most)?"
    if wanted is not here:
        if not can_ask(json=json):
            raise WrongCall(f"{told}: {instead}.")
        if not typer.confirm(f"{told}. {question}", default=False):
            raise WrongCall(f"{goal.id} stays as it is; nothing was done.")
    return paid_or_rehearsed.go_on_as(office, goal.id, rehearsal=here)


def _asked_about_plan(office: Office, goal: Goal, question: Approval, *, rehearses: bool) -> bool:
    """Ask about the plan; one who leaves without an answer is told how to give it later."""
    rehearsal = show_plan(office, goal, rehearses=rehearses)
    try:
        with office.stopping.interrupting():
            if raises(question):
                return typer.confirm(visible(question.question), default=False)
            return typer.confirm("Run this plan as a rehearsal?" if rehearsal else "Run this plan?", default=True)
    except (typer.Abort, KeyboardInterrupt):
        print(file=sys.stderr)  # noqa: T201 - the question's line was not ended
        raise Unanswered(
            f"Stopped: {question.id}, whether the plan of {goal.id} may run, is open. `{program()} approve "
            f"{question.id}` and then `watch {goal.id}` run it, `show {question.id}` shows it again, `cancel {goal.id}` "
            "ends it."
        ) from None
