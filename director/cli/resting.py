"""What rests on a deliverable that a person changes, a line a task, and how it is looked at again."""

from collections.abc import Sequence
from typing import Final

from director.words.characters import shortened, visible
from director.words.command import program
from director.words.models import Task

#: Characters of a brief that are shown.
_SHOWN: Final = 60


def resting_lines(ident: str, resting: Sequence[Task], *, once: str = "") -> list[str]:
    """The lines; none where nothing rests on *ident*. *once* is what has to happen before they can be looked at again."""
    lines = [
        f"Rests on it: {task.id} {task.skill}, {task.state}: {shortened(visible(' '.join(task.brief.split())), _SHOWN)}".rstrip(
            ": "
        )
        for task in resting
    ]
    if lines:
        each = "it" if len(lines) == 1 else "them"
        lines.append(f"{once}`{program()} revise {ident} --dependents` has {each} looked at again.")
    return lines
