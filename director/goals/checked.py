"""
Whether tasks are taken as a plan, whoever made or changed it: what `pipelines/plan` holds every plan to (known skills, an
order, how many), and no secret in a title; of Claude's, that nothing of it would be cut or leads nowhere.
"""

from collections.abc import Sequence
from typing import Final

from director.office import Office
from director.prompting.forms import PlanForm, PlannedStep
from director.prompting.pieces import plain
from director.prompting.situation import LONGEST_SKETCH
from director.words.characters import shortened
from director.words.redaction import find
from pipelines.plan import LONGEST_BRIEF, MOST_TASKS, PlannedTask, Size, StepKind, check

#: Open questions that a page puts first; with more, none is.
MOST_UNKNOWNS: Final = 3


class Refused(Exception):
    """A plan that is not taken, and why, a sentence each."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def as_planned(step: PlannedStep) -> PlannedTask:
    """A task as Claude states it."""
    return PlannedTask(
        key=step.id,
        skill=step.skill,
        kind=StepKind.DRAFT,
        needs=tuple(step.needs),
        brief=shortened(" ".join(step.brief.split()), LONGEST_BRIEF),
        pieces=tuple(" ".join(piece.split()) for piece in step.pieces),
        size=Size(step.size),
    )


def sketch_of(found: PlanForm) -> str:
    """The sketch, and below it what it lacks."""
    lacks = "\n".join(f"- {' '.join(line.split())}" for line in found.lacks if line.strip())
    sketch = found.sketch.strip()
    return f"{sketch}\n\n## What this lacks\n\n{lacks}" if sketch and lacks else sketch


def of_form(found: PlanForm) -> tuple[str, ...]:
    """
    What of Claude's plan would be cut or leads nowhere, a sentence each: words over the room they were asked for in, and a
    piece that its sketch does without.
    """
    sizing, sketch = found.sizing, sketch_of(found)
    return (
        *(
            f"The brief of {step.id} has {len(step.brief):,} characters, and {LONGEST_BRIEF:,} are read: at most 150 words."
            for step in found.tasks
            if len(step.brief) > LONGEST_BRIEF
        ),
        *(
            [
                f"The sketch and what it lacks have {len(sketch):,} characters, and {LONGEST_SKETCH:,} are read: at most 900 "
                "words and eight lines."
            ]
            if len(sketch) > LONGEST_SKETCH
            else []
        ),
        *(
            [f"There are {len(sizing.unknowns)} unknowns: keep the {MOST_UNKNOWNS} that change most."]
            if len(sizing.unknowns) > MOST_UNKNOWNS
            else []
        ),
        *(
            f"The piece {shortened(piece, 80)!r} of {step.id} stands nowhere in the sketch: draft it there under this title, "
            "or leave it out."
            for step in found.tasks
            for piece in step.pieces
            if sketch and plain(piece) not in plain(sketch)
        ),
    )


def see(
    office: Office, tasks: Sequence[PlannedTask], *, most: int = MOST_TASKS, was: Sequence[PlannedTask] = ()
) -> None:
    """
    See that *tasks* can be a plan. What is wrong with *was*, the plan that is changed, is no fault of the change: a folder may
    have gone since.

    Raises:
        Refused
    """
    known = set(_reasons(office, was, most)) if was else set()
    if reasons := [reason for reason in _reasons(office, tasks, most) if reason not in known]:
        raise Refused(*reasons)


def _reasons(office: Office, tasks: Sequence[PlannedTask], most: int) -> tuple[str, ...]:
    # Its writer would have to repeat it word for word, and a draft with a secret is sent back.
    secrets = dict.fromkeys(kind for task in tasks for piece in task.pieces for kind in find(piece))
    return (
        *check(tasks, office.skills, most=most, left_out=office.catalog.left_out),
        *(f"A piece's title contains {what}: leave it out." for what in secrets),
    )
