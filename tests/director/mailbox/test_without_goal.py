"""A turn may be no goal's: what keeps the house in order goes through the same mailbox as goals do."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from director.calls.ask import ask
from director.mailbox import admission, breaker, handling, turns
from director.mailbox.breaker import PROBE_EVERY
from director.mailbox.turns import LEASE, Held
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store.tx import Tx
from director.upkeep.sweep import LOOKS_AFTER_HELD, sweep
from director.words.errors import ModelAway, ModelRefused, StaleState
from director.words.models import Turn
from director.words.reach import Reach
from director.words.states import HeldWhy, Priority, TurnState
from tests.conftest import SetClock
from tests.director.conftest import add_goal


def make(tx: Tx, subject: str = "gnomes", **changes: object) -> Turn | None:
    """A turn to count the gnomes, which is nobody's goal."""
    usual = {"brand": "default", "priority": Priority.P2, "actor": "director", "verb": "count", "subject": subject}
    return turns.create_without_goal(tx, **{**usual, **changes})  # type: ignore[arg-type]


def made(office: Office, subject: str = "gnomes") -> Turn:
    """The same, committed and admitted where there is room."""
    with office.store.write() as tx:
        turn = make(tx, subject)
    assert turn is not None
    admission.ring(office)
    return turn


def now_of(office: Office, turn: Turn) -> Turn:
    """The turn as it is now."""
    with office.store.read() as tx:
        return tx.turns.get(turn.id)


def test_it_goes_the_way_of_every_turn(office: Office) -> None:
    """Admitted, claimed, done, with its line in the journal; a second bell does nothing."""
    turn, counted = made(office), []

    def count(office: Office, held: Held) -> None:
        with office.store.write() as tx:
            turns.finish(tx, held)
            tx.note(None, held.turn.subject, "counted", by="director")
        counted.append(held.turn.goal)

    for _ in range(2):
        handling.handle(office, turn.id, {"count": count}, after_failure)

    assert [None] == counted
    assert TurnState.DONE is now_of(office, turn).state


def test_the_same_cause_makes_it_once(office: Office) -> None:
    """As for a goal: its key is verb, subject and version."""
    with office.store.write() as tx:
        assert make(tx) is not None
        assert make(tx) is None
        assert make(tx, version="of tomorrow") is not None


def test_what_failed_for_good_is_said_where_no_owner_can_be_asked(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """There is nobody to put a question to: the log has an error, the row its reason."""
    turn = made(office)

    def fail(_office: Office, _held: Held) -> None:
        raise ModelRefused("the gnomes do not want to be counted")

    with caplog.at_level(logging.ERROR, "director.progress.on_turn_failure"):
        handling.handle(office, turn.id, {"count": fail}, after_failure)

    assert (TurnState.FAILED, "the gnomes do not want to be counted") == (
        now_of(office, turn).state,
        now_of(office, turn).error,
    )
    assert ["The count of gnomes failed for good: the gnomes do not want to be counted"] == caplog.messages
    with office.store.read() as tx:
        assert [] == tx.approvals.open()


def test_one_whose_process_died_goes_back(office: Office, clock: SetClock) -> None:
    """Its lease runs out as any other's does."""
    turn = made(office)
    assert turns.claim(office, turn.id) is not None
    clock.forward(LEASE + timedelta(seconds=1))

    sweep(office)

    assert (TurnState.DISPATCHED, 1) == (now_of(office, turn).state, now_of(office, turn).crashes)


def test_they_have_slots_of_their_own(office: Office) -> None:
    """As many as goals have: neither keeps the other waiting, for one asks the model for minutes and the other never."""
    slots = office.settings.max_parallel_agents
    with office.store.write() as tx:
        chores = [make(tx, f"gnome {number}") for number in range(slots + 1)]
        goals = [add_goal(tx) for _ in range(slots + 1)]
        of_goals = [turns.create(tx, goal, actor="director", verb="plan", subject=goal.id) for goal in goals]

    for _ in range(2):
        admission.ring(office)

    for made_turns in (chores, of_goals):
        states = [now_of(office, turn).state for turn in made_turns if turn]
        assert states == [TurnState.DISPATCHED] * slots + [TurnState.QUEUED]


def test_they_go_out_while_the_service_is_away_and_are_no_probe(office: Office, clock: SetClock) -> None:
    """What asks nothing of the model waits for no model, and says nothing about whether it is back."""
    with office.store.write() as tx:
        while breaker.went_wrong(tx, office.claude.service, ModelAway("busy")) is None:
            pass
        chores = [make(tx, f"gnome {number}") for number in range(2)]
    admission.ring(office)
    assert [TurnState.DISPATCHED] * 2 == [now_of(office, turn).state for turn in chores if turn]

    clock.forward(PROBE_EVERY)
    with office.store.write() as tx:
        goal = add_goal(tx)
        probe = turns.create(tx, goal, actor="director", verb="plan", subject=goal.id)
        make(tx, "a gnome more")
    assert probe is not None
    admission.ring(office)

    assert TurnState.DISPATCHED is now_of(office, probe).state


def test_who_works_for_one_goal_leaves_them_alone(office: Office) -> None:
    """They lie until a worker is there, and keep a command's own goal waiting for nothing."""
    with office.store.write() as tx:
        chores = [make(tx, f"gnome {number}") for number in range(10)]
        goal = add_goal(tx)
        mine = turns.create(tx, goal, actor="director", verb="plan", subject=goal.id)
    assert mine is not None
    own = replace(office, owner="own", reach=Reach(rehearsal=True, only=goal.id))
    with office.store.read() as tx:
        assert admission.may_go_out(tx, own)
    admission.ring(own)

    assert TurnState.DISPATCHED is now_of(office, mine).state
    assert {TurnState.QUEUED} == {now_of(office, turn).state for turn in chores if turn}
    with office.store.read() as tx:
        assert not admission.may_go_out(tx, own)


def test_it_cannot_ask_the_model(office: Office) -> None:
    """A call is paid from a goal's cap, and here is none."""
    turn = made(office)
    held = turns.claim(office, turn.id)
    assert held is not None
    words = Block(("How many?",))

    with pytest.raises(RuntimeError, match="count of gnomes is no goal's"):
        ask(office, held, Request("count", "claude-haiku-5-5", "low", 10, (words,), words))

    with office.store.read() as tx:
        assert 0 == len(tx.accounts.all())


class TestHeld:
    """A held turn says why, and each reason has somebody who looks after it."""

    def test_each_reason_is_looked_after(self) -> None:
        """One that is in no table would be held for ever."""
        assert set(HeldWhy) == set(LOOKS_AFTER_HELD)

    def test_a_turn_is_not_held_for_nothing(self, office: Office) -> None:
        """The store refuses it; the turn stays as it was."""
        turn = made(office)
        held = turns.claim(office, turn.id)
        assert held is not None

        with pytest.raises(StaleState, match="cannot be held for nothing"), office.store.write() as tx:
            tx.turns.move(held.turn, TurnState.HELD)

        assert TurnState.RUNNING is now_of(office, turn).state

    def test_one_that_goes_on_has_no_reason_left(self, office: Office) -> None:
        """The reason goes with the state."""
        turn = made(office)
        held = turns.claim(office, turn.id)
        assert held is not None
        with office.store.write() as tx:
            assert tx.turns.move(held.turn, TurnState.HELD, held_why=HeldWhy.MONEY)
        assert [turn.id] == [found.id for found in self._held(office)]

        with office.store.write() as tx:
            assert turns.release(tx, tx.turns.get(turn.id))

        assert [] == self._held(office)
        assert None is now_of(office, turn).held_why

    def _held(self, office: Office) -> list[Turn]:
        with office.store.read() as tx:
            return tx.turns.held(HeldWhy.MONEY)
