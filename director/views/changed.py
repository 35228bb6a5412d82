"""Changes of approved work: what was asked of a text and what a change will likely cost; and what came of asking for one."""

from typing import Any

from director.inbox.accept import Accepted
from director.inbox.revise_approved import Asked, check
from director.inbox.version import version_of_text
from director.office import Office
from director.progress import changes
from director.store.tx import Tx
from director.views.goal import forecast_document, goal_document
from director.views.likely_change import LikelyChange, likely_change
from director.views.memory import learning_document
from director.words.errors import CannotChange
from director.words.models import Task
from director.words.states import ChangeKind


def changes_document(office: Office, tx: Tx, task: Task) -> dict[str, Any]:
    """
    What people asked of the task's deliverable or made of it, first to last, and what another change will likely cost; where
    none can be asked for, why not.
    """
    resting = changes.dependents(tx, task)
    likely, with_dependents, why_not = None, None, None
    try:
        check(tx, tx.goals.get(task.goal), task)
    except CannotChange as problem:
        why_not = str(problem)
    else:
        likely = likely_change(office, tx, task, itself=True, dependents=False)
        with_dependents = likely_change(office, tx, task, itself=True, dependents=True) if resting else likely
    return {
        "task": task.id,
        "version": version_of_text(task),
        "changes": [
            {
                "kind": one.kind,
                "words": one.words if one.kind is ChangeKind.REVISE else None,
                "because": one.because,
                "by": one.by,
                "at": one.created_at.isoformat(),
                "given_up_at": one.given_up_at.isoformat() if one.given_up_at else None,
            }
            for one in tx.changes.of_goal(task.goal)
            if one.task == task.id
        ],
        "why_not": why_not,
        "forecast": _forecast(likely),
        "dependents": [one.id for one in resting],
        "forecast_with_dependents": _forecast(with_dependents),
        "rests_on_earlier": list(changes.outdated(tx, task.goal).get(task.id, ())),
    }


def asked_document(office: Office, tx: Tx, asked: Asked) -> dict[str, Any]:
    """The goal, the tasks whose authors write another version, and what may be learned from what was asked."""
    return {
        **goal_document(office, tx, asked.goal),
        "changed": [one.id for one in asked.tasks],
        "asked_before": not asked.is_new,
        "learning": asked.learned and learning_document(asked.learned),
    }


def accepted_document(office: Office, tx: Tx, task: Task, accepted: Accepted | None) -> dict[str, Any]:
    """The goal, and what certain checks find in a person's own version; nothing where one was fine as it is."""
    return {
        **goal_document(office, tx, tx.goals.get(task.goal)),
        "accepted": task.id,
        "revision": task.revision,
        "found": list(accepted.faults) if accepted else [],
    }


def _forecast(likely: LikelyChange | None) -> dict[str, Any] | None:
    return None if likely is None else forecast_document(likely.expected)
