"""A goal as it stands: its tasks, its money, who answered, and whether anything more happens to it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from director.files.mirror import is_written
from director.files.places import places_of, report_path
from director.goals import forecast
from director.goals.forecast import Forecast
from director.goals.version import version_of_goal
from director.inbox.version import version_of_text
from director.mailbox import abilities
from director.office import Office
from director.progress import changes
from director.progress.cause import cause_of
from director.progress.ends import over_before
from director.progress.facts import deliverable_of
from director.progress.questions import is_overdue
from director.store.tx import Tx
from director.views.alerts import alert_document
from director.views.approval import approval_document
from director.views.catalog import left_out_document
from director.views.limits import limits_document
from director.views.schedules import next_document
from director.words.amounts import as_number
from director.words.models import Call, Goal, Task
from director.words.scores import scored
from director.words.states import CallState, GoalState, WaitFor, is_final

#: What waits for longer, although it goes on by itself, is not waited for.
_SOON: Final = timedelta(hours=1)


def goal_document(office: Office, tx: Tx, goal: Goal, *, rehearses: bool = False) -> dict[str, Any]:
    """
    A goal with its tasks, money and calls.

    *rehearses* is whether this process does the work and rehearses it; it counts before the first call, no longer.
    """
    calls = tx.calls.of_goal(goal.id)
    tasks = tx.tasks.of_goal(goal.id)
    outdated = changes.outdated(tx, goal.id)
    return {
        "goal": goal_line(office, tx, goal),
        "plan": (goal.plan or {}).get("source"),
        "tasks": [
            {
                "id": task.id,
                "skill": task.skill,
                "kind": task.kind,
                "state": task.state,
                "revision": task.revision,
                # A number somebody gave; of what was rehearsed there is none.
                "score": score if isinstance(score := scored(task, calls), float) else None,
                "cost_usd": as_number(cost(call for call in calls if call.task == task.id)),
                "deliverable": _file(office, task.path),
                "pieces": _pieces(office, tx, task),
                "rests_on_earlier": list(outdated.get(task.id, ())),
                "version": version_of_text(task),
            }
            for task in tasks
        ],
        "cost": {
            "spent_usd": as_number(cost(calls)),
            "rehearsed_usd": as_number(cost(call for call in calls if call.rehearsal)),
            "without_cache_usd": as_number(cost(calls) + office.prices.saved(calls)),
            "cap_usd": as_number(goal.cap_nano),
            "spent_nano": cost(calls),
            "cap_nano": goal.cap_nano,
        },
        "forecast": forecast_document(made) if (made := forecast.from_document(goal.forecast)) else None,
        "calls": len(calls),
        "tokens": {
            "input": sum(call.input_tokens for call in calls),
            "output": sum(call.output_tokens for call in calls),
            "cache_write": sum(call.cache_write_tokens for call in calls),
            "cache_read": sum(call.cache_read_tokens for call in calls),
        },
        "seconds": round(took(tx, goal).total_seconds(), 3),
        "model": _who_answered(calls, rehearses=rehearses),
        "approvals": [approval_document(approval) for approval in tx.approvals.open(goal.id)],
    }


def goal_line(office: Office, tx: Tx, goal: Goal) -> dict[str, Any]:
    """The goal by itself, with what is needed to change it: the same in a list and alone."""
    return {
        "id": goal.id,
        "text": goal.text,
        "category": goal.category,
        "priority": goal.priority,
        "state": goal.state,
        "waits_for": goal.wait_for,
        "reason": goal.reason,
        "started_by": cause_of(tx, goal.id),
        "given_at": goal.created_at.isoformat(),
        "finished_at": goal.finished_at.isoformat() if goal.finished_at else None,
        "report": _file(office, report_path(goal)),
        "rehearsal": goal.rehearsal,
        "paused_at": goal.paused_at.isoformat() if goal.paused_at else None,
        "version": version_of_goal(goal),
    }


def forecast_document(expected: Forecast) -> dict[str, Any]:
    """What a plan was forecast to cost before it was begun."""
    return {
        "low_usd": as_number(expected.low_nano),
        "likely_usd": as_number(expected.likely_nano),
        "high_usd": as_number(expected.high_nano),
        "from_goals": expected.goals,
    }


def goals_document(office: Office, tx: Tx, goals: Sequence[Goal], *, left_out: int) -> dict[str, Any]:
    """
    Several goals, and how many more there are; who works and lacks what; what is wrong; what the model service lets out; what
    the clock starts next; the skills and pipelines that are not used.
    """
    return {
        "goals": [goal_document(office, tx, goal) for goal in goals],
        "left_out": left_out,
        "workers": _workers(tx),
        "alerts": [alert_document(alert) for alert in tx.alerts.open(office.brand)],
        "limits": limits_document(office, tx),
        "next": next_document(tx, office),
        "skills_left_out": left_out_document(office.catalog.left_out),
        "pipelines_left_out": left_out_document(office.catalog.pipelines_left_out),
    }


def _workers(tx: Tx) -> list[dict[str, Any]]:
    lacks = abilities.lacks(tx)
    return [
        {
            "name": worker.owner,
            "standing": worker.standing,
            "turns_at_once": worker.threads,
            "lacks": lacks.get(worker.owner, []),
        }
        for worker in tx.presence.here()
    ]


def cost(calls: Iterable[Call]) -> int:
    """What the calls cost, or would have cost, nano-dollars."""
    return sum(call.cost_nano for call in calls)


def took(tx: Tx, goal: Goal) -> timedelta:
    """How long the goal took until now, or until its end: without the time in which it was over before a change."""
    over = sum((again - ended for ended, again in over_before(tx, goal)), timedelta())
    return (goal.finished_at or tx.now) - goal.created_at - over


def is_rehearsal(tx: Tx, goal: Goal, *, rehearses: bool) -> bool:
    """Whether all of the goal so far was rehearsed; *rehearses* as in `goal_document`."""
    calls = tx.calls.of_goal(goal.id)
    return all(call.rehearsal for call in calls) if calls else rehearses


def rests(tx: Tx, goal: Goal) -> bool:
    """Whether nothing more happens to the goal without a person; what nobody answered in time is still to be closed."""
    if is_final(goal.state):
        return True
    if goal.state is GoalState.WAITING and goal.wait_for is WaitFor.WORKER:
        return goal.wait_until is not None and goal.wait_until < tx.now  # somebody has to start one
    if goal.state is GoalState.WAITING and goal.wait_for is WaitFor.PAUSE:
        return True
    questions = tx.approvals.open(goal.id) if goal.state is GoalState.WAITING else []
    if goal.wait_for is WaitFor.MONEY and not questions and goal.wait_until is not None:
        return goal.wait_until > tx.now + _SOON  # for the month, or the day, to turn; or for calls on the wire
    return bool(questions) and not any(is_overdue(question, tx.now) for question in questions)


def is_left(tx: Tx, goal: Goal) -> bool:
    """Whether the goal would go on without a person, and nobody is there who works for it."""
    return not rests(tx, goal) and not tx.presence.anybody(goal)


def _pieces(office: Office, tx: Tx, task: Task) -> list[dict[str, Any]]:
    """What the task handed over, piece by piece; the files that are not there are null, as the deliverable's."""
    text = deliverable_of(tx, task)
    return [
        {
            "title": place.title,
            "file": _file(office, place.path),
            "other_files": [_file(office, path) for path in place.extra],
        }
        for place in (places_of(task, text) if text is not None else ())
    ]


def _file(office: Office, path: str | None) -> str | None:
    return str(office.settings.workspace_dir / path) if path and is_written(office, path) else None


def _who_answered(calls: Sequence[Call], *, rehearses: bool) -> str:
    """ "rehearsal" when any answer was rehearsed, else the models by name."""
    if any(call.rehearsal for call in calls) or (not calls and rehearses):
        return "rehearsal"
    return ", ".join(sorted({call.answered_by for call in calls if call.state is CallState.ANSWERED})) or "none"
