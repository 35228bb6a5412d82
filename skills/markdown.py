"""
Headings and fenced code of a Markdown text: the one place that knows what they look like.

Line by line, with nothing that looks further than its line, so that the time a text takes is in proportion to its length,
whoever wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BLANKS = " \t"
_MARKS = ("```", "~~~")
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
