"""Closed work costs nothing: whatever a beat, a sweep, an admission or a turn asks of the record is found by an index."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from director.calls import caps
from director.goals.submit import submit
from director.mailbox import handling
from director.mailbox.turns import LEASE, Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store import schema
from director.triggers.clock import tick
from director.upkeep.alerts import LOOK_EVERY, Watch
from director.upkeep.health import look
from director.upkeep.heartbeat import Heartbeat
from director.upkeep.sweep import stuck, sweep
from director.words.amounts import NANO
from director.words.models import Goal
from director.words.states import CallState, GoalState, TurnState
from tests.conftest import VERBS, SetClock
from tests.director.conftest import at_work, reserve

REQUEST = Request(
    "draft", "claude-sonnet-5-5", "low", 1_000, (Block(("You write.",)),), Block(("Write a line.",), stable=False)
)

#: What may be read from end to end: a row a process, a service, a duty or a brand, and indexes that hold open rows only.
KNOWN = {table.name for table in (schema.workers, schema.duties, schema.components, schema.brands)} | {
    index.name
    for table in schema.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


#: What is no table: a subquery, and the row of a question about nothing.
NO_TABLE = ("SCAN anon_", "SCAN (subquery-", "SCAN CONSTANT ROW")


@contextmanager
def heard(office: Office) -> Iterator[dict[str, Any]]:
    """What is asked of the office's record meanwhile: each statement, with what it was given the last time."""
    said: dict[str, Any] = {}

    def listen(_conn: object, _cursor: object, sql: str, given: object, _context: object, many: bool) -> None:
        if not many and sql.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            said[sql] = given

    event.listen(office.store.engine, "before_cursor_execute", listen)
    yield said
    event.remove(office.store.engine, "before_cursor_execute", listen)


def read_whole(office: Office, said: dict[str, Any]) -> list[tuple[str, str]]:
    """Where SQLite would read a table that grows from end to end: the step, and the statement it is of."""
    with office.store.read() as tx:
        return [
            (step, sql)
            for sql, given in said.items()
            for *_, step in tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
            if step.startswith("SCAN ") and not step.startswith(NO_TABLE) and not KNOWN & set(step.split())
        ]


def answer_all(office: Office, *, seen_by: Office) -> None:
    """Do every turn that is dispatched, and those that go out by it."""
    while True:
        with seen_by.store.read() as tx:
            waiting = [turn for goal in tx.goals.all() for turn in tx.turns.open_of_goal(goal.id)]
        dispatched = [turn for turn in waiting if turn.state is TurnState.DISPATCHED]
        if not dispatched:
            return
        for turn in dispatched:
            handling.handle(office, turn.id, VERBS, after_failure)


def test_whoever_looks_after_open_work_never_reads_the_closed(
    open_with: Callable[..., Office], drain: Callable[..., Goal], claimed: Callable[..., Held], clock: SetClock
) -> None:
    """
    The tables keep all that ever was, and some process looks at them every second. There is something to do for each part of
    a sweep: a clock that was ahead, a lease that ran out, a call nobody came back for, money that fits again, a deadline.
    """
    other, office = open_with(), open_with(max_parallel_agents=10)
    goals = [
        drain(other, submit(other, "Say hello", cap_nano=0)),
        drain(other, submit(other, "Say goodbye", plan_by="template", confirm=True)),
    ]
    left = claimed()
    with office.store.write() as tx:
        tx.accounts.allow(caps.goal_scope(goals[0].id), 100 * NANO, rehearsal=True)
        call = reserve(tx, office, left.turn, REQUEST, key="left", due_at=tx.now + LEASE)
    with heard(office) as said:
        clock.forward(-timedelta(hours=1))
        sweep(office)
        clock.forward(timedelta(hours=1) + 2 * LEASE)
        sweep(office)
        answer_all(office, seen_by=other)
        clock.forward(timedelta(days=30))
        Heartbeat(office, standing=True).beat()
        sweep(office)
        answer_all(office, seen_by=other)
    with other.store.read() as tx:
        assert [GoalState.COMPLETED, GoalState.CANCELLED] == [tx.goals.get(goal.id).state for goal in goals]
        assert CallState.LOST is tx.calls.get(call.id).state
        assert 1 == tx.turns.get(left.turn.id).crashes
    assert any(sql.startswith("UPDATE turns") and "turns.due_at > ?" in sql for sql in said), "no clock was ahead"

    assert [] == read_whole(office, said)


def test_a_look_makes_no_query_anew(office: Office, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It comes every few seconds for as long as the team is up: a query that is made again each time costs more than the database
    does, and leaves its parts for the collector.
    """
    monkeypatch.setattr(type(office.bus), "ring", lambda *_: True)
    submit(office, "Say hello", confirm=True)
    watch = Watch(office)
    made: list[list[Any]] = []

    def note(_conn: object, statement: Any, *_: object) -> None:
        if statement.is_select:
            made[-1].append(statement)

    event.listen(office.store.engine, "before_execute", note)
    for _ in range(3):
        made.append([])
        clock.forward(LOOK_EVERY)
        at_work(office)
        tick(office)
        sweep(office)
        look(office, team=True)
        watch.look()
        stuck(office)
    event.remove(office.store.engine, "before_execute", note)

    *before, last = made
    known = [query for look_ in before for query in look_]
    assert [] == [str(query) for query in last if not any(query is one for one in known)]
