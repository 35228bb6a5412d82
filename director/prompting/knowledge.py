"""What a specialist knows, as it is shown: the skill whole, its references as far as there is room, the others by name."""

import re
from collections.abc import Sequence
from typing import Final

from director.prompting.allowances import REFERENCES_ALLOWANCE, within
from director.prompting.fences import fence, without_tags
from director.prompting.request import Block
from skills import markdown
from skills.loader import Reference, Skill

_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def knowledge(skill: Skill, *, about: str, is_note: bool = False) -> tuple[Block, ...]:
    """
    The skill with its references, for a task that is *about* the words of a goal and a brief.

    Where all references fit, as ours do, they stand in the skill's own block in the order SKILL.md links them: the same bytes
    for every task of the skill, cached once. Where they do not, the task decides which are shown, so those stand behind the
    skill's breakpoint, in a block of their own. For a note it does so too: a reference that has no word in common with it is
    only named, and half of a prompt is not about the rules for a thousand letters where two are asked for.

    A skill may be somebody else's: what it says of the work stands, what it refers to is data, and neither holds a fence.
    """
    # With its description: what it says is not this skill's is said nowhere else.
    own = without_tags(f"# Your skill: {skill.name}\n\n{' '.join(skill.description.split())}\n\n{skill.text.strip()}")
    readable = [reference for reference in skill.references if reference.text]
    near = [reference for reference in readable if _shared(reference, about)] if is_note else []
    if len(near) in (0, len(readable)) and sum(map(_room, readable)) <= REFERENCES_ALLOWANCE:
        others = [reference for reference in skill.references if not reference.text]
        return (Block((own, *_shown(skill, readable), *_named(skill, others)), skill=skill.name),)
    chosen = _shown(skill, _nearest(near or readable, about))
    return (Block((own, *_named(skill, skill.references)), skill=skill.name), Block(tuple(chosen), stable=False))


def _nearest(readable: Sequence[Reference], about: str) -> list[Reference]:
    """While they fit: those whose title and headings share most words with *about*; of equals, those SKILL.md links first."""
    chosen: list[Reference] = []
    left = REFERENCES_ALLOWANCE
    for reference in sorted(readable, key=lambda reference: _shared(reference, about), reverse=True):
        if _room(reference) <= left:
            chosen.append(reference)
            left -= _room(reference)
    return chosen


def _shared(reference: Reference, about: str) -> int:
    headings = (title for _, _, title in markdown.headings(reference.text))
    return len(_words(about) & _words("\n".join([reference.title, *headings])))


def _words(text: str) -> set[str]:
    # By their first letters, so that "test", "tests" and "testing" are one word.
    return {word.lower()[:5] for word in _WORD.findall(text)}


def _room(reference: Reference) -> int:
    # One that is longer than all the room there is counts as the beginning that is shown of it.
    return min(len(reference.text), REFERENCES_ALLOWANCE)


def _shown(skill: Skill, references: Sequence[Reference]) -> list[str]:
    return [
        f"# Reference: {_name(skill, reference)}\n\n{fence('reference', within(reference.text, REFERENCES_ALLOWANCE))}"
        for reference in references
    ]


def _named(skill: Skill, references: Sequence[Reference]) -> list[str]:
    if not references:
        return []
    names = "\n".join(f"- {_name(skill, reference)}" for reference in references)
    return [f"# References of this skill, by name\n\n{names}"]


def _name(skill: Skill, reference: Reference) -> str:
    return without_tags(f"{reference.title} ({reference.path.relative_to(skill.folder).as_posix()})")
