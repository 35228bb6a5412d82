"""What calls cost, added up any way, is what they cost: to the nano-dollar, paid and rehearsed apart, on either database."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director.calls import caps
from director.calls.caps import goal_scope, month_scope
from director.inbox import enter_cost
from director.mailbox import turns
from director.money.periods import start_of
from director.office import DIRECTOR, REVIEWER, Office
from director.store.ledger import By, Sum, Which, together
from director.store.tx import Tx
from director.words.models import Call, Task
from director.words.states import CallState
from pipelines.plan import Plan, PlannedTask, StepKind
from tests.conftest import SetClock
from tests.director.conftest import add_goal
from tests.director.store.test_postgresql import server, template, url  # noqa: F401 - the fixtures

#: Days begin at other times in each, and not all are 24 hours long.
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Europe/London")

PLAN = Plan(
    (
        PlannedTask("write", "copywriting", StepKind.DRAFT, ()),
        PlannedTask("judge", "page-cro", StepKind.REVIEW, ("write",), target="write"),
        PlannedTask("report", DIRECTOR, StepKind.REPORT, ("judge",)),
    ),
    source="claude",
)

#: How a call ends, one state after the other; what is on the wire has not ended.
FATES = st.sampled_from(
    [
        (),
        (CallState.ANSWERED,),
        (CallState.REFUSED,),
        (CallState.DUPLICATE,),
        (CallState.LOST,),
        (CallState.LOST, CallState.ENTERED),
        (CallState.LOST, CallState.ANSWERED),
        (CallState.LOST, CallState.ENTERED, CallState.ANSWERED),
    ]
)

TOKENS = st.integers(0, 10**7)


@dataclass(frozen=True, slots=True)
class Made:
    """A call to be made."""

    goal: int
    task: int | None
    purpose: str
    model: str
    served: str | None
    rehearsal: bool
    fate: tuple[CallState, ...]
    worst_nano: int
    cost_nano: int
    tokens: tuple[int, int, int, int]
    later: timedelta  #: than the one before


MADE = st.builds(
    Made,
    goal=st.integers(0, 2),
    task=st.none() | st.integers(0, 2),
    purpose=st.sampled_from(["plan", "draft", "review", "mend", "report", "conclude"]),
    model=st.sampled_from(["claude-opus-5-5", "claude-haiku-5-5"]),
    served=st.none() | st.just("claude-sonnet-5-5"),
    rehearsal=st.booleans(),
    fate=FATES,
    worst_nano=st.integers(0, 5 * 10**9),
    cost_nano=st.integers(0, 6 * 10**9),
    tokens=st.tuples(TOKENS, TOKENS, TOKENS, TOKENS),
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, open_with: Callable[..., Office]) -> Office:
    """An office on either database."""
    if request.param == "postgresql":
        return open_with(database_url=request.getfixturevalue("url"))
    return open_with()


def make(office: Office, clock: SetClock, brand: str, made: list[Made]) -> tuple[list[Call], dict[str, Task]]:
    """Goals of a brand of its own with those calls, in their accounts as the program counts them."""
    with office.store.write() as tx:
        goals = [add_goal(tx, brand=brand) for _ in range(3)]
        asking = [turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=goal.id) for goal in goals]
        tasks = {goal.id: tx.tasks.add(goal, PLAN) for goal in goals}
    idents = []
    for number, one in enumerate(made):
        clock.forward(one.later)
        goal, turn = goals[one.goal], asking[one.goal]
        assert turn is not None
        with office.store.write() as tx:
            month = f"{tx.now:%Y-%m}"
            for scope in (goal_scope(goal.id), month_scope(brand, month)):
                assert tx.accounts.reserve(scope, one.worst_nano, rehearsal=one.rehearsal, cap_nano=10**15)
            task = None if one.task is None else tasks[goal.id][one.task].id
            call = tx.calls.add(
                brand=brand, goal=goal.id, task=task, turn=turn.id, epoch=1, key=f"{brand}:{number}", purpose=one.purpose,
                model=one.model, rehearsal=one.rehearsal, month=month, reserved_nano=one.worst_nano, due_at=tx.now,
            )  # fmt: skip
            idents.append(call.id)
            for state in one.fate:
                if state is CallState.LOST:
                    caps.lose(tx, call, "test")
                else:
                    caps.settle(tx, call, state, one.cost_nano if state is not CallState.REFUSED else 0, **said(one))
    with office.store.read() as tx:
        return [tx.calls.get(ident) for ident in idents], {task.id: task for some in tasks.values() for task in some}


def said(made: Made) -> dict[str, Any]:
    """What an answer says besides."""
    names = ("input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens")
    return {**dict(zip(names, made.tokens, strict=True)), "served": made.served}


def unit(by: By, call: Call, tasks: dict[str, Task], zone: ZoneInfo) -> str:
    """Where a call belongs, said once more and plainly."""
    task = tasks.get(call.task or "")
    skill = DIRECTOR
    if task is not None:
        skill = REVIEWER if call.purpose in ("review", "mend") and task.kind is not StepKind.REVIEW else task.skill
    return {
        By.GOAL: call.goal,
        By.TASK: call.task or call.goal,
        By.SKILL: skill,
        By.MODEL: call.answered_by,
        By.PURPOSE: call.purpose,
        By.DAY: call.created_at.astimezone(zone).date().isoformat(),
        By.MONTH: call.month,
    }[by]


def counted(call: Call) -> Sum:
    lost, is_open = call.state is CallState.LOST, call.state is CallState.RESERVED
    return Sum(
        rehearsal=call.rehearsal,
        calls=1,
        input_tokens=call.input_tokens,
        output_tokens=call.output_tokens,
        cache_write_tokens=call.cache_write_tokens,
        cache_read_tokens=call.cache_read_tokens,
        cost_nano=call.cost_nano,
        lost=int(lost),
        lost_nano=call.cost_nano if lost else 0,
        open=int(is_open),
        reserved_nano=call.reserved_nano if is_open else 0,
    )


def spent(tx: Tx, scopes: set[str], *, rehearsal: bool) -> tuple[int, int]:
    accounts = [tx.accounts.get(scope, rehearsal=rehearsal) for scope in scopes]
    return sum(one.spent_nano for one in accounts), sum(one.reserved_nano for one in accounts)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(made=st.lists(MADE, max_size=25), zone=st.sampled_from(ZONES))
def test_every_sum_is_its_calls_and_all_together_are_the_accounts(
    kept: Office, clock: SetClock, made: list[Made], zone: str
) -> None:
    """
    Calls of every state, by every unit: each sum is what an addition by hand says, all of one kind add up to all calls, and
    that is what goals and months have spent and set aside.
    """
    with kept.store.write() as tx:
        brand = f"brand-{tx.number('brand')}"
    calls, tasks = make(kept, clock, brand, made)
    which, where = Which(brand), ZoneInfo(zone)
    for by in By:
        by_hand: dict[tuple[bool, str], Sum] = {}
        for call in calls:
            key = (call.rehearsal, unit(by, call, tasks, where))
            by_hand[key] = by_hand.get(key, Sum(call.rehearsal, key[1])).plus(counted(call))
        with kept.store.read() as tx:
            found = tx.ledger.sums(by, which, where)
            assert by_hand == {(one.rehearsal, one.unit): one for one in found}, by
            for rehearsal in (False, True):
                total = together(found, rehearsal=rehearsal)
                assert total == tx.ledger.total(which, rehearsal=rehearsal), by
                assert total.cost_nano == sum(call.cost_nano for call in calls if call.rehearsal is rehearsal)
                for scopes in (
                    {goal_scope(call.goal) for call in calls},
                    {month_scope(brand, call.month) for call in calls},
                ):
                    assert (total.cost_nano, total.reserved_nano) == spent(tx, scopes, rehearsal=rehearsal)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(made=st.lists(MADE, min_size=1, max_size=15), zone=st.sampled_from(ZONES), pick=st.integers(0, 14))
def test_a_part_that_is_asked_for_is_that_part(
    kept: Office, clock: SetClock, made: list[Made], zone: str, pick: int
) -> None:
    """A goal's, a month's, or what was begun on a day: no other's money is in it, and none of its own is missing."""
    with kept.store.write() as tx:
        brand = f"brand-{tx.number('brand')}"
    calls, _ = make(kept, clock, brand, made)
    chosen, where = calls[pick % len(calls)], ZoneInfo(zone)
    day = chosen.created_at.astimezone(where).date()
    parts: list[tuple[Which, Callable[[Call], bool]]] = [
        (Which(brand, goal=chosen.goal), lambda call: call.goal == chosen.goal),
        (Which(brand, month=chosen.month), lambda call: call.month == chosen.month),
        (
            Which(brand, since=start_of(day, where), before=start_of(day + timedelta(days=1), where)),
            lambda call: call.created_at.astimezone(where).date() == day,
        ),
    ]
    for which, is_of_it in parts:
        for by in By:
            with kept.store.read() as tx:
                found = tx.ledger.sums(by, which, where)
            expected = Counter[bool]()
            for call in filter(is_of_it, calls):
                expected[call.rehearsal] += call.cost_nano
            for rehearsal in (False, True):
                assert expected[rehearsal] == together(found, rehearsal=rehearsal).cost_nano, (which, by)


def test_paid_and_rehearsed_money_are_never_added_up() -> None:
    """A mistake in it would be a bill nobody got."""
    with pytest.raises(ValueError, match="never added up"):
        Sum(True).plus(Sum(False))


def test_days_are_those_of_the_zone_also_when_clocks_are_changed(kept: Office, clock: SetClock) -> None:
    """On 25 October 2026 London has 25 hours; a call in its last belongs to it."""
    clock.now = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past eleven at night, summer time
    hour = timedelta(hours=1)
    made = [
        Made(0, None, "plan", "claude-opus-5-5", None, False, (CallState.ANSWERED,), 9, 1, (1, 1, 1, 1), later)
        for later in (timedelta(0), hour, 24 * hour, hour)
    ]
    make(kept, clock, "london", made)
    with kept.store.read() as tx:
        found = tx.ledger.sums(By.DAY, Which("london"), ZoneInfo("Europe/London"))

    assert [("2026-10-24", 1), ("2026-10-25", 2), ("2026-10-26", 1)] == [(one.unit, one.calls) for one in found]


def test_what_is_entered_is_no_longer_unknown(kept: Office, clock: SetClock) -> None:
    """Nor is what was answered after all; the oldest stands first."""
    fates = ((CallState.LOST,), (CallState.LOST, CallState.ANSWERED), (CallState.LOST,), (CallState.ANSWERED,))
    made = [
        Made(0, None, "plan", "claude-opus-5-5", None, False, fate, 9, 4, (1, 1, 1, 1), timedelta(0)) for fate in fates
    ]
    calls, _ = make(kept, clock, "default", made)
    with kept.store.read() as tx:
        assert [calls[0].id, calls[2].id] == [call.id for call in tx.ledger.unknown("default")]
    enter_cost.enter(kept, calls[0].id, 3)
    with kept.store.read() as tx:
        assert [calls[2].id] == [call.id for call in tx.ledger.unknown("default")]
        assert 3 == tx.calls.get(calls[0].id).cost_nano


def test_looking_at_a_day_or_at_what_is_unknown_reads_no_other_rows(office: Office) -> None:
    """Else the minute tick would read years of calls."""
    with office.store.read() as tx:
        plans = {
            query: " ".join(str(row) for row in tx.conn.exec_driver_sql(f"explain query plan {query}"))
            for query in (
                "select sum(cost_nano) from calls where brand = 'b' and created_at >= 'a' and created_at < 'z'",
                "select min(created_at) from calls where brand = 'b' and created_at >= 'a'",
                "select * from calls where state in ('lost') and brand = 'b' order by id",
                "select * from goals where finished_at >= 'a'",
            )
        }

    assert [query for query, plan in plans.items() if "USING" not in plan or "INDEX" not in plan] == []
