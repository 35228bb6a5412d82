"""A goal is worked on and followed: by a worker where one runs, else by the actors in this process."""

import sys
from contextlib import suppress

from director.cli import own_team
from director.cli.follow import follow
from director.goals.cancel import end_dry_run
from director.office import Office
from director.store.stuck import deaf_worker
from director.views.goal import rests
from director.words.command import program
from director.words.models import Goal


def worker_runs(office: Office) -> bool:
    """Whether a process that stays does the work; of one that hears no bells, which does none, a person is told."""
    with office.store.read() as tx:
        workers, deaf = tx.presence.standing_workers(), tx.presence.deaf_workers()
    if deaf and not workers:
        print(f"No turn reaches the worker that is running: {deaf_worker()}.", file=sys.stderr)  # noqa: T201
    return bool(workers)


def follow_here(office: Office, ident: str, *, json: bool, dry: bool = False) -> Goal:
    """Follow while the actors in this process do it."""
    try:
        return follow(office, ident, json=json, dry=dry, rehearses=office.claude.rehearses)
    except (KeyboardInterrupt, OSError) as problem:
        if dry:
            end_dry_run(office, ident)
        elif isinstance(problem, KeyboardInterrupt | BrokenPipeError):
            why = "Stopping" if isinstance(problem, KeyboardInterrupt) else "Nobody reads any more"
            with suppress(OSError):  # a terminal that was closed takes no sentence
                print(  # noqa: T201
                    f"{why}: calls on the wire may finish (30 s at most); Ctrl-C again ends them. Nothing is lost: "
                    f"`{program()} watch {ident}` goes on from here.",
                    file=sys.stderr,
                )
        raise


def follow_worker(office: Office, ident: str, *, json: bool, dry: bool = False) -> Goal:
    """Follow while a worker does it; should the worker die, do it here."""
    goal = follow(office, ident, json=json, dry=dry, until=lambda tx, _goal: not tx.presence.standing_workers())
    with office.store.read() as tx:
        if rests(tx, goal):
            return goal
    print("The worker went away; going on in this process.", file=sys.stderr)  # noqa: T201
    with own_team.make(office.settings) as own:
        return follow_here(own, ident, json=json, dry=dry)
