"""Whatever happens in whatever order, the mailbox keeps its promises: over a real store, with a clock that is set."""

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from director.bootstrap import open_office
from director.inbox import approvals
from director.mailbox import admission, failures, turns
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, Held
from director.progress.advance import cancel_goal
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.store.tx import Tx
from director.upkeep.sweep import sweep
from director.words.errors import Defect, DirectorError, LostLease, ModelAway, ModelRefused, ModelUnreadable, StoreError
from director.words.models import Turn
from director.words.settings import Settings
from director.words.states import Answer, Priority, TurnState, is_final
from tests.conftest import SetClock, without_waiting_for_the_disk
from tests.director.conftest import add_goal, over_cap

SLOTS = 2
GOALS = 3
OWNERS = ("ann", "bob", "cyd")

#: One failure of each class and a few of each kind; the last one needs the goal's id.
FAILURES: tuple[DirectorError, ...] = (
    ModelAway("busy"),
    ModelAway("busy", retry_after=timedelta(seconds=40)),
    StoreError("away"),
    ModelUnreadable("nonsense"),
    Defect(ZeroDivisionError()),
    ModelRefused("no"),
)

pick = st.integers(min_value=0, max_value=10_000)


class Mailbox(RuleBasedStateMachine):
    """Three processes, three goals, two slots, and everything that can go wrong between them."""

    record: ClassVar[Path]  #: An empty SQLite file that is up to date.

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="mailbox-"))
        state = self.folder / ".state"
        state.mkdir()
        shutil.copy(self.record, state / "troupe.sqlite")
        self.clock = SetClock()
        redis_url = f"unix://{self.folder}/nobody.sock"
        given = Settings(workspace_dir=self.folder, redis_url=redis_url, max_parallel_agents=SLOTS)
        self.office = without_waiting_for_the_disk(open_office(given, clock=self.clock))
        self.lives = dict.fromkeys(OWNERS, 0)
        self.held: list[Held] = []  #: Every claim there ever was: their holders may come back at any time.
        self.latest: dict[int, int] = {}  #: The newest epoch of each turn.
        self.finished: Counter[int] = Counter()

    def teardown(self) -> None:
        """After everything that went wrong, what is left ends."""
        try:
            self._all_ends_well()
        finally:
            self.office.close()
            shutil.rmtree(self.folder)

    @initialize()
    def goals_are_given(self) -> None:
        """Each of another priority."""
        with self.office.store.write() as tx:
            self.goals = [add_goal(tx, priority=priority).id for priority in list(Priority)[:GOALS]]

    @rule(goal=st.integers(0, GOALS - 1), version=st.integers(0, 3))
    def create(self, goal: int, version: int) -> None:
        """A cause, perhaps one that was there before."""
        with self.office.store.write() as tx:
            self._create(tx, self.goals[goal], str(version))

    @rule()
    def ring(self) -> None:
        """A commit happened somewhere."""
        admission.ring(self.office)

    @rule(owner=st.sampled_from(OWNERS), turn=pick)
    def hear_a_bell(self, owner: str, turn: int) -> None:
        """For any turn at all: an early bell, a late one, a doubled one, the right one."""
        known = self._turns()
        if known:
            self._claim(owner, known[turn % len(known)].id)

    @rule(owner=st.sampled_from(OWNERS))
    def hear_the_right_bells(self, owner: str) -> None:
        """Everything that was admitted is claimed."""
        for turn in self._turns():
            if turn.state is TurnState.DISPATCHED:
                self._claim(owner, turn.id)

    @precondition(lambda self: self.held)
    @rule(holder=pick, caused=st.integers(0, 6))
    def finish(self, holder: int, caused: int) -> None:
        """Somebody who has, or had, a turn is done: the finish, its effect and what it causes are one transaction."""
        held = self.held[holder % len(self.held)]
        before = self._turn(held)
        try:
            with self.office.store.write() as tx:
                tx.note(held.turn.goal, held.turn.key, "effect", by="test")
                self._create(tx, held.turn.goal, f"caused-{caused}")
                turns.finish(tx, held)
        except LostLease:
            assert (before.state, before.epoch) != (TurnState.RUNNING, held.turn.epoch), "a holder was refused"
        else:
            assert held.turn.epoch == self.latest[held.turn.id], "a stale holder finished"
            assert before.state is TurnState.RUNNING
            self.finished[held.turn.id] += 1

    @precondition(lambda self: self.held)
    @rule(holder=pick, error=st.sampled_from((*FAILURES, None)))
    def fail(self, holder: int, error: DirectorError | None) -> None:
        """Somebody who has, or had, a turn failed."""
        held = self.held[holder % len(self.held)]
        before = self._turn(held)
        error = error or over_cap(held.turn.goal)
        failures.fail(self.office, held, error, after_failure)
        if (before.state, before.epoch) != (TurnState.RUNNING, held.turn.epoch):
            assert before == self._turn(held), "a stale holder changed a turn"
        else:
            assert self._turn(held).state is not TurnState.RUNNING, "a turn was left in hand"

    @rule(owner=st.sampled_from(OWNERS))
    def crash(self, owner: str) -> None:
        """A process dies. Its turns stay as they are; nobody renews them."""
        self.lives[owner] += 1

    @rule(owner=st.sampled_from(OWNERS))
    def renew(self, owner: str) -> None:
        """A process that lives renews what it has in hand, and hears what it has no more."""
        name = self._name(owner)
        mine = {held.turn.claim for held in self.held if held.turn.owner == name}
        with self.office.store.write() as tx:
            still = tx.turns.renew(name, mine, tx.now + LEASE)
        assert still == {turn.claim for turn in self._turns() if (turn.state, turn.owner) == (TurnState.RUNNING, name)}

    @precondition(lambda self: self.held)
    @rule(holder=pick)
    def renew_one(self, holder: int) -> None:
        """A single claim, perhaps one that was lost and claimed again since, perhaps by the same process."""
        held = self.held[holder % len(self.held)]
        before = self._turn(held)
        with self.office.store.write() as tx:
            still = tx.turns.renew(held.turn.owner or "", {held.turn.claim}, tx.now + LEASE)
        if (before.state, before.epoch) == (TurnState.RUNNING, held.turn.epoch):
            assert still == {held.turn.claim}
        else:
            assert (still, before) == (set(), self._turn(held)), "a lease was renewed that is another's"

    @rule(seconds=st.sampled_from((0.5, 2, 6, 11, 70)))
    def let_time_pass(self, seconds: float) -> None:
        """A little, past a bell's time, past a lease, past the longest wait."""
        self.clock.forward(timedelta(seconds=seconds))

    @rule()
    def sweep(self) -> None:
        """Somebody has the duty."""
        sweep(self.office)

    @rule(question=pick, said=st.sampled_from((Answer.APPROVE, Answer.APPROVE, Answer.REJECT)))
    def answer_a_question(self, question: int, said: Answer) -> None:
        """A person looks at the inbox."""
        with self.office.store.read() as tx:
            asked = tx.approvals.open()
        if asked:
            approvals.answer(self.office, asked[question % len(asked)].id, said)

    @rule(goal=st.integers(0, GOALS - 1))
    def cancel(self, goal: int) -> None:
        """A person has enough of a goal."""
        with self.office.store.write() as tx:
            cancel_goal(tx, self.goals[goal], "enough", by="person")

    @invariant()
    def promises(self) -> None:
        """Kept after every step, looked at in one consistent picture."""
        with self.office.store.read() as tx:
            known = [turn for goal in getattr(self, "goals", ()) for turn in tx.turns.of_goal(goal)]
            asked = {approval.goal for approval in tx.approvals.open()}
            j = schema.journal
            effects = Counter(tx.conn.execute(select(j.c.subject).where(j.c.what == "effect")).scalars())
        self._slots(known)
        self._next_looks(known, asked)
        self._effects(known, effects)
        self._epochs(known)

    def _slots(self, known: list[Turn]) -> None:
        """Never more in hand than slots, dispatched and running together."""
        in_hand = [turn for turn in known if turn.state in (TurnState.DISPATCHED, TurnState.RUNNING)]
        assert len(in_hand) <= SLOTS

    def _next_looks(self, known: list[Turn], asked: set[str]) -> None:
        """What is in hand is due at a time, what is queued not before one, what is held has a question."""
        for turn in known:
            match turn.state:
                case TurnState.QUEUED:
                    assert turn.not_before is not None
                    assert (turn.due_at, turn.owner, turn.lease_until) == (None, None, None)
                case TurnState.DISPATCHED:
                    assert turn.due_at is not None
                    assert turn.owner is None
                case TurnState.RUNNING:
                    assert turn.due_at == turn.lease_until is not None
                    assert turn.owner is not None
                case TurnState.HELD:
                    assert turn.goal in asked, "nobody was asked about a held turn"
                case _:
                    assert (turn.due_at, turn.lease_until) == (None, None)

    def _effects(self, known: list[Turn], effects: Counter[str]) -> None:
        """Everything that finished left its effect, once; nothing that did not finish left one."""
        assert len({turn.key for turn in known}) == len(known)
        assert effects == Counter(turn.key for turn in known if turn.state is TurnState.DONE)
        assert set(self.finished.values()) <= {1}

    def _epochs(self, known: list[Turn]) -> None:
        """An epoch rises when the turn is claimed, and never otherwise; attempts have an end."""
        for turn in known:
            assert turn.epoch == self.latest.get(turn.id, 0)
            assert turn.attempts < MOST_ATTEMPTS or is_final(turn.state)

    def _all_ends_well(self) -> None:
        """From here on nobody crashes, people say yes, and bells are heard: every turn ends within a bounded time."""
        for _ in range(200):
            if all(is_final(turn.state) for turn in self._turns()) and not self._questions():
                return
            self.clock.forward(timedelta(seconds=30))
            sweep(self.office)
            for ident in self._questions():
                approvals.answer(self.office, ident, Answer.APPROVE)
            for turn in self._turns():
                if turn.state is TurnState.DISPATCHED:
                    held = turns.claim(self.office, turn.id)
                    assert held is not None
                    with self.office.store.write() as tx:
                        turns.finish(tx, held)
        open_turns = [turn for turn in self._turns() if not is_final(turn.state)]
        raise AssertionError(f"these turns never end: {open_turns}")

    def _create(self, tx: Tx, goal_id: str, version: str) -> None:
        goal = tx.goals.get(goal_id)
        if not is_final(goal.state):
            turns.create(tx, goal, actor="director", verb="plan", subject=goal.id, version=version)

    def _claim(self, owner: str, turn_id: int) -> None:
        with self.office.store.read() as tx:
            before = tx.turns.get(turn_id)
        held = turns.claim(replace(self.office, owner=self._name(owner)), turn_id)
        if held is None:
            return
        assert before.state is TurnState.DISPATCHED, "a turn was taken that was not to be had"
        assert held.turn.epoch == self.latest.get(turn_id, 0) + 1
        self.latest[turn_id] = held.turn.epoch
        self.held.append(held)

    def _name(self, owner: str) -> str:
        return f"{owner}-{self.lives[owner]}"

    def _turn(self, held: Held) -> Turn:
        with self.office.store.read() as tx:
            return tx.turns.get(held.turn.id)

    def _turns(self) -> list[Turn]:
        with self.office.store.read() as tx:
            return [turn for goal in getattr(self, "goals", ()) for turn in tx.turns.of_goal(goal)]

    def _questions(self) -> list[str]:
        with self.office.store.read() as tx:
            return [asked.id for asked in tx.approvals.open()]


@pytest.mark.timeout(600)  # a busy machine is no failure
def test_the_mailbox_keeps_its_promises_in_any_order(fresh_record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never more in hand than slots, one effect a key, rising epochs, no stale holder, a next look for all, an end."""
    monkeypatch.setattr(Mailbox, "record", fresh_record, raising=False)
    run_state_machine_as_test(
        Mailbox,
        settings=settings(
            max_examples=15,
            stateful_step_count=50,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
