"""A goal's plan as it stands: each task with its state, its cost and its place in the order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from director.office import Office
from director.progress import replanning
from director.progress.facts import plan_of
from director.store.tx import Tx
from director.views.forecast import planned_document
from director.views.goal import cost
from director.words.amounts import as_number
from director.words.errors import WrongCall
from director.words.models import Call, Goal, Task, Turn
from director.words.states import stands
from pipelines.plan import Plan, PlannedTask, StepKind


@dataclass(frozen=True, slots=True)
class Step:
    """A task of the plan as it stands."""

    planned: PlannedTask
    task: Task
    turn: Turn | None  #: the open one about it
    calls: tuple[Call, ...]
    number: int  #: its place in the plan, from 1
    depth: int  #: how many tasks stand before it in its longest chain
    after: tuple[int, ...]  #: the numbers of what it needs

    @property
    def cost_nano(self) -> int:
        """What was spent on it until now."""
        return cost(self.calls)

    @property
    def does(self) -> str:
        """Who does what."""
        if self.planned.kind is StepKind.REVIEW:
            return f"{self.planned.skill} reviews {self.planned.target}"
        return self.planned.skill


def steps(tx: Tx, goal: Goal) -> list[Step]:
    """
    The plan's tasks, each after all it needs.

    Raises:
        WrongCall: there is no plan yet.
    """
    plan = _plan(tx, goal)
    tasks = {task.key: task for task in tx.tasks.of_goal(goal.id)}
    calls = tx.calls.of_goal(goal.id)
    turns = {turn.subject: turn for turn in tx.turns.open_of_goal(goal.id)}
    found: dict[str, Step] = {}
    for number, planned in enumerate(plan.tasks, 1):
        task = tasks[planned.key]
        found[planned.key] = Step(
            planned,
            task,
            turns.get(task.id),
            tuple(call for call in calls if call.task == task.id),
            number,
            1 + max((found[need].depth for need in planned.needs), default=-1),
            tuple(found[need].number for need in planned.needs),
        )
    return list(found.values())


def in_a_tree(found: list[Step]) -> Iterator[tuple[str, Step, tuple[int, ...]]]:
    """
    Each step with the lines that lead to it, below the last of what it needs; and what else it needs, by number.
    """
    below: dict[int, list[Step]] = {}
    for step in found:
        # Below what ends its longest chain, the later one where several do.
        parent = max(step.after, key=lambda number: (found[number - 1].depth, number), default=0)
        below.setdefault(parent, []).append(step)

    def under(parent: int, lines: str) -> Iterator[tuple[str, Step, tuple[int, ...]]]:
        children = below.get(parent, [])
        for step in children:
            last = step is children[-1]
            yield f"{lines}{'└─ ' if last else '├─ '}", step, tuple(one for one in step.after if one != parent)
            yield from under(step.number, f"{lines}{'   ' if last else '│  '}")

    return under(0, "")


def mended(tx: Tx, goal: Goal) -> list[tuple[str, str]]:
    """What was changed of the plan since it was made: by whom, and what."""
    kinds = (replanning.REPLANNED, "plan changed")
    return [
        (line.by, f"{line.subject}: {line.detail}" if line.what == replanning.REPLANNED else line.detail or "")
        for line in replanning.journal(tx, goal.id)
        if line.what in kinds
    ]


def plan_document(office: Office, tx: Tx, goal: Goal) -> dict[str, Any]:
    """
    The goal with its plan, for programs.

    Raises:
        WrongCall: there is no plan yet.
    """
    source = _plan(tx, goal).source
    return {
        **planned_document(office, tx, goal, rehearses=goal.rehearsal),
        "plan_source": source,
        "plan_tasks": [
            {
                "key": step.planned.key,
                "id": step.task.id,
                "kind": step.planned.kind,
                "skill": step.planned.skill,
                "of": step.planned.target,
                "needs": list(step.planned.needs),
                "brief": step.planned.brief,
                "pieces": list(step.planned.pieces),
                "size": step.planned.size,
                "state": step.task.state,
                "cost_usd": as_number(step.cost_nano),
            }
            for step in steps(tx, goal)
        ],
        "plan_changes": [{"by": by, "what": what} for by, what in mended(tx, goal)],
    }


def _plan(tx: Tx, goal: Goal) -> Plan:
    if goal.plan is None:
        raise WrongCall(f"{goal.id} has no plan yet: it {stands(goal.state)}.")
    return plan_of(tx, goal)
