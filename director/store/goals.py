"""Goals, their tasks, and what was written and found about them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, or_, select, update

from director.store import schema
from director.store.transaction import Transaction
from director.store.turns import GOALS_OF_HELD, SUBJECTS_OF_HELD, put_aside
from director.words.command import program
from director.words.errors import NotFound, StaleState
from director.words.models import CALIBRATION, Draft, Goal, Review, Task
from director.words.states import GoalState, HeldWhy, TaskState, is_final, may_move
from pipelines.plan import Plan, StepKind

g, t, e, d, r = schema.goals, schema.tasks, schema.edges, schema.drafts, schema.reviews


# Made once, compiled and keyed once (see transaction.py).
_GOAL = select(g).where(g.c.id == bindparam("id"))
# Says nothing on SQLite, where the writer is alone anyway. A transaction that locks more than a goal locks the goal first.
_LOCKED_GOAL = _GOAL.with_for_update(key_share=True)
_GOALS_OF_HELD = select(g).where(g.c.id.in_(GOALS_OF_HELD))
_TASK = select(t).where(t.c.id == bindparam("id"))
_TASKS = select(t).where(t.c.goal == bindparam("goal")).order_by(t.c.position)
_judging = t.alias("judging")
_judged = select(_judging.c.target).where(_judging.c.id == bindparam("id")).scalar_subquery()
_SKILLS_ABOUT = select(t.c.skill).where(or_(t.c.id == bindparam("id"), t.c.id == _judged))
_SKILLS_OF_HELD = (
    select(t.c.id, t.c.skill, _judging.c.skill)
    .outerjoin(_judging, _judging.c.id == t.c.target)
    .where(t.c.id.in_(SUBJECTS_OF_HELD))
)
_needed = t.alias("needed")
_EDGES = (
    select(e.c.task, e.c.needs)
    .join(t, t.c.id == e.c.task)
    .join(_needed, _needed.c.id == e.c.needs)
    .where(t.c.goal == bindparam("goal"))
    .order_by(t.c.position, _needed.c.position)
)
_DRAFT = select(d).where(d.c.id == bindparam("id"))
_DRAFTS = select(d).where(d.c.task == bindparam("task")).order_by(d.c.revision)
_NEW_DRAFT = insert(d).returning(d)
# Values come as parameters, so that each set of columns is compiled once.
_GOAL_AS_READ = update(g).where(g.c.id == bindparam("which"), g.c.state == bindparam("was")).returning(g)
_TASK_AS_READ = update(t).where(t.c.id == bindparam("which"), t.c.state == bindparam("was")).returning(t)
_CHANGED_GOAL = update(g).where(g.c.id == bindparam("which"))
_CHANGED_TASK = update(t).where(t.c.id == bindparam("which"))
_CHANGED_DRAFT = update(d).where(d.c.id == bindparam("which"))
_REVIEWS = select(r).where(r.c.task == bindparam("task")).order_by(r.c.id)


@cache
def _ended(*, before: bool, states: bool) -> Select[Any]:
    query = select(g).where(g.c.brand == bindparam("of_brand"), g.c.finished_at >= bindparam("since"))
    if before:
        query = query.where(g.c.finished_at < bindparam("before"))
    if states:
        query = query.where(g.c.state.in_(bindparam("states", expanding=True)))
    return query.order_by(g.c.finished_at, func.length(g.c.id), g.c.id)


class Goals:
    """What was asked for."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, *, first: Callable[[], int] = lambda: 1, by: str = "submit", **values: Any) -> Goal:
        """A new goal, planning; its id is the next number: g1, g2, …, of a new record from *first* on."""
        ident = f"g{self.tx.number('goal', first=first)}"
        new = {"id": ident, "state": GoalState.PLANNING, "given_nano": values["cap_nano"], "created_at": self.tx.now}
        row = {**values, **new}
        self.tx.conn.execute(insert(g), row)
        self.tx.note(ident, ident, GoalState.PLANNING, by=by)
        return self.get(ident)

    def get(self, ident: str, *, lock: bool = False, brand: str | None = None) -> Goal:
        """
        The goal. With *lock*, nobody else advances it until this transaction ends. With *brand* only where it is that one's:
        what is another's is not there.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(_LOCKED_GOAL if lock else _GOAL, {"id": ident}).one_or_none()
        if row is None or brand not in (None, row.brand):
            raise NotFound("goal", ident, f"`{program()} status` lists them")
        return Goal(**row._asdict())

    def of_held(self, why: HeldWhy, goal_id: str | None = None) -> list[Goal]:
        """Of one goal or of all: those with turns put aside for that reason."""
        rows = self.tx.conn.execute(_GOALS_OF_HELD, put_aside(why, goal_id))
        return [Goal(**row._asdict()) for row in rows]

    def count(self, brand: str | None = None) -> int:
        """How many there are, of one brand or of all."""
        query = select(func.count()).select_from(g)
        return int(self.tx.conn.execute(query if brand is None else query.where(g.c.brand == brand)).scalar_one())

    def all(self, brand: str | None = None, *, limit: int = 1000) -> list[Goal]:
        """Goals, of one brand or of all, newest first."""
        # Ids are numbers behind a letter: the longer is the later.
        newest = (g.c.created_at.desc(), func.length(g.c.id).desc(), g.c.id.desc())
        query = select(g).order_by(*newest).limit(limit)
        rows = self.tx.conn.execute(query if brand is None else query.where(g.c.brand == brand))
        return [Goal(**row._asdict()) for row in rows]

    def under_way(self, brand: str, *, limit: int) -> tuple[list[Goal], int]:
        """The brand's goals that are not over, the newest first, and how many there are; the most of a long record is over."""
        those = (g.c.brand == brand, g.c.state.in_([state for state in GoalState if not is_final(state)]))
        newest = (g.c.created_at.desc(), func.length(g.c.id).desc(), g.c.id.desc())
        rows = self.tx.conn.execute(select(g).where(*those).order_by(*newest).limit(limit))
        count = self.tx.conn.execute(select(func.count()).select_from(g).where(*those)).scalar_one()
        return [Goal(**row._asdict()) for row in rows], int(count)

    def ended_lately(self, brand: str, since: datetime, *, limit: int) -> tuple[list[Goal], int]:
        """The brand's goals that ended from *since* on, the last first, and how many there are."""
        those = (g.c.brand == brand, g.c.finished_at >= since)
        last = (g.c.finished_at.desc(), func.length(g.c.id).desc(), g.c.id.desc())
        rows = self.tx.conn.execute(select(g).where(*those).order_by(*last).limit(limit))
        count = self.tx.conn.execute(select(func.count()).select_from(g).where(*those)).scalar_one()
        return [Goal(**row._asdict()) for row in rows], int(count)

    def ended(self, brand: str, since: datetime, before: datetime | None, *states: GoalState) -> list[Goal]:
        """The brand's goals that came to one of these ends, or any, from *since* on and before *before*, the first first."""
        given = {"of_brand": brand, "since": since, "before": before, "states": list(states)}
        rows = self.tx.conn.execute(_ended(before=before is not None, states=bool(states)), given)
        return [Goal(**row._asdict()) for row in rows]

    def waiting(self, brand: str) -> list[Goal]:
        """The brand's goals that wait, the oldest first."""
        query = select(g).where(g.c.brand == brand, g.c.state == GoalState.WAITING)
        rows = self.tx.conn.execute(query.order_by(g.c.created_at, func.length(g.c.id), g.c.id))
        return [Goal(**row._asdict()) for row in rows]

    def calibrating(self, brand: str, *, rehearsal: bool) -> Goal | None:
        """The brand's calibration that is not over, paid or rehearsed; None where there is none."""
        of = (g.c.brand == brand, g.c.plan_by == CALIBRATION, g.c.rehearsal == rehearsal, g.c.finished_at.is_(None))
        row = self.tx.conn.execute(select(g).where(*of).order_by(g.c.created_at).limit(1)).one_or_none()
        return None if row is None else Goal(**row._asdict())

    def planning(self, brand: str) -> int:
        """How many of the brand's goals have no plan yet."""
        query = select(func.count()).where(g.c.brand == brand, g.c.state == GoalState.PLANNING)
        return int(self.tx.conn.execute(query).scalar_one())

    def move(self, goal: Goal, new: GoalState, *, by: str, **changes: Any) -> Goal:
        """
        Move *goal* from the state it was read in to *new*.

        Raises:
            StaleState: it is in another state by now, or that move is not drawn.
        """
        if not may_move(goal.state, new):
            raise StaleState(f"goal {goal.id} cannot go from {goal.state} to {new}")
        if is_final(new):
            changes |= {"finished_at": self.tx.now, "reopened_at": None}
        elif is_final(goal.state):
            changes |= {"finished_at": None, "reopened_at": self.tx.now}
        if new is not GoalState.WAITING:
            changes = {"wait_for": None, "wait_until": None, **changes}
        as_read = {"which": goal.id, "was": goal.state}
        row = self.tx.conn.execute(_GOAL_AS_READ, {**as_read, "state": new, **changes}).one_or_none()
        if row is None:
            raise StaleState(f"goal {goal.id} is no longer {goal.state}")
        self.tx.note(goal.id, goal.id, new, by=by, detail=changes.get("reason"))
        return Goal(**row._asdict())

    def change(self, ident: str, **changes: Any) -> None:
        """Change what is not its state."""
        self.tx.conn.execute(_CHANGED_GOAL, {"which": ident, **changes})


class Tasks:
    """Pieces of work and the order between them."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, goal: Goal, plan: Plan) -> list[Task]:
        """Store the plan's tasks and edges; the ids are the goal's with a number: g1-1, g1-2, …"""
        ids = {planned.key: f"{goal.id}-{n}" for n, planned in enumerate(plan.tasks, 1)}
        for position, planned in enumerate(plan.tasks, 1):
            self.tx.conn.execute(
                insert(t).values(
                    id=ids[planned.key],
                    brand=goal.brand,
                    goal=goal.id,
                    key=planned.key,
                    position=position,
                    skill=planned.skill,
                    kind=planned.kind,
                    brief=planned.brief,
                    target=ids[planned.target] if planned.target else None,
                    state=TaskState.PLANNED,
                    revision=0,
                    created_at=self.tx.now,
                )
            )
        edges = [{"task": ids[p.key], "needs": ids[need]} for p in plan.tasks for need in p.needs]
        if edges:
            self.tx.conn.execute(insert(e), edges)
        return self.of_goal(goal.id)

    def still_open(self, brand: str, states: Collection[TaskState]) -> dict[str, int]:
        """How many drafts of each skill are in one of *states*, of the brand's goals at work."""
        query = select(t.c.skill, func.count()).join(g, g.c.id == t.c.goal).group_by(t.c.skill)
        query = query.where(t.c.brand == brand, t.c.kind == StepKind.DRAFT, t.c.state.in_(states))
        query = query.where(g.c.state == GoalState.RUNNING)
        return {skill: int(count) for skill, count in self.tx.conn.execute(query)}

    def get(self, ident: str, *, brand: str | None = None) -> Task:
        """
        The task. With *brand* as of goals.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(_TASK, {"id": ident}).one_or_none()
        if row is None or brand not in (None, row.brand):
            raise NotFound("task", ident, f"`{program()} status GOAL` lists a goal's tasks")
        return _task(row)

    def skills_about(self, ident: str) -> set[str]:
        """The skills of the task, and of the one whose work it judges; none where there is no such task."""
        return set(self.tx.conn.execute(_SKILLS_ABOUT, {"id": ident}).scalars())

    def skills_of_held(self, why: HeldWhy, goal_id: str | None = None) -> dict[str, set[str]]:
        """As `skills_about`, for each task that turns put aside for that reason are about, of one goal or of all."""
        rows = self.tx.conn.execute(_SKILLS_OF_HELD, put_aside(why, goal_id))
        return {ident: {skill for skill in skills if skill is not None} for ident, *skills in rows}

    def of_goal(self, goal_id: str) -> list[Task]:
        """The goal's tasks in the plan's order."""
        return [_task(row) for row in self.tx.conn.execute(_TASKS, {"goal": goal_id})]

    def of_goals(self, goal_ids: Collection[str]) -> dict[str, list[Task]]:
        """As `of_goal`, for several goals in one statement."""
        found: dict[str, list[Task]] = {ident: [] for ident in goal_ids}
        for row in self.tx.conn.execute(select(t).where(t.c.goal.in_(goal_ids)).order_by(t.c.goal, t.c.position)):
            found[row.goal].append(_task(row))
        return found

    def needs(self, goal_id: str) -> dict[str, tuple[str, ...]]:
        """For each task that needs any: the tasks that have to be approved before it starts, in the plan's order."""
        found: dict[str, tuple[str, ...]] = {}
        for task, needed in self.tx.conn.execute(_EDGES, {"goal": goal_id}):
            found[task] = (*found.get(task, ()), needed)
        return found

    def move(self, task: Task, new: TaskState, *, by: str, detail: str | None = None, **changes: Any) -> Task:
        """
        Move *task* from the state it was read in to *new*.

        Raises:
            StaleState: it is in another state by now, or that move is not drawn.
        """
        if not may_move(task.state, new):
            raise StaleState(f"task {task.id} cannot go from {task.state} to {new}")
        as_read = {"which": task.id, "was": task.state}
        row = self.tx.conn.execute(_TASK_AS_READ, {**as_read, "state": new, **changes}).one_or_none()
        if row is None:
            raise StaleState(f"task {task.id} is no longer {task.state}")
        self.tx.note(task.goal, task.id, new, by=by, detail=detail)
        return _task(row)

    def change(self, ident: str, **changes: Any) -> None:
        """Change what is not its state."""
        self.tx.conn.execute(_CHANGED_TASK, {"which": ident, **changes})


class Drafts:
    """Versions of a task's result."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, task: Task, text: str, *, cut_off: bool, inputs: dict[str, int] | None = None) -> Draft:
        """Keep what was written for the task's current revision; *inputs* as in `Draft`."""
        row = {
            "task": task.id,
            "revision": task.revision,
            "text_hash": self.tx.keep(text),
            "cut_off": cut_off,
            "inputs": inputs,
            "created_at": self.tx.now,
        }
        return Draft(**self.tx.conn.execute(_NEW_DRAFT, row).one()._asdict())

    def get(self, ident: int) -> Draft:
        """The draft."""
        return Draft(**self.tx.conn.execute(_DRAFT, {"id": ident}).one()._asdict())

    def of_task(self, task_id: str) -> list[Draft]:
        """The task's drafts, first to last."""
        rows = self.tx.conn.execute(_DRAFTS, {"task": task_id})
        return [Draft(**row._asdict()) for row in rows]

    def set_score(self, draft: Draft, score: float | None) -> None:
        """Remember what the reviewer gave it."""
        self.tx.conn.execute(_CHANGED_DRAFT, {"which": draft.id, "score": score})

    def set_inputs(self, draft: Draft, inputs: dict[str, int]) -> None:
        """Somebody looked at it beside these versions of what it builds on, and it is fine."""
        self.tx.conn.execute(_CHANGED_DRAFT, {"which": draft.id, "inputs": inputs})


class Reviews:
    """What was found about drafts."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    def add(self, draft: Draft, *, by: str, verdict: str, score: float | None, document: dict[str, Any]) -> None:
        """Keep a review. One reviewer says one thing about one draft; saying it again replaces it."""
        row = {
            "task": draft.task, "draft": draft.id, "by": by, "verdict": verdict,
            "score": score, "document": document, "created_at": self.tx.now,
        }  # fmt: skip
        replaced = {name: row[name] for name in ("verdict", "score", "document", "created_at")}
        statement = self.tx.insert(r).values(row)
        self.tx.conn.execute(statement.on_conflict_do_update(index_elements=[r.c.draft, r.c.by], set_=replaced))

    def of_task(self, task_id: str) -> list[Review]:
        """The task's reviews, first to last."""
        rows = self.tx.conn.execute(_REVIEWS, {"task": task_id})
        return [Review(**row._asdict()) for row in rows]

    def find(self, ident: int) -> Review:
        """
        The review a person names.

        Raises:
            NotFound
        """
        row = self.tx.conn.execute(select(r).where(r.c.id == ident)).one_or_none()
        if row is None:
            raise NotFound("verdict", f"r{ident}", f"`{program()} why TASK` names a task's")
        return Review(**row._asdict())


def _task(row: Row[Any]) -> Task:
    return Task(**row._asdict())
