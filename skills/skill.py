"""
What a skill is: the knowledge of one specialist, as values.

Errors:

* SkillError
    * BrokenSkills
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Self

from skills.documents import Unreadable, text_of

#: What a review scores, 0 to 10 each.
DIMENSIONS = (
    "completeness",
    "clarity",
    "actionability",
    "brand_alignment",
    "data_use",
    "technical_accuracy",
    "creativity",
)


#: The section of notes with what others have to keep. Whose deliverable has notes behind its pieces requires it.
DECIDED = "Decided"


class SkillError(Exception):
    """A skill, or the data all of them share, cannot be used."""


class BrokenSkills(SkillError):
    """Skill folders have faults; the message names the first, and how many more there are."""

    def __init__(self, faults: tuple["Fault", ...]) -> None:
        more = len(faults) - 1
        others = f" (and {more} more {'fault' if more == 1 else 'faults'})" if more else ""
        super().__init__(f"A skill is broken: {faults[0]}{others}")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one file of a skill."""

    file: Path
    field: str
    message: str

    def __str__(self) -> str:
        """One line that can be written anywhere, whatever the file's name and the message hold."""
        return _line(f"{self.file}: {self.why}")

    @property
    def why(self) -> str:
        """The same line without the file's name."""
        return _line(f"{self.field}: {self.message}")

    @property
    def skill(self) -> str:
        """The name of the folder that has the fault: the skill's, or that of a whole collection."""
        return _line(self.file.name if self.field == "folder" else self.file.parent.name)


def _line(text: str) -> str:
    # A file's name may hold what turns a terminal around, or is no UTF-8 and could not be printed at all.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in " ".join(text.split()))


@dataclass(slots=True)
class Findings:
    """Collects the faults of one file while it is read."""

    file: Path
    faults: list[Fault] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Note one fault of the file, in the order they are found."""
        self.faults.append(Fault(self.file, where, message))


@dataclass(frozen=True, slots=True)
class Section:
    """One `## ` section of the deliverable, and what belongs there."""

    title: str
    guidance: str
    required: bool


@dataclass(frozen=True)  # without slots, for the cached property
class Reference:
    """A file beside SKILL.md that is read when it is needed."""

    title: str
    path: Path

    @cached_property
    def text(self) -> str:
        """
        What the file says, read when it is first asked for and then kept, as SKILL.md's is.

        Empty when it went away or is not text: the skill does without it, and `validate` says what is wrong.
        """
        try:
            return text_of(self.path).strip()
        except Unreadable:
            return ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """What a reviewer judges a deliverable by."""

    weights: Mapping[str, float]  #: For each of DIMENSIONS; sum 1.
    minimums: Mapping[str, float]  #: A dimension scored lower is sent back.
    criteria: tuple[str, ...]
    faults: tuple[str, ...]  #: Any one of them means revise.


@dataclass(frozen=True, slots=True)
class Squad:
    """What the skills of one squad share where they do not say otherwise."""

    name: str
    purpose: str
    tier: str
    effort: str
    weights: Mapping[str, float]
    minimums: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Skill:
    """The knowledge of one specialist, and what the team must know to give it work."""

    name: str
    description: str
    squad: str
    consumers: tuple[str, ...]  #: Skills that use its deliverable; ("all",) for everyone.
    pieces: tuple[str, ...]  #: Kinds of pieces it is the one to write; the Director gives them to it.
    minimum_words: int
    required_sections: tuple[str, ...]  #: In order.
    tier: str
    effort: str
    tools: tuple[str, ...]
    outline: tuple[Section, ...]  #: Required and optional ones, in order.
    rubric: Rubric
    references: tuple[Reference, ...]
    text: str  #: SKILL.md without its front matter.
    folder: Path

    @property
    def is_one_document(self) -> bool:
        """Whether its deliverable is used as a whole, as a product context is: its sections are its parts, not notes."""
        return bool(self.required_sections) and DECIDED not in self.required_sections


@dataclass(frozen=True, slots=True)
class Roster:
    """All skills that can be used, by name, and what is wrong with the others."""

    skills: Mapping[str, Skill]
    faults: tuple[Fault, ...]
    clashes: tuple[Fault, ...] = ()  #: Folders whose name an earlier one has; the earlier one stands.

    @property
    def consumers(self) -> Mapping[str, tuple[str, ...]]:
        """Each skill's direct consumers, as its folder names them."""
        return {name: skill.consumers for name, skill in self.skills.items()}

    @property
    def left_out(self) -> Mapping[str, str]:
        """The folders that are not used, by name, each with the first reason."""
        found: dict[str, str] = {}
        for fault in (*self.faults, *self.clashes):
            found.setdefault(fault.skill, fault.why)
        return MappingProxyType(found)

    def require(self, folder: Path | None = None) -> Self:
        """
        The same roster, when nothing is wrong with any folder, or with any in *folder*.

        Raises:
            BrokenSkills: There are faults.
        """
        faults = tuple(fault for fault in self.faults if folder is None or fault.file.is_relative_to(folder))
        if faults:
            raise BrokenSkills(faults)
        return self
