"""
The product context as a document: its sections, which of them say something, and which skills read them.

The titles are the required sections of the skill that writes it; what belongs in each is in its sections.yaml.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from skills.documents import Unreadable, shown, text_of, yaml_in
from skills.markdown import heading, headings
from skills.skill import Skill, SkillError

#: The skill that writes the document and knows its sections.
WRITER = "product-marketing-context"

#: Its last sections are about the deliverable (what was assumed, what to hand over), not about the product.
_ABOUT_THE_DELIVERABLE = 2

#: Where text from somebody's notes is kept that belongs to no section.
LEFT_OVER = "Notes that fit no section"

#: What is looked at as one: a paragraph, a list item, a table row; a line that says what is unknown or where it is from.
_STATEMENT = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:[-*+] |\d{1,3}[.)] |\||[^\w\n]{0,4}(?:Unknown|Evidence):))")

#: A statement that says nothing about the product.
_SAYS_NOTHING = re.compile(
    r"\W*(?:unknown\W*(?:$|[:.;(])|evidence:|(?:tbd|tbc|todo|fixme)\b|(?:n/a|none|to be (?:done|filled in))\W*$)"
    r"|\W*lorem ipsum|<!--.*-->\s*$",
    re.IGNORECASE | re.DOTALL,
)


#: Words in the title of a document that are of no brand, in English and in German.
_NO_NAME = re.compile(
    r"a|all|an|and|at|brief|briefing|context|document|for|in|is|it|marketing|my|new|notes|of|on|or|our|plan|readme|summary|the|this"
    r"|to|untitled|us|we|what|who|welcome|your"
    r"|auf|das|der|die|dokument|ein|eine|für|im|ist|kontext|meine?|notizen|neu|über|und|uns|unsere?|unserer|von|was|wer|willkommen"
    r"|wir|zu|zur|zum"
)


class Standing(StrEnum):
    """What a section of somebody's context is worth to who reads it."""

    THERE = "there"
    THIN = "thin"  #: Too few words to work from.
    UNKNOWN = "unknown"  #: The heading is there, and nothing known below it.
    MISSING = "missing"

    @property
    def is_gap(self) -> bool:
        """Whether nothing can be taken from it."""
        return self in (Standing.UNKNOWN, Standing.MISSING)


@dataclass(frozen=True, slots=True)
class Part:
    """One section a product context has."""

    title: str
    asks: str  #: What belongs there, in a line.
    stems: tuple[str, ...]  #: How words begin, in lower case, that mean it in a heading.
    weak: tuple[str, ...]  #: Such words that count only where the heading has no stem of any section.


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody's context has of one section."""

    part: Part
    standing: Standing
    words: int  #: Those that say something.
    perhaps: str = ""  #: Where it is missing: a heading that may be meant.


@dataclass(frozen=True, slots=True)
class Reader:
    """A skill, and how the sections it reads first stand."""

    skill: str
    reads: tuple[Found, ...]
    lacks: tuple[Found, ...]  #: Those of them from which nothing can be taken.
    thin: tuple[Found, ...]


def parts_of(writer: Skill) -> tuple[Part, ...]:
    """
    The sections of a product context, in order.

    Raises:
        SkillError: sections.yaml is broken, or its titles are not those the skill requires.
    """
    file = writer.folder / "sections.yaml"
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        raise SkillError(f"{file}: {error}.") from None
    titles = writer.required_sections[:-_ABOUT_THE_DELIVERABLE]
    if not isinstance(document, dict) or tuple(document) != titles:
        found = shown(list(document) if isinstance(document, dict) else document)
        raise SkillError(f"{file}: expected the sections {' | '.join(titles)}, in this order, found {found}.")
    return tuple(_part(file, title, entry) for title, entry in document.items())


def _part(file: Path, title: str, entry: object) -> Part:
    if not isinstance(entry, dict) or set(entry) - {"more", "weak"} != {"asks", "stems"}:
        raise SkillError(f"{file}: {title}: expected asks, stems and perhaps more and weak, found {shown(entry)}.")
    asks, stems, more, weak = entry["asks"], entry["stems"], entry.get("more", []), entry.get("weak", [])
    if not isinstance(asks, str) or not asks.strip() or "\n" in asks.strip():
        raise SkillError(f"{file}: {title}.asks: expected a line of text, found {shown(asks)}.")
    for key, words in (("stems", stems), ("more", more), ("weak", weak)):
        if not isinstance(words, list) or not all(isinstance(w, str) and w and w == w.lower() for w in words):
            raise SkillError(f"{file}: {title}.{key}: expected a list of words in lower case, found {shown(words)}.")
    return Part(title, asks.strip(), (*stems, *more), tuple(weak))


def named(heading: str, parts: Sequence[Part]) -> Part | None:
    """The section whose title a heading is, numbered, in bold or however written."""
    plain = _plain(heading)
    return next((part for part in parts if part.title.casefold() == plain), None)


def meant_by(heading: str, parts: Sequence[Part]) -> Part | None:
    """The one section a heading means; None where it means none, or more than one."""
    if (part := named(heading, parts)) is not None:
        return part
    plain = _plain(heading)
    found = [part for part in parts if _beginning(part.stems).search(plain)]
    found = found or [part for part in parts if _beginning(part.weak).search(plain)]
    return found[0] if len(found) == 1 else None


def is_no_name(title: str, parts: Sequence[Part]) -> bool:
    """Whether every word of a document's title says what stands below it, as in "About us"; a brand's name has one more."""
    rest = _plain(title)
    # A name made of such a word, as Productboard, stands alone more often than not.
    end = r"\w*" if " " in rest else r"(?:s|e|en)?\b"
    for part in parts:
        words = _beginning((part.title.casefold(), *part.stems, *part.weak)).pattern
        rest = re.sub(words + end, " ", rest)  # own text: the words of sections.yaml
    return all(_NO_NAME.fullmatch(word) for word in re.findall(r"\w+", rest))


@cache
def _beginning(stems: tuple[str, ...]) -> re.Pattern[str]:
    """A word that begins with one of the stems; "anti-personas" does not begin with "persona"."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, stems)) or '(?!)'})")


def _plain(heading: str) -> str:
    # "## 2. Goals" and "## **Goals**" are the section Goals.
    plain = " ".join(re.sub(r"^[\d.)\s]+|[*_`:]", "", heading).split())
    # As macOS writes it in names of files, and what is copied from them, "ü" is two characters.
    return unicodedata.normalize("NFC", plain).casefold()


def judge(text: str, parts: Sequence[Part], writer: Skill) -> tuple[Found, ...]:
    """
    How each section of a context stands.

    Thin is one with less than a third of its share of the words the writer has to deliver at least. Words that only say
    that something is unknown, where it is from, or that it is still to be written, do not count.
    """
    least = writer.minimum_words // len(parts) // 3
    bodies = _bodies(text, parts)
    others = {part: title for _, _, title in headings(text) if (part := meant_by(title, parts)) not in bodies}
    found = []
    for part in parts:
        if part not in bodies:
            found.append(Found(part, Standing.MISSING, 0, others.get(part, "")))
            continue
        words = sum(any(map(str.isalnum, word)) for body in bodies[part] for word in _known(body, part))
        standing = Standing.THERE if words >= least else Standing.THIN if words else Standing.UNKNOWN
        found.append(Found(part, standing, words))
    return tuple(found)


def _bodies(text: str, parts: Sequence[Part]) -> Mapping[Part, list[str]]:
    """What stands in each section."""
    lines = text.split("\n")
    bodies: dict[Part, list[str]] = {}
    for part, start, end in _sections(text, parts)[1]:
        bodies.setdefault(part, []).append("\n".join(lines[start:end]))
    return bodies


def _sections(text: str, parts: Sequence[Part]) -> tuple[int, list[tuple[Part, int, int]]]:
    """
    The level of the sections' headings, the highest that has such titles, 0 without any; and each section with the numbers of
    the first line below its heading and of the one behind its last.
    """
    found = [(number, level, named(title, parts)) for number, level, title in headings(text)]
    highest = min((level for _, level, part in found if part), default=0)
    bounds = [(number, part if level == highest else None) for number, level, part in found if level <= highest]
    ends = [*(number for number, _ in bounds), len(text.split("\n"))][1:]
    return highest, [(part, number + 1, end) for (number, part), end in zip(bounds, ends, strict=True) if part]


def said_of(text: str, part: Part, parts: Sequence[Part]) -> str:
    """What a context says in a section; empty where it has none, or says only what belongs there."""
    said = next(iter(_bodies(text, parts).get(part, ())), "").strip()
    return "" if said in (f"Unknown: {part.asks}", part.asks) else said


def with_said(text: str, part: Part, said: str, parts: Sequence[Part]) -> str:
    """The context with that in the section, and nothing else of it changed; a section it does not have yet comes last."""
    level, found = _sections(text, parts)
    body = _inside(said, below=level or 2) or f"Unknown: {part.asks}"
    lines = text.rstrip().split("\n")
    place = next(((start, end) for one, start, end in found if one is part), None)
    if place is None:
        return "\n".join([*lines, "", f"{'#' * (level or 2)} {part.title}", "", body, ""])
    return "\n".join([*lines[: place[0]], "", body, "", *lines[place[1] :]]).rstrip() + "\n"


def _known(body: str, part: Part) -> Iterator[str]:
    # What a template says belongs here counts for nothing, also where only its first word was taken away.
    body = body.replace(f"Unknown: {part.asks}", "\n").replace(part.asks, "\n")
    body = "\n".join("" if heading(line) else line for line in body.split("\n"))
    return (word for said in _STATEMENT.split(body) if not _SAYS_NOTHING.match(said) for word in said.split())


def read_by(skill: Skill, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The sections a skill says it reads first: those its `## Read first` names."""
    said = re.search(r"^## Read first[ \t]*$(.*?)(?=^## |\Z)", skill.text, re.MULTILINE | re.DOTALL)
    text = " ".join(said[1].split()) if said else ""
    return tuple(part for part in parts if re.search(rf"\b{re.escape(part.title)}\b", text))


def readers_of(found: Sequence[Found], skills: Iterable[Skill]) -> tuple[Reader, ...]:
    """The skills that read any section, those first that miss most of what they read."""
    readers = []
    for skill in skills:
        titles = read_by(skill, [one.part for one in found])
        reads = tuple(one for one in found if one.part in titles)
        if reads:
            lacks = tuple(one for one in reads if one.standing.is_gap)
            thin = tuple(one for one in reads if one.standing is Standing.THIN)
            readers.append(Reader(skill.name, reads, lacks, thin))
    return tuple(sorted(readers, key=lambda r: (-len(r.lacks) / len(r.reads), -len(r.lacks), -len(r.thin), r.skill)))


def compose(name: str, said: Mapping[str, str], parts: Sequence[Part], left_over: str = "") -> str:
    """
    A product context: what was said by section, word for word; the other sections say that they are unknown.

    Headings in what was said go below the section's own.
    """
    name = " ".join(name.split())
    blocks = [
        f"# {name}: product marketing context" if name else "# Product marketing context",
        "New document. What is here stands as it was given, unchecked; what nobody said is marked Unknown.",
    ]
    for part in parts:
        blocks += [f"## {part.title}", _inside(said.get(part.title, "")) or f"Unknown: {part.asks}"]
    if left_over.strip():
        blocks += [f"## {LEFT_OVER}", _inside(left_over)]
    return "\n\n".join(blocks) + "\n"


def _inside(text: str, *, below: int = 2) -> str:
    """Text that neither begins a section, whose headings are of level *below*, nor swallows the next one."""
    lines = text.strip("\n").rstrip().split("\n")
    for number, level, _ in headings("\n".join(lines)):
        lines[number] = "#" * max(0, below + 1 - level) + lines[number]
    text = "\n".join(lines)
    longest = max(3, *map(len, re.findall("`+|~+", text)), 3)
    for end in ("", "\n" + "`" * longest, "\n" + "~" * longest):
        after = len(f"{text}{end}".split("\n"))
        if any(number == after for number, _, _ in headings(f"{text}{end}\n# A heading after it")):
            return text + end
    return text
