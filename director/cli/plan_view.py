"""A plan as a person decides about it: how large the goal is, its tasks and what they hand over, its likely cost and time."""

from datetime import timedelta

from rich.console import Group, RenderableType
from rich.text import Text

from director.cli.terminal import fitted
from director.goals import likely_time
from director.goals.fitting import said
from director.goals.forecast import Forecast
from director.office import Office
from director.store.tx import Tx
from director.views.forecast import expected as expected_of
from director.views.goal import is_rehearsal
from director.words.amounts import usd
from director.words.characters import visible
from director.words.models import Goal
from pipelines.plan import PlannedTask, from_document


def plan_view(office: Office, tx: Tx, goal: Goal, width: int, *, rehearses: bool = False) -> RenderableType:
    """The plan of a goal that has one; *rehearses* as in `goal_document`."""
    plan = from_document(goal.plan)
    expected = expected_of(office, tx, goal)
    short, long = likely_time.of(plan)
    place = {task.key: str(n) for n, task in enumerate(plan.tasks, 1)}
    rows = [
        (place[task.key], task.skill, ", ".join(place[need] for need in task.needs), _hands_over(task))
        for task in plan.tasks
    ]
    parts: list[RenderableType] = [Text(f"Plan for {goal.id} ({plan.source})", style="bold")]
    if plan.note:
        parts.append(Text(visible(" ".join(plan.note.split()))))
    parts += [Text(visible(f"{question}: {' '.join(answer.split())}")) for question, answer in plan.sizing.items()]
    if plan.sketch:
        parts += [Text("The job in short, which everybody works from:", style="bold"), Text(visible(plan.sketch))]
    parts += [
        Text(visible(f"Only you know: {one.question} Until you say otherwise: {one.default}")) for one in plan.unknowns
    ]
    parts.append(fitted(rows, ("", "specialist", "after", "brief"), width, text="brief", right=("",), drop=("after",)))
    parts.append(
        Text(
            f"Likely {said(expected)} of at most {usd(goal.cap_nano)}, in {_minutes(short)} to {_minutes(long)} minutes. "
            f"These are estimates, {_from(expected)}; the cap is what holds."
        )
    )
    if is_rehearsal(tx, goal, rehearses=rehearses):
        words = (
            "This is a rehearsal: nothing is paid and it takes seconds; the money is what its calls would cost, the minutes "
            "are those of the real thing."
        )
        parts.append(Text(words, style="magenta"))
    return Group(*parts)


def _hands_over(task: PlannedTask) -> str:
    """What a task is for, and what it will hand over, how large; of a ready-made plan its specialist chooses the pieces."""
    if not task.pieces:
        return task.brief
    named = ", ".join(f"“{piece}”" for piece in task.pieces)
    return f"{task.brief} Hands over: {named} ({task.size}, at most {task.size.piece_words:,} words).".strip()


def _from(expected: Forecast) -> str:
    if not expected.goals:
        return "from rehearsals, until goals are finished here"
    return "from the last goal here" if expected.goals == 1 else f"from the last {expected.goals} goals here"


def _minutes(time: timedelta) -> int:
    return max(1, round(time / timedelta(minutes=1)))
