"""Levels and pauses: what they hold does not begin, says so, and goes on when they are gone; each level is told once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from director.calls import caps
from director.goals.pause import pause, pause_all, resume, resume_all
from director.goals.set_caps import set_caps
from director.goals.submit import submit
from director.mailbox import admission, handling, turns
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.progress.questions import DEADLINE
from director.upkeep import sweep
from director.views.budget import budget
from director.words.amounts import NANO
from director.words.errors import WrongCall
from director.words.models import Event, Goal, Turn
from director.words.states import GoalState, Level, Priority, TurnState, WaitFor
from tests.conftest import VERBS, SetClock

Drain = Callable[[Office, Goal], Goal]

MONTH = 100 * NANO


@pytest.fixture
def office(open_with: Callable[..., Office]) -> Office:
    """A month may cost MONTH."""
    return open_with(budget_monthly=MONTH)


def spend(office: Office, nano: int, *, month: str = "2026-11") -> None:
    """As calls of other goals did."""
    with office.store.write() as tx:
        scope = caps.month_scope("default", month)
        tx.accounts.allow(scope, 0, rehearsal=True)  # opens it
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=0, spent_nano=nano)


def look(office: Office, goal: Goal) -> Goal:
    """The goal after a sweep."""
    sweep.sweep(office)
    with office.store.read() as tx:
        return tx.goals.get(goal.id)


def out(office: Office) -> set[str]:
    """The goals of which something is in hand."""
    with office.store.read() as tx:
        return {
            goal.id
            for goal in tx.goals.all()
            for turn in tx.turns.open_of_goal(goal.id)
            if turn.state in (TurnState.DISPATCHED, TurnState.RUNNING)
        }


def dispatched(office: Office, goal: Goal) -> Turn:
    """The goal's turn that was rung for."""
    with office.store.read() as tx:
        [turn, *_] = [one for one in tx.turns.open_of_goal(goal.id) if one.state is TurnState.DISPATCHED]
    return turn


def events(office: Office) -> list[Event]:
    with office.store.read() as tx:
        return [event for event in reversed(tx.events.all()) if event.type.startswith("budget_")]


def give(office: Office, priority: Priority) -> Goal:
    return submit(office, f"Sell gnomes ({priority})", pipeline="Social Week", priority=priority)


class TestLevels:
    """Of a month that is nearly spent, the less urgent work waits."""

    @pytest.mark.parametrize(
        ("share", "goes_out"),
        [(79, ("P0", "P1", "P2", "P3")), (80, ("P0", "P1", "P2")), (90, ("P0", "P1")), (95, ("P0",)), (100, ("P0",))],
    )
    def test_only_what_its_level_lets_goes_out(
        self, open_with: Callable[..., Office], share: int, goes_out: tuple[str, ...]
    ) -> None:
        """As the table of levels says; what waits is not stuck."""
        office = open_with(budget_monthly=MONTH, max_parallel_agents=10)
        spend(office, share * NANO)
        goals = {give(office, priority).id: str(priority) for priority in reversed(Priority)}
        sweep.sweep(office)

        assert set(goes_out) == {goals[goal] for goal in out(office)}
        assert [] == sweep.stuck(office)

    def test_a_goal_that_is_held_says_why_and_until_when(self, office: Office) -> None:
        """The level, what is spent, when the month turns, and what raises the cap."""
        spend(office, 92 * NANO)
        goal = look(office, give(office, Priority.P2))

        assert (GoalState.WAITING, WaitFor.MONEY) == (goal.state, goal.wait_for)
        assert goal.wait_until == datetime(2026, 12, 1, tzinfo=UTC)
        assert goal.reason is not None
        assert "level throttle ($92.00 of $100.00 spent), at which P2 and P3 wait" in goal.reason
        assert "budget set" in goal.reason

    def test_it_goes_on_by_itself_when_the_month_turns(self, office: Office, clock: SetClock, drain: Drain) -> None:
        """Nobody has to do anything."""
        spend(office, 92 * NANO)
        goal = look(office, give(office, Priority.P2))
        clock.forward(timedelta(days=30))
        goal = look(office, goal)

        assert {goal.id} == out(office)
        assert goal.state is GoalState.PLANNING
        assert drain(office, goal).state is GoalState.COMPLETED

    def test_it_goes_on_when_a_person_raises_the_cap(self, office: Office) -> None:
        """At once, without a sweep; and lowering it holds again what has not begun."""
        spend(office, 92 * NANO)
        goal = look(office, give(office, Priority.P2))
        set_caps(office, monthly_nano=200 * NANO, daily_nano=None)
        assert {goal.id} == out(office)

        set_caps(office, monthly_nano=95 * NANO, daily_nano=None)
        other = look(office, give(office, Priority.P1))
        assert other.wait_for is WaitFor.MONEY
        assert {goal.id} == out(office)

    @pytest.mark.parametrize(("what", "wait_for"), [("the level", WaitFor.MONEY), ("a pause", WaitFor.PAUSE)])
    def test_what_was_let_out_before_it_sends_nothing_after_it(
        self, office: Office, what: str, wait_for: WaitFor
    ) -> None:
        """Its turn, which was to ask, goes back without an attempt, and is done when the reason is gone."""
        goal = give(office, Priority.P2)
        handling.handle(office, dispatched(office, goal).id, VERBS, after_failure)  # the plan, which asks nothing
        admission.ring(office)
        turn = dispatched(office, goal)
        if what == "a pause":
            pause_all(office)
        else:
            spend(office, 92 * NANO)
        handling.handle(office, turn.id, VERBS, after_failure)
        goal = look(office, goal)
        with office.store.read() as tx:
            turn = tx.turns.get(turn.id)
            assert [] == tx.calls.of_goal(goal.id)

        assert (TurnState.QUEUED, 0) == (turn.state, turn.attempts)
        assert (GoalState.WAITING, wait_for) == (goal.state, goal.wait_for)

    def test_what_is_only_set_aside_is_no_level(self, office: Office) -> None:
        """Worst cases come back; a month that is full of them is not spent."""
        with office.store.write() as tx:
            scope = caps.month_scope("default", "2026-11")
            assert tx.accounts.reserve(scope, 99 * NANO, rehearsal=True, cap_nano=MONTH)
        assert {give(office, Priority.P3).id} == out(office)

    def test_each_level_is_one_event_a_month(self, office: Office, clock: SetClock) -> None:
        """However often it is looked at, and although it falls and comes again; the journal has every change."""
        for nano in (80, 12, 4, 10):
            spend(office, nano * NANO)
            for _ in range(3):
                sweep.sweep(office)
        set_caps(office, monthly_nano=1000 * NANO, daily_nano=None)
        set_caps(office, monthly_nano=MONTH, daily_nano=None)
        levels = [(event.type, event.data["level"]) for event in events(office)]
        assert [
            ("budget_warning", "warning"),
            ("budget_warning", "throttle"),
            ("budget_critical", "critical"),
            ("budget_critical", "exhausted"),
        ] == levels

        clock.forward(timedelta(days=30))
        sweep.sweep(office)
        spend(office, 80 * NANO, month="2026-12")
        sweep.sweep(office)
        assert 5 == len(events(office))

    def test_paid_and_rehearsed_months_have_levels_of_their_own(self, office: Office) -> None:
        """Play money that is used up holds no paid work."""
        spend(office, 100 * NANO)
        with office.store.read() as tx:
            found = budget(tx, office)

        assert (Level.NORMAL, Level.EXHAUSTED) == (found.paid.restriction.level, found.rehearsed.restriction.level)


class TestDays:
    """A day's cap spreads the work; nobody is asked for what the next day allows."""

    def test_what_a_day_does_not_allow_goes_on_the_next(self, office: Office, clock: SetClock, drain: Drain) -> None:
        """No question; the goal says when."""
        set_caps(office, monthly_nano=MONTH, daily_nano=NANO // 2)
        with office.store.write() as tx:
            scope = caps.day_scope("default", f"{clock():%Y-%m-%d}")
            assert tx.accounts.reserve(scope, NANO // 2, rehearsal=True, cap_nano=None)
            tx.accounts.settle(scope, rehearsal=True, reserved_nano=NANO // 2, spent_nano=NANO // 2)
        goal = drain(office, give(office, Priority.P2))
        goal = look(office, goal)
        with office.store.read() as tx:
            assert [] == tx.approvals.open()
        assert (GoalState.WAITING, WaitFor.MONEY) == (goal.state, goal.wait_for)
        assert goal.wait_until == datetime(2026, 11, 23, tzinfo=UTC)
        assert goal.reason is not None
        assert "for the day 2026-11-22" in goal.reason
        assert [] == sweep.stuck(office)

        clock.forward(timedelta(days=1))
        look(office, goal)
        assert drain(office, goal).state is GoalState.COMPLETED

    def test_a_call_that_no_day_allows_is_asked_about(self, office: Office, drain: Drain) -> None:
        """Waiting would not help it."""
        set_caps(office, monthly_nano=MONTH, daily_nano=1000)
        goal = drain(office, give(office, Priority.P2))
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)

        assert "is left of $0.0000 for the day" in question.question


class TestPauses:
    """A person keeps a goal, or everything, from going on; what is on the wire is finished."""

    def test_a_paused_goal_begins_nothing_and_is_not_stuck(self, office: Office, drain: Drain) -> None:
        """Its turn that was rung for waits with the rest; another goal goes on."""
        goal, other = give(office, Priority.P0), give(office, Priority.P3)
        paused = pause(office, goal.id)
        admission.ring(office)

        assert (GoalState.WAITING, WaitFor.PAUSE) == (paused.state, paused.wait_for)
        assert {other.id} == out(office)
        assert [] == sweep.stuck(office)
        assert drain(office, other).state is GoalState.COMPLETED
        with office.store.read() as tx:
            assert [] == tx.calls.of_goal(goal.id)

    def test_what_was_claimed_before_is_kept_and_nothing_follows(self, office: Office) -> None:
        """The holder of a turn finishes it; the turns it makes wait."""
        goal = give(office, Priority.P2)
        with office.store.read() as tx:
            [turn] = tx.turns.open_of_goal(goal.id)
        held = turns.claim(office, turn.id)
        assert held is not None
        paused = pause(office, goal.id)
        assert paused.state is GoalState.PLANNING
        with office.store.write() as tx:
            turns.finish(tx, held)
            turns.create(tx, tx.goals.get(goal.id), actor="director", verb="plan", subject=goal.id, version="next")
        admission.ring(office)
        assert set() == out(office)

    def test_it_goes_on_where_it_was(self, office: Office, drain: Drain) -> None:
        """Resumed, it is completed, and nothing was bought twice."""
        goal = give(office, Priority.P2)
        pause(office, goal.id)
        resumed = resume(office, goal.id)

        assert (GoalState.PLANNING, None) == (resumed.state, resumed.paused_at)
        assert drain(office, goal).state is GoalState.COMPLETED

    def test_everything_can_be_paused_also_what_comes_later(self, office: Office, drain: Drain) -> None:
        """Of every priority; a goal that was paused by itself stays so."""
        first = give(office, Priority.P0)
        pause(office, first.id)
        assert pause_all(office)
        assert not pause_all(office)
        later = look(office, give(office, Priority.P0))
        assert (GoalState.WAITING, WaitFor.PAUSE) == (later.state, later.wait_for)
        assert set() == out(office)

        assert resume_all(office)
        assert not resume_all(office)
        assert {later.id} == out(office)
        assert drain(office, later).state is GoalState.COMPLETED
        assert look(office, first).wait_for is WaitFor.PAUSE

    def test_what_is_over_or_not_paused_gets_a_sentence(self, office: Office, drain: Drain) -> None:
        """And nothing changes."""
        goal = give(office, Priority.P2)
        with pytest.raises(WrongCall, match="g1 is not paused"):
            resume(office, goal.id)
        drain(office, goal)
        with pytest.raises(WrongCall, match="g1 is completed already; it cannot be paused"):
            pause(office, goal.id)

    def test_deadlines_do_not_pass_meanwhile(self, office: Office, drain: Drain, clock: SetClock) -> None:
        """Nobody has to decide about what stands still; resumed, people have as long as usual."""
        goal = drain(office, submit(office, "Sell gnomes", pipeline="Social Week", confirm=True))
        pause(office, goal.id)
        clock.forward(DEADLINE + timedelta(days=1))
        goal = look(office, goal)
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
        assert [] == sweep.stuck(office)

        resume(office, goal.id)
        with office.store.read() as tx:
            assert tx.approvals.get(question.id).due_at == clock() + DEADLINE
        assert look(office, goal).state is GoalState.WAITING
