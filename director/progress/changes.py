"""
Changes of approved work: which is under way, what rests on a version that was changed, and keeping the version before.

While its author works on a change, the task's deliverable stays the version the change is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from director.store.tx import Tx
from director.words.models import Change, Draft, Task
from director.words.states import ChangeKind, TaskState, is_final
from pipelines.plan import StepKind

_AT_WORK: Final = (TaskState.PLANNED, TaskState.DRAFTING, TaskState.REVIEWING, TaskState.ESCALATED)


def under_way(tx: Tx, task: Task) -> Change | None:
    """The change the task's author works on, or waits to begin; None without."""
    if task.deliverable is None or task.state not in _AT_WORK:
        return None
    return next((one for one in _asked_of(tx, task) if one.draft == task.deliverable), None)


def is_asked_of(tx: Tx, task: Task) -> bool:
    """Whether its latest version is, or was, written to change an approved one."""
    return task.basis is not None and any(one.draft == task.basis for one in _asked_of(tx, task))


def first_revision(tx: Tx, task: Task) -> int:
    """The number of the first version that is written for what is asked last: 0, or that of a person's change."""
    return next((one.revision + 1 for one in _asked_of(tx, task)), 0)


def _asked_of(tx: Tx, task: Task) -> list[Change]:
    """What was asked of its author and not given up, the last first."""
    return [
        one
        for one in reversed(tx.changes.of_goal(task.goal))
        if one.task == task.id and one.kind is ChangeKind.REVISE and one.given_up_at is None
    ]


def give_up(tx: Tx, task: Task, why: str, *, by: str) -> bool:
    """
    Keep the version before the change that is under way, and what only waited for that change as it is; False where none is.

    The task's turns are the caller's to end.
    """
    change = under_way(tx, task)
    if change is None:
        return False
    last = tx.drafts.of_task(task.id)[-1]
    tx.changes.give_up(change)
    kept = tx.drafts.get(change.draft)
    detail = f"revision {kept.revision} stays: {why}"
    tx.tasks.move(
        task, TaskState.APPROVED, by=by, detail=detail, revision=last.revision, score=kept.score, notes=None, basis=None
    )
    waited = {one.task for one in tx.changes.of_goal(task.goal) if one.because == task.id and one.given_up_at is None}
    for ident in sorted(waited):
        other = tx.tasks.get(ident)
        if other.state is TaskState.PLANNED:
            give_up(tx, other, f"{task.id} was not changed", by=by)
    return True


def builds_on(tasks: Mapping[str, Task], needs: Mapping[str, Sequence[str]], task: Task) -> dict[str, bool]:
    """
    The tasks whose deliverables *task* is given, and whether whole (what it needs) or in summary (their ancestors).

    Where it needs a review, what was reviewed is meant.
    """

    def meant(ident: str) -> str:
        found = tasks[ident]
        return found.target if found.kind is StepKind.REVIEW and found.target else ident

    direct = {meant(ident) for ident in needs.get(task.id, ())}
    ancestors: set[str] = set()
    waiting = list(needs.get(task.id, ()))
    while waiting:
        ident = waiting.pop()
        ancestors.add(meant(ident))
        waiting += needs.get(ident, ())
    return {ident: ident in direct for ident in tasks if ident in ancestors | direct and ident != task.target}


def given(tx: Tx, task: Task) -> dict[str, int]:
    """Of each task that *task* builds on, the draft that is approved."""
    tasks = {found.id: found for found in tx.tasks.of_goal(task.goal)}
    those = builds_on(tasks, tx.tasks.needs(task.goal), task)
    return {ident: draft for ident in those if (draft := tasks[ident].deliverable) is not None}


def outdated(tx: Tx, goal_id: str) -> dict[str, tuple[str, ...]]:
    """
    The approved tasks whose deliverable rests on a version that a person changed since, each with the tasks whose version that
    is, in the plan's order. None once its author is at it again, or somebody said that it is fine.
    """
    changes = [one for one in tx.changes.of_goal(goal_id) if one.given_up_at is None]
    if not changes:
        return {}
    return _outdated(tx, tx.tasks.of_goal(goal_id), tx.tasks.needs(goal_id), changes)


def _outdated(
    tx: Tx, tasks: Iterable[Task], needs: Mapping[str, Sequence[str]], changes: Sequence[Change]
) -> dict[str, tuple[str, ...]]:
    by_id = {task.id: task for task in tasks}
    drafts = {ident: tx.drafts.of_task(ident) for ident in by_id}
    found: dict[str, tuple[str, ...]] = {}
    for task in by_id.values():
        mine = _approved(task, drafts[task.id])
        if mine is None or task.state is not TaskState.APPROVED or task.kind is StepKind.REVIEW:
            continue
        old = []
        for ident in builds_on(by_id, needs, task):
            current, was = _approved(by_id[ident], drafts[ident]), _given(mine, ident, drafts[ident])
            if current and was and any(_came_between(one, ident, was, current) for one in changes):
                old.append(ident)
        if old:
            found[task.id] = tuple(old)
    return found


def _approved(task: Task, drafts: Sequence[Draft]) -> Draft | None:
    return None if is_final(task.state) else next((one for one in drafts if one.id == task.deliverable), None)


def _given(mine: Draft, ident: str, drafts: Sequence[Draft]) -> Draft | None:
    """The version of task *ident*, of these *drafts*, that the author of *mine* was given."""
    if mine.inputs is None:  # of a Troupe that did not keep it: what was there then
        return next((one for one in reversed(drafts) if one.created_at <= mine.created_at), None)
    return next((one for one in drafts if one.id == mine.inputs.get(ident)), None)


def _came_between(change: Change, ident: str, was: Draft, current: Draft) -> bool:
    return change.task == ident and was.revision <= change.revision < current.revision


def dependents(tx: Tx, task: Task) -> list[Task]:
    """The approved tasks that were given a version of *task*, whole or in summary, in the plan's order."""
    tasks = {found.id: found for found in tx.tasks.of_goal(task.goal)}
    needs = tx.tasks.needs(task.goal)
    return [
        other
        for other in tasks.values()
        if other.state is TaskState.APPROVED
        and other.kind is not StepKind.REVIEW
        and task.id in builds_on(tasks, needs, other)
    ]
