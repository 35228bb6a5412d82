"""Turns that wait for money go on by themselves where it comes by itself; where it does not, a person is always asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from director import sweep, turns
from director.calls import caps
from director.calls.ask import settle_overdue
from director.calls.caps import Need
from director.errors import OverCap
from director.goals.submit import submit
from director.models import Approval, Goal, Turn
from director.money.amounts import NANO
from director.office import Office
from director.states import Answer, ApprovalState, GoalState, Priority, TurnState, WaitFor, is_final
from director.turns import Held
from director.work.after import after_failure
from director.work.approvals import answer, apply_defaults
from director.work.questions import DEADLINE
from director.work.spending import look_after_held
from tests.conftest import SetClock

Claimed = Callable[..., Held]
Drain = Callable[[Office, Goal], Goal]

CAP = 100 * NANO


def set_aside(office: Office, goal: Goal, nano: int) -> None:
    """A call on the wire, as its money sees it."""
    with office.store.write() as tx:
        assert tx.accounts.reserve(caps.goal_scope(goal.id), nano, rehearsal=True, cap_nano=goal.cap_nano)


def settle(office: Office, goal: Goal, reserved_nano: int, spent_nano: int) -> None:
    """Its answer is there."""
    with office.store.write() as tx:
        scope = caps.goal_scope(goal.id)
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=reserved_nano, spent_nano=spent_nano)


def refuse(office: Office, held: Held, nano: int) -> None:
    """The turn's call could cost *nano* and does not fit."""
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.goal)
        need = Need(caps.goal_scope(goal.id), rehearsal=True, worst_nano=nano)
        over = caps.over_cap(tx, office, goal, need, room_by=tx.now + timedelta(minutes=11))
    turns.fail(office, held, over, after_failure)


def turn_of(office: Office, held: Held) -> Turn:
    with office.store.read() as tx:
        return tx.turns.get(held.turn.id)


def questions_of(office: Office, goal: Goal) -> list[Approval]:
    with office.store.read() as tx:
        return tx.approvals.of_goal(goal.id)


@pytest.fixture
def goal(given_goal: Callable[..., Goal]) -> Goal:
    """A goal that may cost CAP."""
    return given_goal(cap_nano=CAP)


class TestWhatComesBack:
    """Worst cases are far more than calls take, so a cap that is full of them is seldom spent."""

    def test_nobody_is_asked_while_calls_on_the_wire_may_leave_enough(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """The turn says what it needs and when it is looked at again."""
        set_aside(office, goal, 80 * NANO)
        held = claimed(goal)
        refuse(office, held, 30 * NANO)
        turn = turn_of(office, held)

        assert (TurnState.HELD, 30 * NANO) == (turn.state, (turn.held_for or {})["worst_nano"])
        assert turn.due_at is not None
        assert [] == questions_of(office, goal)
        assert [] == sweep.stuck(office)

    def test_it_goes_on_when_they_took_less(self, office: Office, goal: Goal, claimed: Claimed) -> None:
        """And needs nothing any more."""
        set_aside(office, goal, 80 * NANO)
        held = claimed(goal)
        refuse(office, held, 30 * NANO)
        assert 0 == look_after_held(office)
        settle(office, goal, 80 * NANO, 10 * NANO)
        assert 1 == look_after_held(office)
        turn = turn_of(office, held)

        assert (TurnState.QUEUED, None, None) == (turn.state, turn.held_for, turn.due_at)

    def test_a_person_is_asked_when_they_took_too_much(
        self, office: Office, goal: Goal, claimed: Claimed, clock: SetClock
    ) -> None:
        """Once every call that was on the wire is over."""
        set_aside(office, goal, 80 * NANO)
        held = claimed(goal)
        refuse(office, held, 30 * NANO)
        settle(office, goal, 80 * NANO, 80 * NANO)
        clock.forward(timedelta(minutes=12))
        look_after_held(office)
        look_after_held(office)
        [question] = questions_of(office, goal)

        assert question.state is ApprovalState.OPEN
        assert "could cost $30.00; $20.00 is left of $100.00" in question.question

    def test_what_fits_side_by_side_goes_on_together_and_no_more(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """The third waits for one of the two, and nobody is asked about it."""
        set_aside(office, goal, 90 * NANO)
        three = [claimed(goal, version=str(n)) for n in range(3)]
        for held in three:
            refuse(office, held, 45 * NANO)
        settle(office, goal, 90 * NANO, NANO)
        look_after_held(office)

        assert [TurnState.QUEUED, TurnState.QUEUED, TurnState.HELD] == [turn_of(office, held).state for held in three]
        assert [] == questions_of(office, goal)


class TestAskedAgain:
    """A question that was withdrawn, answered or let lapse is no answer to the next one."""

    def test_a_person_is_asked_again_after_a_question_was_withdrawn(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """The cap was raised meanwhile, and is too low again."""
        settle_all_but(office, goal, left=95 * NANO)
        refuse(office, claimed(goal), 96 * NANO)
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=CAP + NANO)
        look_after_held(office)
        refuse(office, claimed(goal, version="2"), 97 * NANO)
        look_after_held(office)
        asked = questions_of(office, goal)

        assert [ApprovalState.WITHDRAWN, ApprovalState.OPEN] == [question.state for question in asked]
        assert "could cost $97.00; $96.00 is left" in asked[-1].question

    def test_two_turns_that_need_different_sums_are_let_go_by_their_own(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """The question stays while somebody waits for it, and the smaller one does not let the larger one go."""
        settle_all_but(office, goal, left=10 * NANO)
        small, large = claimed(goal, version="s"), claimed(goal, version="l")
        refuse(office, small, 11 * NANO)
        refuse(office, large, 50 * NANO)
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=CAP + 2 * NANO)
        assert 1 == look_after_held(office)
        assert 0 == look_after_held(office)
        [question] = questions_of(office, goal)

        assert [TurnState.QUEUED, TurnState.HELD] == [turn_of(office, held).state for held in (small, large)]
        assert question.state is ApprovalState.OPEN

    def test_a_yes_lets_go_what_waits_for_that_cap(self, office: Office, goal: Goal, claimed: Claimed) -> None:
        """All of it, since it was raised with room for ten calls."""
        settle_all_but(office, goal, left=10 * NANO)
        both = [claimed(goal, version=str(n)) for n in range(2)]
        for held in both:
            refuse(office, held, 11 * NANO)
        [question] = questions_of(office, goal)
        answer(office, question.id, Answer.APPROVE)

        assert not {TurnState.HELD} & {turn_of(office, held).state for held in both}

    def test_a_month_nobody_gave_more_for_is_waited_out_without_asking_again(
        self, open_with: Callable[..., Office], drain: Drain, clock: SetClock
    ) -> None:
        """Nothing is spent; the first of the next month is the next look, and the work goes on then."""
        office = open_with(budget_monthly=0)
        goal = drain(office, submit(office, "Improve what we do", cap_nano=0))
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=CAP)
        look_after_held(office)
        goal = drain(office, goal)
        [*_, question] = questions_of(office, goal)
        assert question.document["scope"] == "month default 2026-11"
        clock.forward(DEADLINE + timedelta(minutes=1))
        assert 1 == apply_defaults(office)
        sweep.sweep(office)
        with office.store.read() as tx:
            waits = tx.goals.get(goal.id)
            assert [] == tx.approvals.open(goal.id)
        assert (GoalState.WAITING, WaitFor.MONEY) == (waits.state, waits.wait_for)
        assert waits.wait_until is not None
        assert "2026-12-01T00:00:00" == waits.wait_until.strftime("%Y-%m-%dT%H:%M:%S")
        assert [] == sweep.stuck(office)


def settle_all_but(office: Office, goal: Goal, *, left: int) -> None:
    """Spend the goal's cap down to *left*."""
    set_aside(office, goal, CAP - left)
    settle(office, goal, CAP - left, CAP - left)


@pytest.mark.parametrize("cents", [35, 50, 60, 70, 100])
def test_a_goal_with_little_money_always_asks_for_more_or_ends(
    open_with: Callable[..., Office], drain: Drain, clock: SetClock, cents: int
) -> None:
    """
    Four tasks side by side over a small cap: whatever fits, comes back or does not, the goal is never held with nobody asked,
    no turn goes round in circles, and with a yes to each question it completes.
    """
    office = open_with(max_parallel_agents=4)
    goal = submit(office, "Launch it", pipeline="Product Launch", priority=Priority.P0, cap_nano=cents * NANO // 100)
    for _ in range(40):
        goal = drain(office, goal)
        if is_final(goal.state):
            break
        settle_overdue(office)
        sweep.sweep(office)
        assert [] == sweep.stuck(office)
        with office.store.read() as tx:
            asked = tx.approvals.open(goal.id)
            held = tx.turns.held(goal.id)
        assert asked or not held or all(turn.due_at for turn in held)
        for question in asked:
            answer(office, question.id, Answer.APPROVE)
        clock.forward(timedelta(minutes=1))
    with office.store.read() as tx:
        epochs = [turn.epoch for turn in tx.turns.of_goal(goal.id)]

    assert goal.state is GoalState.COMPLETED
    assert max(epochs) <= 8


def test_over_cap_says_when_there_may_be_room(office: Office, goal: Goal) -> None:
    """Only where what is set aside would be enough."""
    set_aside(office, goal, 60 * NANO)
    with office.store.read() as tx:

        def over(nano: int) -> OverCap:
            need = Need(caps.goal_scope(goal.id), rehearsal=True, worst_nano=nano)
            return caps.over_cap(tx, office, goal, need, room_by=tx.now)

        assert over(100 * NANO).room_by is not None
        assert over(100 * NANO + 1).room_by is None


def test_a_cap_that_was_lowered_below_what_is_spent_is_raised_by_all_that_is_missing(
    office: Office, goal: Goal
) -> None:
    """Else a yes would move a real cap and buy nothing; and what comes back from calls on the wire would not be enough."""
    settle_all_but(office, goal, left=10 * NANO)
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=50 * NANO)
    set_aside(office, replace(goal, cap_nano=CAP), 5 * NANO)
    with office.store.read() as tx:
        need = Need(caps.goal_scope(goal.id), rehearsal=True, worst_nano=NANO)
        over = caps.over_cap(tx, office, tx.goals.get(goal.id), need, room_by=tx.now)

    assert (46 * NANO, None) == (over.needed_nano, over.room_by)
    assert "$0.00 is left of $50.00" in str(over)


def test_rehearsed_and_paid_work_are_asked_about_apart(office: Office, goal: Goal, claimed: Claimed) -> None:
    """They are two kinds of money: a yes to the one lets the other wait."""
    both = [claimed(goal, version=str(n)) for n in range(2)]
    for held, rehearsal in zip(both, (True, False), strict=True):
        with office.store.read() as tx:
            need = Need(caps.goal_scope(goal.id), rehearsal=rehearsal, worst_nano=CAP + NANO)
            over = caps.over_cap(tx, office, tx.goals.get(goal.id), need, room_by=tx.now)
        turns.fail(office, held, over, after_failure)
    rehearsed, paid = questions_of(office, goal)
    assert (rehearsed.document["rehearsal"], paid.document["rehearsal"]) == (True, False)
    answer(office, rehearsed.id, Answer.APPROVE)

    assert [TurnState.DISPATCHED, TurnState.HELD] == [turn_of(office, held).state for held in both]
