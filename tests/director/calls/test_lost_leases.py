"""
A process that lost a turn and is not dead: it was stopped, or cut off from the record, with its call on the wire.

What it bought is kept, whoever holds the turn by then, and bought once where that can be known. On PostgreSQL too
(test_postgresql.py).
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from director.calls import caps
from director.calls.ask import GRACE, Completion, ask
from director.concurrency.keyed_lock import KeyedLock
from director.mailbox import admission, handling, turns
from director.mailbox.turns import LEASE, Held
from director.money.prices import Usage
from director.office import Office
from director.progress.advance import cancel_goal
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.upkeep.heartbeat import BEAT, Heartbeat
from director.upkeep.sweep import sweep
from director.words.errors import ModelAway, StoreError
from director.words.models import Call, Claim
from director.words.states import CallState, TurnState
from tests.conftest import SetClock
from tests.messages_server import Given, MessagesServer

Another = Callable[[str], Office]
Claimed = Callable[..., Held]
OpenWith = Callable[..., Office]

PATIENCE_S = 30

REQUEST = Request(
    purpose="draft",
    model="claude-sonnet-5-5",
    effort="low",
    max_tokens=2_000,
    system=(Block(("You write.",)),),
    user=Block(("Write a line.",), stable=False),
)


@pytest.fixture
def rehearsed() -> bool:
    """What is asked here is paid."""
    return False


class Service:
    """A model service whose answers wait until they are let go: `service.let_go(0, "the first one's words")`."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.server = MessagesServer(front=self._hold)
        self.pool = pool
        self._answers: list[Future[Given]] = [Future() for _ in range(4)]
        self._came = [threading.Event() for _ in self._answers]
        self._next = iter(range(len(self._answers)))

    @property
    def asked(self) -> int:
        """How many requests came."""
        return len(self.server.asked)

    def let_go(self, number: int, answer: Given) -> None:
        """Completion request *number*, from 0, now or when it comes."""
        self._answers[number].set_result(answer)

    def ask(self, office: Office, held: Held) -> "Future[Completion]":
        """Ask, in a thread, and come back when the request is on the wire."""
        number = self.asked
        future = self.pool.submit(ask, office, held, REQUEST)
        assert self._came[number].wait(PATIENCE_S), future.exception(0)
        return future

    def end(self) -> None:
        """Let everything go that still waits."""
        for answer in self._answers:
            if not answer.done():
                answer.set_result(500)

    def _hold(self, _document: dict[str, Any]) -> Given:
        number = next(self._next)
        self._came[number].set()
        return self._answers[number].result(PATIENCE_S)


class Watched(KeyedLock):
    """Tells how many came for something."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[str] = []

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """As ever."""
        self.came.append(key)
        with super().alone(key):
            yield


def claim(office: Office, held: Held) -> Held:
    """The turn once more."""
    again = turns.claim(office, held.turn.id)
    assert again is not None
    return again


def calls_of(office: Office, held: Held) -> list[Call]:
    """What was asked for the turn's goal."""
    with office.store.read() as tx:
        return tx.calls.of_goal(held.turn.goal)


def ledger(office: Office, held: Held) -> list[tuple[CallState, int]]:
    """Each call, and what it cost; the accounts have to say the same."""
    calls = calls_of(office, held)
    spent = sum(call.cost_nano for call in calls)
    reserved = sum(call.reserved_nano for call in calls if call.state is CallState.RESERVED)
    with office.store.read() as tx:
        for scope in (caps.goal_scope(held.turn.goal), caps.month_scope("default", f"{office.clock():%Y-%m}")):
            account = tx.accounts.get(scope, rehearsal=False)
            assert (spent, reserved) == (account.spent_nano, account.reserved_nano)
    return [(call.state, call.cost_nano) for call in calls]


def real_cost(office: Office, call: Call) -> int:
    """What its tokens cost at list prices."""
    usage = Usage(call.input_tokens, call.output_tokens, call.cache_write_tokens, call.cache_read_tokens)
    return office.prices.cost(call.model, usage)


def journal(office: Office, held: Held) -> list[str]:
    """What the ledger noted."""
    with office.store.read() as tx:
        return [line.what for line in tx.journal(held.turn.goal) if line.by == "ledger"]


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so that tells nobody when it happens."""
    limit = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < limit, "it never came true"
        time.sleep(0.005)


class LosesALease:
    """A process that loses its lease, another, and whom both ask."""

    @pytest.fixture
    def service(self) -> Iterator[Service]:
        """A model service that answers when a test says so."""
        with ThreadPoolExecutor(4) as pool:
            service = Service(pool)
            with service.server:
                yield service
                service.end()

    @pytest.fixture
    def mine(self, open_with: OpenWith, service: Service) -> Office:
        """The process that loses its lease."""
        return replace(
            open_with(anthropic_base_url=service.server.url, anthropic_api_key="not-a-key"), asking=Watched()
        )

    @pytest.fixture
    def other(self, another: Another, open_with: OpenWith, service: Service) -> Office:
        """Another process on the same record, which asks the same service."""
        asks = open_with(anthropic_base_url=service.server.url, anthropic_api_key="not-a-key")
        return replace(another("other"), settings=asks.settings, claude=asks.claude)

    @pytest.fixture
    def lost(self, clock: SetClock, other: Office) -> Callable[[], None]:
        """Nobody renews for a lease, and another process sweeps: what ran is dispatched again."""

        def lose() -> None:
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(other)

        return lose


class TestLostLeases(LosesALease):
    """Nothing is bought twice that need not be, and every answer is counted at what it cost."""

    def test_the_next_holder_in_the_same_process_waits_for_the_answer(
        self, mine: Office, service: Service, claimed: Claimed, lost: Callable[[], None], clock: SetClock
    ) -> None:
        """
        The database was away for longer than a lease. One request, one answer; the second holder is renewed when the first has
        ended, finishes, and no other crash is counted than the one for want of renewal.
        """
        held = claimed()
        mine.in_hand.add(held.turn.claim)
        first = service.ask(mine, held)
        lost()
        heartbeat = Heartbeat(mine, standing=True)
        heartbeat.beat()
        again = claim(mine, held)
        mine.in_hand.add(again.turn.claim)
        heartbeat.beat()
        second = service.pool.submit(ask, mine, again, REQUEST)
        until(lambda: len(mine.asking.came) == 2)  # type: ignore[attr-defined]  # it is Watched
        assert not second.done()
        service.let_go(0, "Paid once.")
        assert ("Paid once.", False) == (first.result(PATIENCE_S).text, first.result().kept)
        assert ("Paid once.", True) == (second.result(PATIENCE_S).text, second.result().kept)
        mine.in_hand.discard(held.turn.claim)
        clock.forward(LEASE - BEAT)
        heartbeat.beat()
        clock.forward(LEASE - BEAT)
        sweep(mine)

        [call] = calls_of(mine, held)
        assert 1 == service.asked
        assert [(CallState.ANSWERED, real_cost(mine, call))] == ledger(mine, held)
        with mine.store.write() as tx:
            turn = tx.turns.get(held.turn.id)
            assert (TurnState.RUNNING, 2, 1) == (turn.state, turn.epoch, turn.crashes)
            turns.finish(tx, again)

    def test_the_next_holder_waits_also_while_the_answer_cannot_be_written(
        self,
        mine: Office,
        service: Service,
        claimed: Claimed,
        lost: Callable[[], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It has come, and the record is away for its writer."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        again = claim(mine, held)
        with monkeypatch.context() as away:
            tried = threading.Event()

            def cannot(*_: object, **__: object) -> None:
                tried.set()
                raise StoreError("It is away.")

            away.setattr("director.calls.ask.caps.settle", cannot)
            service.let_go(0, "Paid once.")
            assert tried.wait(PATIENCE_S)
            second = service.pool.submit(ask, mine, again, REQUEST)
            until(lambda: len(mine.asking.came) == 2)  # type: ignore[attr-defined]  # it is Watched
            assert not second.done()
        assert {"Paid once."} == {first.result(PATIENCE_S).text, second.result(PATIENCE_S).text}

        assert 1 == service.asked
        assert [CallState.ANSWERED] == [state for state, _ in ledger(mine, held)]

    def test_where_the_first_gets_no_answer_the_next_asks(
        self, mine: Office, service: Service, claimed: Claimed, lost: Callable[[], None]
    ) -> None:
        """There is nothing to wait for any more."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        second = service.pool.submit(ask, mine, claim(mine, held), REQUEST)
        service.let_go(0, 529)
        service.let_go(1, "Asked again.")

        assert isinstance(first.exception(PATIENCE_S), ModelAway)
        assert "Asked again." == second.result(PATIENCE_S).text
        assert [CallState.REFUSED, CallState.ANSWERED] == [state for state, _ in ledger(mine, held)]

    @pytest.mark.parametrize("whose", ["nobody's", "its own", "another's", "another's and done"])
    def test_a_call_whose_lease_was_lost_goes_on(
        self, mine: Office, other: Office, service: Service, claimed: Claimed, lost: Callable[[], None], whose: str
    ) -> None:
        """It is paid as it is. Whosever the turn is now, the answer is written down at what it cost."""
        held = claimed()
        mine.in_hand.add(held.turn.claim)
        asked = service.ask(mine, held)
        lost()
        if whose != "nobody's":
            again = claim(mine if whose == "its own" else other, held)
            if whose == "another's and done":
                with other.store.write() as tx:
                    turns.finish(tx, again)
        Heartbeat(mine, standing=True).beat()
        assert {held.turn.claim} == mine.claude.in_flight()
        service.let_go(0, "Paid.")

        assert "Paid." == asked.result(PATIENCE_S).text
        [call] = calls_of(mine, held)
        assert [(CallState.ANSWERED, real_cost(mine, call))] == ledger(mine, held)

    def test_a_call_of_a_turn_that_was_lost_and_cancelled_is_ended(
        self, mine: Office, service: Service, claimed: Claimed, lost: Callable[[], None]
    ) -> None:
        """Nobody will ever ask for its answer; whoever waits for it in this process is sent away too."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        again = claim(mine, held)
        mine.in_hand.update({held.turn.claim, again.turn.claim})
        second = service.pool.submit(ask, mine, again, REQUEST)
        with mine.store.write() as tx:
            cancel_goal(tx, held.turn.goal, "enough", by="person")
        Heartbeat(mine, standing=True).beat()

        assert "ended before its answer" in str(first.exception(PATIENCE_S))
        assert "no longer held" in str(second.exception(PATIENCE_S))
        assert 1 == service.asked

    def test_an_answer_that_comes_while_another_process_asks_again_is_the_one_that_is_kept(
        self, mine: Office, other: Office, service: Service, claimed: Claimed, lost: Callable[[], None]
    ) -> None:
        """Both are paid, and counted at what they cost; who asked second gets the first one's words, as all after it."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        second = service.ask(other, claim(other, held))
        worst = calls_of(mine, held)[0].reserved_nano
        assert [(CallState.LOST, worst), (CallState.RESERVED, 0)] == ledger(mine, held)
        service.let_go(0, "The first words.")
        assert "The first words." == first.result(PATIENCE_S).text
        assert [CallState.ANSWERED, CallState.RESERVED] == [state for state, _ in ledger(mine, held)]
        lost()
        free = ask(mine, claim(mine, held), REQUEST)
        service.let_go(1, "Other words.")

        assert ("The first words.", True) == (second.result(PATIENCE_S).text, second.result().kept)
        assert ("The first words.", True) == (free.text, free.kept)
        calls = calls_of(mine, held)
        states = (CallState.ANSWERED, CallState.DUPLICATE)
        assert [(state, real_cost(mine, call)) for state, call in zip(states, calls, strict=True)] == ledger(mine, held)
        assert all(0 < call.cost_nano < call.reserved_nano and call.error is None for call in calls)
        assert ["call lost", "call found", "call paid twice"] == journal(mine, held)
        assert 2 == service.asked

    def test_an_answer_that_comes_after_another_was_kept_is_counted_at_what_it_cost(
        self, mine: Office, other: Office, service: Service, claimed: Claimed, lost: Callable[[], None]
    ) -> None:
        """Not at its worst case any more; the words that are kept stay the words that are kept."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        again = claim(other, held)
        second = service.ask(other, again)
        service.let_go(1, "Other words.")
        assert "Other words." == second.result(PATIENCE_S).text
        worst = calls_of(mine, held)[0].reserved_nano
        assert (CallState.LOST, worst) == ledger(mine, held)[0]
        service.let_go(0, "The first words.")

        assert ("Other words.", True) == (first.result(PATIENCE_S).text, first.result().kept)
        assert "Other words." == ask(other, again, REQUEST).text
        calls = calls_of(mine, held)
        states = (CallState.DUPLICATE, CallState.ANSWERED)
        assert [(state, real_cost(mine, call)) for state, call in zip(states, calls, strict=True)] == ledger(mine, held)
        assert ["call lost", "call found", "call paid twice"] == journal(mine, held)

    def test_an_answer_that_was_given_up_by_the_sweep_is_kept_all_the_same(
        self, mine: Office, other: Office, service: Service, claimed: Claimed, lost: Callable[[], None], clock: SetClock
    ) -> None:
        """The next holder gets it free of charge."""
        held = claimed()
        first = service.ask(mine, held)
        clock.forward(mine.settings.call_timeout + GRACE)
        lost()
        assert CallState.LOST is ledger(mine, held)[0][0]
        service.let_go(0, "Late words.")
        first.result(PATIENCE_S)

        assert "Late words." == ask(other, claim(other, held), REQUEST).text
        [call] = calls_of(mine, held)
        assert [(CallState.ANSWERED, real_cost(mine, call))] == ledger(mine, held)
        assert 1 == service.asked

    def test_a_refusal_that_comes_late_costs_nothing(
        self, mine: Office, other: Office, service: Service, claimed: Claimed, lost: Callable[[], None]
    ) -> None:
        """The worst case that was counted meanwhile is given back."""
        held = claimed()
        first = service.ask(mine, held)
        lost()
        second = service.ask(other, claim(other, held))
        service.let_go(0, 529)
        assert isinstance(first.exception(PATIENCE_S), ModelAway)
        service.let_go(1, "Words.")
        second.result(PATIENCE_S)

        (refused, nothing), (answered, _) = ledger(mine, held)
        assert (CallState.REFUSED, 0, CallState.ANSWERED) == (refused, nothing, answered)

    def test_an_answer_whose_writing_was_done_and_not_heard_of_is_no_duplicate_of_itself(
        self, mine: Office, service: Service, claimed: Claimed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The connection broke after the commit, so it is written again, and nothing changes."""
        held = claimed()
        write, unheard = mine.store.write, []

        @contextmanager
        def commit_and_break() -> Iterator[object]:
            with write() as tx:
                yield tx
            if service.asked and not unheard:
                unheard.append(True)
                raise StoreError("The connection broke.")

        monkeypatch.setattr(mine.store, "write", commit_and_break)
        service.let_go(0, "Words.")
        answer = ask(mine, held, REQUEST)

        assert ("Words.", False, [True]) == (answer.text, answer.kept, unheard)
        assert [CallState.ANSWERED] == [state for state, _ in ledger(mine, held)]
        assert [] == journal(mine, held)


class TestWhatIsInHand(LosesALease):
    """A process renews each claim of its own, and none for another."""

    def test_a_holder_that_ends_leaves_the_next_one_in_hand(
        self, mine: Office, claimed: Claimed, lost: Callable[[], None], clock: SetClock
    ) -> None:
        """Both in the same process: the second is renewed on, and no crash is counted of it."""
        held = claimed()
        with mine.store.write() as tx:
            turns.release(tx, held.turn)
        admission.ring(mine)
        at_work = [threading.Event(), threading.Event()]
        go_home = [threading.Event(), threading.Event()]

        def verb(_office: Office, held: Held) -> None:
            nth = held.turn.epoch - 2
            at_work[nth].set()
            assert go_home[nth].wait(PATIENCE_S)

        with ThreadPoolExecutor(2) as pool:
            try:
                one = pool.submit(handling.handle, mine, held.turn.id, {"plan": verb}, after_failure)
                assert at_work[0].wait(PATIENCE_S)
                lost()
                two = pool.submit(handling.handle, mine, held.turn.id, {"plan": verb}, after_failure)
                assert at_work[1].wait(PATIENCE_S)
                go_home[0].set()
                one.result(PATIENCE_S)
                heartbeat = Heartbeat(mine, standing=True)
                for _ in range(3):
                    clock.forward(LEASE - BEAT)
                    heartbeat.beat()
                    sweep(mine)
                with mine.store.read() as tx:
                    turn = tx.turns.get(held.turn.id)
            finally:
                for end in go_home:
                    end.set()
            two.result(PATIENCE_S)

        assert (TurnState.RUNNING, 3, 1) == (turn.state, turn.epoch, turn.crashes)
        assert set() == mine.in_hand

    def test_a_turn_that_goes_out_again_before_its_holder_has_let_go_stays_in_hand(
        self, mine: Office, claimed: Claimed
    ) -> None:
        """A service that says `retry-after: 0` lets it go at once, and the very same process may be the next to hear it."""
        held = claimed()
        with mine.store.write() as tx:
            turns.release(tx, held.turn)
        admission.ring(mine)
        at_work, go_home = threading.Event(), threading.Event()

        def verb(_office: Office, held: Held) -> None:
            if held.turn.epoch == 2:
                raise ModelAway("busy", retry_after=timedelta(0))
            at_work.set()
            assert go_home.wait(PATIENCE_S)

        class LetsGoLate(set[Claim]):
            def discard(self, claim: Claim) -> None:
                if claim.epoch == 2:
                    admission.ring(mine)
                    pool.submit(handling.handle, slow, claim.turn, {"plan": verb}, after_failure)
                    assert at_work.wait(PATIENCE_S)
                super().discard(claim)

        slow = replace(mine, in_hand=LetsGoLate())
        with ThreadPoolExecutor(1) as pool:
            handling.handle(slow, held.turn.id, {"plan": verb}, after_failure)
            in_hand = set(slow.in_hand)
            go_home.set()

        assert {Claim(held.turn.id, 3)} == in_hand
        assert set() == slow.in_hand
