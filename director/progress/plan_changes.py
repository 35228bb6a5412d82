"""A running plan is changed: the record follows, and what is no longer in it is left out."""

from director.store.tx import Tx
from director.words.models import Goal, Task
from director.words.states import TaskState, TurnState, is_final
from pipelines.plan import Plan


def has_begun(task: Task) -> bool:
    """Whether somebody was given *task* to do; what waits again for a colleague's new version has begun as well."""
    return task.state is not TaskState.PLANNED or task.revision > 0


def carry_out(tx: Tx, goal: Goal, plan: Plan, *, by: str) -> list[Task]:
    """
    Make *plan* that of *goal*, whose row is locked; its tasks as they are then. What is not in it any more is left out; the end
    of one that had begun is the caller's.
    """
    rows = tx.plans.change(goal, plan)
    kept = {planned.key for planned in plan.tasks}
    return [leave_out(tx, task, by=by) if task.key not in kept and not has_begun(task) else task for task in rows]


def leave_out(tx: Tx, task: Task, *, by: str, why: str | None = None) -> Task:
    """Take *task* out, with every turn about it; nothing where it is over."""
    if is_final(task.state):
        return task
    for turn in tx.turns.open_of_goal(task.goal, lock=True):
        if turn.subject == task.id:
            tx.turns.move(turn, TurnState.CANCELLED)
    return tx.tasks.move(task, TaskState.LEFT_OUT, by=by, detail=why)
