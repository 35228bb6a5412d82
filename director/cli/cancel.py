"""`cancel`: a person stops a goal."""

from director.bootstrap import opened
from director.cli.terminal import say_workspace
from director.goals import cancel
from director.words.settings import from_env
from director.words.states import stands


def stop(ident: str) -> None:
    """Stop the goal, or the one the approval is about, and say so."""
    with opened(from_env()) as office:
        goal = cancel.cancel(office, ident)
    say_workspace(office.settings)
    print(f"{goal.id} {stands(goal.state)}.")  # noqa: T201
