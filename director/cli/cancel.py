"""`cancel`: a person stops a goal."""

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import say_workspace
from director.goals import cancel
from director.views.goal import goal_document
from director.words.states import stands


def stop(ident: str, *, json: bool) -> None:
    """Stop the goal, or the one the approval is about, and say so."""
    with opened_for(ident) as office:
        goal = cancel.cancel(office, ident)
        with office.store.read() as tx:
            document = goal_document(office, tx, goal) if json else None
    if document is not None:
        print_document(document)
        return
    say_workspace(office.settings)
    print(f"{goal.id} {stands(goal.state)}.")  # noqa: T201
