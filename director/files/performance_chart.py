"""The chart of a performance report, an SVG without script or font: what was approved at first try, and the cost, by skill."""

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from director.words.characters import shortened, visible

#: In pixels: the whole width, what names and figures have of it, a row, and the space around all.
_WIDTH: Final = 760
_NAMES: Final = 220
_FIGURES: Final = 130
_ROW: Final = 24
_AROUND: Final = 20

_LONGEST_NAME: Final = 30

#: The table that it is drawn from, as `progress/performance_record` writes it.
_TABLE: Final = "### By skill\n"
_SHARE: Final = re.compile(r"(\d{1,9}) of (\d{1,9})\b.{0,20}")
_MONEY: Final = re.compile(r"\$(\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,9})?)")

_STYLE: Final = (
    "text{font:13px sans-serif;fill:#222}.title{font-weight:bold}"
    ".now{fill:#2b6cb0}.before{fill:#a0aec0}.all{fill:#edf2f7}"
)


def chart(text: str) -> str | None:
    """The file's text for a report with that table; None for any other. Below each bar is a grey one: the period before."""
    rows = _rows(text)
    if not rows:
        return None
    shares = [(name, _part(now), now, _part(was)) for name, now, was, *_ in rows if _part(now) is not None]
    costs = [(name, _usd(now), now, _usd(was)) for name, _, _, now, was in rows]
    most = max(value or 0 for _, now, _, was in costs for value in (now, was)) or 1
    drawn: list[str] = []
    y = _AROUND + _ROW // 2
    for title, bars, whole in (
        ("Approved at first try, of all approved", shares, 1.0),
        ("Cost (grey: the period before)", costs, most),
    ):
        drawn.append(_text(_AROUND, y, title, "title"))
        for name, now, said, was in bars:
            y += _ROW
            drawn += _bar(y, name, (now or 0) / whole, said, None if was is None else was / whole)
        y += _ROW * 2
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y}" role="img">'
    ground = f'<rect width="{_WIDTH}" height="{y}" fill="#fff"/>'
    return "\n".join([head, f"<style>{_STYLE}</style>", ground, *drawn, "</svg>", ""])


def drawn_from(text: str) -> bool:
    """Whether a chart can be drawn of that text."""
    return bool(_rows(text))


def _rows(text: str) -> list[tuple[str, str, str, str, str]]:
    """Name, share now and before, cost now and before of each row."""
    table = text.partition(_TABLE)[2].strip().partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.split("\n")[2:]]
    return [(row[0], row[2], row[3], row[4], row[5]) for row in cells if len(row) >= 6]


def _part(said: str) -> float | None:
    found = _SHARE.fullmatch(said)
    return int(found[1]) / int(found[2]) if found and int(found[2]) else None


def _usd(said: str) -> float | None:
    found = _MONEY.fullmatch(said)
    return float(found[1].replace(",", "")) if found else None


def _bar(y: int, name: str, share: float, said: str, was: float | None) -> Sequence[str]:
    start, room = _AROUND + _NAMES, _WIDTH - 2 * _AROUND - _NAMES - _FIGURES
    drawn = [
        _text(start - 8, y, shortened(name, _LONGEST_NAME), "name", end=True),
        f'<rect class="all" x="{start}" y="{y - 13}" width="{room}" height="16"/>',
        f'<rect class="now" x="{start}" y="{y - 13}" width="{room * min(share, 1):.1f}" height="11"/>',
        _text(start + room + 8, y, said, "figure"),
    ]
    if was is not None:
        drawn.append(f'<rect class="before" x="{start}" y="{y - 2}" width="{room * min(was, 1):.1f}" height="5"/>')
    return drawn


def _text(x: float, y: int, said: str, kind: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{kind}" x="{x:g}" y="{y}"{anchor}>{escape(visible(said))}</text>'
