"""
Headings and fenced code of a Markdown text, and words kept from being any: the one place that knows what they are.

Line by line, with nothing that looks further than its line, so that the time a text takes is in proportion to its length,
whoever wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_BLANKS = " \t"
_MARKS = ("```", "~~~")
#: What begins a heading, its underline, a quotation, a fence, a rule or a table; also behind the marks of a list.
_BLOCK: Final = re.compile(
    r"(?m)^((?:[ \t]*+(?:[-*+]|\d{1,9}+[.)])(?=[ \t])){0,9}[ \t]*+)"
    r"(?=#{1,6}(?:[ \t]|$)|>|`{3}|~{3}|=++[ \t]*+$|[-:][-:| \t]*+$|(?:[*_][ \t]*+){3,}+$|\|)"
)

#: What a reader may take for HTML, for a link, or for what an image or a link is called; a backslash of its own makes it none.
_INLINE: Final = re.compile(r"(?<!\\)((?:\\\\)*+)(<(?=[A-Za-z/!?])|\](?=[(\[:]))")

#: What makes a heading of the line above it; and an item of a list, which none can be made of.
_UNDERLINE: Final = re.compile(r"(?:={2,}+|-{2,}+)[ \t]*+")
_LISTED: Final = re.compile(r"[ \t]*+(?:[-*+]|\d{1,9}+[.)])[ \t]|[ \t]{4}|\t")

#: Languages of a fence that holds a document.
MARKDOWN: Final = ("markdown", "md")

_BEHIND_LANGUAGE = re.compile(r"[^A-Za-z0-9_+-]")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of fenced code: the lines from its opening to its closing one."""

    first: int
    last: int  #: The last line of the text where it is not closed.
    language: str  #: What its opening line begins with behind the marks, in lower case.
    closed: bool


def heading(line: str) -> tuple[int, str] | None:
    """Level and title of a line that is a heading; None for any other."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or line[level : level + 1] not in (" ", "\t"):
        return None
    title = line[level:].strip(_BLANKS)
    # "## Goals ##" is closed; "## C#" is not.
    opened = title.rstrip("#")
    if opened[-1:] in ("", " ", "\t"):
        title = opened.rstrip(_BLANKS)
    return (level, title) if title else None


def with_marked_headings(text: str) -> str:
    """*text*, in which a heading that is a line of its own with another below it, of = or -, is marked with # or ##."""
    lines = text.split("\n")
    fenced = {number for fence in fences(lines) for number in range(fence.first, fence.last + 1)}
    for number, (line, below) in enumerate(pairwise(lines)):
        alone = number not in fenced and (number == 0 or not lines[number - 1].strip())
        if alone and _UNDERLINE.fullmatch(below) and line.strip() and not (_BLOCK.match(line) or _LISTED.match(line)):
            lines[number], lines[number + 1] = f"{'#' if below[0] == '=' else '##'} {line.strip()}", ""
    return "\n".join(lines)


def headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Line number, level and title of each heading outside fenced code."""
    lines = text.split("\n")
    after = 0
    for fence in (*fences(lines), None):
        for number in range(after, fence.first if fence else len(lines)):
            if found := heading(lines[number]):
                yield number, *found
        after = fence.last + 1 if fence else 0


def fences(lines: Sequence[str]) -> list[Fence]:
    """The blocks of fenced code, in order; one that is not closed goes to the end."""
    found: list[Fence] = []
    mark, first, language = "", 0, ""
    for number, line in enumerate(lines):
        bare = line.strip()
        if not bare.startswith(_MARKS):
            continue
        behind = bare.lstrip(bare[0])
        marks = bare[: len(bare) - len(behind)]
        if mark:
            if marks.startswith(mark) and not behind:
                found.append(Fence(first, number, language, closed=True))
                mark = ""
        # "```a```" is code within a line.
        elif "`" not in behind or marks[0] == "~":
            language = _BEHIND_LANGUAGE.split(behind.lstrip(), maxsplit=1)[0].lower()
            mark, first = marks, number
    if mark:
        found.append(Fence(first, len(lines) - 1, language, closed=False))
    return found


def unwrapped(text: str, languages: Sequence[str] = ("", *MARKDOWN)) -> str:
    """
    The content of *text* where it is as a whole one fence of Markdown, else *text*: models put documents into one, which was
    not asked for. *languages* are those it may name.

    Fences in such a document may end the outer one, as the grammar has it; then it is read in the way that has more headings.
    """
    lines = text.strip().split("\n")
    found = fences(lines)
    if not found or found[0].first != 0 or found[0].language not in languages:
        return text
    outer, last = found[0], len(lines) - 1
    if outer.last == last:
        return "\n".join(lines[1 : last if outer.closed else last + 1])
    ends = fences([lines[0], lines[-1]])[0].closed
    inner = "\n".join(lines[1:-1])
    return inner if ends and len(list(headings(inner))) > len(list(headings(text))) else text


def as_paragraphs(text: str) -> str:
    """Others' words as paragraphs and lists below a heading of ours: they are kept, and make no structure."""
    return _BLOCK.sub(r"\1\\", _INLINE.sub(r"\1\\\2", "\n".join(text.strip().splitlines())))


def as_line(text: str) -> str:
    """Others' words in one line of ours, such as an item of a list."""
    return as_paragraphs(" ".join(text.split()))
