"""A task's score as people are told it: a number, or that a rehearsal gave none."""

from collections.abc import Iterable
from typing import Final

from director.words.models import Call, Task

#: What stands in place of a score where the review was rehearsed.
SHAPE_CHECKED: Final = "shape checked"


def scored(task: Task, calls: Iterable[Call], *, none: str | None = None) -> str | float | None:
    """A task's score as it is told: a number somebody gave, or that a rehearsal checked the shape and nobody the content."""
    if task.score is None:
        return none
    return SHAPE_CHECKED if is_rehearsed(calls, reviewed_for=task.id) else task.score


def is_rehearsed(calls: Iterable[Call], *, reviewed_for: str) -> bool:
    """Whether the reviews asked for in that task were rehearsed: then its scores say how the work moves, and nothing of it."""
    return any(call.rehearsal for call in calls if call.task == reviewed_for and call.purpose == "review")


def score_cell(task: Task, calls: Iterable[Call], *, none: str = "") -> str:
    """The same for a table."""
    said = scored(task, calls, none=none)
    return f"{said:.1f}" if isinstance(said, float) else str(said)


def score_said(task: Task, calls: Iterable[Call]) -> str:
    """The same behind something else in a sentence: ", score 7.8"; nothing where there is none."""
    said = scored(task, calls)
    return f", score {said:.1f}" if isinstance(said, float) else f", {said}" if said else ""
