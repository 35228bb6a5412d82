"""The routing rules (routing.yaml): which skills a goal of each category goes through, and in which order.

Which category a goal's words are of says `director/goals/infer_category.py`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from pipelines.plan import PipelineError, Plan, PlannedTask, StepKind, check, in_order, nearest, sinks
from skills.documents import Unreadable, shown, text_of, yaml_in

#: Stages in order, and the skills of each.
Stages: TypeAlias = tuple[tuple[str, ...], ...]

_FILE = Path(__file__).with_name("routing.yaml")


@cache
def rules() -> Mapping[str, Stages]:
    """
    The stages of every category a goal may have, read once.

    Raises:
        PipelineError: routing.yaml is broken.
    """
    return read_rules(_FILE)


def read_rules(file: Path) -> Mapping[str, Stages]:
    """
    The rules a file holds, in its order.

    Raises:
        PipelineError: It is broken; the sentence names the file, the field, what was expected and what came.
    """
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        raise PipelineError(f"{file}: {error}.") from None
    if not isinstance(document, dict) or not document:
        raise PipelineError(f"{file}: expected stages for each category, found {shown(document)}.")
    found: dict[str, Stages] = {}
    for category, stages in document.items():
        if not isinstance(stages, list) or not stages or not all(_is_stage(stage) for stage in stages):
            raise PipelineError(f"{file}: {category}: expected lists of skills' names, found {shown(stages)}.")
        skills = [skill for stage in stages for skill in stage]
        if len(set(skills)) < len(skills):
            raise PipelineError(f"{file}: {category}: expected each skill once, found {', '.join(skills)}.")
        found[str(category)] = tuple(tuple(stage) for stage in stages)
    return MappingProxyType(found)


def plan_for(category: str, consumers: Mapping[str, tuple[str, ...]]) -> Plan:
    """
    The plan the rules give a goal of *category*; *consumers* are all skills with who uses their deliverable.

    Raises:
        PipelineError: There is no such category, or a rule names a skill that is not there.
    """
    stages = rules().get(category)
    if stages is None:
        known = ", ".join(rules())
        raise PipelineError(f"Expected a category ({known}), found {category!r}{nearest(category, rules())}.")
    tasks: list[PlannedTask] = []
    for stage in stages:
        before = sinks(tasks)
        for skill in stage:
            # Consumers may run in circles (copywriting and page-cro); only looking back they cannot.
            # Also over several stages: what a task needs it is shown whole, of what came before that only a summary.
            used = (task.key for task in tasks if _uses(skill, consumers.get(task.skill, ())))
            tasks.append(PlannedTask(skill, skill, StepKind.DRAFT, needs=tuple(dict.fromkeys((*before, *used)))))
    if reasons := check(tasks, consumers):
        raise PipelineError(f"The routing rules for {category} make no plan: {reasons[0]}")
    return Plan(in_order(tasks), source=f"routing:{category}")


def as_text() -> str:
    """The rules as lines for a reader: stages between arrows, the skills of one separated by commas."""
    lines = (
        f"- {category}: " + " → ".join(", ".join(stage) for stage in stages) for category, stages in rules().items()
    )
    return "\n".join(lines) + "\n"


def _is_stage(stage: object) -> bool:
    return isinstance(stage, list) and bool(stage) and all(isinstance(skill, str) for skill in stage)


def _uses(skill: str, consumers: tuple[str, ...]) -> bool:
    return skill in consumers or "all" in consumers
