"""A plan in which a task is replaced or taken out: what needed it, or judges it, follows. Pure, as `plan.py`."""

from collections.abc import Sequence, Set
from dataclasses import replace

from pipelines.plan import Plan, PlannedTask, in_order


def with_tasks(plan: Plan, tasks: Sequence[PlannedTask]) -> Plan:
    """
    The same plan of other tasks, each after all it needs.

    Raises:
        BrokenPlan: There is no such order.
    """
    return replace(plan, tasks=in_order(tasks))


def replaced(tasks: Sequence[PlannedTask], key: str, new: PlannedTask) -> tuple[PlannedTask, ...]:
    """The tasks with *new* where *key* was: what needed or judged that needs or judges *new*."""

    def renamed(name: str) -> str:
        return new.key if name == key else name

    return tuple(
        new
        if task.key == key
        else replace(
            task, needs=tuple(map(renamed, task.needs)), target=None if task.target is None else renamed(task.target)
        )
        for task in tasks
    )


def dropped(tasks: Sequence[PlannedTask], key: str) -> tuple[PlannedTask, ...]:
    """
    The tasks without *key*, and without what was only to judge it. What needed it needs what that needed, so that it keeps its
    place in the order and what it builds on.
    """
    gone = next(task for task in tasks if task.key == key)
    left = tuple(
        replace(task, needs=tuple(dict.fromkeys(_through(task.needs, gone)))) for task in tasks if task.key != key
    )
    for judging in [task.key for task in left if task.target == key]:
        left = dropped(left, judging)
    return left


def _through(needs: Sequence[str], gone: PlannedTask) -> list[str]:
    return [name for need in needs for name in (gone.needs if need == gone.key else (need,))]


def without(plan: Plan, done: Set[str]) -> Plan:
    """What is left of *plan* once *done* is."""
    left = [task for task in plan.tasks if task.key not in done]
    return replace(
        plan, tasks=tuple(replace(task, needs=tuple(need for need in task.needs if need not in done)) for task in left)
    )


def new_key(wanted: str, taken: Sequence[str]) -> str:
    """*wanted*, with a number behind it where it is taken."""
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = f"{wanted}-{number}"
    return key
