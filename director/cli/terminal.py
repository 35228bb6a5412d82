"""What a terminal shows: its width, and tables that fit it."""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from director.words.characters import visible
from director.words.settings import Settings
from director.words.streams import unguarded

#: Columns of a terminal a text keeps in a table before others are left out for it.
_LEAST_TEXT: Final = 12

#: Columns where nobody looks at a screen: more than any line has.
_ENDLESS: Final = 1_000_000


class _Visible(Console):
    """
    Writes its own colours and moves as they are, and every text visibly, whoever forgot to. Text is folded between words: a
    path or a command that is longer than a line stays whole, so that it can be copied.
    """

    def print(self, *objects: Any, **how: Any) -> None:
        """As rich does, but what cannot be shorter is whole, and where there is no terminal a line ends with its last word."""
        if self.is_terminal:
            super().print(*objects, **{"crop": False, **how})
            return
        with self.capture() as said:
            super().print(*objects, **{"crop": False, **how})
        self.file.write("\n".join(line.rstrip(" ") for line in said.get().split("\n")))

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is printed, piece by piece."""
        options = options or self.options
        # In a table's cells something else is said about it.
        if isinstance(renderable, Text) and not (options.no_wrap or options.overflow or renderable.overflow):
            renderable = _between_words(renderable, options.max_width)
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(visible(piece.text), piece.style)


def say_workspace(settings: Settings, stream: TextIO | None = None) -> None:
    """Which workspace a command acts on: the first line of all that do, for they can be called from anywhere."""
    print(f"Workspace {settings.workspace_dir}", file=stream, flush=True)


def _between_words(text: Text, width: int) -> Text:
    """The text in lines of at most *width*, where its words allow it; rich would break the words that do not."""
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        ends: list[int] = []
        used = cell_len(line.plain[: len(line.plain) - len(line.plain.lstrip())])
        for word in re.finditer(r"\S+\s*", line.plain):
            if used + cell_len(word[0].rstrip()) > width and line.plain[: word.start()].strip():
                ends.append(word.start())
                used = 0
            used += cell_len(word[0])
        lines += line.divide(ends)
    for line in lines:
        line.rstrip()
    folded = Text("\n", end=text.end).join(lines)
    folded.no_wrap, folded.overflow = True, "ignore"
    return folded


def console() -> Console:
    """
    Standard output: as wide as the terminal. Where it is none, as COLUMNS says, else without end: in a pipe a row is a line,
    for programs like grep, and nothing of it is cut.
    """
    out = _console()
    return out if out.is_terminal or os.environ.get("COLUMNS", "").strip("0").isdigit() else _console(width=_ENDLESS)


def _console(width: int | None = None) -> Console:
    # No markup, no ":smile:": what a model or a person wrote may look like it.
    return _Visible(file=unguarded(sys.stdout), width=width, highlight=False, markup=False, emoji=False)


def plain_table(*columns: str, right: Sequence[str] = ()) -> Table:
    """A table without frames."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=column in right)
    return table


def fitted(
    rows: Sequence[Sequence[str | Text]],
    columns: Sequence[str],
    width: int,
    *,
    text: str | Sequence[str],
    least: int = _LEAST_TEXT,
    right: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Table:
    """
    A table in *width* columns of a terminal. Where it is too wide, those of *drop* are left out, in this order, until each
    column of *text* has *least*; then these fold or are cut. The others, ids and states, are never cut.
    """
    texts = (text,) if isinstance(text, str) else text
    needs = {
        name: max(cell_len(line) for cell in (name, *(row[n] for row in rows)) for line in str(cell).split("\n"))
        for n, name in enumerate(columns)
    }
    needs.update({name: min(needs[name], least) for name in texts})
    kept = list(columns)
    for name in drop:
        if sum(needs[column] + 2 for column in kept) - 2 > width:
            kept.remove(name)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in kept:
        table.add_column(name, justify="right" if name in right else "left", no_wrap=name not in texts)
    for row in rows:
        shown = [visible(cell) if isinstance(cell, str) else cell for cell in row]
        table.add_row(*(cell for name, cell in zip(columns, shown, strict=True) if name in kept))
    return table


def cut(text: str) -> Text:
    """A cell of one line, which ends in "…" where its column is too narrow."""
    return Text(visible(" ".join(text.split())), overflow="ellipsis", no_wrap=True)


def cut_in_the_middle(text: str, most: int) -> str:
    """A name of ASCII in at most *most* columns: those that differ at their ends can still be told apart."""
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[: most - 1 - head]}…{text[len(text) - head :]}"


def quoted(text: str) -> str:
    """Others' words of more than a line among lines of ours: each stands behind a mark, so that none is taken for ours."""
    width = console().width - 2 if sys.stdout.isatty() else None
    rows = (visible(row) for row in text.rstrip().splitlines())
    # On a terminal, which would go on without the mark where a line is too long.
    folded = (piece for row in rows for piece in ([row] if width is None else _pieces(row, width)))
    return "\n".join(f"| {piece}".rstrip() for piece in folded)


def _pieces(row: str, width: int) -> list[str]:
    return [str(piece) for piece in Text(row.expandtabs()).wrap(console(), max(1, width))] or [""]


def counted(number: int, noun: str) -> str:
    """A number of things: "1 task", "3 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
