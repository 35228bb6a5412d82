"""However many goals wait for money, a person or a worker: whether one of them can go on is asked in a few statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from director.calls import caps
from director.mailbox.turns import LEASE
from director.office import DIRECTOR, Office
from director.store import schema
from director.store.tx import Tx
from director.upkeep.sweep import LOOKS_AFTER_HELD
from director.words.models import Need
from director.words.reach import Reach
from director.words.states import CallState, GoalState, HeldWhy, Priority, TurnState, WaitFor

FEW, MANY = 250, 1_000


@contextmanager
def counted(office: Office) -> Iterator[list[str]]:
    """What is asked of the office's record meanwhile."""
    said: list[str] = []

    def listen(_conn: object, _cursor: object, sql: str, *_: object) -> None:
        said.append(sql)

    event.listen(office.store.engine, "before_cursor_execute", listen)
    yield said
    event.remove(office.store.engine, "before_cursor_execute", listen)


def hold(office: Office, why: HeldWhy, numbers: range, need: Callable[[Tx, str], Need]) -> None:
    """Goals that wait, each with a turn that is put aside, and asked about where a person is meant."""
    with office.store.write() as tx:
        goal = {
            "brand": "default", "text": "Write it down", "category": "content", "priority": Priority.P2,
            "cap_nano": 100, "plan_by": "claude", "confirm": False, "state": GoalState.WAITING,
            "wait_for": WaitFor.MONEY, "rehearsal": True, "created_at": tx.now,
        }  # fmt: skip
        turn = {
            "brand": "default", "actor": DIRECTOR, "verb": "plan", "priority": Priority.P2, "state": TurnState.HELD,
            "held_why": why, "not_before": tx.now, "due_at": tx.now + timedelta(hours=1), "attempts": 0, "waits": 0,
            "epoch": 1, "created_at": tx.now,
        }  # fmt: skip
        call: dict[str, Any] = {
            "brand": "default", "epoch": 1, "purpose": "plan", "model": "asked", "served": "dearer",
            "rehearsal": True, "state": CallState.ANSWERED, "month": "2026-11", "reserved_nano": 1, "cost_nano": 2,
            "input_tokens": 0, "output_tokens": 0, "cache_write_tokens": 0, "cache_read_tokens": 0, "created_at": tx.now,
        }  # fmt: skip
        names = {n: f"g{n}" for n in numbers}
        tx.conn.execute(insert(schema.goals), [goal | {"id": name} for name in names.values()])
        tx.conn.execute(
            insert(schema.turns),
            [
                turn
                | {"id": n, "goal": name, "subject": name, "key": f"plan:{name}:", "held_for": asdict(need(tx, name))}
                for n, name in names.items()
            ],
        )
        if why is HeldWhy.MONEY:
            # A call of each goal is on the wire: what is held may still fit when it is over.
            account = {"rehearsal": True, "added_nano": 0, "spent_nano": 0, "reserved_nano": 1}
            tx.conn.execute(
                insert(schema.accounts), [account | {"scope": caps.goal_scope(name)} for name in names.values()]
            )
        if why is HeldWhy.PERSON:
            tx.conn.execute(
                insert(schema.calls), [call | {"goal": name, "turn": n, "key": name} for n, name in names.items()]
            )


def of_its_goal(_tx: Tx, goal: str) -> Need:
    """More than the goal may cost."""
    return Need(caps.goal_scope(goal), rehearsal=True, worst_nano=101)


def little(_tx: Tx, goal: str) -> Need:
    """No more than the goal may cost."""
    return Need(caps.goal_scope(goal), rehearsal=True, worst_nano=1)


def of_the_month(tx: Tx, _goal: str) -> Need:
    """More than half of what the month has."""
    return Need(caps.month_scope("default", f"{tx.now:%Y-%m}"), rehearsal=True, worst_nano=51)


class TestManyHeld:
    """On either database; `test_postgresql.py` runs these too."""

    @pytest.mark.parametrize("why", HeldWhy)
    def test_a_look_at_what_waits_takes_as_many_statements_for_a_thousand_goals(
        self, office: Office, why: HeldWhy
    ) -> None:
        """One process looks every few seconds; at a statement a goal, some thousands would keep it from all else."""
        look, asked = LOOKS_AFTER_HELD[why], []
        for numbers in (range(1, FEW + 1), range(FEW + 1, MANY + 1)):
            hold(office, why, numbers, of_its_goal)
            with counted(office) as said:
                assert 0 == look(office)
            asked.append(len(said))

        assert asked[0] == asked[1]

    def test_room_for_one_call_is_given_to_one_of_a_thousand(self, open_with: Callable[..., Office]) -> None:
        """The others stay where they are and are not looked at one by one: the oldest goes on."""
        asked = []
        for size in (FEW, MANY):
            office = open_with(budget_monthly=100)
            hold(office, HeldWhy.MONEY, range(FEW + 1 if asked else 1, size + 1), of_the_month)
            with counted(office) as said:
                assert 1 == LOOKS_AFTER_HELD[HeldWhy.MONEY](office)
            asked.append(len(said))
            with office.store.read() as tx:
                assert [TurnState.QUEUED] == [turn.state for turn in tx.turns.open_of_goal(f"g{len(asked)}")]
                assert size - len(asked) == len(tx.turns.held(HeldWhy.MONEY))

        assert asked[0] == asked[1]

    def test_what_somebody_who_came_can_do_goes_on(self, office: Office) -> None:
        """All of it, also by a worker of which the record says nothing more than that it is there."""
        hold(office, HeldWhy.SKILL, range(1, 4), of_its_goal)
        look = LOOKS_AFTER_HELD[HeldWhy.SKILL]
        assert 0 == look(office)
        with office.store.write() as tx:
            knows = tx.keep(office.catalog.knowledge.to_text())
            tx.presence.announce(
                "w", standing=True, reach=office.reach, until=tx.now + timedelta(seconds=8), threads=1, knows=knows
            )

        assert 3 == look(office)

    @pytest.mark.parametrize("why", HeldWhy)
    def test_a_command_lets_go_what_waits_of_its_goal_only(self, office: Office, why: HeldWhy) -> None:
        """Another goal's turns would be released for nobody, or for who looks after them anyway."""
        hold(office, why, range(1, 4), little)
        with office.store.write() as tx:
            tx.conn.execute(update(schema.calls).values(cost_nano=1))  # not more than was set aside
            knows = tx.keep(office.catalog.knowledge.to_text())
            tx.presence.announce("w", standing=True, reach=office.reach, until=tx.now + LEASE, knows=knows)

        assert 1 == LOOKS_AFTER_HELD[why](replace(office, reach=Reach(office.reach.rehearsal, only="g2")))
        with office.store.read() as tx:
            assert ["g1", "g3"] == [turn.goal for turn in tx.turns.held(why)]
        assert 2 == LOOKS_AFTER_HELD[why](office)
