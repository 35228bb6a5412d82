"""Admission under pressure: urgency overtakes any backlog, goals share slots, and Redis holds only what is in hand."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event, insert

from director.goals import submit
from director.mailbox import admission, handling, turns
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.store.tx import Tx
from director.upkeep.sweep import sweep
from director.words.models import Turn
from director.words.states import HeldWhy, Priority, TurnState
from tests.conftest import SetClock
from tests.director.conftest import at_work

#: As many as a bad night leaves.
BACKLOG = 10_000


@dataclass
class Bells:
    """A bus that remembers what was rung; nobody hears it."""

    rung: list[int] = field(default_factory=list)

    def ring(self, actor: str, turn_id: int) -> bool:
        """Note the bell."""
        self.rung.append(turn_id)
        return True

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def bells(office: Office, monkeypatch: pytest.MonkeyPatch) -> Bells:
    """Every bell that is rung in the office."""
    bells = Bells()
    monkeypatch.setattr(type(office.bus), "ring", lambda _bus, actor, turn_id, *_queues: bells.ring(actor, turn_id))
    return bells


def backlog(office: Office, size: int, *, goals: int = 5) -> list[str]:
    """Goals of the lowest priority with *size* turns among them, all of them waiting."""
    names = [submit.submit(office, "Improve retention", priority=Priority.P3).id for _ in range(goals)]
    with office.store.write() as tx:
        row = {
            "brand": "default", "actor": "director", "verb": "plan", "priority": Priority.P3, "state": TurnState.QUEUED,
            "not_before": tx.now, "attempts": 0, "waits": 0, "epoch": 0, "created_at": tx.now,
        }  # fmt: skip
        rows = [row | {"goal": names[n % goals], "subject": names[n % goals], "key": f"more {n}"} for n in range(size)]
        tx.conn.execute(insert(schema.turns), rows)
    return names


def in_hand(office: Office) -> list[Turn]:
    """What is dispatched or running."""
    with office.store.read() as tx:
        goals = tx.goals.all()
        found = [turn for goal in goals for turn in tx.turns.open_of_goal(goal.id)]
    return [turn for turn in found if turn.state in (TurnState.DISPATCHED, TurnState.RUNNING)]


@contextmanager
def heard(office: Office) -> Iterator[list[tuple[str, object]]]:
    """The statements the office's record is asked meanwhile, and with what."""
    said: list[tuple[str, object]] = []

    def listen(_conn: object, _cursor: object, sql: str, given: object, *_: object) -> None:
        said.append((sql, given))

    event.listen(office.store.engine, "before_cursor_execute", listen)
    yield said
    event.remove(office.store.engine, "before_cursor_execute", listen)


def finish_one(office: Office, turn: Turn) -> None:
    """Somebody did it."""
    held = turns.claim(office, turn.id)
    assert held is not None
    with office.store.write() as tx:
        turns.finish(tx, held)
    admission.ring(office)


def test_an_urgent_goal_overtakes_any_backlog(office: Office) -> None:
    """Its first turn is the next to go out, as soon as one slot is free."""
    backlog(office, BACKLOG)
    urgent = submit.submit(office, "Our checkout is broken", priority=Priority.P0)
    assert urgent.id not in {turn.goal for turn in in_hand(office)}, "what is in hand is not taken away"
    finish_one(office, in_hand(office)[0])
    assert urgent.id in {turn.goal for turn in in_hand(office)}


def test_a_backlog_that_waited_does_not_keep_an_urgent_goal(office: Office, clock: SetClock) -> None:
    """What rose shares the slots with what is urgent: a P0 that comes now has the next one that is free all the same."""
    backlog(office, BACKLOG)
    clock.forward(admission.RISES_EVERY * 5)
    urgent = submit.submit(office, "Our checkout is broken", priority=Priority.P0)
    finish_one(office, in_hand(office)[0])

    assert urgent.id in {turn.goal for turn in in_hand(office)}


def test_a_backlog_rings_no_more_than_there_are_slots(office: Office, bells: Bells, clock: SetClock) -> None:
    """However long it is and however often it is swept: a bell is for what was admitted, and Redis holds no more."""
    backlog(office, BACKLOG)
    at_work(office)
    bells.rung.clear()
    for _ in range(3):
        clock.forward(turns.RING_AGAIN * 2)
        sweep(office)
        admitted = {turn.id for turn in in_hand(office)}
        assert len(admitted) == office.settings.max_parallel_agents
        assert set(bells.rung) <= admitted
    assert Counter(bells.rung) == dict.fromkeys(admitted, 3), "lost bells are rung again, each once a sweep"


def test_goals_of_one_priority_share_the_slots(open_with: Callable[..., Office]) -> None:
    """With as many slots as goals each has one, although one of them came first with a thousand turns."""
    office = open_with(max_parallel_agents=4)
    backlog(office, 1_000, goals=1)
    others = {submit.submit(office, "Improve retention", priority=Priority.P3).id for _ in range(3)}
    while in_hand(office) and not others <= {turn.goal for turn in in_hand(office)}:
        finish_one(office, next(turn for turn in in_hand(office) if turn.goal not in others))
    assert Counter(turn.goal for turn in in_hand(office)).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    "statement",
    [
        lambda tx: tx.turns.admit(2, due_at=tx.now, rises_every=admission.RISES_EVERY),
        lambda tx: tx.turns.any_ready(),
        lambda tx: tx.turns.in_hand(),
        lambda tx: tx.turns.overdue(),
        lambda tx: tx.turns.held(HeldWhy.MONEY),
    ],
    ids=["admit", "any_ready", "in_hand", "overdue", "held"],
)
def test_what_every_commit_asks_reads_an_index(office: Office, statement: Callable[[Tx], object]) -> None:
    """A million closed turns cost nothing: the mailbox is read through partial indexes, never scanned."""
    with heard(office) as said, office.store.write() as tx:
        statement(tx)
    asked = [(sql, given) for sql, given in said if sql.startswith("SELECT")]
    assert asked
    with office.store.read() as tx:
        for sql, given in asked:
            plan = tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()  # type: ignore[arg-type]
            steps = [row[3] for row in plan if " turns " in f"{row[3]} "]
            assert steps
            assert all("USING INDEX ix_" in step or "USING COVERING INDEX ix_" in step for step in steps), steps
            assert not any("ix_turns_goal" in step for step in steps), steps


def test_of_what_does_not_wait_nothing_is_asked(office: Office) -> None:
    """Each process looks at each of its beats: where nothing waits, that is all it asks, of goals' turns and of the others."""
    with heard(office) as said, office.store.read() as tx:
        assert not admission.may_go_out(tx, office)
    assert ["BEGIN", "SELECT", "SELECT"] == [sql.split()[0] for sql, _ in said]


def test_a_turn_with_nothing_in_it_asks_little(office: Office, bells: Bells) -> None:
    """What a hop between two actors costs is mostly statements: who is here is read once, and where none waits no order."""
    goal = submit.submit(office, "Improve retention", plan_by="template")
    at_work(office)

    def step(_: Office, held: turns.Held) -> None:
        with office.store.write() as tx:
            turns.finish(tx, held)
            turns.create(tx, goal, actor="director", verb="step", subject=goal.id, version=str(held.turn.id))

    (first,) = in_hand(office)
    handling.handle(office, first.id, {"plan": step}, after_failure)
    (second,) = in_hand(office)
    with heard(office) as said:
        handling.handle(office, second.id, {"step": step}, after_failure)

    assert bells.rung, "nothing was let out"
    assert len(said) <= 18, "\n".join(sql for sql, _ in said)
