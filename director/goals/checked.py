"""What every plan has to keep, whoever made or changed it: known skills, an order, its bounds, no secret in a title."""

from collections.abc import Sequence
from typing import Final

from director.office import Office
from director.prompting.forms import PlanForm, PlannedStep
from director.prompting.pieces import plain
from director.prompting.situation import LONGEST_APPROACH
from director.words.characters import shortened
from director.words.redaction import find
from pipelines.plan import MOST_TASKS, PlannedTask, Size, StepKind, check

#: Characters of a brief: more than the 150 words it is asked for in.
LONGEST_BRIEF: Final = 1_500

#: Open questions that a page puts first; with more, none is.
MOST_UNKNOWNS: Final = 3

#: Actions of a plan that somebody carries out.
MOST_ACTIONS: Final = 12


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


def of_form(found: PlanForm) -> tuple[str, ...]:
    """
    What of Claude's plan would be cut or leads nowhere, a sentence each: words over the room they were asked for in, and an
    action that is done with a piece nobody writes.
    """
    titles = {plain(piece) for step in found.tasks for piece in step.pieces}
    sizing = found.sizing
    return (
        *(
            f"The brief of {step.id} has {len(step.brief):,} characters, and {LONGEST_BRIEF:,} are read: at most 150 words."
            for step in found.tasks
            if len(step.brief) > LONGEST_BRIEF
        ),
        *(
            [
                f"The approach has {len(sizing.approach):,} characters, and {LONGEST_APPROACH:,} are read: at most 120 words."
            ]
            if len(sizing.approach) > LONGEST_APPROACH
            else []
        ),
        *(
            [f"There are {len(sizing.unknowns)} unknowns: keep the {MOST_UNKNOWNS} that change most."]
            if len(sizing.unknowns) > MOST_UNKNOWNS
            else []
        ),
        *(
            [f"There are {len(sizing.actions)} actions: at most {MOST_ACTIONS}."]
            if len(sizing.actions) > MOST_ACTIONS
            else []
        ),
        *(
            f"The action {shortened(action.what, 80)!r} names {shortened(action.piece, 80)!r}, which is no task's piece: "
            "give the title word for word, name it among a task's pieces, or leave it empty."
            for action in sizing.actions
            if action.piece and plain(action.piece) not in titles
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
