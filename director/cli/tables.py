"""What people see: tables and lines about goals, tasks and questions."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from director.models import Approval, Call, Goal, Task
from director.money.amounts import usd
from director.office import Office
from director.states import GoalState, TaskState
from director.store.engine import Tx
from director.work.mirror import is_written

#: How a task's state is said and coloured.
_TASK: Final = {
    TaskState.PLANNED: ("next", "dim"),
    TaskState.DRAFTING: ("writing", "cyan"),
    TaskState.REVIEWING: ("in review", "magenta"),
    TaskState.ESCALATED: ("waits for you", "yellow"),
    TaskState.APPROVED: ("approved", "green"),
    TaskState.FAILED: ("failed", "red"),
    TaskState.CANCELLED: ("cancelled", "dim"),
}

_GOAL: Final = {
    GoalState.COMPLETED: "green",
    GoalState.FAILED: "red",
    GoalState.WAITING: "yellow",
    GoalState.CANCELLED: "dim",
}


def console() -> Console:
    """Standard output; as wide as the terminal, and never narrower than a table needs when it is none."""
    # No markup: what a model or a person wrote may look like it.
    out = Console(highlight=False, markup=False)
    return out if out.is_terminal else Console(highlight=False, markup=False, width=max(out.width, 120))


def plain_table(*columns: str, right: Sequence[str] = ()) -> Table:
    """A table without frames."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=column in right)
    return table


def goal_view(tx: Tx, goal: Goal, *, rehearses: bool = False) -> RenderableType:
    """
    A goal as it stands: what runs, what is next, what was spent of what, who is waited for.

    *rehearses* is whether this process does the work and rehearses it; it counts before the first call, no longer.
    """
    tasks = tx.tasks.of_goal(goal.id)
    calls = tx.calls.of_goal(goal.id)
    needs = tx.tasks.needs(goal.id)
    parts: list[RenderableType] = [headline(goal, calls, tx, rehearses=rehearses)]
    if tasks:
        table = plain_table(
            "task", "specialist", "state", "rev", "score", "cost", "after", right=("rev", "score", "cost")
        )
        for task in tasks:
            table.add_row(*task_row(task, calls, needs.get(task.id, ())))
        parts.append(table)
    for question in tx.approvals.open(goal.id):
        parts.append(Text(f"{question.id}: {question.question}", style="yellow"))
        parts.append(Text(f"    {answers(question)}", style="dim"))
    return Group(*parts)


def headline(goal: Goal, calls: Sequence[Call], tx: Tx, *, rehearses: bool) -> Text:
    """One line on the goal, one on its money and time."""
    spent = cost(calls)
    seconds = ((goal.finished_at or tx.now) - goal.created_at).total_seconds()
    line = Text(f"{goal.id}  ", style="bold")
    asked = " ".join(goal.text.split())
    line.append(asked if len(asked) <= 100 else f"{asked[:99]}…", style="default")
    line.append(f"\n{goal.state}", style=_GOAL.get(goal.state, "cyan"))
    if goal.wait_for is not None:
        line.append(f" for {_whom(goal)}", style="yellow")
    made = "1 call" if len(calls) == 1 else f"{len(calls)} calls"
    money = f"{usd(spent)} of {usd(goal.cap_nano)}"
    line.append(f"  {goal.category}, {goal.priority}  {money}  {made}  {_took(seconds)}")
    if label := rehearsal(calls, rehearses=rehearses):
        line.append(f"  {label}", style="magenta")
    if goal.reason and goal.state in (GoalState.WAITING, GoalState.FAILED, GoalState.CANCELLED):
        line.append(f"\n{goal.reason}", style="yellow" if goal.state is GoalState.WAITING else "red")
    return line


def rehearsal(calls: Sequence[Call], *, rehearses: bool) -> str:
    """
    What of a goal's calls was rehearsed; nothing where all was real.

    The calls say it, not the settings of who looks: a worker may have a key that this terminal has not, or the other way.
    """
    rehearsed = [call for call in calls if call.rehearsal]
    if len(rehearsed) == len(calls):
        return "rehearsal, nothing is paid" if calls or rehearses else ""
    if not rehearsed:
        return ""
    return f"{usd(cost(rehearsed))} of it rehearsed, {usd(cost(calls) - cost(rehearsed))} paid"


def cost(calls: Iterable[Call]) -> int:
    """What the calls cost, or would have cost, nano-dollars."""
    return sum(call.cost_nano for call in calls)


def task_row(task: Task, calls: Sequence[Call], needs: Sequence[str]) -> tuple[RenderableType, ...]:
    """The task's row of the table."""
    word, style = _TASK[task.state]
    spent = cost(call for call in calls if call.task == task.id)
    return (
        task.id,
        task.skill if task.target is None else f"{task.skill} reviews {task.target}",
        Text(word, style=style),
        str(task.revision),
        "" if task.score is None else f"{task.score:.1f}",
        usd(spent) if spent else "",
        ", ".join(need.rpartition("-")[2] for need in needs),
    )


def delivered(office: Office, tasks: Sequence[Task]) -> str:
    """Where the deliverables are, a line each; paths are not folded, so that they can be copied."""
    width = max(len("deliverable"), *(len(task.skill) for task in tasks))
    lines = [f"{'deliverable':<{width}}  score  file"]
    for task in tasks:
        if task.path is not None:
            score = "" if task.score is None else f"{task.score:.1f}"
            lines.append(f"{task.skill:<{width}}  {score:>5}  {where(office, task.path)}")
    return "\n".join(lines)


def where(office: Office, path: str) -> str:
    """The file of a mirror, where there is one."""
    return str(office.settings.workspace_dir / path) if is_written(office, path) else "not written"


def answers(question: Approval) -> str:
    """How to answer."""
    verbs = ["approve", "reject"] + (["revise"] if question.kind == "draft" else [])
    said = "; ".join(
        f"python -m director {verb} {question.id}" + (' "…"' if verb == "revise" else "") for verb in verbs
    )
    return f"{said}   (until {question.due_at:%Y-%m-%d %H:%M} UTC)"


def _whom(goal: Goal) -> str:
    until = f" until {goal.wait_until:%H:%M:%S} UTC" if goal.wait_until and goal.wait_for == "model service" else ""
    who = {"person": "you", "money": "money", "model service": "the model service"}[goal.wait_for or "person"]
    return f"{who}{until}"


def _took(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{seconds:.1f} s" if seconds < 10 else f"{minutes}:{rest:02d} min"
