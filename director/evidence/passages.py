"""
A Markdown text as passages: what a reader takes for one paragraph, list item, heading or cell, and where each stands.

What no reader takes for a statement is blanked, so that places stay: code, tags, merge fields, marks of lists and headings.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from director.evidence.dates import MONTHS
from skills import markdown

#: Fenced blocks that hold a programming language; in others (letters, posts) people read every word.
_CODE: Final = frozenset({
    "json", "yaml", "yml", "toml", "xml", "html", "css", "js", "javascript", "ts", "typescript", "jsx", "tsx", "py", "python",
    "sh", "bash", "shell", "console", "sql", "liquid", "php", "ruby", "go", "rust", "java", "c", "dockerfile", "ini", "diff",
    "pycon", "mermaid", "csv", "http",
})  # fmt: skip

_BLANKED: Final = re.compile(
    r"`[^`\n]{0,300}+`|\{\{[^}\n]{0,300}+\}\}|\{[a-zA-Z_][^}\n]{0,60}+\}|<!?/?[a-zA-Z-][^<>\n]{0,300}+>"
    r"|\[(?:your|name|first|last|company|insert|date|link|price)\b[^\]\n]{0,100}+\]"
)
_WITHIN: Final = re.compile(r"`[^`\n]{1,300}+`")
_LISTED: Final = re.compile(r"[ \t]{0,12}(?:[-*+•]|\d{1,3}[.)]|[a-z]\))[ \t]{1,8}(?:\[[ xX]\][ \t]{1,4})?")
_NUMBERED: Final = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[A-Z][.)])[ \t]{1,8}")
_TERMINAL: Final = re.compile(
    r"(?:[$%>]|>>>) |\d\d:\d\d:\d\d\b"
    r"|(?:sudo|docker|pip3?|python3?|npm|npx|git|curl|wget|mkdir|cd|apt|brew|source|export|uv|conda|make|cargo|kill) [\w.~/-]"
)
_RULE: Final = re.compile(r"[ \t|:+-]{3,}+")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table a passage stands."""

    table: int
    row: int
    column: int
    header: str  #: The title of its column.
    first: str  #: What its row begins with.
    headers: str = ""  #: The titles of all columns.
    title: str = ""  #: That of the first column: what its rows are.


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, item, heading or cell; `text` has a blank for each character that is no statement."""

    text: str
    raw: str
    lines: tuple[tuple[int, int], ...]  #: Where each line begins in the text, and its number in the document, from 1.
    headings: tuple[str, ...]  #: Under which headings it stands, the outermost first.
    is_heading: bool = False
    is_quoted: bool = False
    cell: Cell | None = None
    lead: str = ""  #: The paragraph that introduces its list or table: "We assume:".

    def line_at(self, place: int) -> int:
        """The number in the document, from 1, of the line that place of the text stands in."""
        return self.lines[bisect_right(self.lines, (place, 1 << 60)) - 1][1]


def passages(text: str) -> Iterator[Passage]:
    """The passages of a text, in order; code of programming languages is left out."""
    lines = text.split("\n")
    skipped: set[int] = set()
    for fence in markdown.fences(lines):
        inside = lines[fence.first + 1 : fence.last]
        is_code = fence.language in _CODE or (not fence.language and _is_a_terminal(inside))
        skipped |= set(range(fence.first, fence.last + 1)) if is_code else {fence.first, fence.last}
    above: list[tuple[int, str]] = []
    open_lines: list[tuple[int, str]] = []
    quoted, table = False, 0
    lead, is_item = "", False
    header: tuple[str, ...] = ()
    row = 0
    for number, line in enumerate([*lines, ""]):
        bare = line.strip()
        is_row = bare.startswith("|") and number not in skipped
        starts = bool(_LISTED.match(line))
        head = None if number in skipped else markdown.heading(line)
        is_quote = bare.startswith(">")
        ends = not bare or number in skipped or head or is_row or starts or is_quote != quoted
        if ends and open_lines:
            paragraph = _paragraph(open_lines, _titles(above), quoted)
            lead = lead if is_item else ""
            yield replace(paragraph, lead=lead)
            lead = lead if is_item else _introduces(paragraph)
            open_lines = []
        if not is_row and header:
            header, row = (), 0
        quoted = is_quote
        if number in skipped or not bare:
            continue
        if head:
            level, title = head
            lead = ""
            while above and above[-1][0] >= level:
                above.pop()
            yield replace(_paragraph([(number, _without(_NUMBERED, title))], _titles(above), False), is_heading=True)
            above.append((level, title[:200]))
        elif is_row:
            cells = [cell.strip() for cell in bare.strip("|").split("|")]
            if not header:
                table, row, header = table + 1, 0, tuple(cells)
            elif not _RULE.fullmatch(bare):
                row += 1
            else:
                continue
            for cell in _cells(number, cells, header, (table, row), _titles(above)):
                yield replace(cell, lead=lead)
        else:
            is_item = starts or (is_item and bool(open_lines))
            open_lines.append((number, _without(_LISTED, line.lstrip(" \t>") if is_quote else line)))


def _is_a_terminal(lines: Sequence[str]) -> bool:
    """What is typed into a terminal or printed there, and not a letter: it begins with a command, a prompt or a time."""
    first = next((line for line in lines if line.strip()), "")
    return _TERMINAL.match(first) is not None


def code_in(text: str) -> str:
    """The code of a text, in blocks of programming languages and within its lines."""
    lines = text.split("\n")
    blocks = [
        line
        for fence in markdown.fences(lines)
        if fence.language in _CODE
        for line in lines[fence.first + 1 : fence.last + 1]
    ]
    return "\n".join([*blocks, *_WITHIN.findall(text)])


def _introduces(paragraph: Passage) -> str:
    """What a paragraph says of the list or table behind it: its last line, where that ends in a colon or is all bold."""
    last = paragraph.raw.rstrip().rpartition("\n")[2]
    is_lead = last.rstrip("*_").endswith(":") or (last.startswith("**") and last.endswith("**"))
    return last[-200:] if is_lead else ""


def _titles(above: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(title for _, title in above)


def _without(mark: re.Pattern[str], line: str) -> str:
    found = mark.match(line)
    return line[found.end() :] if found else line


def _paragraph(lines: list[tuple[int, str]], headings: tuple[str, ...], quoted: bool) -> Passage:
    places, place = [], 0
    for number, line in lines:
        places.append((place, number + 1))
        place += len(line) + 1
    raw = "\n".join(line for _, line in lines)
    return Passage(_blanked(raw), raw, tuple(places), headings, is_quoted=quoted)


def _cells(
    number: int, cells: list[str], header: tuple[str, ...], place: tuple[int, int], headings: tuple[str, ...]
) -> Iterator[Passage]:
    table, row = place
    raw = " | ".join(cells)
    for column, cell in enumerate(cells[:40]):
        if cell:
            title = header[column] if column < len(header) and row else ""
            where = Cell(
                table,
                row,
                column,
                title[:200],
                cells[0][:200] if column else "",
                " ".join(header[:40])[:400],
                header[0][:200],
            )
            yield Passage(_blanked(cell), raw[:2_000], ((0, number + 1),), headings, cell=where)


def _blanked(raw: str) -> str:
    return _BLANKED.sub(lambda found: " " * len(found.group()), raw)


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence of a passage, from one place to another."""

    start: int
    end: int


_ABBREVIATED: Final = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "no",
        "nr",
        "vs",
        "approx",
        "ca",
        "e.g",
        "i.e",
        "etc",
        "tel",
        "max",
        "min",
        "prof",
        "inc",
        "z.b",
    }
)


def sentences(text: str) -> Iterator[Span]:
    """Where the sentences of a passage begin and end."""
    start = 0
    for found in _ENDS.finditer(text):
        before = text[max(start, found.start() - 6) : found.start()].rpartition(" ")[2].lower().lstrip("(\"'“")
        if found.group().startswith(".") and (
            before in _ABBREVIATED or (len(before) == 1 and before.isalpha() and before != "i")
        ):
            continue
        # "28. November", "No. 1": a number's full stop ends a sentence where a capital that is no month follows.
        if (
            found.group().startswith(".")
            and before.isdigit()
            and len(before) < 3
            and _begins_with_a_month(text, found.end())
        ):
            continue
        if start < found.end():
            yield Span(start, found.end())
        start = found.end()
    if text[start:].strip():
        yield Span(start, len(text))


_ENDS: Final = re.compile(r"[.!?…][\"'”’»)*_\]]{0,6}+\s{1,4}(?![a-z,;])")
_WORD: Final = re.compile(r"[^\W\d_]{1,20}+")


def _begins_with_a_month(text: str, at: int) -> bool:
    word = _WORD.match(text, at)
    return word is not None and word.group().lower() in MONTHS
