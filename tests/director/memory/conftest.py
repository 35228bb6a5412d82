"""Goals that are over, written as rows: with tasks that were shown what fitted, first drafts, and what reviewers said."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from director.memory import recall
from director.office import REVIEWER
from director.store.database import Store
from director.store.tx import Tx
from director.words.models import Goal, Recalled, Task
from director.words.states import GoalState
from pipelines.plan import Plan, PlannedTask, StepKind, to_document
from skills.skill import DIMENSIONS
from tests.director.conftest import add_goal

Judge = Callable[[Recalled], tuple[bool, float]]


@dataclass(frozen=True, slots=True)
class Written:
    """A task whose first draft was judged."""

    goal: Goal
    task: Task
    recalled: Recalled


def add_task(tx: Tx, *, skill: str = "copywriting", brief: str = "", **goal: object) -> tuple[Goal, Task]:
    """A goal of one task, nothing of it done."""
    given = add_goal(tx, **goal)
    plan = Plan((PlannedTask("write", skill, StepKind.DRAFT, (), brief=brief),), source="claude")
    tx.goals.change(given.id, plan=to_document(plan))
    (task,) = tx.tasks.add(given, plan)
    return tx.goals.get(given.id), task


def write_judged(store: Store, judge: Judge, *, document: dict[str, Any] | None = None, **changes: Any) -> Written:
    """A paid task, its first draft, and what the reviewer says of it."""
    with store.write() as tx:
        goal, task = add_task(tx, **{"rehearsal": False, **changes})
        recalled = tx.learnings.recall(recall.chosen(tx, goal, task))
        approved, score = judge(recalled)
        draft = tx.drafts.add(task, f"# {task.id}", cut_off=False)
        tx.reviews.add(
            draft,
            by=REVIEWER,
            verdict="approve" if approved else "revise",
            score=score,
            document=document or {"scores": dict.fromkeys(DIMENSIONS, score), "findings": []},
        )
        tx.goals.change(goal.id, state=GoalState.COMPLETED, finished_at=tx.now)
    return Written(goal, task, recalled)


@pytest.fixture
def judged(store: Store) -> Callable[..., Written]:
    """`judged(lambda recalled: (True, 8.0))` is `write_judged` on the office's record."""
    return partial(write_judged, store)
