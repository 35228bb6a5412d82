"""Run a goal and follow it: a worker does it where one runs, else the actors in this process (`team_slot`)."""

import sys
from collections.abc import Callable
from contextlib import suppress

from director.cli import team_slot
from director.cli.consent import agree_to_kind, answer_about_plan, can_ask, raises
from director.cli.follow import follow
from director.cli.outcome import finish
from director.concurrency.stopping import parting
from director.goals.cancel import end_dry_run
from director.office import Office
from director.progress.questions import about_plan
from director.redis.bus import why_without_queue
from director.store.tx import Tx
from director.views.goal import rests
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Goal


def worker_runs(office: Office, *, rehearsal: bool) -> bool:
    """
    Whether a process that stays does such work: what is rehearsed, or what is paid for. Of one that hears no bells, which does
    none, a person is told.
    """
    with office.store.read() as tx:
        workers, without_queue = tx.presence.standing_workers(rehearsal=rehearsal), tx.presence.without_queue()
    if without_queue and not workers:
        print(f"No turn reaches the worker that is running: {why_without_queue()}.", file=sys.stderr)  # noqa: T201
    return bool(workers)


def edit_plan(office: Office, goal: Goal, edit: Callable[[Office, str], object]) -> Goal:
    """Let a person *edit* the goal's plan where it waits for a yes; the goal as it is then."""
    with office.store.read() as tx:
        waits = about_plan(tx, goal.id) is not None
    if waits:
        try:
            edit(office, goal.id)
        except WrongCall as problem:
            raise WrongCall(
                f"{problem} The plan waits: `{program()} plan {goal.id} --edit` opens it again, `watch {goal.id}` asks whether "
                "it may run."
            ) from problem
    with office.store.read() as tx:
        return tx.goals.get(goal.id)


def to_the_end(
    office: Office,
    ident: str,
    *,
    json: bool,
    yes: bool,
    standing: bool,
    edit: Callable[[Office, str], object] | None = None,
) -> None:
    """
    Follow the goal to its end and say what came of it; where its plan waits for a yes, a person may *edit* it, then ask, unless
    the yes was said (*yes*).

    *standing* is whether another process, a worker, does it.
    """
    follow_on = follow_worker if standing else follow_here
    goal, told = follow_on(office, ident, json=json)
    if edit is not None:
        goal = edit_plan(office, goal, edit)
    with office.store.read() as tx:
        question = about_plan(tx, ident)
    if question is not None and ((yes and not raises(question)) or can_ask(json=json)):
        rehearses = office.claude.rehearses and not standing
        answer_about_plan(office, goal, question, yes=yes, rehearses=rehearses)
        goal, _ = follow_on(office, ident, json=json, told=told)
    finish(office, goal, json=json, standing=standing)


def _alone(tx: Tx, goal: Goal) -> bool:
    return not tx.presence.standing_workers(rehearsal=goal.rehearsal)


def follow_here(office: Office, ident: str, *, json: bool, dry: bool = False, told: int = 0) -> tuple[Goal, int]:
    """Follow while the actors in this process do it; *told*, and what is returned, as in `follow`."""
    try:
        return follow(office, ident, json=json, dry=dry, rehearses=office.claude.rehearses, told=told)
    except (KeyboardInterrupt, OSError) as problem:
        if dry:
            end_dry_run(office, ident)
        elif isinstance(problem, KeyboardInterrupt | BrokenPipeError):
            why = "Stopping" if isinstance(problem, KeyboardInterrupt) else "Nobody reads any more"
            with suppress(OSError):  # a terminal that was closed takes no sentence
                print(  # noqa: T201
                    f"{parting(why)}: `{program()} watch {ident}` goes on from here.",
                    file=sys.stderr,
                )
        raise


def follow_worker(office: Office, ident: str, *, json: bool, dry: bool = False, told: int = 0) -> tuple[Goal, int]:
    """Follow while a worker does it; should the worker die, do it here. As `follow_here` otherwise."""
    try:
        goal, told = follow(office, ident, json=json, dry=dry, told=told, until=_alone)
    except KeyboardInterrupt:
        with suppress(OSError):
            print(  # noqa: T201
                f"The team goes on with {ident}; follow: `{program()} watch {ident}`; stop: `{program()} cancel {ident}`.",
                file=sys.stderr,
            )
        raise
    with office.store.read() as tx:
        if rests(tx, goal):
            return goal, told
    agree_to_kind(office, goal, wanted=None, json=json)
    print("The worker went away; going on in this process.", file=sys.stderr)  # noqa: T201
    with team_slot.make(office.settings, ident) as own:
        return follow_here(own, ident, json=json, dry=dry, told=told)
