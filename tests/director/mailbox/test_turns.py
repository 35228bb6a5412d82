"""The mailbox: a turn exists once, is admitted in order, held by one, and ends, whatever happens to who holds it."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import event

from director.goals.submit import submit
from director.mailbox import admission, failures, handling, turns
from director.mailbox.failures import LONGEST_WAIT
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, RING_AGAIN, Held
from director.office import Office
from director.progress.advance import advance, cancel_goal
from director.progress.on_turn_failure import after_failure
from director.prompting.pieces import take_apart
from director.redis.embedded import EmbeddedServer
from director.store.database import Store
from director.store.presence import CLOCK_SLACK
from director.upkeep.sweep import sweep
from director.words.errors import (
    DirectorError,
    LostLease,
    ModelAway,
    ModelRefused,
    ModelUnreadable,
    StoreError,
    WrongCall,
)
from director.words.models import Approval, Claim, Goal, Turn
from director.words.states import Category, GoalState, HeldWhy, Priority, TaskState, TurnState, WaitFor
from tests.conftest import VERBS, SetClock
from tests.director.conftest import RecordAway, at_work, over_cap
from tests.pipelines.test_library import PIPELINES

GivenGoal = Callable[..., Goal]
GivenTurn = Callable[..., Turn]
Claimed = Callable[..., Held]
OpenWith = Callable[..., Office]
Another = Callable[[str], Office]
Drain = Callable[..., Goal]

#: How long a thread is waited for before a test gives up on it.
PATIENCE_S = 30


def now_of(office: Office, turn: Turn) -> Turn:
    """The turn as it is now."""
    with office.store.read() as tx:
        return tx.turns.get(turn.id)


def in_hand(office: Office, goal: Goal) -> list[int]:
    """The goal's turns that were admitted, in the order they were created."""
    with office.store.read() as tx:
        return [turn.id for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]


def open_questions(office: Office, goal_id: str) -> list[Approval]:
    """What people are asked about the goal."""
    with office.store.read() as tx:
        return tx.approvals.open(goal_id)


def do_it(office: Office, held: Held) -> None:
    """A verb that does nothing but finish, and says so in the journal."""
    with office.store.write() as tx:
        turns.finish(tx, held)
        tx.note(held.turn.goal, held.turn.subject, "done", by="test")


def failing_with(problem: Exception) -> handling.Verb:
    """A verb that fails."""

    def verb(_office: Office, _held: Held) -> None:
        raise problem

    return verb


class TestCreating:
    """The same cause makes the same turn once."""

    def test_a_turn_exists_once_for_its_subject_verb_and_version(self, store: Store, given_goal: GivenGoal) -> None:
        """Creating it again gives None and changes nothing."""
        goal = given_goal()
        with store.write() as tx:
            made = [turns.create(tx, goal, actor="x", verb="plan", subject=goal.id, version="1") for _ in range(2)]
            other = turns.create(tx, goal, actor="x", verb="plan", subject=goal.id, version="2")
            kept = tx.turns.of_goal(goal.id)

        assert made[0] is not None
        assert made[1] is None
        assert kept == [made[0], other]

    def test_a_turn_that_is_done_is_not_made_again(self, store: Store, claimed: Claimed) -> None:
        """Its key stands for what happened, not for what is waiting."""
        held = claimed()
        with store.write() as tx:
            turns.finish(tx, held)
            again = turns.create(
                tx, tx.goals.get(held.turn.goal), actor="director", verb="plan", subject=held.turn.subject
            )

        assert again is None

    def test_a_turn_begins_queued_at_its_goals_priority_with_a_next_look(
        self, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """It may be admitted at once."""
        turn = given_turn(given_goal(priority=Priority.P1))

        assert (TurnState.QUEUED, Priority.P1) == (turn.state, turn.priority)
        assert (clock.now, 0, 0) == (turn.not_before, turn.attempts, turn.epoch)


class TestAdmitting:
    """Of the turns that wait the most urgent go out, as many as there are slots, fairly."""

    def test_the_urgent_overtakes_a_backlog(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """A P0 that came last goes first."""
        office = open_with(max_parallel_agents=1)
        waiting = {priority: given_turn(given_goal(priority=priority)) for priority in reversed(Priority)}
        order = []
        for _ in Priority:
            admission.ring(office)
            [turn] = [turn for turn in waiting.values() if now_of(office, turn).state is TurnState.DISPATCHED]
            handling.handle(office, turn.id, {"plan": do_it}, after_failure)
            order.append(turn.priority)
            del waiting[turn.priority]

        assert list(Priority) == order

    @pytest.mark.parametrize("slots", [1, 3])
    @pytest.mark.parametrize("priority", [Priority.P1, Priority.P2, Priority.P3])
    def test_urgent_work_without_end_does_not_starve_the_rest(
        self,
        open_with: OpenWith,
        given_goal: GivenGoal,
        given_turn: GivenTurn,
        clock: SetClock,
        slots: int,
        priority: Priority,
    ) -> None:
        """A turn rises a class whenever it waited long enough: then it has one of the slots, and the urgent the others."""
        office = open_with(max_parallel_agents=slots)
        urgent = [given_turn(given_goal(priority=Priority.P0)) for _ in range(slots)]
        admission.ring(office)
        waits = given_turn(given_goal(priority=priority))
        for _ in range(list(Priority).index(priority)):
            assert TurnState.QUEUED is now_of(office, waits).state
            clock.forward(admission.RISES_EVERY)
            # As many more as are done now: there is never a slot without urgent work.
            done = [turn for turn in urgent if now_of(office, turn).state is TurnState.DISPATCHED]
            urgent += [given_turn(given_goal(priority=Priority.P0)) for _ in done]
            for turn in done:
                handling.handle(office, turn.id, {"plan": do_it}, after_failure)
        others = [turn for turn in urgent if now_of(office, turn).state is TurnState.DISPATCHED]

        assert (TurnState.DISPATCHED, slots - 1) == (now_of(office, waits).state, len(others))

    def test_never_more_are_in_hand_than_there_are_slots(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Ringing again admits nobody while the slots are taken, whether they are dispatched or running."""
        office = open_with(max_parallel_agents=2)
        goal = given_goal()
        made = [given_turn(goal, version=str(n)) for n in range(4)]
        admission.ring(office)
        admission.ring(office)
        turns.claim(office, made[0].id)
        admission.ring(office)

        assert in_hand(office, goal) == [made[1].id]

    def test_a_slot_that_is_free_again_is_filled_when_a_turn_is_answered(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Nobody has to wait for the sweep."""
        office = open_with(max_parallel_agents=1)
        goal = given_goal()
        made = [given_turn(goal, version=str(n)) for n in range(2)]
        admission.ring(office)
        handling.handle(office, made[0].id, {"plan": do_it}, after_failure)

        assert in_hand(office, goal) == [made[1].id]

    def test_two_who_ring_at_once_do_not_fill_a_slot_twice(
        self, open_with: OpenWith, another: Another, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Admission is one transaction after the other."""
        offices = [open_with(max_parallel_agents=3), another("other")]
        goal = given_goal()
        for n in range(12):
            given_turn(goal, version=str(n))
        start = threading.Barrier(4)

        def hurry(n: int) -> None:
            start.wait(PATIENCE_S)
            admission.ring(offices[n % 2])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(hurry, range(4)))

        assert len(in_hand(offices[0], goal)) == 3

    @pytest.mark.parametrize("apart", ["goal", "brand"])
    def test_slots_are_shared_fairly(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn, apart: str
    ) -> None:
        """A goal, or a brand, that came later with one turn does not wait for all of the first one's twelve."""
        office = open_with(max_parallel_agents=2)
        many = given_goal()
        for n in range(12):
            # One goal with many turns, or one brand with many goals of one turn each.
            given_turn(many if apart == "goal" else given_goal(), version=str(n))
        one = given_goal(brand="default" if apart == "goal" else "other")
        late = given_turn(one)
        admission.ring(office)

        assert in_hand(office, one) == [late.id]

    def test_fairness_counts_what_is_running_too(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """A goal that holds the only busy slot comes after one that holds none."""
        office = open_with(max_parallel_agents=1)
        busy, idle = given_goal(), given_goal()
        first, _ = given_turn(busy, version="1"), given_turn(busy, version="2")
        admission.ring(office)
        turns.claim(office, first.id)
        waited = given_turn(idle)
        admission.ring(open_with(max_parallel_agents=2))

        assert in_hand(office, idle) == [waited.id]
        assert in_hand(office, busy) == []

    def test_among_equals_the_oldest_goes_first(
        self, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Nobody is overtaken for ever."""
        office = open_with(max_parallel_agents=2)
        goal = given_goal()
        made = [given_turn(goal, version=str(n)).id for n in range(5)]
        admission.ring(office)

        assert made[:2] == in_hand(office, goal)

    def test_nobody_is_admitted_before_his_time(self, office: Office, claimed: Claimed, clock: SetClock) -> None:
        """A turn that was put back waits until `not_before`; it is admitted in that moment."""
        held = claimed()
        failures.fail(office, held, ModelAway("busy", retry_after=timedelta(seconds=30)), after_failure)
        clock.forward(timedelta(seconds=29.9))
        admission.ring(office)
        assert now_of(office, held.turn).state is TurnState.QUEUED
        clock.forward(timedelta(seconds=0.1))
        admission.ring(office)
        assert now_of(office, held.turn).state is TurnState.DISPATCHED

    def test_a_bell_that_cannot_be_rung_is_no_error(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Redis is away in these tests; the turn is admitted all the same, and the next sweep looks at it at once."""
        turn = given_turn(given_goal())
        admission.ring(office)

        assert (TurnState.DISPATCHED, office.clock()) == ((now := now_of(office, turn)).state, now.due_at)


class TestClaiming:
    """A turn is in the hands of one."""

    def test_a_turn_is_claimed_once(self, office: Office, claimed: Claimed) -> None:
        """A second bell finds it taken."""
        held = claimed()

        assert held.turn.epoch == 1
        assert (office.owner, office.clock() + LEASE) == (held.turn.owner, held.turn.lease_until)
        assert turns.claim(office, held.turn.id) is None

    def test_of_two_who_claim_at_once_one_gets_it(
        self, open_with: OpenWith, another: Another, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Ten times over, each in its own process's connection."""
        offices = [open_with(max_parallel_agents=10), another("other")]
        goal = given_goal()
        made = [given_turn(goal, version=str(n)) for n in range(10)]
        admission.ring(offices[0])
        for turn in made:
            start = threading.Barrier(2)

            def grab(office: Office, turn: Turn = turn, start: threading.Barrier = start) -> Held | None:
                start.wait(PATIENCE_S)
                return turns.claim(office, turn.id)

            with ThreadPoolExecutor(2) as pool:
                got = list(pool.map(grab, offices))

            assert [held is None for held in got].count(False) == 1

    @pytest.mark.parametrize("state", ["queued", "held", "done", "failed", "cancelled"])
    def test_a_turn_that_was_not_admitted_is_not_to_be_had(
        self, office: Office, claimed: Claimed, given_goal: GivenGoal, given_turn: GivenTurn, state: str
    ) -> None:
        """An early, late or doubled bell does nothing."""
        if state == "queued":
            turn = given_turn(given_goal())
        else:
            held = claimed()
            turn = held.turn
            with office.store.write() as tx:
                tx.turns.move(turn, TurnState(state), held_why=HeldWhy.MONEY if state == "held" else None)

        assert turns.claim(office, turn.id) is None
        assert now_of(office, turn).state == state

    def test_a_bell_for_no_turn_does_nothing(self, office: Office) -> None:
        """It may come from a Redis that outlived its database."""
        assert turns.claim(office, 4711) is None

    def test_a_bell_that_is_heard_while_the_record_is_away_does_nothing(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, record_away: RecordAway
    ) -> None:
        """It is no error: the turn stays as it is, and the sweep rings again."""
        turn = given_turn(given_goal())
        admission.ring(office)
        record_away.go()
        handling.handle(office, turn.id, {"plan": do_it}, after_failure)
        record_away.come_back()

        assert (TurnState.DISPATCHED, 0) == ((now := now_of(office, turn)).state, now.epoch)

    def test_bells_that_come_twice_do_the_work_once(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """One effect a turn, however many bells."""
        turn = given_turn(given_goal())
        admission.ring(office)
        for _ in range(3):
            handling.handle(office, turn.id, {"plan": do_it}, after_failure)

        with office.store.read() as tx:
            assert [line.what for line in tx.journal(turn.goal)].count("done") == 1
            assert tx.turns.get(turn.id).epoch == 1


class TestLeases:
    """A claim lasts as long as it is renewed; a process that died is noticed."""

    def test_a_lease_that_is_renewed_is_not_taken_back(self, office: Office, claimed: Claimed, clock: SetClock) -> None:
        """However long the work takes."""
        held = claimed()
        for _ in range(5):
            clock.forward(LEASE * 0.9)
            with office.store.write() as tx:
                assert tx.turns.renew(office.owner, {held.turn.claim}, tx.now + LEASE) == {held.turn.claim}
            assert failures.take_back_overdue(office, after_failure) == 0

        with office.store.write() as tx:
            turns.finish(tx, held)

    def test_renewing_renews_what_is_mine_and_tells_what_is_not_any_more(
        self, office: Office, another: Another, claimed: Claimed, given_goal: GivenGoal, clock: SetClock
    ) -> None:
        """What was cancelled is no longer held, and another's lease is left alone."""
        mine, cancelled, done = claimed(), claimed(), claimed()
        with office.store.write() as tx:
            cancel_goal(tx, cancelled.turn.goal, "enough", by="person")
            turns.finish(tx, done)
        other = another("other")
        all_of_them = {mine.turn.claim, cancelled.turn.claim, done.turn.claim}
        clock.forward(timedelta(seconds=1))
        with office.store.write() as tx:
            assert tx.turns.renew(office.owner, all_of_them, tx.now + LEASE) == {mine.turn.claim}
            assert tx.turns.renew(office.owner, set(), tx.now + 9 * LEASE) == set()
            assert tx.turns.renew(other.owner, all_of_them, tx.now + 9 * LEASE) == set()

        assert clock.now + LEASE == now_of(office, mine.turn).lease_until

    def test_an_earlier_claim_renews_nothing_for_a_later_one(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """Also when both are of the very same process: whoever is at work on the earlier one lost its lease."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(office)
        again = turns.claim(office, held.turn.id)
        assert again is not None
        clock.forward(timedelta(seconds=1))
        with office.store.write() as tx:
            assert tx.turns.renew(office.owner, {held.turn.claim}, tx.now + LEASE) == set()
        assert again.turn == now_of(office, held.turn)
        with office.store.write() as tx:
            both = {held.turn.claim, again.turn.claim}
            assert tx.turns.renew(office.owner, both, tx.now + LEASE) == {again.turn.claim}

        assert clock.now + LEASE == now_of(office, held.turn).lease_until

    def test_a_lease_that_ran_out_goes_back_with_the_attempt_counted(
        self, office: Office, another: Another, claimed: Claimed, clock: SetClock
    ) -> None:
        """Another process takes it up at the next epoch."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        assert failures.take_back_overdue(office, after_failure) == 1
        back = now_of(office, held.turn)
        admission.ring(office)
        again = turns.claim(another("other"), held.turn.id)

        assert (TurnState.QUEUED, 1, None, None) == (back.state, back.attempts, back.owner, back.lease_until)
        assert "stopped without a word" in (back.error or "")
        assert again is not None
        assert (again.turn.owner, again.turn.epoch) == ("other", 2)

    def test_a_lease_is_not_taken_back_before_its_time(self, office: Office, claimed: Claimed, clock: SetClock) -> None:
        """Not in its last moment either."""
        claimed()
        clock.forward(LEASE)

        assert failures.take_back_overdue(office, after_failure) == 0

    def test_a_turn_that_killed_three_processes_fails_and_a_person_is_asked(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """A poisonous turn is one whose attempts ran out."""
        held = claimed()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(office)
            if attempt < MOST_ATTEMPTS:
                assert turns.claim(office, held.turn.id) is not None
        failed = now_of(office, held.turn)
        [question] = open_questions(office, held.turn.goal)
        with office.store.read() as tx:
            goal = tx.goals.get(held.turn.goal)

        assert (TurnState.FAILED, MOST_ATTEMPTS) == (failed.state, failed.attempts)
        assert question.kind == "failure"
        assert "failed after 3 attempts" in question.question
        assert (GoalState.WAITING, WaitFor.PERSON) == (goal.state, goal.wait_for)

    def test_a_doubled_bell_is_no_free_attempt_for_a_turn_that_kills(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """A crash is counted whoever notices it first, a bell for the expired lease or the sweep."""
        held = claimed()
        crashes = 1
        for _ in range(3 * MOST_ATTEMPTS):
            clock.forward(LEASE + timedelta(seconds=1))
            if turns.claim(office, held.turn.id) is None:
                sweep(office)
                if turns.claim(office, held.turn.id) is None:
                    break
            crashes += 1

        assert crashes == MOST_ATTEMPTS
        assert now_of(office, held.turn).state is TurnState.FAILED

    def test_a_lease_that_is_renewed_while_the_sweep_looks_is_not_taken_back(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """The sweep read it as expired; by the time it writes, its holder was heard again."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        renewed: list[set[Claim]] = []
        begun = threading.Event()

        def renew_meanwhile(*_: object) -> None:
            if not begun.is_set():
                begun.set()
                with office.store.write() as tx:
                    renewed.append(tx.turns.renew(office.owner, {held.turn.claim}, tx.now + LEASE))

        # Where the sweep looks and writes in one transaction there is no such moment, and the lease is gone before.
        event.listen(office.store.engine, "commit", renew_meanwhile)
        failures.take_back_overdue(office, after_failure)
        if renewed == [{held.turn.claim}]:
            assert (TurnState.RUNNING, 0) == ((now := now_of(office, held.turn)).state, now.attempts)


class TestAfterTheClockWasSetBack:
    """What was written by a clock that was ahead is drawn in: nobody waits for longer than one can be told to."""

    def ahead(self, clock: SetClock) -> None:
        """What was written until now is an hour ahead from here on."""
        clock.forward(-timedelta(hours=1))

    def test_a_lease_runs_out_within_a_lease(self, office: Office, claimed: Claimed, clock: SetClock) -> None:
        """Its process may have died; one that is alive renews it meanwhile."""
        held = claimed()
        self.ahead(clock)
        sweep(office)
        drawn_in = now_of(office, held.turn)
        assert (TurnState.RUNNING, clock.now + LEASE) == (drawn_in.state, drawn_in.lease_until)
        assert drawn_in.due_at == drawn_in.lease_until
        clock.forward(LEASE + timedelta(microseconds=1))
        sweep(office)

        assert (TurnState.DISPATCHED, 1) == ((now := now_of(office, held.turn)).state, now.attempts)

    def test_a_bell_that_was_not_heard_is_rung_again_in_time(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """Without an attempt used."""
        turn = given_turn(given_goal())
        with office.store.write() as tx:
            assert tx.turns.move(turn, TurnState.DISPATCHED, due_at=tx.now + RING_AGAIN)
        self.ahead(clock)
        sweep(office)
        assert clock.now + RING_AGAIN == now_of(office, turn).due_at
        clock.forward(RING_AGAIN + timedelta(microseconds=1))
        assert failures.take_back_overdue(office, after_failure) == 1

        assert (TurnState.QUEUED, 0) == ((now := now_of(office, turn)).state, now.attempts)

    def test_a_turn_that_waits_for_longer_than_one_can_goes_out_at_once(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """More than ten minutes, the longest a service is believed when it says how long."""
        turn = given_turn(given_goal())
        self.ahead(clock)
        sweep(office)
        assert now_of(office, turn).state is TurnState.DISPATCHED

    def test_what_is_as_it_should_be_is_left_alone(self, office: Office, claimed: Claimed, clock: SetClock) -> None:
        """The longest lease and the longest wait there can be, also as seen by a clock a little behind."""
        held, waiting = claimed(version="1"), claimed(version="2")
        failures.fail(office, waiting, ModelAway("busy", retry_after=timedelta(days=1)), after_failure)
        before = [now_of(office, one.turn) for one in (held, waiting)]
        clock.forward(-CLOCK_SLACK)
        sweep(office)

        assert before == [now_of(office, one.turn) for one in (held, waiting)]


class TestFencing:
    """A holder that lost its lease cannot write."""

    @pytest.fixture
    def lost(self, office: Office, another: Another, claimed: Claimed, clock: SetClock) -> Held:
        """A turn that was held here and is another's by now."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(office)
        assert turns.claim(another("other"), held.turn.id) is not None
        return held

    def test_neither_the_finish_nor_the_change_of_its_transaction_is_kept(self, office: Office, lost: Held) -> None:
        """Also what was written before the finish, in the same transaction."""
        before = now_of(office, lost.turn)
        with pytest.raises(LostLease, match="no longer held"), office.store.write() as tx:  # noqa: PT012 - all of it is one transaction
            tx.goals.change(lost.turn.goal, reason="written by a stale holder")
            tx.note(lost.turn.goal, lost.turn.subject, "stale", by="test")
            turns.finish(tx, lost)

        with office.store.read() as tx:
            assert tx.goals.get(lost.turn.goal).reason is None
            assert "stale" not in [line.what for line in tx.journal(lost.turn.goal)]
        assert before == now_of(office, lost.turn)

    @pytest.mark.parametrize(
        "error", [ModelAway("busy"), ModelUnreadable("nonsense"), ModelRefused("no"), StoreError("away")], ids=repr
    )
    def test_a_failure_of_a_stale_holder_changes_nothing(
        self, office: Office, lost: Held, error: DirectorError
    ) -> None:
        """Neither the turn, nor an attempt, nor a question."""
        before = now_of(office, lost.turn)
        failures.fail(office, lost, error, after_failure)

        assert before == now_of(office, lost.turn)
        assert open_questions(office, lost.turn.goal) == []

    def test_an_actor_that_lost_its_turn_gives_up_quietly(
        self, office: Office, another: Another, claimed: Claimed, clock: SetClock, given_goal: GivenGoal,
        given_turn: GivenTurn,
    ) -> None:  # fmt: skip
        """Its turn is neither failed nor put back: it is in good hands."""
        turn = given_turn(given_goal())
        admission.ring(office)
        other = another("other")

        def too_slow(office: Office, held: Held) -> None:
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(office)
            assert turns.claim(other, held.turn.id) is not None
            do_it(office, held)

        handling.handle(office, turn.id, {"plan": too_slow}, after_failure)

        assert (TurnState.RUNNING, "other") == ((now := now_of(office, turn)).state, now.owner)

    def test_who_holds_a_turn_that_was_cancelled_cannot_finish_it(self, office: Office, claimed: Claimed) -> None:
        """A person's cancel is final."""
        held = claimed()
        with office.store.write() as tx:
            assert cancel_goal(tx, held.turn.goal, "enough", by="person")
            assert not cancel_goal(tx, held.turn.goal, "enough", by="person")

        with pytest.raises(LostLease), office.store.write() as tx:
            turns.finish(tx, held)
        assert now_of(office, held.turn).state is TurnState.CANCELLED

    def test_a_finished_turn_cannot_be_finished_again(self, office: Office, claimed: Claimed) -> None:
        """Not by its own holder either."""
        held = claimed()
        with office.store.write() as tx:
            turns.finish(tx, held)

        with pytest.raises(LostLease), office.store.write() as tx:
            turns.finish(tx, held)


class TestFailing:
    """An error's class says what happens to the turn."""

    def test_what_waiting_cures_goes_back_with_no_attempt_used(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """The waits double up to the longest; fifty of them are no failure."""
        held = claimed()
        waits = []
        for _ in range(50):
            failures.fail(office, held, StoreError("The database cannot be used now."), after_failure)
            back = now_of(office, held.turn)
            assert (TurnState.QUEUED, 0) == (back.state, back.attempts)
            waits.append(back.not_before - clock.now)
            clock.now = back.not_before
            admission.ring(office)
            again = turns.claim(office, held.turn.id)
            assert again is not None
            held = again

        assert [timedelta(seconds=s) for s in (1, 2, 4, 8, 16, 32, 60, 60)] == waits[:8]
        assert set(waits[8:]) == {LONGEST_WAIT}
        assert open_questions(office, held.turn.goal) == []

    def test_the_service_says_how_long_to_wait_and_is_believed_within_reason(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """`retry-after` goes before our own doubling; one of a day does not put the work off until tomorrow."""
        soon, late = claimed(version="1"), claimed(version="2")
        failures.fail(office, soon, ModelAway("busy", retry_after=timedelta(seconds=7)), after_failure)
        failures.fail(office, late, ModelAway("busy", retry_after=timedelta(days=1)), after_failure)

        assert clock.now + timedelta(seconds=7) == now_of(office, soon.turn).not_before
        assert clock.now + timedelta(hours=1) > now_of(office, late.turn).not_before

    def test_a_goal_that_waits_for_the_service_says_so_and_until_when(self, office: Office, claimed: Claimed) -> None:
        """Every open row says what happens next."""
        held = claimed()
        failures.fail(office, held, ModelAway("It is busy.", retry_after=timedelta(seconds=50)), after_failure)
        with office.store.read() as tx:
            goal = tx.goals.get(held.turn.goal)

        assert (GoalState.WAITING, WaitFor.MODEL, "It is busy.") == (goal.state, goal.wait_for, goal.reason)
        assert goal.wait_until == now_of(office, held.turn).not_before

    def test_what_asking_again_cures_uses_an_attempt_until_they_are_used_up(
        self, office: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """Then the turn fails, and a person is asked."""
        held = claimed()
        for attempt in range(1, MOST_ATTEMPTS):
            failures.fail(office, held, ModelUnreadable("It was nonsense."), after_failure)
            back = now_of(office, held.turn)
            assert (TurnState.QUEUED, attempt) == (back.state, back.attempts)
            assert back.not_before > clock.now
            clock.now = back.not_before
            admission.ring(office)
            again = turns.claim(office, held.turn.id)
            assert again is not None
            held = again
        failures.fail(office, held, ModelUnreadable("It was nonsense."), after_failure)
        [question] = open_questions(office, held.turn.goal)

        assert now_of(office, held.turn).state is TurnState.FAILED
        assert "It was nonsense. Try again?" in question.question

    def test_what_a_cap_stops_is_held_and_people_are_asked_about_money(self, office: Office, claimed: Claimed) -> None:
        """Nothing about it is due: it goes on when somebody says so."""
        held = claimed()
        failures.fail(office, held, over_cap(held.turn.goal), after_failure)
        turn = now_of(office, held.turn)
        [question] = open_questions(office, held.turn.goal)
        with office.store.read() as tx:
            goal = tx.goals.get(held.turn.goal)

        assert (TurnState.HELD, 0, None) == (turn.state, turn.attempts, turn.due_at)
        assert question.kind == "spending"
        assert (GoalState.WAITING, WaitFor.MONEY) == (goal.state, goal.wait_for)

    def test_a_held_turn_goes_on_when_it_is_released(self, office: Office, claimed: Claimed) -> None:
        """At once, and only once."""
        held = claimed()
        failures.fail(office, held, over_cap(held.turn.goal), after_failure)
        waiting = now_of(office, held.turn)
        with office.store.write() as tx:
            assert turns.release(tx, waiting)
            assert not turns.release(tx, waiting)
        admission.ring(office)

        assert now_of(office, held.turn).state is TurnState.DISPATCHED

    @pytest.mark.parametrize("error", [ModelRefused("The key was refused."), WrongCall("No such thing.")], ids=repr)
    def test_what_nothing_cures_fails_at_once_and_people_are_asked(
        self, office: Office, claimed: Claimed, error: DirectorError
    ) -> None:
        """Without using an attempt."""
        held = claimed()
        failures.fail(office, held, error, after_failure)
        [question] = open_questions(office, held.turn.goal)

        assert (TurnState.FAILED, 0) == ((turn := now_of(office, held.turn)).state, turn.attempts)
        assert str(error) in question.question

    @pytest.mark.parametrize("verb", ["plan", "a verb nobody knows"])
    def test_a_defect_does_not_leave_the_turn_in_hand(self, office: Office, given_goal: GivenGoal, verb: str) -> None:
        """The stack goes to the log of who rang; the turn is tried again and fails after three."""
        goal = given_goal()
        with office.store.write() as tx:
            turn = turns.create(tx, goal, actor="director", verb=verb[:16], subject=goal.id)
        assert turn is not None
        for attempt in range(1, MOST_ATTEMPTS + 1):
            admission.ring(office)
            with pytest.raises((ZeroDivisionError, KeyError)):
                handling.handle(office, turn.id, {"plan": failing_with(ZeroDivisionError())}, after_failure)
            now = now_of(office, turn)
            assert (now.attempts, now.owner if now.state is TurnState.QUEUED else None) == (attempt, None)
            office.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]

        assert now.state is TurnState.FAILED
        assert len(open_questions(office, goal.id)) == 1

    def test_a_record_that_is_away_for_a_while_does_not_leave_the_turn_in_hand(
        self, office: Office, given_goal: GivenGoal, given_turn: GivenTurn, clock: SetClock
    ) -> None:
        """
        When neither the end of the work nor its failure could be written, the turn goes on once the record is back.

        Its process lives and renews what it holds: a turn nobody works on must not be among that.
        """
        turn = given_turn(given_goal())
        admission.ring(office)
        file = office.store.engine.url.database
        assert file is not None
        back = threading.Event()
        pen = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        give_back = threading.Timer(1, lambda: (pen.rollback(), back.set()))
        # The office waits for the pen for less than that, so that it meets the lock with whatever it does next.
        event.listen(office.store.engine, "connect", lambda conn, _: conn.execute("PRAGMA busy_timeout = 50"))
        office.store.close()

        def locked_out(office: Office, held: Held) -> None:
            pen.execute("BEGIN IMMEDIATE")
            give_back.start()
            raise StoreError("The database cannot be used now.")

        with suppress(StoreError):  # whether the caller is told is not the point
            handling.handle(office, turn.id, {"plan": locked_out}, after_failure)
        assert back.wait(PATIENCE_S)
        give_back.join()
        pen.close()
        for _ in range(3):
            clock.forward(LEASE * 0.7)
            with office.store.write() as tx:
                tx.turns.renew(office.owner, set(office.in_hand), tx.now + LEASE)  # as the process's heartbeat does
            sweep(office)

        assert now_of(office, turn).state is not TurnState.RUNNING

    def test_a_process_that_has_to_end_while_the_record_is_away_says_so_in_a_sentence(
        self,
        office: Office,
        given_goal: GivenGoal,
        given_turn: GivenTurn,
        record_away: RecordAway,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """
        A full disk while the team is told to stop is nobody's fault: no stack, and the turn is there for the next process.
        """
        turn = given_turn(given_goal())
        admission.ring(office)

        def goes_away(office: Office, held: Held) -> None:
            record_away.go()
            office.closing.set()
            raise StoreError("The database cannot be used now: database or disk is full.")

        with caplog.at_level("WARNING"):
            handling.handle(office, turn.id, {"plan": goes_away}, after_failure)
        record_away.come_back()

        assert [line.getMessage().partition(": ")[0] for line in caplog.records] == [
            f"plan of {turn.goal} is left as it is, and done again when its lease has run out"
        ]
        assert (now_of(office, turn).state, office.in_hand) == (TurnState.RUNNING, set())


class TestBells:
    """A bell says "look", and nothing depends on it."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[EmbeddedServer]:
        """A real Valkey."""
        with EmbeddedServer(tmp_path / "redis") as server:
            yield server

    def test_a_lost_bell_is_rung_again_by_the_sweep(
        self, server: EmbeddedServer, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn,
        clock: SetClock,
    ) -> None:  # fmt: skip
        """Redis can be flushed in the middle of a goal."""
        office = open_with(redis_url=server.url)
        turn = given_turn(given_goal())
        at_work(office)
        with redis.Redis.from_url(server.url) as client:
            admission.ring(office)
            assert client.llen(f"{office.bus.namespace}:{office.queue}") == 1
            client.flushall()
            clock.forward(RING_AGAIN)
            sweep(office)
            assert client.llen(f"{office.bus.namespace}:{office.queue}") == 0  # not yet due
            clock.forward(timedelta(seconds=1))
            sweep(office)
            assert client.llen(f"{office.bus.namespace}:{office.queue}") == 1

        held = turns.claim(office, turn.id)
        assert held is not None
        assert (held.turn.attempts, held.turn.epoch) == (0, 1)

    def test_one_look_serves_all_who_finish_while_it_waits(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Under load each look of its own would hold the pen that everybody waits for."""
        begun, go_on, looks = threading.Event(), threading.Event(), []

        def look(_office: Office) -> list[Turn]:
            looks.append(threading.current_thread().name)
            begun.set()
            assert go_on.wait(PATIENCE_S)
            return []

        monkeypatch.setattr(admission, "_admit", look)
        with ThreadPoolExecutor(6) as pool:
            first = pool.submit(admission.ring, office)
            assert begun.wait(PATIENCE_S)
            others = [pool.submit(admission.ring, office) for _ in range(5)]
            # All but one of them come back although the first look is not over.
            for _, done in zip(range(4), as_completed(others, PATIENCE_S), strict=False):
                assert done.result() is None
            assert len(looks) == 1
            go_on.set()
            for ring in (first, *others):
                ring.result(PATIENCE_S)

        assert len(looks) == 2

    def test_bells_that_wait_for_busy_workers_are_not_rung_beside_themselves(
        self, server: EmbeddedServer, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn,
        clock: SetClock,
    ) -> None:  # fmt: skip
        """Redis holds one for each turn that was admitted, however long there are fewer threads than slots."""
        office = open_with(redis_url=server.url)
        waiting = [given_turn(given_goal()) for _ in range(2)]
        at_work(office)
        with redis.Redis.from_url(server.url) as client:
            admission.ring(office)
            for _ in range(5):
                clock.forward(RING_AGAIN + timedelta(seconds=1))
                sweep(office)
            line = f"{office.bus.namespace}:{office.queue}"
            assert 2 == client.llen(line) == client.hlen(f"{line}.msgs")
            with office.store.read() as tx:
                assert not tx.turns.any_overdue()

            # One was taken by somebody who died with it; that the other waits says nothing about this one.
            client.lpop(f"{office.bus.namespace}:{office.queue}")
            clock.forward(RING_AGAIN + timedelta(seconds=1))
            sweep(office)
            assert client.llen(f"{office.bus.namespace}:{office.queue}") == 2

        assert [TurnState.DISPATCHED] * 2 == [now_of(office, turn).state for turn in waiting]

    def test_a_bell_is_rung_for_what_a_turn_caused(
        self, server: EmbeddedServer, open_with: OpenWith, given_goal: GivenGoal, given_turn: GivenTurn
    ) -> None:
        """Finishing a turn and creating the next is one transaction; the bell follows it."""
        office = open_with(redis_url=server.url)
        first = given_turn(given_goal())

        def cause(office: Office, held: Held) -> None:
            with office.store.write() as tx:
                turns.finish(tx, held)
                goal = tx.goals.get(held.turn.goal)
                turns.create(tx, goal, actor="director", verb="plan", subject=goal.id, version="next")

        at_work(office)
        admission.ring(office)
        with redis.Redis.from_url(server.url) as client:
            client.flushall()
            handling.handle(office, first.id, {"plan": cause}, after_failure)
            [bell] = client.hvals(f"{office.bus.namespace}:{office.queue}.msgs")

        assert b'"args":[2]' in bell.replace(b" ", b"")

    def test_sweeping_any_number_of_times_does_it_once(
        self, office: Office, another: Another, claimed: Claimed, clock: SetClock
    ) -> None:
        """By any number of processes."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        for who in (office, another("one"), another("two"), office):
            sweep(who)

        assert now_of(office, held.turn).attempts == 1


class TestWholeGoals:
    """The mailbox walks every kind of goal to its end."""

    @pytest.mark.parametrize("category", Category)
    def test_every_category_runs_to_completed(self, office: Office, drain: Drain, category: Category) -> None:
        """A plan, its tasks approved one after the other, a report; no turn is left open and all money is settled."""
        goal = drain(office, submit(office, "Improve what we do", category=category))

        _completed(office, goal)

    def test_every_pipeline_runs_to_completed(self, office: Office, drain: Drain) -> None:
        """One after the other in one office: the reports have something to report on."""
        names = [template.name for template in office.library.templates.values()]
        for name in names:
            _completed(office, drain(office, submit(office, f"Do a {name}", pipeline=name)))

        assert set(names) >= set(PIPELINES)

    @pytest.mark.parametrize("category", [Category.STRATEGIC, Category.CONTENT])
    def test_the_same_goal_twice_gives_the_same_bytes(
        self, open_with: OpenWith, drain: Drain, tmp_path: Path, category: Category
    ) -> None:
        """Nothing of a deliverable depends on the hour, the machine or chance."""
        found = []
        for name in ("one", "two"):
            office = open_with(workspace_dir=tmp_path / name)
            _completed(office, drain(office, submit(office, "Improve what we do", category=category)))
            outputs = office.settings.workspace_dir / "outputs"
            found.append({f.relative_to(outputs): f.read_bytes() for f in outputs.rglob("*") if f.is_file()})
            office.clock.forward(timedelta(days=40))  # type: ignore[attr-defined]

        assert len(found[0]) >= 5
        assert found[0] == found[1]

    def test_tasks_approved_at_the_same_moment_start_their_successor_once(self, open_with: OpenWith) -> None:
        """Six side by side (a strategic goal), reviewed in six threads: the one after them starts exactly once."""
        office = open_with(max_parallel_agents=6)
        goal, reviews = six_reviews(office)
        approve_at_once(office, reviews)

        with office.store.read() as tx:
            tasks = tx.tasks.of_goal(goal.id)
            [started] = [turn for turn in tx.turns.of_goal(goal.id) if turn.subject == tasks[-1].id]
        assert [TaskState.APPROVED] * 6 + [TaskState.DRAFTING] == [task.state for task in tasks]
        assert (started.verb, started.state) == ("draft", TurnState.DISPATCHED)

    def test_advancing_any_number_of_times_does_it_once(self, office: Office, drain: Drain) -> None:
        """Also for a goal whose plan nobody agreed to yet: it goes on waiting, and no task starts."""
        goal = drain(office, submit(office, "Improve what we do", category=Category.CONTENT, confirm=True))
        for _ in range(2):
            with office.store.write() as tx:
                advance(tx, goal.id, by="test")
        with office.store.read() as tx:
            now = tx.goals.get(goal.id)
            states = {task.state for task in tx.tasks.of_goal(goal.id)}

        assert (GoalState.WAITING, WaitFor.PERSON) == (now.state, now.wait_for)
        assert states == {TaskState.PLANNED}


def six_reviews(office: Office) -> tuple[Goal, list[int]]:
    """A strategic goal whose first six tasks are drafted, and the turns of their reviews, admitted."""
    goal = submit(office, "Decide where we go", category=Category.STRATEGIC, plan_by="template")
    for _ in range(8):  # the plan, what all six share put into the cache, six drafts
        admission.ring(office)
        with office.store.read() as tx:
            waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
        handling.handle(office, next(turn.id for turn in waiting if turn.verb != "review"), VERBS, after_failure)
    with office.store.read() as tx:
        reviews = [turn.id for turn in tx.turns.of_goal(goal.id) if turn.verb == "review"]
    assert len(reviews) == 6
    return goal, reviews


def approve_at_once(office: Office, reviews: list[int]) -> None:
    """Every review in a thread of its own, all begun at the same moment."""
    start = threading.Barrier(len(reviews))

    def review(turn_id: int) -> None:
        start.wait(PATIENCE_S)
        handling.handle(office, turn_id, VERBS, after_failure)

    with ThreadPoolExecutor(len(reviews)) as pool:
        list(pool.map(review, reviews))


def _completed(office: Office, goal: Goal) -> None:
    assert (GoalState.COMPLETED, None) == (goal.state, goal.reason)
    with office.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        assert {task.state for task in tasks} == {TaskState.APPROVED}
        assert {turn.state for turn in tx.turns.of_goal(goal.id)} == {TurnState.DONE}
        assert tx.approvals.open(goal.id) == []
        assert {account.reserved_nano for account in tx.accounts.all()} == {0}
        approved = [(task.path or "none", tx.text(tx.drafts.get(task.deliverable or 0).text_hash)) for task in tasks]
    for path, text in approved:
        assert text.strip()
        written = (office.settings.workspace_dir / path).read_text()
        assert written.strip().endswith((*(piece.text for piece in take_apart(text).pieces[:1]), text.strip()))
    assert (office.settings.workspace_dir / "reports" / f"{goal.id}.md").is_file()
