"""Open rows whose next look has passed, or that have none: each is a fault of ours or of the set-up. Empty when all is well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Select, bindparam, exists, func, or_, select, union

from director.redis.bus import why_without_queue
from director.store import schema
from director.store.tx import Tx
from director.words.models import Goal
from director.words.reach import Worker, unlike_workers
from director.words.states import ApprovalState, CallState, GoalState, HeldWhy, TaskState, TurnState, is_final

g, t, u, c, a, e = schema.goals, schema.tasks, schema.turns, schema.calls, schema.approvals, schema.edges

# By the states it is in and not by those it is not in: only so an index is used, and a record of years is looked at in moments.
_OPEN_GOAL = g.c.state.in_([state for state in GoalState if not is_final(state)])
_OPEN_TURN = u.c.state.not_in([state for state in TurnState if is_final(state)])
_IN_HAND = schema.among(u.c.state, TurnState.DISPATCHED, TurnState.RUNNING)
_OPEN_QUESTION = a.c.state == ApprovalState.OPEN
_IN_WORK = t.c.state.in_((TaskState.DRAFTING, TaskState.REVIEWING))


_ANOTHER_REDIS: Final = (
    "nobody hears its bell, although a worker is free: whoever rings and the worker have to name the same Redis "
    "(REDIS_URL, REDIS_NAMESPACE), and the worker's log says whether it can use it"
)

_NOBODY_LETS_IT: Final = "it could go out, and nobody lets it"

# Statements are made once, compiled and keyed once (see transaction.py): somebody looks every few seconds.
#: Turns that were there when processes died are done alone: workers that are free wait for them.
_SUSPECTS: Final = select(u.c.id).where(_IN_HAND, u.c.crashes > 0).limit(1)
_RUNG: Final = select(u.c.id, u.c.goal, u.c.rung_at).where(
    _IN_HAND, schema.among(u.c.state, TurnState.DISPATCHED), u.c.rung_at <= bindparam("now")
)
_READY: Final = select(u.c.id, u.c.goal, u.c.not_before).where(schema.among(u.c.state, TurnState.QUEUED))
_READY_NOW: Final = _READY.where(u.c.not_before <= bindparam("now"))
_UNABLE: Final = select(u.c.id, u.c.goal, u.c.not_before, u.c.error).where(
    schema.among(u.c.state, TurnState.HELD), u.c.held_why == HeldWhy.SKILL
)

#: What kind of row, why it is stuck, and the query for its id, its goal and since when. It is asked with `past`, when its look
#: has to have been; and of turns with `staffed`, whether a worker is there that stays, and `without`, actors that wait.
_Look = tuple[str, str, Select[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Stuck:
    """A row that nobody looked at when it was to be looked at."""

    kind: str  #: goal, task, turn, approval, call
    id: str
    goal: str | None  #: None for a turn that is no goal's
    since: datetime
    why: str


def unheard(tx: Tx, *, late: timedelta) -> list[Stuck]:
    """
    Turns whose bell is rung and nobody comes, although somebody is there who should: processes that do not hear bells at all,
    or that have been free for longer than *late*. Where none hears bells, a turn is let out and taken back again and
    again; it is the same one.
    """
    here, without_queue = tx.presence.here(), tx.presence.without_queue()
    rung = tx.conn.execute(_RUNG, {"now": tx.now}).all()
    if without_queue:
        ready = tx.conn.execute(_READY_NOW, {"now": tx.now})
        rung = [*rung, *(row for row in ready if not _hear(here, tx, row.goal))]
    if not rung:
        return []
    free = {} if tx.conn.execute(_SUSPECTS).first() else tx.presence.free_threads()
    found = []
    for ident, goal_id, since in rung:
        hearing = _hear(here, tx, goal_id)
        if not hearing and _hear(without_queue, tx, goal_id):
            found.append(Stuck("turn", str(ident), goal_id, since, f"nobody hears its bell: {why_without_queue()}"))
        elif since <= tx.now - late and any(worker.owner in free for worker in hearing):
            found.append(Stuck("turn", str(ident), goal_id, since, _ANOTHER_REDIS))
    return found


def _hear(workers: Sequence[Worker], tx: Tx, goal_id: str | None) -> list[Worker]:
    """Those of the workers who work for the goal."""
    goal = None if goal_id is None else tx.goals.get(goal_id)
    return [worker for worker in workers if worker.reach.works_for(goal)]


def _unable(tx: Tx) -> list[Stuck]:
    return [
        Stuck("turn", str(ident), goal, since, why.rstrip(".")) for ident, goal, since, why in tx.conn.execute(_UNABLE)
    ]


def find(
    tx: Tx, *, late: timedelta, room: int, kept_back: Callable[[Goal], bool], without: Collection[str] = ()
) -> list[Stuck]:
    """
    Every open row whose next look passed more than *late* ago, or that has none.

    A turn that waits for its time, or its place while there is no *room*, or none for its actor (*without*), or its goal is
    *kept_back*, is not stuck; nor is one that is no goal's while no worker is there that stays: it waits for one, and nobody
    waits for it. A goal's next look is that of its turns and questions; a task's that of its own, or of what it needs.
    """
    found = [*unheard(tx, late=late), *_unable(tx)]
    known = {(row.kind, row.id) for row in found}
    # Never none: what stands in a statement for an empty list is a table that is read.
    given = {"past": tx.now - late, "staffed": tx.presence.standing_workers() > 0, "without": sorted(without) or [""]}
    others = [
        Stuck(kind, str(ident), goal, since, _why_not_let(tx, goal) if why == _NOBODY_LETS_IT else why)
        for kind, why, query in _LOOKS
        if room > 0 or why != _NOBODY_LETS_IT
        for ident, goal, since in tx.conn.execute(query, given)
        if goal is None or not _waits_for_that(kind, why) or not kept_back(tx.goals.get(goal))
    ]
    return [*found, *(row for row in others if (row.kind, row.id) not in known)]


def _waits_for_that(kind: str, why: str) -> bool:
    """Whether what keeps a goal back keeps this, too: turns from going out, and the deadlines of its questions."""
    return why == _NOBODY_LETS_IT or kind == "approval"


def _why_not_let(tx: Tx, goal_id: str | None) -> str:
    goal = None if goal_id is None else tx.goals.get(goal_id)
    if goal is None or tx.presence.anybody(goal) or not tx.presence.standing_workers():
        return _NOBODY_LETS_IT
    return f"it is {unlike_workers(rehearsal=goal.rehearsal)}"


def _turns() -> Iterator[_Look]:
    waited_for = or_(bindparam("staffed", type_=Boolean), u.c.goal.is_not(None))
    rows = select(u.c.id, u.c.goal, func.coalesce(u.c.due_at, u.c.created_at)).where(waited_for)
    yield "turn", "the process that should do it does not answer", rows.where(_IN_HAND, _passed(u.c.due_at))
    asked = exists().where(a.c.goal == u.c.goal, _OPEN_QUESTION)
    alone = u.c.held_why.is_distinct_from(HeldWhy.SKILL)
    held = rows.where(schema.among(u.c.state, TurnState.HELD), alone, ~asked, _passed(u.c.due_at))
    yield "turn", "it is held, and nobody was asked", held
    ready = _READY.where(waited_for, u.c.not_before < bindparam("past"))
    yield "turn", _NOBODY_LETS_IT, ready.where(u.c.actor.not_in(bindparam("without", expanding=True)))


def _others() -> Iterator[_Look]:
    held = exists().where(u.c.id == c.c.turn, u.c.epoch == c.c.epoch, u.c.state == TurnState.RUNNING)
    calls = select(c.c.id, c.c.goal, func.coalesce(c.c.due_at, c.c.created_at))
    reserved = schema.among(c.c.state, CallState.RESERVED)
    yield "call", "money is set aside for nobody", calls.where(reserved, _passed(c.c.due_at), ~held)
    questions = select(a.c.id, a.c.goal, a.c.due_at).where(_OPEN_QUESTION, a.c.due_at < bindparam("past"))
    yield "approval", "its deadline passed, and its default was not applied", questions


def _tasks() -> Iterator[_Look]:
    rows = select(t.c.id, t.c.goal, t.c.created_at).join(g, g.c.id == t.c.goal).where(_OPEN_GOAL)
    turn = exists().where(u.c.goal == t.c.goal, u.c.subject == t.c.id, _OPEN_TURN)
    yield "task", "nobody has a turn for it", rows.where(_IN_WORK, ~turn)
    asked = exists().where(a.c.goal == t.c.goal, a.c.task == t.c.id, _OPEN_QUESTION)
    yield "task", "it waits for a person nobody asked", rows.where(t.c.state == TaskState.ESCALATED, ~asked, ~turn)
    planned = rows.where(t.c.state == TaskState.PLANNED, g.c.state != GoalState.PLANNING)
    needed, judging = t.alias("needed"), t.alias("judging")
    needs = union(
        select(e.c.task.label("task"), e.c.needs.label("needs")),
        select(t.c.id, t.c.target).where(t.c.target.is_not(None)),
        # What needs a review needs what that judges.
        select(e.c.task, judging.c.target)
        .join(judging, judging.c.id == e.c.needs)
        .where(judging.c.target.is_not(None)),
    ).subquery()
    unmet = (needed.c.id == needs.c.needs, needs.c.task == t.c.id, needed.c.state != TaskState.APPROVED)
    about_goal = exists().where(a.c.goal == t.c.goal, a.c.task.is_(None), _OPEN_QUESTION)
    # Of what writes side by side the Director begins with what all share: its turn is looked at, and they go on behind it.
    warmed = exists().where(u.c.goal == t.c.goal, u.c.subject == t.c.goal, u.c.verb == "warm", _OPEN_TURN)
    begun = planned.where(~exists().where(*unmet), ~about_goal, ~warmed)
    yield "task", "what it needs is there, and it was not begun", begun
    gone = exists().where(*unmet, needed.c.state.in_([state for state in TaskState if is_final(state)]))
    asked_at_all = exists().where(a.c.goal == t.c.goal, _OPEN_QUESTION)
    yield "task", "what it needs will not come, and nobody was asked", planned.where(gone, ~asked_at_all)


def _goals() -> Iterator[_Look]:
    turn = exists().where(u.c.goal == g.c.id, _OPEN_TURN)
    asked = exists().where(a.c.goal == g.c.id, _OPEN_QUESTION)
    rows = select(g.c.id, g.c.id, g.c.created_at).where(_OPEN_GOAL, ~turn, ~asked)
    yield "goal", "nothing happens next, and nobody was asked", rows


def _passed(due_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(due_at.is_(None), due_at < bindparam("past"))


_LOOKS: Final[Sequence[_Look]] = (*_turns(), *_others(), *_tasks(), *_goals())
