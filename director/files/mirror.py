"""Readable copies of the record in the workspace. The record is the truth: a mirror that fails never fails the work."""

import logging
import os
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from director.files.writable import obstacle
from director.office import DIRECTOR, Office
from director.store.tx import Tx
from director.words.characters import without_controls
from director.words.errors import WorkspaceError
from director.words.models import Call, Goal, Task
from director.words.redaction import blank, distinctive
from director.words.settings import Settings
from director.words.states import TaskState
from pipelines.plan import StepKind

_log = logging.getLogger(__name__)

#: What stands in place of a score where the review was rehearsed.
SHAPE_CHECKED: Final = "shape checked"

#: The workspace's folders in which mirrors are.
_FOLDERS: Final = ("outputs", "reports")

#: How the names of mirrors begin: with the goal's id.
_NAMED: Final = re.compile(r"g(\d{1,9})[-.]")


def check_places(settings: Settings) -> None:
    """
    See that there is room for mirrors, before work is begun for which nobody would find its files.

    Raises:
        WorkspaceError: a file is in the way, or the folder may not be written.
    """
    for name in _FOLDERS:
        folder = settings.workspace_dir / name
        if (what := obstacle(folder)) is not None:
            raise WorkspaceError(
                f"Nothing can be written to {folder} ({what}): move away what is there, or name another folder in "
                "WORKSPACE_DIR."
            )


def free_number(settings: Settings) -> int:
    """
    The first goal's number that no file in the workspace is named for.

    A record that was taken away leaves its files; a new one that began from 1 again would write over them.
    """
    root = settings.workspace_dir
    names = [file.name for pattern in ("reports/g*.md", "outputs/*/*/g*.md") for file in root.glob(pattern)]
    return 1 + max((int(found[1]) for name in names if (found := _NAMED.match(name))), default=0)


def path_of(office: Office, task: Task) -> str:
    """Where a task's deliverable is mirrored, relative to the workspace; always with forward slashes."""
    if task.skill == DIRECTOR:
        return f"outputs/{DIRECTOR}/{task.kind}/{task.id}.md"
    skill = office.skills.get(task.skill)
    return f"outputs/{skill.squad if skill else 'guest'}/{task.skill}/{task.id}.md"


def report_path(goal: Goal) -> str:
    """Where a goal's report is mirrored, relative to the workspace."""
    return f"reports/{goal.id}.md"


def is_written(office: Office, path: str) -> bool:
    """Whether the file of a mirror is there."""
    return os.path.isfile(office.settings.workspace_dir / path)  # noqa: PTH113 - Path's raises where we may not look


def mirror_task(office: Office, tx: Tx, task: Task, *, log: bool = True) -> str | None:
    """
    Write the approved deliverable of *task*, if it has one, where people look for it; why it could not be, or None. What was
    approved before the task was given up is taken away: whoever finds it would take it for approved.
    """
    if task.state is TaskState.FAILED:
        _remove(office.settings.workspace_dir / path_of(office, task))
        return None
    if task.deliverable is None or task.path is None:
        return None
    draft = tx.drafts.get(task.deliverable)
    goal = tx.goals.get(task.goal)
    skill = office.skills.get(task.skill)
    # No ids, dates or costs: the same goal gives the same bytes. The file's name is the task's id.
    front: dict[str, Any] = {
        "goal": goal.text,
        "skill": task.skill,
        "squad": skill.squad if skill else DIRECTOR,
        "revision": draft.revision,
        "score": scored(task, tx.calls.of_goal(task.goal)),
        "model": _written_by(tx, task),
    }
    if task.kind is StepKind.REVIEW:
        front["kind"] = "review"
    return write(office, task.path, document(front, tx.text(draft.text_hash)), log=log)


def scored(task: Task, calls: Iterable[Call], *, none: str | None = None) -> str | float | None:
    """A task's score as it is told: a number somebody gave, or that a rehearsal checked the shape and nobody the content."""
    if task.score is None:
        return none
    return SHAPE_CHECKED if is_rehearsed(calls, reviewed_for=task.id) else task.score


def is_rehearsed(calls: Iterable[Call], *, reviewed_for: str) -> bool:
    """Whether the reviews asked for in that task were rehearsed: then its scores say how the work moves, and nothing of it."""
    return any(call.rehearsal for call in calls if call.task == reviewed_for and call.purpose == "review")


def score_cell(task: Task, calls: Iterable[Call], *, none: str = "") -> str:
    """The same for a table."""
    said = scored(task, calls, none=none)
    return f"{said:.1f}" if isinstance(said, float) else str(said)


def score_said(task: Task, calls: Iterable[Call]) -> str:
    """The same behind something else in a sentence: ", score 7.8"; nothing where there is none."""
    said = scored(task, calls)
    return f", score {said:.1f}" if isinstance(said, float) else f", {said}" if said else ""


class _Front(yaml.SafeDumper):
    """Front matter each of whose values stands in one line, so that none is taken for its end."""


def _in_one_line(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if len(text.splitlines()) > 1 else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Front.add_representer(str, _in_one_line)


def document(front: dict[str, Any], text: str) -> str:
    """Markdown with front matter."""
    head = yaml.dump(front, Dumper=_Front, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{head}---\n\n{text.strip()}\n"


def write(office: Office, path: str, text: str, *, log: bool = True) -> str | None:
    """
    Write a file of the workspace whole or not at all, without secrets and control characters; why it could not be, or None.
    *log* when the caller does not tell.
    """
    file = office.settings.workspace_dir / path
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    # Whatever way it came here: a person's words, an earlier Troupe's record.
    text = blank(without_controls(text), distinctive(office.settings.secrets))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        _remove(part)
        # What lies there is an earlier version: it would be taken for this one, and never be written again.
        _remove(file)
        if log and _spells[office.settings.workspace_dir].failed(path):
            _log.error("%s could not be written: %s. The record has it.", file, reason)
        return reason
    _spells[office.settings.workspace_dir].went_well(path)
    return None


@dataclass(slots=True)
class _Spell:
    """What failed in a workspace, so that a full disk is one line in the log, not one for each file and attempt."""

    failing: bool = False
    files: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, path: str) -> bool:
        """Note it; whether it is news."""
        with self.lock:
            news = not self.failing and path not in self.files
            self.failing = True
            self.files.add(path)
            return news

    def went_well(self, path: str) -> None:
        """Note that *path* was written."""
        with self.lock:
            self.failing = False
            self.files.discard(path)


_spells: Final[defaultdict[Path, _Spell]] = defaultdict(_Spell)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError as problem:
        _log.debug("%s is left over: %s", part, problem)


def _written_by(tx: Tx, task: Task) -> str:
    calls = [call for call in tx.calls.of_goal(task.goal) if call.task == task.id]
    if any(call.rehearsal for call in calls):
        return "rehearsal"
    writing = [call.answered_by for call in calls if task.kind is StepKind.REVIEW or call.purpose != "review"]
    return writing[-1] if writing else "none"
