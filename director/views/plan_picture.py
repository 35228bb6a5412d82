"""A plan as a picture: one SVG file of boxes and arrows, readable on light and dark, without a script or a font of its own."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from director.views.plan import Step
from director.views.titles import skill_title
from director.words.amounts import plain_usd, usd
from director.words.characters import shortened, visible
from director.words.models import Goal
from director.words.states import TaskState

#: In pixels: a box, the gaps between columns and rows, the space around all, and the title's.
_WIDE: Final = 216
_HIGH: Final = 70
_BETWEEN: Final = 72
_BELOW: Final = 22
_AROUND: Final = 24
_TITLE: Final = 58

#: The least width: what the title and the line below it need.
_LEAST: Final = 460

#: The width up to which a page's picture is still read when it is made to fit the page.
_FITS: Final = 1200

#: Characters that a box holds in the width most letters have.
_LONGEST_NAME: Final = 26
_LONGEST_PIECES: Final = 32

#: Characters of the goal, a hundred pixels of width.
_LETTERS: Final = 12

#: How a state is said, and its colour's name.
_STATES: Final = {
    TaskState.PLANNED: ("next", "open"),
    TaskState.DRAFTING: ("writing", "work"),
    TaskState.REVIEWING: ("in review", "work"),
    TaskState.ESCALATED: ("waits for a decision", "wait"),
    TaskState.APPROVED: ("approved", "done"),
    TaskState.FAILED: ("not approved", "lost"),
    TaskState.CANCELLED: ("cancelled", "lost"),
    TaskState.LEFT_OUT: ("left out", "lost"),
}

_STYLE: Final = (
    "svg{color-scheme:light dark}"
    "text{font:13px system-ui,sans-serif;fill:#1f2933}.title{font-size:16px;font-weight:600}.name{font-weight:600}"
    ".small{font-size:11.5px;fill:#52606d}.ground{fill:#fff}.box{fill:#f5f7fa;stroke:#cbd2d9}"
    ".edge{fill:none;stroke:#7b8794;stroke-width:1.5}.head{fill:#7b8794}"
    ".open{fill:#616e7c}.work{fill:#2b6cb0}.wait{fill:#c27803}.done{fill:#2f855a}.lost{fill:#c53030}"
    "@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.small{fill:#9aa5b1}.ground{fill:#12181f}"
    ".box{fill:#1f2933;stroke:#3e4c59}.edge{stroke:#7b8794}.open{fill:#9aa5b1}.work{fill:#63a4e8}.wait{fill:#f0b429}"
    ".done{fill:#57ae5b}.lost{fill:#ef8a8a}}"
)

_ARROWHEAD: Final = (
    '<defs><marker id="to" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
)


def picture(goal: Goal, found: Sequence[Step], now: datetime, *, page: bool = False) -> str:
    """
    The file's text: a column for each place in the longest chain, what can be done side by side one below the other.

    For a *page* it is a part of that: without a style and a heading of its own, its boxes lead to the tasks.
    """
    above = 0 if page else _TITLE
    columns: defaultdict[int, list[Step]] = defaultdict(list)
    for step in found:
        columns[step.depth].append(step)
    rows = max(map(len, columns.values()), default=1)
    width = max(_LEAST, 2 * _AROUND + len(columns) * (_WIDE + _BETWEEN) - _BETWEEN)
    height = above + 2 * _AROUND + rows * (_HIGH + _BELOW) - _BELOW
    at = {
        step.number: (
            _AROUND + depth * (_WIDE + _BETWEEN),
            above + _AROUND + _middle(len(steps), rows) + row * (_HIGH + _BELOW),
        )
        for depth, steps in columns.items()
        for row, step in enumerate(steps)
    }
    boxes = [
        *(_arrow(at[need], at[step.number]) for step in found for need in step.after),
        *(_box(step, *at[step.number], page=page) for step in found),
    ]
    if page:
        # With links in it, it is a group and no image.
        head = (
            f'<svg class="plan{" fits" if width <= _FITS else ""}" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="group" '
            'aria-label="The plan as a picture">'
        )
        return "\n".join([head, _ARROWHEAD, *boxes, "</svg>", ""])
    spent = sum(step.cost_nano for step in found)
    title = shortened(visible(f"{goal.id}  {' '.join(goal.text.split())}"), width * _LETTERS // 100)
    below = f"{goal.state}, {usd(spent)} spent on its tasks, {now:%Y-%m-%d %H:%M} UTC"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        _ARROWHEAD,
        f'<rect class="ground" width="{width}" height="{height}"/>',
        _text(_AROUND, _AROUND + 10, title, "title"),
        _text(_AROUND, _AROUND + 32, below, "small"),
        *boxes,
    ]
    return "\n".join([*parts, "</svg>", ""])


def _middle(here: int, most: int) -> int:
    return (most - here) * (_HIGH + _BELOW) // 2


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + _WIDE, start[1] + _HIGH // 2
    to_x, to_y = end[0] - 2, end[1] + _HIGH // 2
    bend = _BETWEEN // 2
    if to_x - x <= _BETWEEN:
        way = f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    else:
        # Past the boxes of the columns between: along the gap below the row it starts in.
        gap = y + (_HIGH + _BELOW) // 2
        last = to_x - _BETWEEN + 2
        way = (
            f"M{x} {y}C{x + bend} {y} {x + bend // 2} {gap} {x + _BETWEEN} {gap}L{last} {gap}"
            f"C{last + bend} {gap} {to_x - bend} {to_y} {to_x} {to_y}"
        )
    return f'<path class="edge" d="{way}" marker-end="url(#to)"/>'


def _box(step: Step, x: int, y: int, *, page: bool) -> str:
    word, colour = _STATES[step.task.state]
    spent = plain_usd(step.cost_nano) if page else usd(step.cost_nano)
    cost = f" · {spent}" if step.cost_nano else ""
    does = skill_title(step.planned.skill) if page else step.does
    begins, ends = (f'<a href="/tasks/{escape(step.task.id)}">', "</a>") if page else ("", "")
    pieces = ", ".join(step.planned.pieces) or step.planned.brief
    told = visible(f"{step.task.id}: {step.does}. {step.planned.brief}")
    return "".join(
        [
            f"{begins}<g><title>{escape(told)}</title>",
            f'<rect class="box" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="8"/>',
            f'<rect class="{colour}" x="{x}" y="{y + 8}" width="5" height="{_HIGH - 16}" rx="2"/>',
            _text(x + 16, y + 22, shortened(f"{step.number} {does}", _LONGEST_NAME), "name"),
            _text(x + 16, y + 41, f"{word}{cost}", colour),
            _text(x + 16, y + 58, shortened(" ".join(pieces.split()), _LONGEST_PIECES), "small"),
            f"</g>{ends}",
        ]
    )


def _text(x: int, y: int, said: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(visible(said))}</text>'
