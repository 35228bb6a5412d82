"""Sums over the whole record, for whoever measures an installation: never a goal's own, never a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVarTuple

from sqlalchemy import Select, Table, case, func, select

from director.store import schema
from director.store.tx import Tx
from director.words.states import ApprovalState, CallState, GoalState, TaskState, TurnState, is_final
from pipelines.plan import StepKind

g, t, d, r = schema.goals, schema.tasks, schema.drafts, schema.reviews
u, c, a = schema.turns, schema.calls, schema.approvals


@dataclass(frozen=True, slots=True)
class CallSums:
    """All calls that share what they were for, the model that was asked, whether they were rehearsed, and their state."""

    purpose: str
    model: str
    rehearsal: bool
    state: CallState
    count: int
    cost_nano: int
    input_tokens: int  #: those that were neither written to the cache nor read from it
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int
    seconds: float  #: from request to answer


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many there are, and since when the oldest waits; None where there are none."""

    count: int
    oldest: datetime | None


# Made once, compiled and keyed once (see transaction.py).
_CALLS: Final = select(
    c.c.purpose,
    c.c.model,
    c.c.rehearsal,
    c.c.state,
    func.count().label("count"),
    *(
        func.sum(column).label(column.name)
        for column in (
            c.c.cost_nano,
            c.c.input_tokens,
            c.c.output_tokens,
            c.c.cache_write_tokens,
            c.c.cache_read_tokens,
        )
    ),
    func.coalesce(func.sum(c.c.seconds), 0.0).label("seconds"),
).group_by(c.c.purpose, c.c.model, c.c.rehearsal, c.c.state)
_GOALS: Final = select(g.c.state, g.c.rehearsal, func.count()).group_by(g.c.state, g.c.rehearsal)
_TASKS: Final = (
    select(t.c.state, t.c.skill, g.c.rehearsal, func.count(), func.count(t.c.score), func.sum(t.c.score))
    .join(g, g.c.id == t.c.goal)
    .group_by(t.c.state, t.c.skill, g.c.rehearsal)
)
_REVISIONS: Final = (
    select(t.c.skill, g.c.rehearsal, func.sum(case((d.c.revision > 0, 1), else_=0)))
    .select_from(d.join(t, t.c.id == d.c.task).join(g, g.c.id == t.c.goal))
    .group_by(t.c.skill, g.c.rehearsal)
)
_TURNS: Final = select(u.c.state, func.count()).group_by(u.c.state)
_QUESTIONS: Final = select(func.count(), func.min(a.c.created_at)).where(a.c.state == ApprovalState.OPEN)


def calls(tx: Tx, brand: str | None = None) -> list[CallSums]:
    """All calls there ever were, or a brand's, summed. It reads each row: about 0.4 s for 100,000 (`tests.bench.metrics`)."""
    return [
        CallSums(
            purpose=row.purpose,
            model=row.model,
            rehearsal=row.rehearsal,
            state=row.state,
            count=row[4],
            # PostgreSQL adds up to numbers of any length.
            cost_nano=int(row.cost_nano),
            input_tokens=int(row.input_tokens),
            output_tokens=int(row.output_tokens),
            cache_write_tokens=int(row.cache_write_tokens),
            cache_read_tokens=int(row.cache_read_tokens),
            seconds=float(row.seconds),
        )
        for row in tx.conn.execute(_of(_CALLS, c, brand))
    ]


def goals(tx: Tx, brand: str | None = None) -> Mapping[tuple[GoalState, bool], int]:
    """How many goals, all or a brand's, are in each state, rehearsed (True) or not."""
    return {(state, rehearsal): count for state, rehearsal, count in tx.conn.execute(_of(_GOALS, g, brand))}


@dataclass(frozen=True, slots=True)
class TaskSums:
    """All tasks of a skill in one state."""

    state: TaskState
    skill: str
    rehearsal: bool
    count: int
    scored: int  #: how many of them have a score
    score: float  #: the sum of these scores


def tasks(tx: Tx, brand: str | None = None) -> list[TaskSums]:
    """All tasks, or a brand's, summed."""
    return [
        TaskSums(state, skill, rehearsal, count, scored, float(score or 0))
        for state, skill, rehearsal, count, scored, score in tx.conn.execute(_of(_TASKS, g, brand))
    ]


def revisions(tx: Tx, brand: str | None = None) -> Mapping[tuple[str, bool], int]:
    """How many drafts were written after the first of their task, by skill and whether rehearsed."""
    return {(skill, rehearsal): int(count) for skill, rehearsal, count in tx.conn.execute(_of(_REVISIONS, g, brand))}


@dataclass(frozen=True, slots=True)
class Approved:
    """What of a skill's work was approved."""

    count: int
    at_first: int  #: how many of them no review has sent back
    scored: int
    score: float  #: the sum of the scores

    @property
    def mean_score(self) -> float | None:
        """The mean of the scores; None where there is none."""
        return self.score / self.scored if self.scored else None


def approved(tx: Tx, brand: str) -> Mapping[tuple[str, bool], Approved]:
    """What a brand's goals have of each skill that was approved, by skill and whether rehearsed."""
    sent_back = select(r.c.id).where(r.c.task == t.c.id, r.c.verdict != "approve").exists()
    query = (
        select(
            t.c.skill,
            g.c.rehearsal,
            func.count(),
            func.sum(case((sent_back, 0), else_=1)),
            func.count(t.c.score),
            func.coalesce(func.sum(t.c.score), 0.0),
        )
        .join(g, g.c.id == t.c.goal)
        .where(t.c.brand == brand, t.c.kind != StepKind.REVIEW, t.c.state == TaskState.APPROVED)
        .group_by(t.c.skill, g.c.rehearsal)
    )
    return {
        (skill, rehearsal): Approved(int(count), int(at_first), int(scored), float(score))
        for skill, rehearsal, count, at_first, scored, score in tx.conn.execute(query)
    }


def turns(tx: Tx, brand: str | None = None) -> Mapping[TurnState, int]:
    """How many turns, all or a brand's, are in each state."""
    return dict(tx.conn.execute(_of(_TURNS, u, brand)).all())


def oldest_open_turns(tx: Tx, brand: str | None = None) -> Mapping[TurnState, datetime | None]:
    """Of the turns that are not finished, by state, when the oldest was created; None where there are none."""
    states: dict[TurnState, datetime | None] = {state: None for state in TurnState if not is_final(state)}
    # The conditions of the three indexes over the rows that are open; those who are finished are many.
    for those in ((TurnState.QUEUED,), (TurnState.DISPATCHED, TurnState.RUNNING), (TurnState.HELD,)):
        query = select(u.c.state, func.min(u.c.created_at)).where(schema.among(u.c.state, *those)).group_by(u.c.state)
        states |= dict(tx.conn.execute(_of(query, u, brand)).all())
    return states


def ready_turns(tx: Tx, brand: str | None = None) -> Waiting:
    """The queued turns whose time has come, and since when the oldest could go out."""
    queued = schema.among(u.c.state, TurnState.QUEUED)
    query = select(func.count(), func.min(u.c.not_before)).where(queued, u.c.not_before <= tx.now)
    return _waiting(tx, _of(query, u, brand))


def open_questions(tx: Tx, brand: str | None = None) -> Waiting:
    """The questions to people that nobody has answered."""
    return _waiting(tx, _of(_QUESTIONS, a, brand))


_Columns = TypeVarTuple("_Columns")


def _of(query: Select[*_Columns], table: Table, brand: str | None) -> Select[*_Columns]:
    return query if brand is None else query.where(table.c.brand == brand)


def _waiting(tx: Tx, query: Select[int, datetime | None]) -> Waiting:
    count, oldest = tx.conn.execute(query).one()
    return Waiting(count, oldest)
