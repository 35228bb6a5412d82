"""
The form of a deliverable and the one way to read it: pieces, each final and alone, and behind them the specialist's notes.

A piece stands between a line `<piece title="…">` and a line `</piece>`, outside of fenced code.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape
from typing import Final

from director.prompting.allowances import SUMMARY_ALLOWANCE, within
from director.words.characters import has_visible
from pipelines.plan import PlannedTask, Size
from skills import markdown
from skills.loader import Skill

_FORM: Final = '<piece title="…">'
_OPENING: Final = re.compile(r'<piece title="([^"]{1,200}+)"(?: use="([a-z ]{1,20}+)")?>')
_CLOSING: Final = "</piece>"

#: What of Markdown and HTML says nothing by itself.
_MARKUP: Final = re.compile(r"<!--[^<>]{0,300}+>|<br[ /]{0,3}>|(?m:^[ \t]*+\d{1,9}+[.)](?!\S))|[#>*_`\-|+~:=\\\s]")

#: Words of the smallest deliverable that is one.
_LEAST: Final = 40

#: Of a line that is shown in a complaint.
_SHOWN: Final = 80

#: Characters of what a summary shows by its beginning only.
_BEGINNING: Final = 200

#: How the titles of those sections of the notes begin that speak to others, and of the one that says what it rests on.
_FIRST: Final = ("decided", "handover")
_ASSUMED: Final = "assumption"


class Use(StrEnum):
    """What is done with a piece."""

    SCREEN = "screen"  #: It is copied from a screen: a piece that says nothing.
    PRINT = "print"  #: It is read on paper.
    FILL_IN = "fill in"  #: People write into it.


@dataclass(frozen=True, slots=True)
class Piece:
    """What a person uses."""

    title: str
    use: Use
    text: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A draft, taken apart."""

    title: str  #: Its `# ` heading outside of the pieces; empty without.
    pieces: tuple[Piece, ...]
    notes: str  #: What stands in no piece, without the title.
    faults: tuple[str, ...]  #: What is wrong with the form, a sentence each for its author.

    @property
    def preface(self) -> str:
        """What stands in the notes before their first `## ` heading."""
        lines = self.notes.split("\n")
        first = next((number for number, level, _ in markdown.headings(self.notes) if level <= 2), len(lines))
        return "\n".join(lines[:first]).strip()

    def section(self, title: str) -> str:
        """What stands below a `## ` heading of the notes; empty when there is no such."""
        return next((body for name, body in self.sections() if plain(name) == plain(title)), "")

    def sections(self) -> list[tuple[str, str]]:
        """The `## ` sections of the notes, each with what stands below it."""
        lines = self.notes.split("\n")
        starts = [(number, name) for number, level, name in markdown.headings(self.notes) if level <= 2]
        ends = [*(number for number, _ in starts), len(lines)][1:]
        return [
            (name, "\n".join(lines[number + 1 : end]).strip()) for (number, name), end in zip(starts, ends, strict=True)
        ]


def take_apart(text: str) -> Deliverable:
    """The pieces and the notes of a draft; a text without pieces is all notes."""
    lines = text.split("\n")
    code = {number for fence in markdown.fences(lines) if fence.closed for number in range(fence.first, fence.last + 1)}
    pieces: list[Piece] = []
    faults: list[str] = []
    notes: list[str] = []
    title, use = "", Use.SCREEN
    inside: list[str] | None = None
    for number, line in enumerate(lines):
        mark = "" if number in code else line.strip()
        if mark == _CLOSING and inside is not None:
            pieces.append(_piece(title, use, inside))
            inside = None
        elif mark == _CLOSING:
            faults.append(f"A line {_CLOSING} closes nothing: a piece begins with a line {_FORM}.")
        elif mark.startswith("<piece"):
            if inside is not None:
                faults.append(f"The piece {title!r} is not closed: end it with a line {_CLOSING}.")
                pieces.append(_piece(title, use, inside))
            found = _OPENING.fullmatch(mark)
            if found is None or (found[2] or Use.SCREEN) not in set(Use):
                uses = " or ".join(f'use="{word}"' for word in Use if word is not Use.SCREEN)
                faults.append(f"The line {mark[:_SHOWN]!r} is not of the form {_FORM}, with {uses} where it applies.")
            title = " ".join(found[1].split()) if found else "Piece"
            use = Use(found[2]) if found and found[2] in set(Use) else Use.SCREEN
            inside = []
        elif inside is not None:
            inside.append(line)
        else:
            notes.append(line)
    if inside is not None:
        faults.append(f"The piece {title!r} is not closed: end it with a line {_CLOSING}.")
        pieces.append(_piece(title, use, inside))
    faults += _of_pieces(pieces)
    head, kept = _headed(notes)
    return Deliverable(head, tuple(pieces), kept, tuple(faults))


def with_piece(text: str, number: int, words: str) -> str | None:
    """
    *text* with other *words* in its piece of that *number*, from 0; None where they would change more than that piece, because
    a line of them opens or closes one.
    """
    before = take_apart(text)
    lines = text.split("\n")
    code = {n for fence in markdown.fences(lines) if fence.closed for n in range(fence.first, fence.last + 1)}
    marks = [n for n, line in enumerate(lines) if n not in code and line.strip().startswith(("<piece", _CLOSING))]
    if before.faults or len(marks) != 2 * len(before.pieces):
        return None
    opening, closing = marks[2 * number : 2 * number + 2]
    changed = "\n".join([*lines[: opening + 1], words.strip(), *lines[closing:]])
    after = take_apart(changed)
    wanted = [*before.pieces]
    wanted[number] = replace(wanted[number], text=words.strip())
    return changed if (after.pieces, after.notes, after.title) == (tuple(wanted), before.notes, before.title) else None


def _piece(title: str, use: Use, inside: list[str]) -> Piece:
    # A fence without a language may be meant: a letter that is sent as it stands.
    return Piece(title, use, markdown.unwrapped("\n".join(inside).strip(), markdown.MARKDOWN).strip())


def _of_pieces(pieces: list[Piece]) -> Iterator[str]:
    yield from (f"The piece {piece.title!r} is empty." for piece in pieces if is_blank(piece.text))
    names = [plain(piece.title) for piece in pieces]
    titles = dict(zip(names, (piece.title for piece in pieces), strict=True))
    yield from (
        f"Two pieces are called {titles[name]!r}: give each a title of its own."
        for name, times in Counter(names).items()
        if times > 1
    )


def is_blank(text: str) -> bool:
    """Whether nothing is seen of a text: it has markup at most."""
    return not has_visible(_MARKUP.sub("", unescape(text)))


def _headed(notes: list[str]) -> tuple[str, str]:
    text = "\n".join(notes)
    for number, level, name in markdown.headings(text):
        if level == 1:
            return name, "\n".join(notes[:number] + notes[number + 1 :]).strip()
    return "", text.strip()


def lengths(skill: Skill, task: PlannedTask) -> tuple[int, int, int]:
    """Words a deliverable has at least in all, at most in its pieces, and at most in its notes."""
    if task.size is not Size.DOCUMENT and not skill.is_one_document:
        return min(_LEAST, skill.minimum_words), task.size.piece_words, task.size.note_words
    # A skill whose work is long by its nature, as a product context is, may go on for three times its least.
    return skill.minimum_words, max(task.size.piece_words, 3 * skill.minimum_words), task.size.note_words


def words(text: str) -> int:
    """How many words a text has; the bars of a table and the marks of a list are none."""
    return sum(any(map(str.isalnum, token)) for token in text.split())


def plain(title: str) -> str:
    """A title as it is compared: without marks, numbers before it, and case."""
    return re.sub(r"^[\d.)\s]+|[*_`:]", "", title).strip().lower()


def for_others(text: str) -> str:
    """
    A deliverable as those are shown it who build on it: what was decided and what is handed over come first, so that they are
    never what is cut; then the pieces, then the other notes. One without pieces stays as it is.
    """
    found = take_apart(text)
    if not found.pieces:
        return text
    pieces = [f"{_opening(piece)}\n{piece.text}\n</piece>" for piece in found.pieces]
    first: list[str] = []
    rest = [found.preface]
    for name, body in found.sections():
        (first if plain(name).startswith(_FIRST) else rest).append(f"## {name}\n\n{body}")
    return "\n\n".join(filter(None, [f"# {found.title}", *first, *pieces, *rest]))


def summary(text: str) -> str:
    """
    A deliverable for those who do not build on it directly: what was decided, is handed over and is assumed, whole and first,
    because that speaks to them; then its pieces and its other headings, each with its beginning.
    """
    made = take_apart(text)
    lines = "\n".join(filter(None, [f"# {made.title}" if made.title else "", made.notes])).split("\n")
    starts = [(number, level, title) for number, level, title in markdown.headings("\n".join(lines)) if level <= 3]
    ends = [*(number for number, _, _ in starts), len(lines)][1:]
    whole: list[str] = []
    begun = [f"{_opening(piece)}\n{_beginning(piece.text)}" for piece in made.pieces]
    is_whole = False
    for (start, level, title), end in zip(starts, ends, strict=True):
        if level <= 2:
            is_whole = level == 2 and plain(title).startswith((*_FIRST, _ASSUMED))
        if is_whole:
            whole.append("\n".join(lines[start:end]).strip())
        else:
            begun.append(f"{lines[start]}\n{_beginning(' '.join(lines[start + 1 : end]))}".strip())
    if not starts:
        begun.append(_beginning(" ".join(lines)))
    return within("\n\n".join(filter(None, ["\n\n".join(whole), "\n".join(begun)])), SUMMARY_ALLOWANCE)


def _opening(piece: Piece) -> str:
    use = "" if piece.use is Use.SCREEN else f' use="{piece.use}"'
    return f'<piece title="{piece.title}"{use}>'


def _beginning(text: str) -> str:
    return " ".join(text.split())[:_BEGINNING]
