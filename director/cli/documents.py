"""The JSON documents scripts read. A field that is here stays."""

import json
import sys
from typing import Any

from director.files.mirror import is_written
from director.office import Office
from director.store.tx import Tx
from director.words.amounts import as_number
from director.words.models import Approval, Call, Goal
from director.words.states import CallState


def print_document(document: Any) -> None:
    """One JSON document on standard output; what an encoding has no letter for, JSON can say in ASCII."""
    ascii_only = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(document, ensure_ascii=ascii_only, indent=2))  # noqa: T201


def goal_document(office: Office, tx: Tx, goal: Goal, *, rehearses: bool = False) -> dict[str, Any]:
    """A goal with its tasks, money and calls; *rehearses* as in `tables.goal_view`."""
    calls = tx.calls.of_goal(goal.id)
    tasks = tx.tasks.of_goal(goal.id)
    until = goal.finished_at or tx.now
    return {
        "goal": {
            "id": goal.id,
            "text": goal.text,
            "category": goal.category,
            "priority": goal.priority,
            "state": goal.state,
            "waits_for": goal.wait_for,
            "reason": goal.reason,
        },
        "plan": (goal.plan or {}).get("source"),
        "tasks": [
            {
                "id": task.id,
                "skill": task.skill,
                "kind": task.kind,
                "state": task.state,
                "revision": task.revision,
                "score": task.score,
                "cost_usd": as_number(sum(call.cost_nano for call in calls if call.task == task.id)),
                "deliverable": _file(office, task.path),
            }
            for task in tasks
        ],
        "cost": {
            "spent_usd": as_number(sum(call.cost_nano for call in calls)),
            "rehearsed_usd": as_number(sum(call.cost_nano for call in calls if call.rehearsal)),
            "cap_usd": as_number(goal.cap_nano),
        },
        "calls": len(calls),
        "seconds": round((until - goal.created_at).total_seconds(), 3),
        "model": model(calls, rehearses=rehearses),
        "approvals": [approval_document(approval) for approval in tx.approvals.open(goal.id)],
    }


def _file(office: Office, path: str | None) -> str | None:
    return str(office.settings.workspace_dir / path) if path and is_written(office, path) else None


def model(calls: list[Call], *, rehearses: bool) -> str:
    """Who answered: "rehearsal" when any answer was rehearsed, else the models by name."""
    if any(call.rehearsal for call in calls) or (not calls and rehearses):
        return "rehearsal"
    return ", ".join(sorted({call.model for call in calls if call.state is CallState.ANSWERED})) or "none"


def approval_document(approval: Approval) -> dict[str, Any]:
    """A question."""
    return {
        "id": approval.id,
        "goal": approval.goal,
        "task": approval.task,
        "kind": approval.kind,
        "question": approval.question,
        "state": approval.state,
        "answer": approval.answer,
        "due_at": approval.due_at.isoformat(),
    }
