"""One pipeline: a ready-made plan, as its file describes it, and when it is used."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pipelines import fields, routing
from pipelines.fields import WrongField
from pipelines.plan import DIRECTOR, PipelineError, Plan, PlannedTask, Size, StepKind, check, too_many
from skills.documents import shown

PRIORITIES = ("P0", "P1", "P2", "P3")

_FIELDS = ("name", "description", "priority", "category", "for", "steps")
_KINDS = {"skill": StepKind.DRAFT, "review": StepKind.REVIEW, "report": StepKind.REPORT}
_MOST_BRIEF = 500


class Business(StrEnum):
    """What kind of business a pipeline is for. Where nobody knows which it is, an earlier kind's goes before a later one's."""

    SOFTWARE = "software"
    LOCAL = "local"

    @property
    def said(self) -> str:
        """The kind in words."""
        return {"software": "software", "local": "a local business"}[self.value]


@dataclass(frozen=True, slots=True)
class Template:
    """A named plan, and when it is used."""

    name: str
    slug: str  #: The name in lower case with hyphens: how files and commands write it.
    description: str
    priority: str  #: Of a goal that names the pipeline and no priority.
    category: str | None  #: It plans the goals of this category.
    business: Business | None  #: It is for such a business; None for any.
    tasks: tuple[PlannedTask, ...]  #: Each after all it needs.
    file: Path

    def plan(self, note: str = "") -> Plan:
        """The template as a plan of its own."""
        return Plan(self.tasks, source=f"template:{self.name}", note=note)


def read(file: Path) -> Template:
    """
    The pipeline one file describes, whether or not the skills are there that its steps name.

    Raises:
        PipelineError: It is broken.
    """
    try:
        return _template(file)
    except WrongField as problem:
        raise PipelineError(problem.of(file)) from None


def _template(file: Path) -> Template:
    document = fields.read(file, _FIELDS)
    fields.see_known(document, _FIELDS)
    name = fields.line("name", document.get("name"), most=80)
    if not slug_of(name):
        raise WrongField("name", f"a name with letters or digits, found {shown(name)}")
    category = None
    if "category" in document:
        category = fields.choice("category", document["category"], tuple(routing.rules()))
    business = fields.choice("for", document["for"], Business) if "for" in document else None
    tasks = _unfold(document.get("steps"))
    if reasons := check(tasks):
        raise WrongField("", f"steps: {reasons[0]}")
    return Template(
        name=name,
        slug=slug_of(name),
        description=fields.line("description", document.get("description"), most=_MOST_BRIEF),
        priority=fields.choice("priority", document.get("priority"), PRIORITIES),
        category=category,
        business=business,
        tasks=tasks,
        file=file,
    )


def slug_of(name: str) -> str:
    """`content-production` for `Content Production`; of a slug, the same slug."""
    return "-".join(re.findall(r"[^\W_]+", name.lower()))


@dataclass(frozen=True, slots=True)
class _Step:
    kind: StepKind
    who: str
    brief: str = ""
    pieces: tuple[str, ...] = ()
    size: Size = Size.DOCUMENT


def _unfold(steps: object) -> tuple[PlannedTask, ...]:
    if not isinstance(steps, list) or not steps:
        raise WrongField("steps", f"a list of steps, found {shown(steps)}")
    if reason := too_many(sum(len(step) if isinstance(step, list) else 1 for step in steps)):
        raise WrongField("", f"steps: {reason}")
    tasks: list[PlannedTask] = []
    before: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    for number, written in enumerate(steps, 1):
        field = f"steps[{number}]"
        side_by_side = _side_by_side(field, written)
        target = None
        if side_by_side[0].kind is StepKind.REVIEW:
            if len(drafts) != 1:
                found = f"{len(drafts)} side by side" if drafts else "none"
                raise WrongField(field, f"a single deliverable before a review, found {found}")
            target = drafts[0]
        keys: list[str] = []
        for step in side_by_side:
            keys.append(_new_key(step, {task.key for task in tasks}))
            tasks.append(PlannedTask(keys[-1], step.who, step.kind, before, step.brief, target, step.pieces, step.size))
        before = tuple(keys)
        if side_by_side[0].kind is StepKind.DRAFT:
            drafts = before
    return tuple(tasks)


def _side_by_side(field: str, written: object) -> list[_Step]:
    if not isinstance(written, list):
        return [_step(field, written)]
    steps = [_step(f"{field}[{number}]", each) for number, each in enumerate(written, 1)]
    if not steps or any(step.kind is not StepKind.DRAFT for step in steps):
        raise WrongField(field, f"only skills side by side, found {shown(written)}")
    return steps


def _step(field: str, written: object) -> _Step:
    if isinstance(written, str) and written:
        return _Step(StepKind.DRAFT, written)
    if isinstance(written, dict) and len(kinds := written.keys() & _KINDS.keys()) == 1:
        (word,) = kinds
        who = written[word]
        # Only a specialist's own deliverable has pieces.
        more = {"brief", "pieces", "size"} if _KINDS[word] is StepKind.DRAFT else {"brief"}
        if isinstance(who, str) and written.keys() <= {word, *more}:
            if _KINDS[word] is StepKind.REPORT and who != DIRECTOR:
                raise WrongField(field, f"report: {DIRECTOR}, found {shown(who)}")
            brief = fields.line(f"{field}.brief", written["brief"], most=_MOST_BRIEF) if "brief" in written else ""
            return _Step(_KINDS[word], who, brief, _pieces(field, written), _size(field, written))
    raise WrongField(
        field,
        f"a skill, a list of them, or skill, review or report with a name, found {shown(written)}",
    )


def _pieces(field: str, written: Mapping[object, object]) -> tuple[str, ...]:
    titles = written.get("pieces", [])
    if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
        raise WrongField(f"{field}.pieces", f"a list of titles, found {shown(titles)}")
    return tuple(" ".join(title.split()) for title in titles)


def _size(field: str, written: Mapping[object, object]) -> Size:
    return fields.choice(f"{field}.size", written.get("size", Size.DOCUMENT), Size)


def _new_key(step: _Step, taken: Collection[str]) -> str:
    stem = {StepKind.REVIEW: f"review-by-{step.who}", StepKind.REPORT: "report"}.get(step.kind, step.who)
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
