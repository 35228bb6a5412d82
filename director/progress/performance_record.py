"""What the store says of goals, cost and quality, as Markdown for the Director's own report."""

from director.store.tx import Tx
from director.words.amounts import usd
from director.words.models import Goal
from director.words.scores import SHAPE_CHECKED, scored
from director.words.states import GoalState, TaskState

_REPORTS = "Performance Review"


def as_markdown(tx: Tx, *, before: Goal) -> str:
    """Goals given before *before* and since the last performance review, oldest first."""
    goals = [goal for goal in reversed(tx.goals.all()) if _is_older(goal, before)]
    reviews = [n for n, goal in enumerate(goals) if goal.pipeline == _REPORTS and goal.state is GoalState.COMPLETED]
    goals = goals[reviews[-1] + 1 :] if reviews else goals
    if not goals:
        return "No goals were given since the last report."
    costs = tx.calls.costs([goal.id for goal in goals])
    lines = [
        "| goal | asked | category | priority | state | approved | revisions | mean score | cost |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for goal in goals:
        tasks = [task for task in tx.tasks.of_goal(goal.id) if task.state is not TaskState.LEFT_OUT]
        approved = [task for task in tasks if task.state is TaskState.APPROVED]
        calls = tx.calls.of_goal(goal.id)
        scores = [scored(task, calls) for task in approved if task.score is not None]
        given = [score for score in scores if isinstance(score, float)]
        mean = f"{sum(given) / len(given):.1f}" if given else SHAPE_CHECKED if scores else "none"
        asked = " ".join(goal.text.split())[:80].replace("|", "/")
        lines.append(
            f"| {goal.id} | {asked} | {goal.category} | {goal.priority} | {goal.state} | {len(approved)} of {len(tasks)} | "
            f"{sum(task.revision for task in tasks)} | {mean} | {usd(costs.get(goal.id, 0))} |"
        )
    lines.append(f"\nTotal cost: {usd(sum(costs.values()))} for {len(goals)} goals.")
    waiting = tx.approvals.open()
    lines.append(f"Questions that wait for a person: {len(waiting)}.")
    return "\n".join(lines)


def _is_older(goal: Goal, than: Goal) -> bool:
    return int(goal.id[1:]) < int(than.id[1:])
