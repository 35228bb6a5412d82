"""Cancel: a person stops a goal. Its call on the wire is ended by the heartbeat of the process that made it."""

from director.goals.report_file import write_again
from director.goals.version import see_version
from director.office import Office
from director.progress.advance import cancel_goal
from director.progress.questions import PERSON
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import stands


def cancel(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Goal:
    """
    Stop the goal *ident*, or the one the approval *ident* is about; the goal as it is then. One that was over, and was at work
    again for a change of what was approved, is as it was before that. With *version*, only a goal as it was seen
    (`director/goals/version.py`).

    Raises:
        NotFound: there is no such goal or approval.
        ChangedSince: it is not as it was seen; nothing changed.
        WrongCall: it was over before; nothing changed.
    """
    with office.store.write() as tx:
        ident = tx.approvals.get(ident).goal if ident.startswith("a") else ident
        see_version(tx.goals.get(ident, lock=True), version)
        why = "cancelled by a person" if by == PERSON else f"cancelled by {by}"
        stopped = cancel_goal(tx, ident, why, by=by)
        goal = tx.goals.get(ident)
    if not stopped:
        raise WrongCall(f"Goal {ident} {stands(goal.state)} already; there is nothing to cancel.")
    write_again(office, ident)
    return goal


def end_dry_run(office: Office, ident: str) -> None:
    """Stop a goal whose plan was all that was asked for; one that is over already stays as it is."""
    with office.store.write() as tx:
        cancel_goal(tx, ident, "a dry run stops at the plan", by=PERSON)
