"""Which goal, or which plan of it, it is that somebody saw, before they pause, resume, cancel or change it."""

from dataclasses import asdict

from director.progress import questions
from director.store.tx import Tx
from director.words.errors import ChangedSince
from director.words.models import Goal
from director.words.states import stands
from director.words.version import version_of


def version_of_goal(goal: Goal) -> str:
    """Another as soon as anything of the goal's own row is: its state, what it waits for, its cap, its plan."""
    return version_of(asdict(goal))


def version_of_plan(tx: Tx, goal: Goal) -> str:
    """Another as soon as the plan is, what it was forecast to cost, the goal's cap, or the question whether it may run."""
    asked = questions.about_plan(tx, goal.id)
    return version_of({
        "goal": goal.id, "plan": goal.plan, "forecast": goal.forecast, "cap_nano": goal.cap_nano,
        "question": asked and asked.id,
    })  # fmt: skip


def see_version(goal: Goal, version: str | None) -> None:
    """
    See that the goal is as it was when it had *version*; None: however it is.

    Raises:
        ChangedSince: it is not.
    """
    if version is not None and version_of_goal(goal) != version:
        raise ChangedSince(
            f"Goal {goal.id} changed since you saw it: it {stands(goal.state)} now. Nothing was done; look again."
        )
