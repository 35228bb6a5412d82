"""Where copies of the record are filed in the workspace: what their files are called, for the goal and for the title."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from director.files.performance_chart import drawn_from
from director.files.printable import endings
from director.prompting.pieces import take_apart
from director.words.models import Goal, Task
from director.words.settings import Settings
from pipelines.plan import StepKind

#: Of a piece's title in the name of its file.
_LONGEST_SLUG: Final = 60

#: How the names of mirrors begin: with the goal's id.
_NAMED: Final = re.compile(r"g(\d{1,9})(?:[-.]|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece is mirrored, relative to the workspace; always with forward slashes."""

    path: str  #: The text.
    title: str
    extra: tuple[str, ...] = ()  #: The same to be printed, its table for a spreadsheet, its chart.


def places_of(task: Task, text: str) -> tuple[Place, ...]:
    """Where the pieces of a deliverable are mirrored, in its order; a text without pieces is one."""
    made = take_apart(text)
    folder, number = f"outputs/{task.goal}", f"{task.position:02d}"
    if not made.pieces:
        path = task.path or f"{folder}/{number}-{_slug(made.title or task.skill)}.md"
        chart = (f"{path.removesuffix('.md')}.svg",) if task.kind is StepKind.REPORT and drawn_from(text) else ()
        return (Place(path, made.title or task.skill, chart),)
    places = []
    for place, piece in enumerate(made.pieces, 1):
        stem = f"{folder}/{number}-{f'{place}-' if len(made.pieces) > 1 else ''}{_slug(piece.title)}"
        places.append(Place(f"{stem}.md", piece.title, tuple(f"{stem}{ending}" for ending in endings(piece))))
    return tuple(places)


def notes_path(task: Task) -> str:
    """Where what stands behind a task's pieces is mirrored."""
    return f"outputs/{task.goal}/notes/{task.position:02d}-{task.skill}.md"


def _slug(title: str) -> str:
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", title).lower())
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or "piece"


def report_path(goal: Goal) -> str:
    """Where a goal's report is mirrored, relative to the workspace."""
    return f"reports/{goal.id}.md"


def free_number(settings: Settings) -> int:
    """
    The first goal's number that no file in the workspace is named for.

    A record that was taken away leaves its files; a new one that began from 1 again would write over them.
    """
    root = settings.workspace_dir
    patterns = ("reports/g*.md", "outputs/g*/", "outputs/*/*/g*.md")
    names = [file.name for pattern in patterns for file in root.glob(pattern)]
    return 1 + max((int(found[1]) for name in names if (found := _NAMED.match(name))), default=0)
