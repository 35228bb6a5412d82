"""Readable copies of the record in the workspace. The record is the truth: a mirror that fails never fails the work."""

import logging
import os
import threading
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from director.files.performance_chart import chart
from director.files.places import notes_path, places_of
from director.files.printable import page, sheet, with_breaks
from director.office import DIRECTOR, Office
from director.prompting.pieces import Use, take_apart
from director.store.tx import Tx
from director.words.characters import without_controls
from director.words.models import Task
from director.words.own_secrets import own_secrets
from director.words.redaction import blank, distinctive
from director.words.scores import scored
from director.words.states import ChangeKind, TaskState
from pipelines.plan import StepKind

_log = logging.getLogger(__name__)


def is_written(office: Office, path: str) -> bool:
    """Whether the file of a mirror is there."""
    return os.path.isfile(office.settings.workspace_dir / path)  # noqa: PTH113 - Path's raises where we may not look


def of_brand(office: Office, path: str) -> str:
    """*path* in the brand's folder, relative to the workspace, as mirrors of what belongs to no goal are named."""
    return (office.settings.brand_dir.relative_to(office.settings.workspace_dir) / path).as_posix()


def mirror_task(office: Office, ident: str, *, log: bool = True) -> str | None:
    """
    Write the approved deliverable of a task, if it has one, where people look for it: each piece alone, what stands behind them
    beside; why it could not be, or None. Files of versions that are not approved any more are taken away: whoever finds them
    would take them for approved.
    """
    with office.store.read() as tx:
        task = tx.tasks.get(ident)
        wanted = {} if _approved(task) is None else _files(office, tx, task)
        outdated = _outdated(tx, task, wanted.keys())
    # Not before the record is closed: a disk may hang, and no transaction stays open for that.
    for path in outdated:
        _remove(office.settings.workspace_dir / path)
    reasons = [why for path, text in wanted.items() if (why := write(office, path, text, log=log))]
    return reasons[0] if reasons else None


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The files of a task when all is as it should be."""

    there: Set[str]
    gone: Sequence[str]  #: of versions that are not approved: who was to take them away may have died before

    @classmethod
    def of(cls, tx: Tx, task: Task) -> "Mirrored":
        """What the record says of *task*; nothing is looked at."""
        approved = _approved(task)
        wanted = set() if approved is None else set(_paths(task, tx.text(tx.drafts.get(approved).text_hash)))
        return cls(wanted, _outdated(tx, task, wanted))

    def holds(self, office: Office) -> bool:
        """Whether it is so."""
        there = all(is_written(office, path) for path in self.there)
        return there and not any(is_written(office, path) for path in self.gone)


def _approved(task: Task) -> int | None:
    return None if task.state is TaskState.FAILED else task.deliverable


def _outdated(tx: Tx, task: Task, wanted: Set[str]) -> list[str]:
    """Where other versions than the approved one would be, as far as that one is not there itself."""
    others = (draft for draft in tx.drafts.of_task(task.id) if draft.id != _approved(task))
    found = (path for draft in others for path in _paths(task, tx.text(draft.text_hash)))
    return [path for path in found if path not in wanted]


def _paths(task: Task, text: str) -> list[str]:
    made = take_apart(text)
    found = [path for place in places_of(task, text) for path in (place.path, *place.extra)]
    return [*found, notes_path(task)] if made.pieces else found


def files_of(office: Office, tx: Tx, task: Task) -> dict[str, str]:
    """The files of an approved deliverable, each by its path, letter for letter as `mirror_task` writes them."""
    return {path: as_written(office, text) for path, text in _files(office, tx, task).items()}


def _files(office: Office, tx: Tx, task: Task) -> dict[str, str]:
    """What is written, by path."""
    text = tx.text(tx.drafts.get(task.deliverable or 0).text_hash)
    made, places = take_apart(text), places_of(task, text)
    front = _front(office, tx, task)
    if not made.pieces:
        charts = {path: chart(text) or "" for path in places[0].extra}
        return {places[0].path: document(front, text), **charts}
    files: dict[str, str] = {}
    for place, piece in zip(places, made.pieces, strict=True):
        text = piece.text.strip()
        # What is copied from a screen is its words and nothing else.
        files[place.path] = f"{text if piece.use is Use.SCREEN else with_breaks(text)}\n"
        for path in place.extra:
            files[path] = page(piece) if path.endswith(".html") else sheet(piece.text) or ""
    links = "\n".join(f"- [{place.title}](../{Path(place.path).name})" for place in places)
    files[notes_path(task)] = document(
        front, f"# Notes: {made.title}\n\nBehind these pieces:\n\n{links}\n\n{made.notes}"
    )
    return files


def _front(office: Office, tx: Tx, task: Task) -> dict[str, Any]:
    # No ids, dates or costs: the same goal gives the same bytes.
    skill = office.skills.get(task.skill)
    front: dict[str, Any] = {
        "goal": tx.goals.get(task.goal).text,
        "skill": task.skill,
        "squad": skill.squad if skill else DIRECTOR,
        "revision": tx.drafts.get(task.deliverable or 0).revision,
        "score": scored(task, tx.calls.of_goal(task.goal)),
        "model": _written_by(tx, task),
    }
    return {**front, "kind": "review"} if task.kind is StepKind.REVIEW else front


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
    text = as_written(office, text)
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


def as_written(office: Office, text: str) -> str:
    """The text as a file has it: without secrets and control characters, whatever way they came into it."""
    # A person's words, an earlier Troupe's record.
    return blank(without_controls(text), distinctive(own_secrets(office.settings)))


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
    draft = tx.drafts.get(task.deliverable or 0)
    mine = [one for one in tx.changes.of_goal(task.goal) if one.task == task.id and one.kind is ChangeKind.ACCEPT]
    if any(one.words == draft.text_hash for one in mine):
        return "a person"
    calls = [call for call in tx.calls.of_goal(task.goal) if call.task == task.id]
    if any(call.rehearsal for call in calls):
        return "rehearsal"
    writing = [call.answered_by for call in calls if task.kind is StepKind.REVIEW or call.purpose != "review"]
    return writing[-1] if writing else "none"
