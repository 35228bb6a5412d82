"""What goes nowhere is paused and a person asked once: a goal beyond its ceilings, a brand whose calls fit under no cap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from director.calls import caps, ceilings
from director.goals.cancel import cancel
from director.goals.pause import pause_all, resume, resume_all
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.inbox.approvals import answer, apply_defaults
from director.mailbox.turns import LEASE
from director.office import Office
from director.progress import brakes, questions
from director.progress.brakes import MOST_REFUSALS, count_refusal
from director.progress.questions import DEADLINE
from director.store import schema
from director.upkeep import sweep
from director.words.amounts import NANO
from director.words.models import Approval, Goal, Need
from director.words.question import AboutFailure, AboutPause, Kind
from director.words.reach import Reach
from director.words.states import Answer, ApprovalState, GoalState
from tests.conftest import SetClock
from tests.director.conftest import add_goal, over_cap

Drain = Callable[[Office, Goal], Goal]


def give(office: Office, text: str = "Sell gnomes", **wanted: object) -> Goal:
    return submit(office, text, pipeline="Social Week", **wanted)


def asked(office: Office) -> list[Approval]:
    """What is asked about pauses."""
    with office.store.read() as tx:
        return [question for question in tx.approvals.open() if question.kind is Kind.PAUSE]


def cost(office: Office, goal: Goal) -> int:
    with office.store.read() as tx:
        return len(tx.calls.of_goal(goal.id))


def without_money(office: Office, drain: Drain, number: int) -> Goal:
    """A goal whose cap was lowered once a person had agreed to its plan: its next call does not fit."""
    goal = drain(office, give(office, f"Sell {number} gnomes", confirm=True))
    with office.store.write() as tx:
        tx.goals.change(goal.id, cap_nano=1)
        plans = [question for question in tx.approvals.open(goal.id) if question.kind is Kind.PLAN]
    for question in plans:
        answer(office, question.id, Answer.APPROVE)
    return drain(office, goal)


def refuse(office: Office, goal: Goal) -> None:
    """As many calls of the goal as pause everything do not fit."""
    with office.store.write() as tx:
        for _ in range(MOST_REFUSALS):
            brakes.count_refusal(tx, goal, over_cap(goal.id))


def also_asked(office: Office, goal: Goal) -> Approval:
    """Another question about the goal, open since before it was paused."""
    with office.store.write() as tx:
        [turn, *_] = tx.turns.open_of_goal(goal.id)
        other = questions.ask(tx, goal, AboutFailure(turn.id), "It failed. Try again?", version="other")
    assert other is not None
    return other


class TestCeilings:
    """However much a goal may cost, somebody looks at one that does not end."""

    def test_a_goal_of_too_many_calls_is_paused_and_asked_about(
        self, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It makes not one more, uses up no attempt, and is not stuck."""
        monkeypatch.setattr(ceilings, "MOST_CALLS", 2)
        goal = drain(office, give(office))
        [question] = asked(office)
        with office.store.read() as tx:
            open_turns = tx.turns.open_of_goal(goal.id)

        assert goal.state is GoalState.WAITING
        assert cost(office, goal) == 2
        assert "g1 has made 2 calls" in question.question
        assert {turn.attempts for turn in open_turns} == {0}
        assert sweep.stuck(office) == []

    def test_a_yes_lets_it_go_as_far_again(self, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
        """And then it is asked about again, as often as it takes."""
        monkeypatch.setattr(ceilings, "MOST_CALLS", 3)
        goal, times = drain(office, give(office)), 0
        while goal.state is GoalState.WAITING:
            [question] = asked(office)
            times += 1
            assert cost(office, goal) == 3 * times
            answer(office, question.id, Answer.APPROVE)
            goal = drain(office, goal)

        assert goal.state is GoalState.COMPLETED
        assert times >= 1

    def test_who_resumes_it_lets_it_go_as_far_again(
        self, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without answering: else its next call would stop it again, and nobody would be asked."""
        monkeypatch.setattr(ceilings, "MOST_CALLS", 2)
        goal = drain(office, give(office))
        while goal.state is GoalState.WAITING:
            assert len(asked(office)) == 1
            resume(office, goal.id)
            assert asked(office) == []
            goal = drain(office, goal)

        assert goal.state is GoalState.COMPLETED

    def test_a_no_ends_it_and_silence_leaves_it_paused(
        self, office: Office, drain: Drain, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing is spent on what nobody looked at."""
        monkeypatch.setattr(ceilings, "MOST_CALLS", 2)
        silent, ended = drain(office, give(office)), drain(office, give(office, "Sell trolls"))
        by_goal = {question.goal: question for question in asked(office)}
        answer(office, by_goal[ended.id].id, Answer.REJECT)
        clock.forward(DEADLINE + timedelta(minutes=1))
        apply_defaults(office)
        drain(office, silent)
        with office.store.read() as tx:
            states = [tx.goals.get(goal.id).state for goal in (silent, ended)]

        assert states == [GoalState.WAITING, GoalState.FAILED]
        assert cost(office, silent) == 2
        assert [question.goal for question in asked(office)] == [silent.id], "nobody is asked about it any more"
        assert resume(office, silent.id).paused_at is None

    def test_a_goal_whose_calls_take_too_long_is_paused(
        self, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However long it waited, or nobody was there, does not count."""
        monkeypatch.setattr(ceilings, "LONGEST", timedelta(microseconds=1))
        goal = drain(office, give(office))
        [question] = asked(office)
        assert cost(office, goal) == 1
        assert "The calls of g1 took" in question.question

        resume(office, goal.id)
        with office.store.read() as tx:
            assert tx.approvals.get(question.id).state is ApprovalState.WITHDRAWN

    def test_a_yes_gives_people_as_long_as_usual_for_the_rest(
        self, office: Office, drain: Drain, clock: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What else was asked of it stood still with it: it does not lapse because the pause lasted longer."""
        monkeypatch.setattr(ceilings, "MOST_CALLS", 2)
        goal = drain(office, give(office))
        other = also_asked(office, goal)
        clock.forward(DEADLINE + timedelta(days=1))
        sweep.sweep(office)
        [question] = asked(office)
        answer(office, question.id, Answer.APPROVE)
        sweep.sweep(office)
        with office.store.read() as tx:
            assert tx.approvals.get(other.id).due_at == clock() + DEADLINE


class TestRefusals:
    """Where nothing fits under any cap, not each goal asks a person about it."""

    def test_ten_refusals_in_a_row_pause_everything_with_one_question(
        self, open_with: Callable[..., Office], drain: Drain
    ) -> None:
        """The eleventh goal begins nothing, and nobody is asked about it."""
        office = open_with(max_parallel_agents=1)
        goals = [without_money(office, drain, n) for n in range(MOST_REFUSALS + 2)]
        sweep.sweep(office)
        [question] = asked(office)
        with office.store.read() as tx:
            of_each = {goal.id: len(tx.approvals.of_goal(goal.id)) for goal in goals}
            assert tx.brands.get("default").paused_at is not None

        assert question.about == AboutPause("default")
        assert sum(of_each.values()) == 2 * MOST_REFUSALS + 1  # each plan, each refusal, and the pause
        assert [of_each[goal.id] for goal in goals[MOST_REFUSALS:]] == [0, 0]

        answer(office, question.id, Answer.APPROVE)
        sweep.sweep(office)
        assert not resume_all(office)

    @pytest.mark.parametrize("silent", [False, True])
    def test_a_goal_that_ends_leaves_the_question_about_all_work(
        self, office: Office, drain: Drain, clock: SetClock, *, silent: bool
    ) -> None:
        """It was asked at one goal and is about all: else everything would stay paused, and nobody be asked any more."""
        goal = drain(office, give(office, confirm=True))
        refuse(office, goal)
        cancel(office, goal.id)
        if silent:
            clock.forward(DEADLINE + timedelta(minutes=1))
            sweep.sweep(office)
        [question] = asked(office)
        answer(office, question.id, Answer.APPROVE)
        with office.store.read() as tx:
            assert tx.brands.get("default").paused_at is None
            assert [] == tx.approvals.open()

    @pytest.mark.parametrize("way", ["an answer", "resume"])
    def test_it_goes_on_with_as_long_as_usual_for_what_else_was_asked(
        self, office: Office, drain: Drain, clock: SetClock, way: str
    ) -> None:
        """Questions about each of the brand's goals stood still with it, whoever ends the pause."""
        waits = drain(office, give(office, "Sell trolls", confirm=True))
        goal = drain(office, give(office, confirm=True))
        with office.store.read() as tx:
            [other] = tx.approvals.open(waits.id)
        refuse(office, goal)
        clock.forward(DEADLINE + timedelta(days=1))
        sweep.sweep(office)
        [question] = asked(office)
        if way == "an answer":
            answer(office, question.id, Answer.APPROVE)
        else:
            assert resume_all(office)
        sweep.sweep(office)
        with office.store.read() as tx:
            again = tx.approvals.get(other.id)

        assert (again.state, again.due_at) == (ApprovalState.OPEN, clock() + DEADLINE)

    def test_a_call_that_fits_is_the_end_of_a_row(self, open_with: Callable[..., Office], drain: Drain) -> None:
        """Nine goals without money, one with, and nine again: nobody is stopped."""
        office = open_with(max_parallel_agents=1)
        for n in range(2 * MOST_REFUSALS - 2):
            without_money(office, drain, n)
            if n == MOST_REFUSALS - 2:
                drain(office, give(office, "Sell gnomes for money"))

        assert asked(office) == []

    @pytest.mark.parametrize(("pays", "paused"), [(True, False), (False, True)])
    def test_rehearsed_refusals_stop_no_paid_work(self, office: Office, *, pays: bool, paused: bool) -> None:
        """Play money that is short stops nothing where workers pay."""
        with office.store.write() as tx:
            if pays:
                tx.presence.announce("payer", standing=True, reach=Reach(rehearsal=False), until=tx.now + LEASE)
            goal = add_goal(tx)
            need = Need(caps.goal_scope(goal.id), rehearsal=True, worst_nano=10**12)
            for _ in range(MOST_REFUSALS):
                count_refusal(tx, goal, caps.over_cap(tx, office, goal, need, room_by=tx.now))
            assert (tx.brands.get("default").paused_at is not None) is paused

    def test_who_resumes_everything_need_not_answer(self, open_with: Callable[..., Office], drain: Drain) -> None:
        """The question is withdrawn; pausing again asks nothing."""
        office = open_with(max_parallel_agents=1)
        for n in range(MOST_REFUSALS):
            without_money(office, drain, n)
        [question] = asked(office)
        assert resume_all(office)
        with office.store.read() as tx:
            assert tx.approvals.get(question.id).state is ApprovalState.WITHDRAWN

        assert pause_all(office)
        assert asked(office) == []


class TestNoRoomInTheMonth:
    """What a month that is spent has paused goes on with it, as all that waits for it does."""

    @pytest.fixture
    def spent(self, office: Office) -> Goal:
        """Ten calls in a row did not fit into the month; nothing of it is left."""
        with office.store.write() as tx:
            scope = caps.month_scope("default", f"{tx.now:%Y-%m}")
            tx.accounts.allow(scope, 0, rehearsal=True)
            tx.accounts.settle(scope, rehearsal=True, reserved_nano=0, spent_nano=1000 * NANO)
            goal = add_goal(tx)
            need = Need(scope, rehearsal=True, worst_nano=NANO)
            for _ in range(MOST_REFUSALS):
                count_refusal(tx, goal, caps.over_cap(tx, office, goal, need, room_by=tx.now))
        return goal

    def test_it_goes_on_by_itself_when_the_month_turns(self, office: Office, spent: Goal, clock: SetClock) -> None:
        """Not before; and nobody is asked about it any more."""
        sweep.sweep(office)
        [question] = asked(office)
        assert "goes on by itself" in question.question
        clock.now = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)
        sweep.sweep(office)

        assert asked(office) == []
        assert not resume_all(office), "it is paused no longer"
        with office.store.read() as tx:
            assert tx.goals.get(spent.id).paused_at is None
            lines = tx.conn.execute(select(schema.journal.c.what, schema.journal.c.by)).all()
        assert ("resumed", "sweep") in {(what, by) for what, by in lines}

    @pytest.mark.parametrize(("month", "goes_on"), [(1000, False), (1002, True)])
    def test_it_goes_on_when_a_person_raises_the_cap(
        self, office: Office, spent: Goal, month: int, *, goes_on: bool
    ) -> None:
        """At once, where what was refused fits then."""
        assert spent.paused_at is None
        set_caps(office, monthly_nano=month * NANO, daily_nano=None)

        assert (asked(office) == []) is goes_on
        assert resume_all(office) is not goes_on

    def test_what_a_person_paused_besides_stays(self, office: Office, spent: Goal, clock: SetClock) -> None:
        """Their word is the newer one, and it names no end."""
        assert spent.paused_at is None
        assert not pause_all(office)
        clock.forward(timedelta(days=31))
        sweep.sweep(office)

        assert resume_all(office)

    def test_what_goals_own_caps_paused_waits_for_a_person(self, office: Office, drain: Drain, clock: SetClock) -> None:
        """No month brings them room."""
        refuse(office, drain(office, give(office, confirm=True)))
        clock.forward(timedelta(days=31))
        sweep.sweep(office)

        assert len(asked(office)) == 1
        assert resume_all(office)
