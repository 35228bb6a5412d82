"""A plan as a person decides about it: how large the goal is, its tasks and what they hand over, its likely cost and time."""

from datetime import timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from director.cli.terminal import fitted
from director.goals import forecast
from director.office import Office
from director.progress.facts import context_of
from director.store.tx import Tx
from director.views.goal import is_rehearsal
from director.words.amounts import usd
from director.words.characters import visible
from director.words.models import Goal
from pipelines.plan import PlannedTask, from_document


def plan_view(office: Office, tx: Tx, goal: Goal, width: int, *, rehearses: bool = False) -> RenderableType:
    """The plan of a goal that has one; *rehearses* as in `goal_document`."""
    plan = from_document(goal.plan)
    expected = forecast.of(office, plan, context_of(tx, goal))
    place = {task.key: str(n) for n, task in enumerate(plan.tasks, 1)}
    rows = [
        (place[task.key], task.skill, ", ".join(place[need] for need in task.needs), _hands_over(task))
        for task in plan.tasks
    ]
    parts: list[RenderableType] = [Text(f"Plan for {goal.id} ({plan.source})", style="bold")]
    if plan.note:
        parts.append(Text(visible(" ".join(plan.note.split()))))
    parts += [Text(visible(f"{question}: {' '.join(answer.split())}")) for question, answer in plan.sizing.items()]
    parts.append(fitted(rows, ("", "specialist", "after", "brief"), width, text="brief", right=("",), drop=("after",)))
    parts.append(
        Text(
            f"Likely {usd(expected.low_nano)} to {usd(expected.high_nano)} of at most {usd(goal.cap_nano)}, "
            f"in {_minutes(expected.low)} to {_minutes(expected.high)} minutes. These are estimates; the cap is what holds."
        )
    )
    if is_rehearsal(tx, goal, rehearses=rehearses):
        words = "This is a rehearsal: nothing is paid and it takes seconds; the estimates are for the real thing."
        parts.append(Text(words, style="magenta"))
    return Group(*parts)


def _hands_over(task: PlannedTask) -> str:
    """What a task is for, and what it will hand over, how large; of a ready-made plan its specialist chooses the pieces."""
    if not task.pieces:
        return task.brief
    named = ", ".join(f"“{piece}”" for piece in task.pieces)
    return f"{task.brief} Hands over: {named} ({task.size}, at most {task.size.piece_words:,} words).".strip()


def _minutes(time: timedelta) -> int:
    return max(1, round(time / timedelta(minutes=1)))
