"""A plan that does not fit under its caps is asked about before it is begun, and begun by itself when it fits."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from director.calls.caps import goal_scope, month_scope
from director.goals import fitting
from director.goals.submit import submit
from director.inbox.approvals import answer
from director.office import Office
from director.progress.questions import DEADLINE
from director.upkeep.sweep import sweep
from director.words.amounts import NANO
from director.words.models import Approval, Goal
from director.words.question import AboutPlan, Kind
from director.words.states import Answer, ApprovalState, GoalState, Priority, TaskState, WaitFor
from tests.conftest import SetClock

Drain = Callable[[Office, Goal], Goal]
OpenWith = Callable[..., Office]

GNOMES = "Sell singing gnomes to people without gardens"

#: Enough for a call of the pipeline's, and too little for all of them.
LITTLE = NANO * 2 // 5


def asked(office: Office, goal: Goal) -> list[Approval]:
    with office.store.read() as tx:
        return tx.approvals.open(goal.id)


def given(office: Office, drain: Drain, *, cap_nano: int | None = None) -> Goal:
    return drain(office, submit(office, GNOMES, pipeline="Product Launch", cap_nano=cap_nano))


def test_a_plan_that_does_not_fit_is_asked_about_before_it_is_begun(office: Office, drain: Drain) -> None:
    """
    No task starts and nothing is spent; the question says what is likely, between what and what, and what a yes makes the cap.
    """
    goal = given(office, drain, cap_nano=LITTLE)
    (question,) = asked(office, goal)
    with office.store.read() as tx:
        tasks, spent = tx.tasks.of_goal(goal.id), tx.calls.costs([goal.id])

    assert (goal.state, goal.wait_for, question.kind) == (GoalState.WAITING, WaitFor.MONEY, Kind.PLAN)
    assert {task.state for task in tasks} == {TaskState.PLANNED}
    assert spent == {}
    assert isinstance(question.about, AboutPlan)
    assert question.about.cap_nano is not None
    assert f"let it cost up to ${question.about.cap_nano / NANO:.2f} instead of $0.40" in question.question
    assert "It is a rehearsal and costs nothing; with Claude it would likely cost $" in question.question


def test_with_a_yes_it_is_not_stopped_in_its_middle(office: Office, drain: Drain) -> None:
    """
    The cap becomes what the question said, and the goal completes without another question.
    """
    goal = given(office, drain, cap_nano=LITTLE)
    (question,) = asked(office, goal)
    answer(office, question.id, Answer.APPROVE)
    goal = drain(office, goal)

    assert goal.state is GoalState.COMPLETED
    assert isinstance(question.about, AboutPlan)
    assert goal.cap_nano == question.about.cap_nano
    with office.store.read() as tx:
        assert [one.id for one in tx.approvals.of_goal(goal.id)] == [question.id]


def test_silence_runs_nothing(office: Office, drain: Drain, clock: SetClock) -> None:
    """
    After the deadline the goal ends without having begun; its cap is what it was.
    """
    goal = given(office, drain, cap_nano=LITTLE)
    clock.forward(DEADLINE + timedelta(minutes=1))
    sweep(office)
    goal = drain(office, goal)

    assert (goal.state, goal.cap_nano) == (GoalState.CANCELLED, LITTLE)


def test_a_plan_that_fits_is_begun_unasked(office: Office, drain: Drain) -> None:
    """
    Under the usual cap nobody is asked, and the forecast is kept with the goal.
    """
    goal = given(office, drain)

    assert goal.state is GoalState.COMPLETED
    assert goal.forecast is not None
    with office.store.read() as tx:
        spent = tx.accounts.get(goal_scope(goal.id), rehearsal=True).spent_nano
        assert tx.approvals.of_goal(goal.id) == []
    assert goal.forecast["low_nano"] <= spent <= goal.forecast["high_nano"]


def test_a_yes_for_the_month_is_for_the_month(open_with: OpenWith, drain: Drain) -> None:
    """
    When the month is what is short, its account gets more, and the goal's cap stays.
    """
    office = open_with(budget_monthly=LITTLE)
    goal = submit(office, GNOMES, pipeline="Product Launch", cap_nano=LITTLE)
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=100 * NANO)
    goal = drain(office, goal)
    (question,) = asked(office, goal)
    answer(office, question.id, Answer.APPROVE)
    goal = drain(office, goal)

    assert "let the month 2026-11 cost up to $" in question.question
    assert (goal.state, goal.cap_nano) == (GoalState.COMPLETED, 100 * NANO)
    with office.store.read() as tx:
        account = tx.accounts.get(month_scope("default", "2026-11"), rehearsal=True)
    assert account.added_nano > 0
    assert account.left_nano(LITTLE) >= 0


@pytest.mark.parametrize("by", ["the month turning", "a higher setting"])
def test_it_begins_by_itself_when_it_fits(open_with: OpenWith, drain: Drain, clock: SetClock, by: str) -> None:
    """
    What only the month is short of waits until the month turns, however long that takes, or until the setting is higher;
    then its question is withdrawn and it runs, once, with nobody asked.
    """
    office = open_with(budget_monthly=NANO)
    with office.store.write() as tx:
        month = month_scope("default", "2026-11")
        assert tx.accounts.reserve(month, NANO * 9 // 10, rehearsal=True, cap_nano=NANO)
        tx.accounts.settle(month, rehearsal=True, reserved_nano=NANO * 9 // 10, spent_nano=NANO * 9 // 10)
    goal = submit(office, GNOMES, pipeline="Social Week", cap_nano=NANO, priority=Priority.P1)
    goal = drain(office, goal)
    (question,) = asked(office, goal)
    clock.forward(timedelta(days=8))  # 22 November is when it begins: the usual deadline is over
    sweep(office)
    assert asked(office, goal) == [question]
    if by == "the month turning":
        clock.forward(timedelta(days=1))
    else:
        office = open_with(budget_monthly=100 * NANO)
    sweep(office)

    assert drain(office, goal).state is GoalState.COMPLETED
    with office.store.read() as tx:
        assert [one.state for one in tx.approvals.of_goal(goal.id)] == [ApprovalState.WITHDRAWN]
    assert fitting.look_again(office) == 0


def test_what_it_fits_under_is_its_own_money(open_with: OpenWith, drain: Drain) -> None:
    """
    A sweep of a process that does the other kind of goals, whose month is untouched, begins none that does not fit its own.
    """
    office = open_with(budget_monthly=5 * NANO)
    with office.store.write() as tx:
        month = month_scope("default", "2026-11")
        assert tx.accounts.reserve(month, NANO * 49 // 10, rehearsal=True, cap_nano=5 * NANO)
    goal = submit(office, GNOMES, pipeline="Product Launch")
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=100 * NANO)
    goal = drain(office, goal)
    (question,) = asked(office, goal)
    paid = open_with(budget_monthly=5 * NANO, anthropic_api_key="not-a-key")
    assert fitting.look_again(paid) == 0
    assert asked(office, goal) == [question]


def test_who_wants_to_see_the_plan_is_still_asked_when_it_fits(open_with: OpenWith, drain: Drain) -> None:
    """
    A goal whose plan a person has to agree to anyway is not begun because there is money.
    """
    office = open_with(budget_monthly=LITTLE)
    goal = drain(office, submit(office, GNOMES, pipeline="Product Launch", confirm=True, cap_nano=LITTLE))
    rich = open_with()
    with rich.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=100 * NANO)
    sweep(rich)

    (question,) = asked(rich, goal)
    assert question.state is ApprovalState.OPEN
