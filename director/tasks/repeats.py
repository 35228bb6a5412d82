"""What a draft says twice in other words: its author is told once, with the words; what is left stands in the goal's report."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from director.progress import changes
from director.progress.facts import Facts, context_of, deliverable_of
from director.prompting.forms import Finding
from director.store.tx import Tx
from director.tasks.on_verdict import MOST_REVISIONS
from director.tasks.sameness import Pair, pairs
from director.tasks.variants import Variant, variants
from director.tasks.verdicts import Revise, notes
from director.words.characters import shortened
from director.words.models import Goal, Task
from pipelines.plan import StepKind, ancestors, from_document
from skills import markdown

#: Pairs that are quoted; who mends so many sees the others.
_MOST: Final = 8

#: Characters that are quoted of a variant: its beginning is enough to find it by.
_QUOTED: Final = 120


def sent_back(tx: Tx, facts: Facts, text: str) -> tuple[Revise, dict[str, Any]] | None:
    """
    The verdict on a draft with variants that say the same, and its document; None where there are none, or its author was told
    once. Of tasks side by side the later one is told, for the other's deliverable is approved.

    A draft that cannot be sent back any more goes to the reviewer: a person would be asked about what nobody judged.

    A rehearsal's words are nobody's: they are not compared.
    """
    if facts.told_of_repeats or facts.goal.rehearsal or facts.task.kind is not StepKind.DRAFT:
        return None
    if facts.task.revision - changes.first_revision(tx, facts.task) >= MOST_REVISIONS:
        return None
    others = [one for task in _sisters(tx, facts.goal, facts.task) for one in _variants_of(tx, task)]
    found = pairs(variants(text), others, topic=_topic(tx, facts.goal))[:_MOST]
    if not found:
        return None
    findings = [_finding(pair) for pair in found]
    document = {"repeats": len(found), "findings": [one.model_dump() for one in findings], "rewrite": False}
    said = "1 pair says" if len(found) == 1 else f"{len(found)} pairs say"
    return Revise(None, notes([f"{said} the same in other words"], findings)), document


def left(tx: Tx, goal: Goal, tasks: Iterable[Task]) -> tuple[str, ...]:
    """Which variants of the approved deliverables of *tasks* say the same all the same, a line each."""
    lines: list[str] = []
    before: dict[str, tuple[Variant, ...]] = {}
    topic = _topic(tx, goal)
    for task in tasks:
        if task.kind is StepKind.DRAFT and task.deliverable is not None:
            own = _variants_of(tx, task)
            sisters = {sister.id for sister in _sisters(tx, goal, task)}
            others = [one for other, theirs in before.items() if other in sisters for one in theirs]
            lines += [f"{_quoted(pair.first)} and {_quoted(pair.second)}" for pair in pairs(own, others, topic=topic)]
            before[task.id] = own
    return tuple(lines)


def _finding(pair: Pair) -> Finding:
    return Finding(
        severity="major",
        where=f"{_quoted(pair.first)} and {_quoted(pair.second)}",
        what="They say the same in other words, so that there is one less to choose from.",
        change="Let one of them say something else that is true, or cut it; of two tasks, the one that is yours.",
    )


def _quoted(variant: Variant) -> str:
    return f"“{shortened(markdown.as_line(variant.text), _QUOTED)}” in “{variant.piece}”"


def _variants_of(tx: Tx, task: Task) -> tuple[Variant, ...]:
    return variants(deliverable_of(tx, task) or "")


def _sisters(tx: Tx, goal: Goal, task: Task) -> Sequence[Task]:
    """The tasks that neither build on this one nor are built on by it: who builds on words is meant to use them."""
    planned = from_document(goal.plan).tasks
    near = {task.key, *ancestors(planned, task.key)}
    near |= {one.key for one in planned if task.key in ancestors(planned, one.key)}
    return [one for one in tx.tasks.of_goal(goal.id) if one.key not in near and one.kind is StepKind.DRAFT]


def _topic(tx: Tx, goal: Goal) -> str:
    """What all of a goal's variants are about: its own words, and the title of the product context."""
    context = context_of(tx, goal) or ""
    return "\n".join([goal.text, *(title for _, level, title in markdown.headings(context) if level == 1)])
