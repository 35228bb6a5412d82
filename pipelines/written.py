"""A plan as a person edits it: YAML, a task an entry, and read back with a sentence for each thing that is wrong."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from pipelines import fields
from pipelines.fields import WrongField
from pipelines.plan import LONGEST_BRIEF, MOST_TASKS, Plan, PlannedTask, Size, StepKind, to_document
from skills.documents import Unreadable, shown, yaml_in

#: Which plan the file was made from: digits of the digest of its document.
_STAMP: Final = 12

_FIELDS: Final = ("plan", "tasks")

#: Under which word an entry names who does it, and what is done then.
KINDS: Final = {"skill": StepKind.DRAFT, "review": StepKind.REVIEW, "report": StepKind.REPORT}

_OF_A_TASK: Final = ("id", *KINDS, "of", "needs", "brief", "pieces", "size")

#: Characters of a list's item.
_LONGEST: Final = 200

_HELP: Final = """\
A task is an entry with an id of its own. Take one out, change it, add one, or put them in another order; `needs`
has the ids of the tasks whose deliverables it builds on, and what needs nothing that is open begins at once.
size: note (300 words over all its pieces), sheet (800) or document (2,000)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a person's file says."""

    tasks: tuple[PlannedTask, ...]
    of: str | None  #: the stamp of the plan it was made from; None where it does not say


class WrongPlan(Exception):
    """A file that says no tasks; each of the reasons is a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def stamp(plan: Plan) -> str:
    """What tells this plan from every other."""
    canonical = json.dumps(to_document(plan), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_STAMP]


def as_yaml(plan: Plan, head: str, begun: Mapping[str, str]) -> str:
    """The plan as a file under its *head*; *begun* says of those tasks that cannot be changed any more why, by their keys."""
    parts = [as_comment(f"{head}\n{_HELP}"), f"plan: {stamp(plan)}\ntasks:\n"]
    for task in plan.tasks:
        if why := begun.get(task.key):
            parts.append(as_comment(f"{why}; it stays as it is"))
        parts.append(_dumped([_entry(task)]))
    return "".join(parts)


def as_comment(said: str) -> str:
    """The lines of a comment."""
    return "".join(f"# {line}\n" for line in said.splitlines())


def read(text: str) -> Written:
    """
    What the file says. Whether that makes a plan, and which skills there are, is not looked at.

    Raises:
        WrongPlan: every entry that is not as expected.
    """
    try:
        return read_document(yaml_in(text))
    except Unreadable as problem:
        raise WrongPlan(f"The file cannot be read: {problem}.") from None


def read_document(document: object) -> Written:
    """As `read`, where the document was made of something else than YAML."""
    if not isinstance(document, dict) or not isinstance(document.get("tasks"), list):
        raise WrongPlan(f"A plan has `tasks:`, a list of entries; this is {shown(document)}.")
    if len(document["tasks"]) > MOST_TASKS:
        raise WrongPlan(f"The plan has {len(document['tasks'])} tasks; at most {MOST_TASKS} are allowed.")
    reasons, tasks = [], []
    try:
        fields.see_known(document, _FIELDS)
    except WrongField as problem:
        reasons.append(f"{problem}.")
    for number, entry in enumerate(document["tasks"], 1):
        try:
            tasks.append(_task(f"tasks[{number}]", entry))
        except WrongField as problem:
            reasons.append(f"{problem}.")
    if reasons:
        raise WrongPlan(*reasons)
    of = document.get("plan")
    return Written(tuple(tasks), None if of is None else str(of))


def _entry(task: PlannedTask) -> dict[str, Any]:
    word = next(word for word, kind in KINDS.items() if kind is task.kind)
    entry: dict[str, Any] = {"id": task.key, word: task.skill}
    if task.target is not None:
        entry["of"] = task.target
    entry["needs"] = list(task.needs)
    entry["brief"] = task.brief
    if task.kind is StepKind.DRAFT:
        entry |= {"pieces": list(task.pieces), "size": task.size.value}
    return entry


def _dumped(value: list[dict[str, Any]]) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100))


def _task(field: str, entry: object) -> PlannedTask:
    if not isinstance(entry, dict):
        raise WrongField(field, f"an entry with {', '.join(_OF_A_TASK)}, found {shown(entry)}")
    fields.see_known(entry, _OF_A_TASK)
    words = [word for word in KINDS if word in entry]
    if len(words) != 1:
        raise WrongField(field, f"one of {', '.join(KINDS)} with who does it, found {shown(words or None)}")
    brief = entry.get("brief") or ""
    return PlannedTask(
        key=fields.line(f"{field}.id", entry.get("id"), most=80),
        skill=fields.line(f"{field}.{words[0]}", entry[words[0]], most=_LONGEST),
        kind=KINDS[words[0]],
        needs=_lines(f"{field}.needs", entry.get("needs")),
        brief=fields.line(f"{field}.brief", brief, most=LONGEST_BRIEF) if brief else "",
        target=None if entry.get("of") is None else fields.line(f"{field}.of", entry["of"], most=_LONGEST),
        pieces=_lines(f"{field}.pieces", entry.get("pieces")),
        size=fields.choice(f"{field}.size", entry.get("size", Size.DOCUMENT), Size),
    )


def _lines(field: str, given: object) -> tuple[str, ...]:
    listed: Sequence[object] = given if isinstance(given, list) else [] if given is None else [given]
    return tuple(fields.line(f"{field}[{number}]", one, most=_LONGEST) for number, one in enumerate(listed, 1))
