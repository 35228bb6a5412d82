"""Costs as bars: one SVG file that a browser, a mail and a slide can show, without a script or a font of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from director.words.amounts import usd
from director.words.characters import visible

#: In pixels: the whole width, what names and amounts have of it, a row, and the space around all.
_WIDTH: Final = 860
_NAMES: Final = 300
_AMOUNTS: Final = 90
_ROW: Final = 24
_AROUND: Final = 20

#: Characters of a name that its column holds, in the width most letters have.
_LONGEST_NAME: Final = 42

_STYLE: Final = (
    "text{font:13px sans-serif;fill:#222}.title{font-size:16px;font-weight:bold}.side{font-weight:bold}"
    ".paid{fill:#2b6cb0}.rehearsed{fill:#b794f4}"
)


@dataclass(frozen=True, slots=True)
class Bars:
    """What was paid, or what was rehearsed: a name and nano-dollars for each bar, from the top."""

    kind: str  #: "paid" or "rehearsed"; the bars' colour
    title: str
    bars: Sequence[tuple[str, int]]


def chart(title: str, sides: Sequence[Bars]) -> str:
    """The file's text. Each side has its own scale, for what was paid and what was rehearsed are never compared."""
    rows: list[str] = []
    y = _AROUND + _ROW // 2
    rows.append(_text(_AROUND, y, title, "title"))
    for side in sides:
        y += _ROW * 3 // 2
        rows.append(_text(_AROUND, y, side.title, "side"))
        most = max((nano for _, nano in side.bars), default=0) or 1
        room = _WIDTH - 2 * _AROUND - _NAMES - _AMOUNTS
        for name, nano in side.bars:
            y += _ROW
            wide = round(room * nano / most, 1)
            start = _AROUND + _NAMES
            rows.append(_text(start - 8, y, _short(name), "name", end=True))
            rows.append(f'<rect class="{side.kind}" x="{start}" y="{y - 13}" width="{wide}" height="16"/>')
            rows.append(_text(start + wide + 8, y, usd(nano), "amount"))
    height = y + _AROUND
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" role="img">'
    ground = f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, *rows, "</svg>", ""])


def _text(x: float, y: int, said: str, kind: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{kind}" x="{x:g}" y="{y}"{anchor}>{escape(visible(said))}</text>'


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
