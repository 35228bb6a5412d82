"""Turns that wait for money go on by themselves where it comes by itself; where it does not, a person is always asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from director.calls import caps
from director.calls.ask import settle_overdue
from director.goals.submit import submit
from director.inbox.approvals import answer, apply_defaults
from director.mailbox import failures
from director.mailbox.turns import Held
from director.office import Office
from director.progress.held_for_money import look_after_money
from director.progress.on_turn_failure import after_failure
from director.progress.questions import DEADLINE
from director.store import schema
from director.upkeep import sweep
from director.words.amounts import NANO
from director.words.errors import OverCap, WrongField
from director.words.models import Approval, Goal, Need, Turn
from director.words.states import Answer, ApprovalState, GoalState, HeldWhy, Priority, TurnState, WaitFor, is_final
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
    failures.fail(office, held, over, after_failure)


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

        assert (TurnState.HELD, 30 * NANO) == (turn.state, turn.held_for and turn.held_for.worst_nano)
        assert turn.due_at is not None
        assert [] == questions_of(office, goal)
        assert [] == sweep.stuck(office)

    def test_it_goes_on_when_they_took_less(self, office: Office, goal: Goal, claimed: Claimed) -> None:
        """And needs nothing any more."""
        set_aside(office, goal, 80 * NANO)
        held = claimed(goal)
        refuse(office, held, 30 * NANO)
        assert 0 == look_after_money(office)
        settle(office, goal, 80 * NANO, 10 * NANO)
        assert 1 == look_after_money(office)
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
        look_after_money(office)
        look_after_money(office)
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
        look_after_money(office)

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
        look_after_money(office)
        refuse(office, claimed(goal, version="2"), 97 * NANO)
        look_after_money(office)
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
        assert 1 == look_after_money(office)
        assert 0 == look_after_money(office)
        [question] = questions_of(office, goal)

        assert [TurnState.QUEUED, TurnState.HELD] == [turn_of(office, held).state for held in (small, large)]
        assert question.state is ApprovalState.OPEN

    def test_a_yes_lets_go_what_waits_for_that_cap(self, office: Office, goal: Goal, claimed: Claimed) -> None:
        """All of it, since it was raised to have room for ten calls."""
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
        look_after_money(office)
        goal = drain(office, goal)
        [*_, question] = questions_of(office, goal)
        assert question.about.scope == "month default 2026-11"
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
            held = tx.turns.held(HeldWhy.MONEY, goal.id)
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


def test_what_comes_back_is_not_enough_under_a_cap_that_was_lowered_below_what_is_spent(
    office: Office, goal: Goal
) -> None:
    """All that is spent above the cap has to be made up for as well, so a person is asked at once."""
    settle_all_but(office, goal, left=10 * NANO)
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=50 * NANO)
    set_aside(office, replace(goal, cap_nano=CAP), 5 * NANO)
    with office.store.read() as tx:
        need = Need(caps.goal_scope(goal.id), rehearsal=True, worst_nano=NANO)
        over = caps.over_cap(tx, office, tx.goals.get(goal.id), need, room_by=tx.now)

    assert over.room_by is None
    assert "$0.00 is left of $50.00" in str(over)
    assert "($90.00 is spent, $5.00 reserved)" in str(over)


MONTH = caps.month_scope("default", "2026-11")

#: Of a call in the stories below: a quarter of a dollar.
CALL = NANO // 4


class TestHowMuch:
    """A yes raises a cap to what the work needs: what is spent and reserved, and room for ten such calls."""

    @pytest.fixture
    def spent(self, office: Office) -> None:
        """Of the month's thousand dollars 800 are spent."""
        spend(office, 800 * NANO, cap=1000 * NANO)

    @pytest.fixture
    def lowered(self, spent: None, open_with: Callable[..., Office]) -> Office:
        """And somebody lowered it to a hundred."""
        return open_with(budget_monthly=100 * NANO)

    def test_a_month_that_was_lowered_is_raised_to_what_is_needed(self, lowered: Office, claimed: Claimed) -> None:
        """Not to ten times what it was lowered by; the question says what the month is, and what it becomes."""
        held = refuse_month(lowered, claimed)
        question = question_about(lowered, held)
        answer(lowered, question.id, Answer.APPROVE)

        assert (
            f"The next call of {held.turn.goal} could cost $0.2500; $0.00 is left of $100.00 for the month 2026-11 "
            "($800.00 is spent, $0.00 reserved). Raise that cap to $803.00, so that 10 such calls fit?"
        ) == question.question
        assert 803 * NANO == cap_of_month(lowered)

    @pytest.mark.parametrize(("worst", "cap"), [(1, 0.01), (13_900_000, 0.14), (99_900_000, 1), (100_000_001, 2)])
    def test_small_work_is_given_cents(self, office: Office, worst: int, cap: float) -> None:
        """A whole dollar would be a thousand times what some goals were given."""
        need = Need(MONTH, rehearsal=True, worst_nano=worst)
        with office.store.read() as tx:
            assert caps.enough_for(tx, 10, need) == round(cap * NANO)

    def test_it_is_raised_to_the_same_whatever_it_was_lowered_to(
        self, spent: None, open_with: Callable[..., Office], claimed: Claimed
    ) -> None:
        """What the work needs does not depend on it; 0 is a cap like another."""
        office = open_with(budget_monthly=0)
        answer(office, question_about(office, refuse_month(office, claimed)).id, Answer.APPROVE)

        assert 803 * NANO == cap_of_month(office)

    @pytest.mark.parametrize("month", [0, 100 * NANO, 800 * NANO + CALL - 1])
    def test_one_yes_is_enough_for_ten_calls(
        self, spent: None, open_with: Callable[..., Office], claimed: Claimed, month: int
    ) -> None:
        """Also where the first was short of a nano-dollar alone."""
        office = open_with(budget_monthly=month)
        answer(office, question_about(office, refuse_month(office, claimed)).id, Answer.APPROVE)
        with office.store.write() as tx:
            reserved = [tx.accounts.reserve(MONTH, CALL, rehearsal=True, cap_nano=month) for _ in range(13)]

        assert [True] * 12 + [False] == reserved  # ten, and what is left of the dollar

    def test_goals_that_wait_for_the_same_month_are_not_given_it_twice(self, lowered: Office, claimed: Claimed) -> None:
        """Each has its question; a yes to the second adds what is missing then, and both go on."""
        both = [refuse_month(lowered, claimed) for _ in range(2)]
        questions = [question_about(lowered, held) for held in both]
        for question in questions:
            answer(lowered, question.id, Answer.APPROVE)

        assert 803 * NANO == cap_of_month(lowered)
        assert not {TurnState.HELD} & {turn_of(lowered, held).state for held in both}

    def test_a_yes_to_one_goal_lets_the_others_go_that_waited_for_the_month(
        self, lowered: Office, claimed: Claimed
    ) -> None:
        """Their questions are withdrawn: nobody has to answer what is answered."""
        first, second = (refuse_month(lowered, claimed) for _ in range(2))
        answer(lowered, question_about(lowered, first).id, Answer.APPROVE)
        look_after_money(lowered)

        assert [] == open_questions(lowered)
        assert turn_of(lowered, second).state is not TurnState.HELD

    def test_what_came_back_meanwhile_is_not_given_as_well(self, lowered: Office, claimed: Claimed) -> None:
        """Calls on the wire were counted at their worst when the question was asked."""
        with lowered.store.write() as tx:
            assert tx.accounts.reserve(MONTH, 40 * NANO, rehearsal=True, cap_nano=1000 * NANO)
        question = question_about(lowered, refuse_month(lowered, claimed))
        assert "Raise that cap to $843.00" in question.question
        with lowered.store.write() as tx:
            tx.accounts.settle(MONTH, rehearsal=True, reserved_nano=40 * NANO, spent_nano=10 * NANO)
        answer(lowered, question.id, Answer.APPROVE)

        assert 813 * NANO == cap_of_month(lowered)

    def test_a_month_that_was_raised_meanwhile_is_asked_about_anew(
        self, lowered: Office, open_with: Callable[..., Office], claimed: Claimed
    ) -> None:
        """Where it is still not enough; the new question says the new month, and its yes adds what is missing to that."""
        held = refuse_month(lowered, claimed)
        office = open_with(budget_monthly=500 * NANO)
        look_after_money(office)
        look_after_money(office)
        [question] = open_questions(office)
        answer(office, question.id, Answer.APPROVE)

        assert "$0.00 is left of $500.00" in question.question
        assert 803 * NANO == cap_of_month(office)
        assert turn_of(office, held).state is not TurnState.HELD

    def test_a_month_that_was_raised_enough_needs_no_answer(
        self, lowered: Office, open_with: Callable[..., Office], claimed: Claimed
    ) -> None:
        """And a yes to the goal that comes before anybody looked gives nothing twice."""
        held = refuse_month(lowered, claimed)
        office = open_with(budget_monthly=900 * NANO)
        look_after_money(office)

        assert [] == open_questions(office)
        assert turn_of(office, held).state is not TurnState.HELD
        assert 900 * NANO == cap_of_month(office)

    def test_a_yes_counts_for_whoever_asked_wherever_it_is_given(
        self, lowered: Office, open_with: Callable[..., Office], claimed: Claimed
    ) -> None:
        """A terminal in which BUDGET_MONTHLY is not set knows another month than the worker that waits."""
        held = refuse_month(lowered, claimed)
        terminal = open_with(budget_monthly=1000 * NANO)
        answer(terminal, question_about(lowered, held).id, Answer.APPROVE)

        assert 803 * NANO == cap_of_month(lowered)

    def test_a_yes_to_a_month_that_has_turned_gives_nothing(
        self, lowered: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """The new month has its own money; what waited goes on under that."""
        held = refuse_month(lowered, claimed)
        question = question_about(lowered, held)
        clock.forward(timedelta(days=9))
        answer(lowered, question.id, Answer.APPROVE)

        assert 100 * NANO == cap_of_month(lowered)
        assert turn_of(lowered, held).state is not TurnState.HELD

    def test_a_goal_whose_cap_was_raised_meanwhile_is_not_raised_beyond_what_was_said(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """What was agreed to is what the cap becomes, not by how much it rises."""
        settle_all_but(office, goal, left=0)
        refuse(office, claimed(goal), CALL)
        [question] = questions_of(office, goal)
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=CAP + 2 * NANO)
        answer(office, question.id, Answer.APPROVE)
        with office.store.read() as tx:
            cap = tx.goals.get(goal.id).cap_nano

        assert CAP + 3 * NANO == question.about.cap_nano == cap

    def test_a_cap_never_becomes_more_than_was_said(self, office: Office, goal: Goal, claimed: Claimed) -> None:
        """Also where a dearer call came to wait for the same answer."""
        settle_all_but(office, goal, left=0)
        refuse(office, claimed(goal, version="cheap"), CALL)
        refuse(office, claimed(goal, version="dear"), 4 * NANO)
        [question] = questions_of(office, goal)
        answer(office, question.id, Answer.APPROVE)
        with office.store.read() as tx:
            cap = tx.goals.get(goal.id).cap_nano

        assert CAP + 3 * NANO == question.about.cap_nano == cap

    @pytest.mark.parametrize("own", [801, 803, 900])
    def test_a_persons_own_figure_is_what_the_cap_becomes(self, lowered: Office, claimed: Claimed, own: int) -> None:
        """Less than was proposed, or more: just that, and the work goes on; the journal has it."""
        held = refuse_month(lowered, claimed)
        question = question_about(lowered, held)
        answer(lowered, question.id, Answer.APPROVE, cap_nano=own * NANO)

        assert cap_of_month(lowered) == own * NANO
        assert turn_of(lowered, held).state is not TurnState.HELD
        with lowered.store.read() as tx:
            assert f"up to ${own}.00" in [line.detail for line in tx.journal(held.turn.goal)]

    @pytest.mark.parametrize(
        ("own", "said", "why"),
        [
            (
                800 * NANO + CALL - 1,
                Answer.APPROVE,
                r"With \$800.249999999 the next call would still not fit: name \$801.00",
            ),
            (0, Answer.APPROVE, "would still not fit"),
            (900 * NANO, Answer.REJECT, "goes with a yes"),
        ],
    )
    def test_a_figure_that_helps_nobody_is_refused(
        self, lowered: Office, claimed: Claimed, own: int, said: Answer, why: str
    ) -> None:
        """What lets not one call go on, or goes with a no; the question stays open, and nothing changed."""
        held = refuse_month(lowered, claimed)
        question = question_about(lowered, held)
        with pytest.raises(WrongField, match=why) as caught:
            answer(lowered, question.id, said, cap_nano=own)

        assert caught.value.field == "at_most"
        assert [question] == open_questions(lowered)
        assert cap_of_month(lowered) == 100 * NANO

    def test_a_goals_own_figure_is_above_its_cap_and_within_its_month(
        self, office: Office, goal: Goal, claimed: Claimed
    ) -> None:
        """What it may cost already is no raise; more than a month is what no goal is given either."""
        settle_all_but(office, goal, left=0)
        refuse(office, claimed(goal), CALL)
        [question] = questions_of(office, goal)
        with office.store.write() as tx:
            tx.goals.change(goal.id, cap_nano=CAP + 2 * NANO)
        for own, why in ((CAP + NANO, "may cost \\$102.00 already"), (5_000 * NANO, "no more than its month")):
            with pytest.raises(WrongField, match=why):
                answer(office, question.id, Answer.APPROVE, cap_nano=own)
        answer(office, question.id, Answer.APPROVE, cap_nano=CAP + 7 * NANO)

        with office.store.read() as tx:
            assert tx.goals.get(goal.id).cap_nano == CAP + 7 * NANO

    def test_a_question_of_an_earlier_troupe_is_answered_by_this_rule(self, lowered: Office, claimed: Claimed) -> None:
        """It says a larger amount; what the work needs is enough."""
        question = question_about(lowered, refuse_month(lowered, claimed))
        document = {"scope": MONTH, "rehearsal": True, "raise_by_nano": 7003 * NANO}
        with lowered.store.write() as tx:
            tx.conn.execute(update(schema.approvals).values(document=document))
        answer(lowered, question.id, Answer.APPROVE)

        assert 803 * NANO == cap_of_month(lowered)


money = st.integers(0, 2_000 * NANO)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck), database=None)
@given(cap=money, spent=money, reserved=money, worst=st.integers(1, 5 * NANO))
def test_whatever_a_cap_was_a_yes_makes_room_for_ten_calls_and_for_not_a_dollar_more(
    office: Office, given_goal: Callable[..., Goal], claimed: Claimed, cap: int, spent: int, reserved: int, worst: int
) -> None:
    """Whether it is full, empty, or was lowered far below what is spent."""
    goal = given_goal(cap_nano=cap)
    scope = caps.goal_scope(goal.id)
    with office.store.write() as tx:
        assert tx.accounts.reserve(scope, spent + reserved, rehearsal=True, cap_nano=spent + reserved)
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=spent, spent_nano=spent)
        need = Need(scope, rehearsal=True, worst_nano=worst)
        if caps.fits(tx, office, goal, need):
            return
    with office.store.write() as tx:
        caps.raise_to(tx, goal, scope, caps.enough_for(tx, 10, need), rehearsal=True, of_nano=0)
        raised = tx.goals.get(goal.id).cap_nano
        room = tx.accounts.get(scope, rehearsal=True).left_nano(raised)

    assert cap < raised
    assert 10 * worst <= room < 10 * worst + NANO


def spend(office: Office, nano: int, *, cap: int) -> None:
    """Of the month, by goals that are over."""
    with office.store.write() as tx:
        assert tx.accounts.reserve(MONTH, nano, rehearsal=True, cap_nano=cap)
        tx.accounts.settle(MONTH, rehearsal=True, reserved_nano=nano, spent_nano=nano)


def refuse_month(office: Office, claimed: Claimed) -> Held:
    """A turn of a goal of its own, whose call of CALL does not fit under the month."""
    held = claimed()
    with office.store.read() as tx:
        need = Need(MONTH, rehearsal=True, worst_nano=CALL)
        over = caps.over_cap(tx, office, tx.goals.get(held.turn.goal), need, room_by=tx.now)
    failures.fail(office, held, over, after_failure)
    return held


def claimed_goal(office: Office, held: Held) -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(held.turn.goal)


def question_about(office: Office, held: Held) -> Approval:
    [question] = questions_of(office, claimed_goal(office, held))
    return question


def open_questions(office: Office) -> list[Approval]:
    with office.store.read() as tx:
        return tx.approvals.open()


def cap_of_month(office: Office) -> int:
    """The month's cap, with what people added to it."""
    with office.store.read() as tx:
        return office.settings.budget_monthly + tx.accounts.get(MONTH, rehearsal=True).added_nano


def test_rehearsed_and_paid_work_are_asked_about_apart(office: Office, goal: Goal, claimed: Claimed) -> None:
    """They are two kinds of money: a yes to the one lets the other wait."""
    both = [claimed(goal, version=str(n)) for n in range(2)]
    for held, rehearsal in zip(both, (True, False), strict=True):
        with office.store.read() as tx:
            need = Need(caps.goal_scope(goal.id), rehearsal=rehearsal, worst_nano=CAP + NANO)
            over = caps.over_cap(tx, office, tx.goals.get(goal.id), need, room_by=tx.now)
        failures.fail(office, held, over, after_failure)
    rehearsed, paid = questions_of(office, goal)
    assert (rehearsed.about.rehearsal, paid.about.rehearsal) == (True, False)
    answer(office, rehearsed.id, Answer.APPROVE)

    assert [TurnState.DISPATCHED, TurnState.HELD] == [turn_of(office, held).state for held in both]
