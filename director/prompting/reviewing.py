"""What a reviewer is shown: the rubric of the discipline, then the deliverable."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from director.prompting.allowances import INPUT_ALLOWANCE, within
from director.prompting.drafting import Input, pieces_told, requirements, shared
from director.prompting.fences import fence, without_tags
from director.prompting.forms import MAX_TOKENS, ReviewForm
from director.prompting.knowledge import knowledge
from director.prompting.request import Block, Request, text
from director.prompting.situation import Situation
from pipelines.plan import PlannedTask, StepKind
from skills.loader import Skill
from skills.rubric import PASS_MARK

EFFORT: Final = "medium"


def review(
    *,
    skill: Skill,
    task: PlannedTask,
    model: str,
    goal: str,
    brief: str,
    context: str | None,
    situation: Situation,
    deliverable: str,
    revision: int,
    inputs: Sequence[Input] = (),
    notes: str | None = None,
    earlier: str | None = None,
    open_facts: Sequence[str] = (),
    by: Skill | None = None,
) -> Request:
    """
    The request to review a *deliverable* of *skill*, written for *task*; the *brief* is the author's, or a colleague's own.

    *by* is a colleague who judges it from the point of view of their own skill; None is the reviewer.
    *notes* are what the author was asked to change in this *revision*; *earlier* is the draft they are about, where its author
    changed it in its places. *open_facts* are those for which a program found no source.
    """
    parts = [
        f"Review the deliverable of {skill.name} below (revision {revision}; 0 is the first draft).",
        fence("goal", goal),
        *situation.told(),
    ]
    if brief:
        parts.append(fence("brief", brief))
    if inputs:
        parts.append("What its author was given to build on, as it was given:")
    for given in inputs:
        parts += given.shown()
    parts.append(fence("requirements", requirements(skill, task)))
    if notes:
        parts.append(
            "The earlier draft was sent back with these notes, and this one is the answer to them. Take them one by one: each "
            "is done, or the text says why not, or it is a finding."
        )
        parts.append(fence("notes", notes))
    if earlier is not None:
        parts.append(
            "It was revised in its places: outside of the lines under `changed` it is, word for word, the draft of these "
            "notes. Look at these lines, at what they now contradict elsewhere, and at each note; of the rest, only what must "
            "not stay as it is (critical) is still a finding. Scores are of the whole as it is now."
        )
        parts.append(fence("changed", changed(earlier, deliverable)))
    parts.append(
        fence("deliverable", within(deliverable, 4 * INPUT_ALLOWANCE), skill=skill.name, revision=str(revision))
    )
    if open_facts:
        parts.append(fence("open_facts", "\n".join(open_facts)))
    system: tuple[Block, ...]
    if by is None:
        about = Block((rubric(skill), *asked_of_author(skill)), skill=skill.name)
        system = (*beginning(context), about)
    else:
        # The same knowledge, and the same bytes, as when this colleague writes.
        role = Block((text("judge"), rubric(skill), *asked_of_author(skill)), stable=False)
        system = (shared(context), *knowledge(by, about=f"{goal}\n{brief}"), role)
    return Request(
        purpose="review",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=system,
        user=Block(tuple(parts), stable=False),
        form=ReviewForm,
    )


def beginning(context: str | None) -> tuple[Block, ...]:
    """What all reviews of a brand begin with, whatever the skill."""
    return (shared(context), Block((_review(),)))


def changed(earlier: str, text: str) -> str:
    """The lines of *text* that *earlier* has not."""
    there = set(earlier.splitlines())
    return (
        "\n".join(line for line in text.splitlines() if line not in there) or "None: words were cut, nothing was added."
    )


def _review() -> str:
    return text("review").replace("{pass_mark}", f"{PASS_MARK:g}")


def rubric(skill: Skill) -> str:
    """The discipline's rubric as text."""
    weights = "\n".join(f"- {name}: {weight:.2f}" for name, weight in skill.rubric.weights.items())
    parts = [f"# Rubric of {skill.name}", f"Weights of the dimensions:\n{weights}"]
    if skill.rubric.criteria:
        parts.append("Criteria:\n" + "\n".join(f"- {criterion}" for criterion in skill.rubric.criteria))
    if skill.rubric.faults:
        parts.append(
            "Faults that always mean sending it back (each a critical finding):\n"
            + "\n".join(f"- {fault}" for fault in skill.rubric.faults)
        )
    return without_tags("\n\n".join(parts))


def asked_of_author(skill: Skill) -> list[str]:
    """What its author had before them besides the task: kinds of pieces, outline, and which references; nothing without."""
    parts = []
    if told := pieces_told(skill):
        parts.append(
            f"# Pieces of its skill\n\nA change that is asked for keeps to their lengths.\n\n{fence('pieces', told)}"
        )
    if skill.outline:
        names = [(s.title if s.title in skill.required_sections else f"{s.title} (optional)") for s in skill.outline]
        outline = zip(names, skill.outline, strict=True)
        sections = "\n\n".join(f"### {name}\n\n{section.guidance}".strip() for name, section in outline)
        parts.append(f"# Outline its author was given\n\n{fence('outline', sections)}")
    if skill.references:
        titles = "\n".join(f"- {reference.title}" for reference in skill.references)
        parts.append(
            "# References of its skill, by title\n\nA rule or a published figure of the discipline may come from them; "
            f"a fact about the brand may not.\n\n{fence('references', titles)}"
        )
    return parts


def prompt_version(skill: Skill) -> str:
    """
    A hash of what the reviewer's prompt for *skill* is made of, whatever is judged: our texts, what our code says around them,
    the form of the answer, the skill's rubric and outline. Another one is another prompt, of which nothing is known yet.
    """
    request = review(
        skill=skill,
        task=PlannedTask("task", skill.name, StepKind.DRAFT, (), pieces=("Piece",)),
        model="any",
        goal="A goal.",
        brief="A brief.",
        context="A context.",
        situation=Situation(date(2026, 1, 1)),
        deliverable="# A deliverable",
        revision=1,
        inputs=(Input(skill.name, "# An input", findings=("A finding.",), open_facts=("A fact.",)),),
        notes="Notes.",
        earlier="# An earlier deliverable",
        open_facts=("A fact.",),
    )
    return request.digest()
