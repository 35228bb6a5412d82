"""
Pipelines: ready-made plan templates, a file each. A file more is a pipeline more.

Errors:

* PipelineError
    * UnknownPipeline
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pipelines import routing
from pipelines.plan import DIRECTOR, PipelineError, Plan, PlannedTask, Size, StepKind, check, nearest, too_many
from skills.documents import Unreadable, shown, text_of, yaml_in

#: The folder of our own pipelines.
OWN = Path(__file__).with_name("library")

PRIORITIES = ("P0", "P1", "P2", "P3")

_FIELDS = ("name", "description", "priority", "category", "for", "steps")
_KINDS = {"skill": StepKind.DRAFT, "review": StepKind.REVIEW, "report": StepKind.REPORT}
_MOST_BRIEF = 500


class UnknownPipeline(PipelineError):
    """There is no pipeline of that name."""


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


@dataclass(frozen=True, slots=True)
class Library:
    """All pipelines that can be used, by slug."""

    templates: Mapping[str, Template]
    #: Why others cannot, by slug: they need a skill that is not there.
    left_out: Mapping[str, str]

    def find(self, name: str) -> Template:
        """
        The pipeline of a name, written in any case or as a slug.

        Raises:
            UnknownPipeline: There is none, and the sentence names the nearest; or it cannot be used, and the sentence says why.
        """
        try:
            return self.templates[slug_of(name)]
        except KeyError:
            if why := self.left_out.get(slug_of(name)):
                raise UnknownPipeline(why) from None
            names = [template.name for template in self.templates.values()]
            near = nearest(name, names) or f"; there are: {', '.join(names)}"
            raise UnknownPipeline(f"There is no pipeline {name[:80]!r}{near}.") from None

    def fitting(self, business: Business | None) -> tuple[Template, ...]:
        """All but those for another kind of business; all where it is not known which it is."""
        return tuple(
            found for found in self.templates.values() if business is None or found.business in (None, business)
        )

    def for_category(self, category: str, business: Business | None) -> tuple[Template, ...]:
        """Those of them that plan the goals of a category, the first to be taken first; none where the routing rules do."""
        order = [business, None] if business else [None, *Business]
        found = (template for template in self.fitting(business) if template.category == category)
        return tuple(sorted(found, key=lambda template: order.index(template.business)))


def load(
    folders: Sequence[Path], roster_names: Collection[str], left_out: Mapping[str, str] = MappingProxyType({})
) -> Library:
    """
    Read every pipeline (`*.yaml`) in some folders; *roster_names* are the skills there are.

    One that needs another is left out: another installation on the same workspace may have it. *left_out* says of some why
    they are not there. A folder that does not exist holds no pipelines.

    Raises:
        PipelineError: A file is broken, or one of ours needs a skill that is not there, or two have one name, or one category
            for the same kind of business; the sentence names the file, the field, what was expected and what came.
    """
    templates: dict[str, Template] = {}
    planners: dict[tuple[str, Business | None], Template] = {}
    without: dict[str, str] = {}
    ours = Path(os.path.realpath(OWN))
    for file in _files(folders):
        template = read(file)
        if why := _what_it_lacks(template, roster_names, left_out):
            if file.parent == ours:
                raise PipelineError(f"{file}: {why}")
            without[template.slug] = why
            continue
        if other := templates.get(template.slug):
            raise _wrong(file, "name", f"a name of its own, found {template.name} again after {other.file}")
        templates[template.slug] = template
        if template.category is None:
            continue
        plans = (template.category, template.business)
        if other := planners.get(plans):
            which = template.category + (f" for {template.business}" if template.business else "")
            raise _wrong(file, "category", f"one no pipeline has, found {which} again after {other.file}")
        planners[plans] = template
    return Library(MappingProxyType(templates), MappingProxyType(without))


def _what_it_lacks(template: Template, roster_names: Collection[str], left_out: Mapping[str, str]) -> str:
    def why(name: str) -> str:
        if name in left_out:
            return f"was left out: {left_out[name].rstrip('.')}"
        near = nearest(name, roster_names)
        return f"is not here: add the folder that holds it to SKILLS_PATH, or correct {template.file}{near}"

    return " ".join(
        f"The pipeline {template.name} needs the skill {' '.join(name.split())[:80]}, which {why(name)}."
        for name in dict.fromkeys(task.skill for task in template.tasks)
        if name != DIRECTOR and name not in roster_names
    )


def read(file: Path) -> Template:
    """
    The pipeline one file describes, whether or not the skills are there that its steps name.

    Raises:
        PipelineError: It is broken.
    """
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        raise PipelineError(f"{file}: {error}.") from None
    if not isinstance(document, dict):
        raise _wrong(file, "file", f"{', '.join(_FIELDS)}, found {shown(document)}")
    for key in document:
        if key not in _FIELDS:
            raise _wrong(file, shown(key), f"only {', '.join(_FIELDS)}{nearest(shown(key), _FIELDS)}")
    name = _line(file, document, "name", most=80)
    if not slug_of(name):
        raise _wrong(file, "name", f"a name with letters or digits, found {shown(name)}")
    category = None
    if "category" in document:
        category = _choice(file, "category", document["category"], tuple(routing.rules()))
    business = Business(_choice(file, "for", document["for"], tuple(Business))) if "for" in document else None
    tasks = _unfold(file, document.get("steps"))
    if reasons := check(tasks):
        raise PipelineError(f"{file}: steps: {reasons[0]}")
    return Template(
        name=name,
        slug=slug_of(name),
        description=_line(file, document, "description", most=_MOST_BRIEF),
        priority=_choice(file, "priority", document.get("priority"), PRIORITIES),
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


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    # Not `resolve()`, which fails with an error of its own for a link that leads to itself.
    for folder in dict.fromkeys(Path(os.path.realpath(path)) for path in folders):
        if not os.path.lexists(folder):
            continue
        try:
            inside = sorted(folder.iterdir())
        except OSError as error:
            raise PipelineError(f"{folder}: cannot be read ({error.strerror}); expected a folder.") from None
        yield from (file for file in inside if file.suffix in (".yaml", ".yml") and not file.name.startswith("."))


def _unfold(file: Path, steps: object) -> tuple[PlannedTask, ...]:
    if not isinstance(steps, list) or not steps:
        raise _wrong(file, "steps", f"a list of steps, found {shown(steps)}")
    if reason := too_many(sum(len(step) if isinstance(step, list) else 1 for step in steps)):
        raise PipelineError(f"{file}: steps: {reason}")
    tasks: list[PlannedTask] = []
    before: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    for number, written in enumerate(steps, 1):
        field = f"steps[{number}]"
        side_by_side = _side_by_side(file, field, written)
        target = None
        if side_by_side[0].kind is StepKind.REVIEW:
            if len(drafts) != 1:
                found = f"{len(drafts)} side by side" if drafts else "none"
                raise _wrong(file, field, f"a single deliverable before a review, found {found}")
            target = drafts[0]
        keys: list[str] = []
        for step in side_by_side:
            keys.append(_new_key(step, {task.key for task in tasks}))
            tasks.append(PlannedTask(keys[-1], step.who, step.kind, before, step.brief, target, step.pieces, step.size))
        before = tuple(keys)
        if side_by_side[0].kind is StepKind.DRAFT:
            drafts = before
    return tuple(tasks)


def _side_by_side(file: Path, field: str, written: object) -> list[_Step]:
    if not isinstance(written, list):
        return [_step(file, field, written)]
    steps = [_step(file, f"{field}[{number}]", each) for number, each in enumerate(written, 1)]
    if not steps or any(step.kind is not StepKind.DRAFT for step in steps):
        raise _wrong(file, field, f"only skills side by side, found {shown(written)}")
    return steps


def _step(file: Path, field: str, written: object) -> _Step:
    if isinstance(written, str) and written:
        return _Step(StepKind.DRAFT, written)
    if isinstance(written, dict) and len(kinds := written.keys() & _KINDS.keys()) == 1:
        (word,) = kinds
        who = written[word]
        # Only a specialist's own deliverable has pieces.
        more = {"brief", "pieces", "size"} if _KINDS[word] is StepKind.DRAFT else {"brief"}
        if isinstance(who, str) and written.keys() <= {word, *more}:
            if _KINDS[word] is StepKind.REPORT and who != DIRECTOR:
                raise _wrong(file, field, f"report: {DIRECTOR}, found {shown(who)}")
            brief = _line(file, written, "brief", most=_MOST_BRIEF, field=field) if "brief" in written else ""
            return _Step(_KINDS[word], who, brief, _pieces(file, field, written), _size(file, field, written))
    raise _wrong(
        file,
        field,
        f"a skill, a list of them, or skill, review or report with a name, found {shown(written)}",
    )


def _pieces(file: Path, field: str, written: Mapping[object, object]) -> tuple[str, ...]:
    titles = written.get("pieces", [])
    if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
        raise _wrong(file, f"{field}.pieces", f"a list of titles, found {shown(titles)}")
    return tuple(" ".join(title.split()) for title in titles)


def _size(file: Path, field: str, written: Mapping[object, object]) -> Size:
    return Size(_choice(file, f"{field}.size", written.get("size", Size.DOCUMENT), tuple(Size)))


def _new_key(step: _Step, taken: Collection[str]) -> str:
    stem = {StepKind.REVIEW: f"review-by-{step.who}", StepKind.REPORT: "report"}.get(step.kind, step.who)
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _line(file: Path, document: Mapping[object, object], key: str, *, most: int, field: str = "") -> str:
    text = document.get(key)
    if not isinstance(text, str) or not 0 < len(line := " ".join(text.split())) <= most:
        where = f"{field}.{key}" if field else key
        raise _wrong(file, where, f"a line of at most {most} characters, found {shown(text)}")
    return line


def _choice(file: Path, field: str, value: object, known: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        raise _wrong(file, field, f"one of {', '.join(known)}, found {shown(value)}")
    return value


def _wrong(file: Path, field: str, expectation: str) -> PipelineError:
    return PipelineError(f"{file}: {field}: expected {expectation}.")
