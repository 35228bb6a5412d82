"""What a person can still do about a text: ask for a change, give their own version, say that it is fine as it is."""

from typing import Any

from director.inbox.version import version_of_text
from director.office import Office
from director.progress import changes
from director.progress.advance import is_concluding
from director.store.tx import Tx
from director.views.likely_change import likely_change
from director.views.titles import task_titles
from director.words.errors import CannotChange
from director.words.models import Task
from director.words.states import TaskState
from pipelines.plan import StepKind


def changing_document(office: Office, tx: Tx, task: Task) -> dict[str, Any]:
    """
    The ways there are, with what they will likely cost; *version* tells the text from what it becomes. Where a change cannot be
    asked for, `likely` is null and `why_not` says why, unless the page says that anyway.
    """
    goal = tx.goals.get(task.goal)
    titles = task_titles(goal, {one.id: one for one in tx.tasks.of_goal(goal.id)})
    under_way = changes.under_way(tx, task)
    resting = changes.dependents(tx, task)
    ways: dict[str, Any] = {
        "version": version_of_text(task),
        "likely": None,
        "likely_with_resting": None,
        "why_not": None,
        "asked": under_way and under_way.words,
        "resting": [{"task": one.id, "title": titles[one.id]} for one in resting],
        "older": [titles[ident] for ident in changes.outdated(tx, goal.id).get(task.id, ())],
        # Whoever reads it now would judge another text than is given then.
        "may_give_own": task.kind is not StepKind.REVIEW
        and not is_concluding(tx, goal)
        and (task.state is TaskState.ESCALATED or (task.state is TaskState.APPROVED and task.deliverable is not None)),
    }
    try:
        if (found := likely_change(office, tx, task, itself=True, dependents=False)) is not None:
            ways["likely"] = found.sentence("the goal")
            both = likely_change(office, tx, task, itself=True, dependents=True) if resting else None
            ways["likely_with_resting"] = None if both is None else both.amount
    except CannotChange as problem:
        ways["why_not"] = str(problem)
    return ways
