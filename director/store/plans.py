"""A goal's plan as it is stored: its document, its tasks and the order between them, also when it is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import delete, insert, update

from director.store import schema
from director.store.goals import Tasks
from director.store.transaction import Transaction
from director.words.models import Goal, Task
from director.words.states import TaskState
from pipelines.plan import Plan, PlannedTask, to_document

g, t, e = schema.goals, schema.tasks, schema.edges


class Plans:
    """Which tasks a goal has, and what needs what."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def change(self, goal: Goal, plan: Plan) -> list[Task]:
        """
        Make *plan* that of a goal that has one; its tasks as they are then.

        What has begun stays as it is and keeps the plan it was begun with; what has not becomes what *plan* says, or goes where
        it is not in it; what is new gets a number that none had. The end of what had begun and is in *plan* no more is the
        caller's.
        """
        tasks = Tasks(self.tx)
        before = tasks.of_goal(goal.id)
        self._keep_begun_with(goal, before)
        there = {task.key: task for task in before}
        ids = {key: task.id for key, task in there.items()}
        for planned in plan.tasks:
            if (task := there.get(planned.key)) is None:
                number = self.tx.number(f"task of {goal.id}", first=lambda: len(before) + 1)
                ids[planned.key] = self._add(goal, planned, number, ids)
            elif task.state is TaskState.PLANNED:
                tasks.change(task.id, **_as_planned(planned, ids))
        kept = {planned.key for planned in plan.tasks}
        gone = [
            task.id for task in before if task.key not in kept and task.state is TaskState.PLANNED and not task.revision
        ]
        if gone:  # their numbers are not given again
            self.tx.number(f"task of {goal.id}", first=lambda: len(before))
        self.tx.conn.execute(delete(e).where(e.c.task.in_([*(ids[key] for key in kept), *gone])))
        self.tx.conn.execute(update(t).where(t.c.target.in_(gone)).values(target=None))
        self.tx.conn.execute(delete(t).where(t.c.id.in_(gone)))
        if edges := [{"task": ids[one.key], "needs": ids[need]} for one in plan.tasks for need in one.needs]:
            self.tx.conn.execute(insert(e), edges)
        self.tx.conn.execute(update(g).where(g.c.id == goal.id).values(plan=to_document(plan)))
        return tasks.of_goal(goal.id)

    def _keep_begun_with(self, goal: Goal, tasks: list[Task]) -> None:
        begun = [task.id for task in tasks if task.state is not TaskState.PLANNED and task.plan_hash is None]
        if begun:
            kept = self.tx.keep(json.dumps(goal.plan))
            self.tx.conn.execute(update(t).where(t.c.id.in_(begun)).values(plan_hash=kept))

    def _add(self, goal: Goal, planned: PlannedTask, number: int, ids: Mapping[str, str]) -> str:
        ident = f"{goal.id}-{number}"
        self.tx.conn.execute(
            insert(t).values(
                id=ident,
                brand=goal.brand,
                goal=goal.id,
                key=planned.key,
                position=number,
                state=TaskState.PLANNED,
                revision=0,
                created_at=self.tx.now,
                **_as_planned(planned, ids),
            )
        )
        return ident


def _as_planned(planned: PlannedTask, ids: Mapping[str, str]) -> dict[str, object]:
    return {
        "skill": planned.skill,
        "kind": planned.kind,
        "brief": planned.brief,
        "target": ids[planned.target] if planned.target else None,
    }
