"""Readable copies of the record in the workspace. The record is the truth: a mirror that fails never fails the work."""

import logging
import os
from pathlib import Path
from typing import Any

import yaml

from director.models import Goal, Task
from director.office import DIRECTOR, Office
from director.store.engine import Tx
from pipelines.plan import StepKind

_log = logging.getLogger(__name__)


def path_of(office: Office, task: Task) -> str:
    """Where a task's deliverable is mirrored, relative to the workspace; always with forward slashes."""
    if task.skill == DIRECTOR:
        return f"outputs/{DIRECTOR}/{task.kind}/{task.id}.md"
    skill = office.skills.get(task.skill)
    return f"outputs/{skill.squad if skill else 'guest'}/{task.skill}/{task.id}.md"


def report_path(goal: Goal) -> str:
    """Where a goal's report is mirrored, relative to the workspace."""
    return f"reports/{goal.id}.md"


def mirror_task(office: Office, tx: Tx, task: Task) -> None:
    """Write the approved deliverable of *task* where people look for it."""
    if task.deliverable is None or task.path is None:
        return
    draft = tx.drafts.get(task.deliverable)
    goal = tx.goals.get(task.goal)
    skill = office.skills.get(task.skill)
    # No ids, dates or costs: the same goal gives the same bytes. The file's name is the task's id.
    front: dict[str, Any] = {
        "goal": goal.text,
        "skill": task.skill,
        "squad": skill.squad if skill else DIRECTOR,
        "revision": draft.revision,
        "score": task.score,
        "model": _written_by(tx, task),
    }
    if task.kind is StepKind.REVIEW:
        front["kind"] = "review"
    write(office, task.path, document(front, tx.text(draft.text_hash)))


def document(front: dict[str, Any], text: str) -> str:
    """Markdown with front matter."""
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{head}---\n\n{text.strip()}\n"


def write(office: Office, path: str, text: str) -> bool:
    """Write a file of the workspace whole or not at all; False, and a line in the log, when it cannot be written."""
    file = office.settings.workspace_dir / path
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as problem:
        _log.error("%s could not be written: %s. The record has it.", file, problem.strerror or problem)
        _remove(part)
        return False
    return True


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError as problem:
        _log.debug("%s is left over: %s", part, problem)


def _written_by(tx: Tx, task: Task) -> str:
    calls = [call for call in tx.calls.of_goal(task.goal) if call.task == task.id]
    if any(call.rehearsal for call in calls):
        return "rehearsal"
    writing = [call.model for call in calls if task.kind is StepKind.REVIEW or call.purpose != "review"]
    return writing[-1] if writing else "none"
