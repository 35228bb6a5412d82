"""A plan that is changed while it runs: which of its tasks can be, and the end of one that had begun."""

from director.store.tx import Tx
from director.words.models import Task
from director.words.states import ApprovalState, TaskState, TurnState, is_final


def has_begun(task: Task) -> bool:
    """Whether somebody was given *task* to do; what waits again for a colleague's new version has begun as well."""
    return task.state is not TaskState.PLANNED or task.revision > 0


def leave_out(tx: Tx, task: Task, *, by: str, why: str | None = None) -> Task:
    """Take *task* out, with every turn and question about it; nothing where it is over."""
    if is_final(task.state):
        return task
    end_turns(tx, task)
    for question in tx.approvals.open(task.goal):
        if question.task == task.id:
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
    return tx.tasks.move(task, TaskState.LEFT_OUT, by=by, detail=why)


def end_turns(tx: Tx, task: Task) -> None:
    """Cancel every turn about *task*, also one that somebody holds."""
    for turn in tx.turns.open_of_goal(task.goal, lock=True):
        if turn.subject == task.id:
            tx.turns.move(turn, TurnState.CANCELLED)
