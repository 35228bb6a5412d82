"""
What a review found, beside the words it is about: a finding quotes them, and they are looked for as a reader would, whatever
marks, line ends and kinds of quotation marks stand between.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it.token import Token

from director.prompting.forms import Finding
from director.views.rendered import html_of, parsed
from director.words.characters import visible

#: What stands between quotation marks, of whatever kind; an apostrophe begins no quotation.
_QUOTED: Final = re.compile(
    r"“([^”]{3,400}+)”|\"([^\"]{3,400}+)\"|«([^»]{3,400}+)»|(?<!\w)[\u2018']([^\u2018\u2019']{8,400}+)[\u2019'](?!\w)"
)

#: Where somebody who quotes left words out.
_LEFT_OUT: Final = re.compile(r"\[?(?:…|\.\.\.)\]?|\n")

#: Marks of Markdown that a quotation may have taken over, and what tells one kind of quotation mark from another.
_MARKS: Final = re.compile(r"[*`]|^[#>\-\s]+|\s[#>]+\s")
_ALIKE: Final = str.maketrans("“”„«»\u2018\u2019\u201a\u2013\u2014\u00a0", '"""""\'\'\'-- ')

#: Characters of the shortest words that are looked for, and of those that could stand in the middle of others.
_SHORTEST: Final = 3
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Text:
    """A text of which findings may speak: a piece, or the notes, which have no title."""

    title: str
    markdown: str
    below: int  #: the level below which its headings stand


@dataclass(frozen=True, slots=True)
class Annotated:
    """The texts as HTML, and the numbers, from 1, of the findings that stand in each."""

    html: Sequence[str]
    placed: Sequence[Sequence[int]]


def beside(texts: Sequence[Text], findings: Sequence[Finding]) -> Annotated:
    """The texts as HTML that can do nothing, with each finding beside the first words that it quotes, which are marked."""
    read = [_Read(parsed(text.markdown)) for text in texts]
    for number, finding in enumerate(findings, 1):
        first = [one for text, one in zip(texts, read, strict=True) if _names(finding.where, text.title)]
        is_there = False
        for quotation in _quotations(finding.where):
            for one in (*first, *(other for other in read if other not in first)):
                if one.mark(quotation, number, None if is_there else finding):
                    is_there = True
                    break
    return Annotated(
        [html_of(one.tokens(), below=text.below) for text, one in zip(texts, read, strict=True)],
        [sorted(one.placed) for one in read],
    )


def _names(where: str, title: str) -> bool:
    return bool(title) and title.casefold() in where.casefold()


def _quotations(where: str) -> Iterator[str]:
    for found in _QUOTED.finditer(where):
        quoted = next(part for part in found.groups() if part is not None)
        parts = [" ".join(_MARKS.sub(" ", part).split()) for part in _LEFT_OUT.split(quoted)]
        # The longest says best where it is.
        longest = max(parts, key=len).rstrip(" .,;:")
        if len(longest) >= _SHORTEST:
            yield longest.translate(_ALIKE).casefold()


@dataclass(eq=False)
class _Read:
    """A text, in which words are found and marked."""

    parsed: list[Token]
    placed: set[int] = field(default_factory=set)
    _passages: list["_Passage"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._passages = [_Passage(number, token) for number, token in enumerate(self.parsed) if token.type == "inline"]

    def mark(self, quotation: str, number: int, finding: Finding | None) -> bool:
        """Mark the first place of the *quotation*; the *finding*, where one is given, stands beside it. False: it has none."""
        for passage in self._passages:
            if passage.mark(quotation, number):
                if finding is not None:
                    passage.remarks.append(_remark(number, finding))
                    self.placed.add(number)
                return True
        return False

    def tokens(self) -> list[Token]:
        """All of it, with what was marked, and each passage that somebody remarked on in a frame with the remarks."""
        before: set[int] = set()
        after: dict[int, list[str]] = {}
        for passage in self._passages:
            passage.write()
            if passage.remarks:
                first, last = self._frame(passage.at)
                before.add(first)
                after.setdefault(last, []).extend(passage.remarks)
        made: list[Token] = []
        for number, token in enumerate(self.parsed):
            if number in before:
                made.append(_raw('<div class="noted">\n'))
            made.append(token)
            if number in after:
                made.append(_raw(f'<div class="remarks">{"".join(after[number])}</div></div>\n'))
        return made

    def _frame(self, at: int) -> tuple[int, int]:
        """Where the block around an inline token begins and ends: its paragraph or heading, or the table it is a cell of."""
        if self.parsed[at - 1].type not in ("td_open", "th_open"):
            for token in (self.parsed[at - 1], self.parsed[at + 1]):
                token.hidden = False  # in a list without blank lines it would be no block
            return at - 1, at + 1
        first = next(number for number in range(at, -1, -1) if self.parsed[number].type == "table_open")
        last = next(number for number in range(at, len(self.parsed)) if self.parsed[number].type == "table_close")
        return first, last


class _Passage:
    """The words of a paragraph, a heading or a cell as a reader has them, and which of them are marked."""

    def __init__(self, at: int, token: Token) -> None:
        self.at = at
        self.remarks: list[str] = []
        self._token = token
        self._text = ""  #: as it is compared
        self._from: list[tuple[int, int]] = []  #: of each character of it, the child and the place there
        self._marked: dict[tuple[int, int], int] = {}
        for child, part in enumerate(token.children or ()):
            words = part.content if part.type in ("text", "code_inline") else " " if part.type.endswith("break") else ""
            for place, character in enumerate(words.translate(_ALIKE)):
                if character.isspace() and (not self._text or self._text.endswith(" ")):
                    continue
                alike = character.casefold()
                self._text += " " if character.isspace() else alike if len(alike) == 1 else character
                self._from.append((child, place))

    def mark(self, quotation: str, number: int) -> bool:
        """Mark the first place of it; False where there is none."""
        found = self._text.find(quotation)
        while found >= 0 and len(quotation) < _SHORT and self._is_within(found, found + len(quotation)):
            found = self._text.find(quotation, found + 1)
        if found < 0:
            return False
        for place in self._from[found : found + len(quotation)]:
            self._marked.setdefault(place, number)
        return True

    def _is_within(self, start: int, end: int) -> bool:
        """Whether the words begin or end in the middle of others."""
        return (start > 0 and self._text[start - 1].isalnum()) or self._text[end : end + 1].isalnum()

    def write(self) -> None:
        """Put the marks where the words are."""
        if not self._marked:
            return
        last = {number: place for place, number in self._marked.items()}
        made: list[Token] = []
        for child, part in enumerate(self._token.children or ()):
            if part.type == "code_inline":
                number = next((n for (of, _), n in self._marked.items() if of == child), 0)
                made += _marked([part], number, is_last=bool(number) and last[number][0] == child)
                continue
            if part.type != "text":
                made.append(part)
                continue
            for start, end, number in self._runs(child, len(part.content)):
                piece = Token("text", "", 0, content=part.content[start:end])
                is_last = bool(number) and last[number][0] == child and start <= last[number][1] < end
                made += _marked([piece], number, is_last=is_last)
        self._token.children = made

    def _runs(self, child: int, length: int) -> Iterator[tuple[int, int, int]]:
        start, number = 0, self._marked.get((child, 0), 0)
        for place in range(1, length + 1):
            here = self._marked.get((child, place), 0) if place < length else -1
            # A blank that was left out between two marked words belongs to them.
            if (
                here == 0
                and number
                and self._marked.get((child, place + 1)) == number
                and (child, place) not in self._from
            ):
                continue
            if here != number:
                yield start, place, number
                start, number = place, here


def _marked(tokens: list[Token], number: int, *, is_last: bool) -> list[Token]:
    if not number:
        return tokens
    opening = Token("mark_open", "mark", 1)
    if is_last:
        opening.attrs["data-finding"] = str(number)
    return [opening, *tokens, Token("mark_close", "mark", -1)]


def _raw(written: str) -> Token:
    return Token("html_block", "", 0, content=written)


def _remark(number: int, finding: Finding) -> str:
    what, change = (html.escape(visible(said)) for said in (finding.what, finding.change))
    return (
        f'<div class="remark" id="remark-{number}" role="note" aria-label="Finding {number}"><p>'
        f'<span class="remark-number">{number}</span> <span class="state {finding.severity}">{finding.severity}</span> {what} '
        f'<span class="quiet">To change: {change}</span></p></div>'
    )
