"""What a specialist is shown: house rules and context, then the skill with its references, then this task."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from director.prompting import pieces
from director.prompting.allowances import CONTEXT_ALLOWANCE, INPUT_ALLOWANCE, within
from director.prompting.fences import fence
from director.prompting.forms import Edits
from director.prompting.knowledge import knowledge
from director.prompting.learnings import told
from director.prompting.request import CHARACTERS_A_TOKEN, Block, Request, text
from director.prompting.situation import Situation
from pipelines.plan import PlannedTask, Size, StepKind
from skills import markdown
from skills.loader import Skill

#: Tokens a draft may take, thinking included.
MAX_TOKENS: Final = 16_000

#: Characters of a draft that is read; a longer one goes back to its author, who is shown so much of it.
LONGEST_DRAFT: Final = CHARACTERS_A_TOKEN * MAX_TOKENS

NO_CONTEXT: Final = (
    "There is no product context yet. Work from the goal alone, mark what you assume, and keep customer-facing words free of "
    "facts about the product."
)


#: How a writer says that the brief is at fault, and where it is told so.
_IMPOSSIBLE: Final = "Impossible:"
_WHERE_IMPOSSIBLE: Final = (
    "Only where nothing fit to be used can be made of this brief with what stands here, whatever is assumed, answer with one "
    f"line instead of the deliverable: `{_IMPOSSIBLE}` and why."
)


@dataclass(frozen=True, slots=True)
class Input:
    """An approved deliverable of a task this one builds on."""

    skill: str
    text: str
    whole: bool = True  #: False: an ancestor, shown in summary
    findings: tuple[str, ...] = ()  #: what its reviewers found and nobody mended
    open_facts: tuple[str, ...] = ()  #: what it states and no source vouches for, a line each

    def shown(self) -> list[str]:
        """Its text as those are shown it who build on it, and those who judge what they built; then what is open."""
        text = within(pieces.for_others(self.text), INPUT_ALLOWANCE) if self.whole else pieces.summary(self.text)
        kind = "approved deliverable" if self.whole else "summary of an earlier deliverable"
        return [fence("input", text, by=self.skill, kind=kind), *self._open()]

    def _open(self) -> list[str]:
        found = [fence("not_mended", "\n".join(self.findings), by=self.skill)] if self.findings else []
        return [*found, fence("open_facts", "\n".join(self.open_facts), by=self.skill)] if self.open_facts else found


@dataclass(frozen=True, slots=True)
class Revision:
    """What the specialist wrote before, and what has to change."""

    number: int
    draft: str
    notes: str
    by_edits: bool = False  #: whether it changes in its places, and edits are the answer


def shared(context: str | None) -> Block:
    """What all of a brand's calls begin with, byte for byte, so that it is cached once for all."""
    stated = fence("product_context", within(context, CONTEXT_ALLOWANCE)) if context else NO_CONTEXT
    return Block((text("house_rules"), f"# The brand's product context\n\n{stated}"))


def draft(
    *,
    skill: Skill,
    task: PlannedTask,
    model: str,
    goal: str,
    context: str | None,
    situation: Situation,
    inputs: Sequence[Input] = (),
    learnings: str = "",
    revision: Revision | None = None,
) -> Request:
    """The request for one draft of *task*; *learnings* is what of the team's memory fits it, a line each."""
    parts = [
        f"Write the deliverable of {skill.name} for the goal below.",
        fence("goal", goal),
        *situation.told(),
    ]
    if task.brief:
        parts.append(fence("brief", task.brief))
    for given in inputs:
        parts += given.shown()
    parts.append(fence("requirements", requirements(skill, task)))
    parts += told(learnings)
    parts += again(revision)
    if revision is None:
        parts.append(_WHERE_IMPOSSIBLE)
    return Request(
        purpose="draft",
        model=model,
        effort=skill.effort,
        max_tokens=MAX_TOKENS,
        system=(shared(context), *_known(skill, task, goal)),
        user=Block(tuple(parts), stable=False),
        form=Edits if revision and revision.by_edits else None,
    )


def why_impossible(answer: str) -> str | None:
    """Why its writer found the brief impossible, where that is all the *answer* says."""
    said = answer.strip()
    if "\n" in said or not said.startswith(_IMPOSSIBLE):
        return None
    return said.removeprefix(_IMPOSSIBLE).strip() or None


def _known(skill: Skill, task: PlannedTask, goal: str) -> tuple[Block, ...]:
    about = "\n".join([goal, task.brief, *task.pieces])
    return knowledge(skill, about=about, is_note=task.size is Size.NOTE)


def again(revision: Revision | None) -> list[str]:
    """What a writer is shown whose draft was sent back; nothing for a first draft."""
    if revision is None:
        return []
    if revision.by_edits:
        return [
            f"This is revision {revision.number}. Your earlier draft was sent back, and is mended in its places: answer with "
            "edits, not with the document.",
            fence("earlier_draft", within(revision.draft, LONGEST_DRAFT)),
            fence("notes", revision.notes),
            text("by_edits"),
        ]
    return [
        f"This is revision {revision.number}. Your earlier draft was sent back. Keep what was good, change what the notes ask "
        "for, and give the whole document again.",
        fence("earlier_draft", within(revision.draft, LONGEST_DRAFT)),
        fence("notes", revision.notes),
    ]


def pieces_told(skill: Skill) -> str:
    """What the skill says of each of its kinds of pieces, lengths among it; empty where it says nothing."""
    lines = skill.text.split("\n")
    above = [(number, title) for number, level, title in markdown.headings(skill.text) if level <= 2]
    ends = [*(number for number, _ in above), len(lines)][1:]
    found = (
        "\n".join(lines[first + 1 : end]) for (first, title), end in zip(above, ends, strict=True) if title == "Pieces"
    )
    return next(found, "").strip()


def requirements(skill: Skill, task: PlannedTask) -> str:
    """What the certain checks will look for, said beforehand."""
    if task.kind is StepKind.REPORT:
        lines = [f"At least {skill.minimum_words} words. One `# ` title."]
    elif skill.is_one_document:
        least, most, _ = pieces.lengths(skill, task)
        lines = [
            "This deliverable is one document that is used as a whole: no lines of pieces. "
            f"At least {least} words, at most {most}. One `# ` title."
        ]
    else:
        lines = [*_pieces(skill, task), _lengths(skill, task)]
    if skill.required_sections:
        lines.append("Required `## ` sections, in this order:")
        lines += [f"- {section}" for section in skill.required_sections]
    return "\n".join(lines)


def _pieces(skill: Skill, task: PlannedTask) -> list[str]:
    if task.pieces:
        return [
            'Pieces, each between a line `<piece title="…">` with exactly this title (with `use="…"` where it is printed '
            "or filled in) and a line `</piece>`:",
            *(f"- {title}" for title in task.pieces),
            "One that does not apply is a line under `## Decided` instead, with its title and the reason.",
        ]
    kinds = f", of these kinds where they fit: {', '.join(skill.pieces)}" if skill.pieces else ""
    return [
        'Pieces: the plan names none. Choose the fewest that do the job, each between a line `<piece title="…">` and a line '
        f"`</piece>`{kinds}."
    ]


def _lengths(skill: Skill, task: PlannedTask) -> str:
    least, most, notes = pieces.lengths(skill, task)
    return (
        f"Size: {task.size}. At most {most} words over all pieces and {notes} in the notes behind them, at least {least} in "
        "all; marks of tables and lists are no words. One `# ` title above the first piece."
    )
