"""Somebody's notes, sorted into the sections of a product context by their own headings. Nothing is added, nothing is lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from skills.context import Part, is_no_name, meant_by, named
from skills.markdown import headings, with_marked_headings

#: "Competitors: …" at the beginning of a line: up to five words that may stand for a heading.
_LABEL = re.compile(r"\*{0,2}((?:[^\W_][^\s:*]*[ \t]+){0,4}[^\s:*]+)(?::\*{0,2}|\*\*:?)(?=\s|$)(.*)")

#: A label on a line of its own holds until the next heading or label; deeper than any heading.
_DEEPEST = 7


@dataclass(slots=True)
class Sorted:
    """Where the pieces of some notes belong."""

    name: str = ""  #: What the notes' title says.
    said: dict[str, str] = field(default_factory=dict)  #: By the section's title.
    left_over: str = ""
    placed: dict[str, str] = field(default_factory=dict)  #: By heading or label: the section's title; empty for none.


def sort(text: str, parts: Sequence[Part]) -> Sorted:
    """
    Each piece of *text* goes to the section its heading means; below such a heading everything stays together.

    Where no heading means one, a label in front of a paragraph ("Competitors: …") may. What belongs to no section, or
    to more than one, is left over. A heading stays above its text unless it is the section's title.
    """
    return _Sorting(text, parts).result()


class _Sorting:
    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self._parts = parts
        text = with_marked_headings(text)
        self._lines = text.split("\n")
        self._headings = {number: (level, title) for number, level, title in headings(text)}
        self._sorted = Sorted()
        self._pieces: dict[str, list[str]] = {}
        #: Where text goes now (empty: nowhere), and how deep the heading is that says so.
        self._section, self._depth = "", 0
        #: A paragraph under a label of its own; it ends with a blank line.
        self._aside = ""

    def result(self) -> Sorted:
        title = self._title()
        for number, line in enumerate(self._lines):
            if number == title and is_no_name(self._headings[number][1], self._parts):
                self._heading(line, _DEEPEST, self._headings[number][1])
            elif number == title:
                name = re.sub(r"(?i)\bproduct[- ]marketing[- ]context\b", "", self._headings[number][1])
                self._sorted.name = name.strip(" :,;-\u2013\u2014")
            elif number in self._headings:
                self._heading(line, *self._headings[number])
            else:
                self._line(line)
        for section, lines in self._pieces.items():
            body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
            if body.strip() and section:
                self._sorted.said[section] = body
            elif body.strip():
                self._sorted.left_over = body
        return self._sorted

    def _title(self) -> int | None:
        """The line of the document's title: its only first-level heading, before all others."""
        first = next(iter(self._headings), None)
        levels = [level for level, _ in self._headings.values()]
        return first if len(levels) > 1 and levels[0] == 1 and levels.count(1) == 1 else None

    def _heading(self, line: str, level: int, title: str) -> None:
        self._aside = ""
        if self._section and level > self._depth and not named(title, self._parts):
            self._keep(f"\n{line}\n")
            return
        part = meant_by(title, self._parts)
        self._section, self._depth = (part.title, level) if part else ("", 0)
        self._sorted.placed[title] = self._section
        self._keep("" if part and part.title == title else f"\n{line}\n")

    def _line(self, line: str) -> None:
        if not line.strip():
            self._aside = ""
        elif (not self._section or self._depth == _DEEPEST) and (label := _LABEL.match(line)):
            part = meant_by(label[1], self._parts)
            if part and label[2].strip():
                self._aside = part.title
            elif part:
                self._aside, self._section, self._depth = "", part.title, _DEEPEST
            if part:
                self._sorted.placed[label[1]] = part.title
                self._keep("")
        self._keep(line)

    def _keep(self, line: str) -> None:
        self._pieces.setdefault(self._aside or self._section, []).append(line)
