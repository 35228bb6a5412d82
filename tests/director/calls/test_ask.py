"""Ask once, pay once: what is asked of the model, what it costs, and what becomes of both when something goes wrong."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from director.calls import caps
from director.calls.ask import GRACE, Completion, ask, settle_overdue
from director.claude.rehearsal.asked import Purpose, understand
from director.claude.rehearsal.service import Reply
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import admission, failures, turns
from director.mailbox.turns import LEASE, Held
from director.money.prices import Usage
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store import schema
from director.upkeep.sweep import sweep
from director.words.amounts import NANO
from director.words.errors import DirectorError, Interrupted, LostLease, ModelAway, ModelRefused, OverCap, TooDear
from director.words.models import Account, Approval, Call, Goal, Turn
from director.words.states import Answer as Said
from director.words.states import CallState, Category, GoalState, TurnState, WaitFor
from tests.conftest import SetClock
from tests.messages_server import MessagesServer

OpenWith = Callable[..., Office]
Another = Callable[[str], Office]
Claimed = Callable[..., Held]
Drain = Callable[..., Goal]

REQUEST = Request(
    purpose="draft",
    model="claude-sonnet-5-5",
    effort="low",
    max_tokens=2_000,
    system=(Block(("You write.",)),),
    user=Block(("Write a line.",), stable=False),
)

PATIENCE_S = 30


@pytest.fixture
def rehearsed() -> bool:
    """What is asked here is paid."""
    return False


def message(**changes: object) -> str:
    """An answer of the Messages API with something in it changed."""
    usual = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 7, "output_tokens": 7},
    }  # fmt: skip
    return json.dumps({**usual, **changes})


#: Bodies of a 200 nobody can use.
NO_MESSAGE = (
    "<html>Please log in</html>",
    "",
    "null",
    "[]",
    '{"ok": true}',
    "[" * 100_000,
    message()[:-30],
    message(usage=None),
    message(usage={"input_tokens": "many", "output_tokens": 7}),
    message(usage={"input_tokens": 7, "output_tokens": -7}),
    message(usage={"input_tokens": 7, "output_tokens": 10**30}),
    message(usage={"input_tokens": 7}),
    message(content=None),
    message(content="Hi"),
    message(content=[{"type": "text", "text": None}]),
    message(stop_reason={"why": "because"}),
)


def calls_of(office: Office, goal_id: str) -> list[Call]:
    """What was asked for the goal."""
    with office.store.read() as tx:
        return tx.calls.of_goal(goal_id)


def account(office: Office, scope: str) -> Account:
    """What is spent and set aside under a cap."""
    with office.store.read() as tx:
        return tx.accounts.get(scope, rehearsal=office.claude.rehearses)


def accounts_of(office: Office, held: Held) -> list[tuple[int, int]]:
    """Spent and reserved of the goal and of the month."""
    scopes = (caps.goal_scope(held.turn.goal), caps.month_scope("default", f"{office.clock():%Y-%m}"))
    found = [account(office, scope) for scope in scopes]
    return [(one.spent_nano, one.reserved_nano) for one in found]


def worst_case(office: Office, request: Request = REQUEST) -> int:
    """What is set aside for the request."""
    return office.prices.worst_case(request.model, prompt=request.most_prompt_tokens(), output=request.max_tokens)


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so that tells nobody when it happens."""
    limit = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < limit, "it never came true"
        time.sleep(0.005)


@contextmanager
def asking(office: Office, held: Held) -> Iterator["Future[Completion]"]:
    """A request that hangs on the wire, asked in a thread; ended at the latest when the block is left."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(ask, office, held, REQUEST)
        try:
            until(lambda: held.turn.claim in office.claude.in_flight() or future.done())
            yield future
        finally:
            office.claude.interrupt({held.turn.claim})


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    """A model service on a socket, which remembers what it was asked."""
    with MessagesServer() as server:
        yield server


@pytest.fixture
def real(open_with: OpenWith, server: MessagesServer) -> Office:
    """An office that talks to that service instead of rehearsing in its own process."""
    return open_with(anthropic_base_url=server.url, anthropic_api_key="not-a-key")


@pytest.fixture
def hanging(open_with: OpenWith) -> Office:
    """An office whose model never answers."""
    return open_with(rehearsal="hang=1")


def questions_of(office: Office, goal_id: str) -> list[Approval]:
    """The goal's open questions."""
    with office.store.read() as tx:
        return tx.approvals.open(goal_id)


class TestKeptAnswers:
    """Nothing is bought twice."""

    def test_an_answer_that_is_kept_is_not_bought_again(
        self, real: Office, server: MessagesServer, claimed: Claimed
    ) -> None:
        """The same turn asking the same gets the same words, and one request went out."""
        held = claimed()
        answers = [ask(real, held, REQUEST) for _ in range(3)]

        assert answers[0].text
        assert {answers[0].text} == {answer.text for answer in answers}
        assert [False, True, True] == [answer.kept for answer in answers]
        assert len(server.asked) == len(calls_of(real, held.turn.goal)) == 1

    def test_the_next_holder_of_the_turn_gets_it_too(
        self, real: Office, server: MessagesServer, another: Another, claimed: Claimed, clock: SetClock
    ) -> None:
        """A process that died after its answer was kept did not ask in vain."""
        held = claimed()
        first = ask(real, held, REQUEST)
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(real)
        other = replace(another("other"), claude=real.claude)
        again = turns.claim(other, held.turn.id)
        assert again is not None

        found = ask(other, again, REQUEST)

        assert (first.text, True) == (found.text, found.kept)
        assert len(server.asked) == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"step": "again"},
            {"request": replace(REQUEST, user=Block(("Write another line.",), stable=False))},
            {"request": replace(REQUEST, model="claude-haiku-5-5")},
            {"request": replace(REQUEST, max_tokens=1_999)},
        ],
        ids=["step", "words", "model", "limit"],
    )
    def test_what_differs_is_asked_anew(
        self, real: Office, server: MessagesServer, claimed: Claimed, changed: dict[str, Any]
    ) -> None:
        """Another step, or another request by a single byte."""
        held = claimed()
        ask(real, held, REQUEST)
        ask(real, held, changed.get("request", REQUEST), step=changed.get("step", ""))

        assert len(server.asked) == 2

    def test_another_turn_asks_for_itself(self, real: Office, server: MessagesServer, claimed: Claimed) -> None:
        """A call's key is what it is for, not only what is asked."""
        for held in (claimed(version="1"), claimed(version="2")):
            ask(real, held, REQUEST)

        assert len(server.asked) == 2

    def test_a_rehearsed_answer_is_never_taken_for_claudes(
        self, office: Office, real: Office, server: MessagesServer, claimed: Claimed
    ) -> None:
        """Whoever sets a key gets what the key is for, also in the middle of a goal."""
        held = claimed()
        ask(office, held, REQUEST)
        ask(real, held, REQUEST)

        assert len(server.asked) == 1
        assert [True, False] == [call.rehearsal for call in calls_of(real, held.turn.goal)]

    def test_a_refusal_is_kept_and_paid_like_any_answer(self, open_with: OpenWith, claimed: Claimed) -> None:
        """The model declined, and the tokens are billed; asking again would be told the same."""
        office = open_with(rehearsal="refusal=1")
        held = claimed()
        for _ in range(2):
            with pytest.raises(ModelRefused, match="declined"):
                ask(office, held, REQUEST)
        [call] = calls_of(office, held.turn.goal)

        assert (CallState.ANSWERED, "refusal") == (call.state, call.stop_reason)
        assert call.cost_nano > 0

    def test_a_paid_answer_that_cannot_be_kept_is_not_bought_again(
        self, real: Office, server: MessagesServer, drain: Drain
    ) -> None:
        """Whatever keeps it out of the record would keep out the next: it counts at what it cost, and a person is asked."""
        with real.store.write() as tx:
            tx.conn.exec_driver_sql(
                "create trigger fussy before insert on texts when new.text like '%unkeepable%' "
                "begin select raise(abort, 'no such letter'); end"
            )
        server.replies.append("An unkeepable plan.")
        goal = drain(real, submit(real, "Write a page about gnomes"))
        [call] = calls_of(real, goal.id)
        [question] = questions_of(real, goal.id)

        assert len(server.asked) == 1
        assert CallState.LOST is call.state
        assert 0 < call.cost_nano < call.reserved_nano
        assert "was paid" in question.question
        assert "could not be kept" in question.question

    def test_an_answer_that_ran_out_of_room_says_so(self, open_with: OpenWith, claimed: Claimed) -> None:
        """It is kept, paid, and known to be cut off."""
        office = open_with(rehearsal="truncated=1")

        assert ask(office, claimed(), REQUEST).cut_off


class TestMoneyOfACall:
    """Reserved before, settled after."""

    def test_the_worst_case_is_set_aside_while_the_request_is_on_the_wire(
        self, open_with: OpenWith, claimed: Claimed
    ) -> None:
        """Against the goal and the month, before the service hears anything."""
        seen: list[object] = []

        def look(_document: dict[str, Any]) -> None:
            seen.append((calls_of(office, held.turn.goal)[0].state, accounts_of(office, held)))

        with MessagesServer(front=look) as server:
            office = open_with(anthropic_base_url=server.url)
            held = claimed()
            ask(office, held, REQUEST)

        worst = worst_case(office)
        assert [(CallState.RESERVED, [(0, worst), (0, worst)])] == seen

    def test_the_real_usage_is_settled_and_the_rest_given_back(
        self, real: Office, server: MessagesServer, claimed: Claimed
    ) -> None:
        """At list prices, to the nano-dollar; the ledger says what for."""
        held = claimed()
        answer = ask(real, held, REQUEST)
        [call] = calls_of(real, held.turn.goal)
        usage = Usage(call.input_tokens, call.output_tokens, call.cache_write_tokens, call.cache_read_tokens)
        cost = real.prices.cost(REQUEST.model, usage)

        assert 0 < cost < worst_case(real)
        assert [(cost, 0), (cost, 0)] == accounts_of(real, held)
        assert (CallState.ANSWERED, cost, worst_case(real)) == (call.state, call.cost_nano, call.reserved_nano)
        assert ("draft", REQUEST.model, held.turn.id, None) == (call.purpose, call.model, call.turn, call.task)
        assert call.request_id is not None
        assert call.request_id.startswith("req_")
        with real.store.read() as tx:
            assert answer.text == tx.text(call.answer_hash or "")

    def test_how_long_it_took_is_not_told_by_a_clock_that_can_be_set(
        self, open_with: OpenWith, claimed: Claimed, clock: SetClock
    ) -> None:
        """It is set back by an hour while the request is on the wire."""
        with MessagesServer(front=lambda _: clock.forward(-timedelta(hours=1))) as server:
            office = open_with(anthropic_base_url=server.url)
            held = claimed()
            ask(office, held, REQUEST)
        [call] = calls_of(office, held.turn.goal)

        assert call.seconds is not None
        assert 0 < call.seconds < PATIENCE_S

    @pytest.mark.parametrize(
        ("script", "error"),
        [
            ("rate_limited=1 retry_after_s=7", ModelAway),
            ("overloaded=1", ModelAway),
            ("server_error=1", ModelAway),
            ("unavailable=1", ModelAway),
            ("away=1", ModelAway),
            ("bad_key=1", ModelRefused),
            ("no_credit=1", ModelRefused),
        ],
    )
    def test_a_failure_that_costs_nothing_gives_the_reservation_back(
        self, open_with: OpenWith, claimed: Claimed, clock: SetClock, script: str, error: type[DirectorError]
    ) -> None:
        """The service said no, or was never reached. The same request may be asked again."""
        office = open_with(rehearsal=script)
        held = claimed()
        for _ in range(2):
            with pytest.raises(error):
                ask(office, held, REQUEST)
            clock.forward(timedelta(seconds=7))  # where it says so, nobody asks before

        assert [(CallState.REFUSED, 0)] * 2 == [(c.state, c.cost_nano) for c in calls_of(office, held.turn.goal)]
        assert [(0, 0), (0, 0)] == accounts_of(office, held)

    @pytest.mark.parametrize("script", ["reset=1", "cut_off=1", "hang=1"])
    def test_a_failure_that_may_be_paid_counts_at_its_worst_and_is_listed(
        self, open_with: OpenWith, claimed: Claimed, script: str
    ) -> None:
        """The request had left: the connection was reset, the answer cut off, or none came in time."""
        office = open_with(rehearsal=script, call_timeout=timedelta(seconds=0.3))
        held = claimed()
        with pytest.raises(ModelAway):
            ask(office, held, REQUEST)
        [call] = calls_of(office, held.turn.goal)
        worst = worst_case(office)
        with office.store.read() as tx:
            listed = [line.detail for line in tx.journal(held.turn.goal) if line.what == "call lost"]

        assert (CallState.LOST, worst, None) == (call.state, call.cost_nano, call.due_at)
        assert [(worst, 0), (worst, 0)] == accounts_of(office, held)
        assert [f"call {call.id} (draft): {call.error}"] == listed

    def test_who_hangs_up_is_told_of_in_one_sentence(self, open_with: OpenWith, claimed: Claimed) -> None:
        """What the transport says ends in a full stop already."""

        def hang_up(_document: object) -> None:
            raise ConnectionError

        with MessagesServer(front=hang_up) as server:
            office = open_with(anthropic_base_url=server.url)
            with pytest.raises(ModelAway, match=r"cannot be reached: [^.]*[^.]\.$"):
                ask(office, claimed(), REQUEST)

    @pytest.mark.parametrize("body", NO_MESSAGE, ids=lambda body: repr(body[-40:]))
    def test_a_200_that_is_no_message_is_waited_out_like_a_service_that_is_away(
        self, open_with: OpenWith, claimed: Claimed, body: str
    ) -> None:
        """A proxy's page, a document cut off: it may be paid, says what came, and uses no attempt of the turn."""
        answer = Reply(200, {"content-type": "application/json"}, body.encode())
        with MessagesServer(front=lambda _: answer) as server:
            office = open_with(anthropic_base_url=server.url)
            held = claimed()
            with pytest.raises(ModelAway, match=r"something that is no message \(200 from 127\.0\.0\.1") as problem:
                ask(office, held, REQUEST)
        failures.fail(office, held, problem.value, after_failure)
        [call] = calls_of(office, held.turn.goal)
        worst = worst_case(office)
        with office.store.read() as tx:
            turn = tx.turns.get(held.turn.id)

        assert (CallState.LOST, worst, str(problem.value)) == (call.state, call.cost_nano, call.error)
        assert [(worst, 0), (worst, 0)] == accounts_of(office, held)
        assert (TurnState.QUEUED, 0) == (turn.state, turn.attempts)

    def test_a_page_instead_of_a_message_costs_nothing(self, open_with: OpenWith, claimed: Claimed) -> None:
        """It is a proxy's: asked once a minute, it would eat a cap that nobody was ever charged for."""
        page = Reply(200, {"content-type": "text/html; charset=utf-8"}, b"<html>Please log in</html>")
        with MessagesServer(front=lambda _: page) as server:
            office = open_with(anthropic_base_url=server.url)
            held = claimed()
            with pytest.raises(ModelAway):
                ask(office, held, REQUEST)

        assert [(CallState.REFUSED, 0)] == [(call.state, call.cost_nano) for call in calls_of(office, held.turn.goal)]

    def test_a_request_that_fails_without_a_sentence_leaves_no_reservation(
        self, open_with: OpenWith, claimed: Claimed
    ) -> None:
        """Nobody knows how far it came, so it counts at its worst, with its reason; the fault goes on to whoever asked."""
        office = open_with(anthropic_base_url="http://an address\x00")
        held = claimed()
        with pytest.raises(Exception, match="Invalid non-printable") as problem:
            ask(office, held, REQUEST)
        [call] = calls_of(office, held.turn.goal)

        assert not isinstance(problem.value, DirectorError)
        assert CallState.LOST is call.state
        assert f"{type(problem.value).__name__}: {problem.value}" in (call.error or "")
        assert [(worst_case(office), 0)] * 2 == accounts_of(office, held)

    def test_a_call_that_is_ended_on_purpose_counts_at_its_worst_and_uses_no_attempt(
        self, hanging: Office, claimed: Claimed
    ) -> None:
        """A cancel, or a shutdown, reaches the call in flight at once."""
        held = claimed()
        with asking(hanging, held) as future:
            hanging.claude.interrupt({held.turn.claim})
            problem = future.exception(PATIENCE_S)
        assert isinstance(problem, Interrupted)
        failures.fail(hanging, held, problem, after_failure)
        with hanging.store.read() as tx:
            turn = tx.turns.get(held.turn.id)

        assert [CallState.LOST] == [call.state for call in calls_of(hanging, held.turn.goal)]
        assert (TurnState.QUEUED, 0) == (turn.state, turn.attempts)

    def test_rehearsed_money_is_never_taken_from_a_real_cap(
        self, office: Office, real: Office, claimed: Claimed
    ) -> None:
        """It has accounts of its own under the same rules."""
        held = claimed()
        ask(office, held, REQUEST)
        rehearsed = accounts_of(office, held)
        ask(real, held, REQUEST)
        with office.store.read() as tx:
            kinds = [(one.scope, one.rehearsal) for one in tx.accounts.all()]

        assert rehearsed == accounts_of(office, held)
        assert len(set(kinds)) == 6


class TestProcessesThatDie:
    """A reservation outlives its process, and is settled by who comes after."""

    @pytest.fixture
    def rehearsed(self) -> bool:
        """The rehearsal plays by the same rules, and who looks on here rehearses."""
        return True

    def test_the_next_holder_settles_what_the_dead_left_and_asks_for_itself(
        self, hanging: Office, open_with: OpenWith, claimed: Claimed, clock: SetClock
    ) -> None:
        """The dead one's call is counted at its worst; when it comes back to life, it changes nothing."""
        held = claimed()
        with asking(hanging, held) as future:
            clock.forward(LEASE + timedelta(seconds=1))
            other = open_with()
            sweep(other)
            again = turns.claim(other, held.turn.id)
            assert again is not None
            answer = ask(other, again, REQUEST)
            settled = accounts_of(other, held)
            hanging.claude.interrupt({held.turn.claim})
            assert isinstance(future.exception(PATIENCE_S), Interrupted)

        lost, answered = calls_of(other, held.turn.goal)
        assert answer.text
        assert (CallState.LOST, worst_case(other), 1) == (lost.state, lost.cost_nano, lost.epoch)
        assert (CallState.ANSWERED, 2) == (answered.state, answered.epoch)
        assert [(lost.cost_nano + answered.cost_nano, 0)] * 2 == settled == accounts_of(other, held)

    def test_the_sweep_settles_what_nobody_came_back_for(
        self, hanging: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """Not before the longest possible request is over, and once."""
        held = claimed()
        with asking(hanging, held):
            clock.forward(hanging.settings.call_timeout + GRACE)
            assert settle_overdue(hanging) == 0
            clock.forward(timedelta(seconds=1))
            sweep(hanging)
            assert settle_overdue(hanging) == 0
            [call] = calls_of(hanging, held.turn.goal)
            worst = worst_case(hanging)

        assert (CallState.LOST, worst) == (call.state, call.cost_nano)
        assert [(worst, 0), (worst, 0)] == accounts_of(hanging, held)

    def test_the_sweep_leaves_what_its_holder_may_still_write_down(
        self, hanging: Office, claimed: Claimed, clock: SetClock
    ) -> None:
        """Who still renews its turn lives: it is slow, or the database was away. Once the turn is taken, it is lost."""
        held = claimed()
        with asking(hanging, held):
            clock.forward(hanging.settings.call_timeout + GRACE + timedelta(seconds=1))
            with hanging.store.write() as tx:
                assert tx.turns.renew(held.turn.owner or "", {held.turn.claim}, tx.now + LEASE) == {held.turn.claim}
            sweep(hanging)
            assert [CallState.RESERVED] == [call.state for call in calls_of(hanging, held.turn.goal)]
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(hanging)
            assert [CallState.LOST] == [call.state for call in calls_of(hanging, held.turn.goal)]

    def test_another_holder_of_the_turn_is_no_holder_of_the_call(
        self, hanging: Office, another: Another, claimed: Claimed, clock: SetClock
    ) -> None:
        """Who asked is gone, and the next one does not know of it."""
        held = claimed()
        with asking(hanging, held):
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(hanging)
            assert turns.claim(another("other"), held.turn.id) is not None
            clock.forward(hanging.settings.call_timeout + GRACE)

            assert settle_overdue(hanging) == 1

    def test_a_holder_that_lost_its_turn_sends_nothing(
        self, real: Office, server: MessagesServer, another: Another, claimed: Claimed, clock: SetClock
    ) -> None:
        """It finds out before it spends."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(real)
        for _ in range(2):
            with pytest.raises(LostLease):
                ask(real, held, REQUEST)
            turns.claim(another("other"), held.turn.id)

        assert server.asked == []
        assert calls_of(real, held.turn.goal) == []


class TestOverACap:
    """What does not fit is not sent."""

    @pytest.fixture
    def rehearsed(self) -> bool:
        """The rehearsal plays by the same rules, and who looks on here rehearses."""
        return True

    def test_a_request_that_does_not_fit_is_not_sent_and_nothing_is_reserved(
        self, real: Office, server: MessagesServer, given_goal: Callable[..., Goal], claimed: Claimed
    ) -> None:
        """One nano-dollar too little is too little; the sentence says what is left of what."""
        held = claimed(given_goal(cap_nano=worst_case(real) - 1))
        with pytest.raises(OverCap, match=rf"is left of .* for goal {held.turn.goal} \(\$0") as over:
            ask(real, held, REQUEST)

        assert (caps.goal_scope(held.turn.goal), worst_case(real)) == (over.value.scope, over.value.worst_nano)
        assert server.asked == calls_of(real, held.turn.goal) == []
        with real.store.read() as tx:
            assert [one for one in tx.accounts.all() if one.reserved_nano or one.spent_nano] == []

    def test_a_request_that_just_fits_is_sent(
        self, real: Office, server: MessagesServer, given_goal: Callable[..., Goal], claimed: Claimed
    ) -> None:
        """Sum of spent and reserved may reach a cap."""
        ask(real, claimed(given_goal(cap_nano=worst_case(real))), REQUEST)

        assert len(server.asked) == 1

    def test_a_month_caps_all_its_goals_together(
        self, open_with: OpenWith, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn], clock: SetClock
    ) -> None:
        """And the next month begins at nothing."""
        worst = worst_case(open_with())
        office = open_with(budget_monthly=worst + worst // 2, rehearsal="cut_off=1")
        held = []
        for _ in range(2):
            turn = given_turn(given_goal())
            admission.ring(office)
            got = turns.claim(office, turn.id)
            assert got is not None
            held.append(got)
        with pytest.raises(ModelAway):
            ask(office, held[0], REQUEST)
        with pytest.raises(OverCap, match=r"left of .* for the month 2026-11 \("):
            ask(office, held[1], REQUEST)
        clock.forward(timedelta(days=10))
        with pytest.raises(ModelAway):
            ask(office, held[1], REQUEST)

        assert account(office, "month default 2026-12").spent_nano == worst

    def test_no_call_may_cost_more_than_a_call_may(self, open_with: OpenWith, claimed: Claimed) -> None:
        """Whatever the goal and the month have left; more money would not help, so nobody is asked for it."""
        office = open_with()
        dear = replace(REQUEST, model="claude-opus-5-5", max_tokens=300_000)
        held = claimed()
        with pytest.raises(TooDear, match=r"One call may cost \$5\.00 at most; this one could cost \$6\.") as problem:
            ask(office, held, dear)
        failures.fail(office, held, problem.value, after_failure)
        with office.store.read() as tx:
            assert [asked.kind for asked in tx.approvals.open()] == ["failure"]

    def test_a_goal_over_its_cap_waits_for_money_and_goes_on_when_it_gets_some(
        self, office: Office, drain: Drain
    ) -> None:
        """The turn is held, a person is asked once, and yes is enough."""
        goal = drain(office, submit(office, "Improve what we do", category=Category.CONTENT, confirm=True))
        with office.store.write() as tx:  # less is allowed since its plan was agreed to
            tx.goals.change(goal.id, cap_nano=NANO // 2)
            [question] = tx.approvals.open(goal.id)
        approvals.answer(office, question.id, Said.APPROVE)
        goal = drain(office, goal)
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
            [held] = tx.turns.open_of_goal(goal.id)
        assert (GoalState.WAITING, WaitFor.MONEY) == (goal.state, goal.wait_for)
        assert (TurnState.HELD, "spending") == (held.state, question.kind)

        for _ in range(20):
            goal = drain(office, goal)
            with office.store.read() as tx:
                questions = tx.approvals.open(goal.id)
            for question in questions:
                approvals.answer(office, question.id, Said.APPROVE)
            if goal.state is GoalState.COMPLETED:
                break
        spent = account(office, caps.goal_scope(goal.id))

        assert goal.state is GoalState.COMPLETED
        assert 0 < spent.spent_nano <= goal.cap_nano + spent.added_nano

    @pytest.mark.parametrize("where", ["goal", "month"])
    def test_a_budget_of_nothing_spends_nothing(self, open_with: OpenWith, drain: Drain, where: str) -> None:
        """`--budget 0` and BUDGET_MONTHLY=0: no request leaves, the goal waits for money."""
        office = open_with(budget_monthly=0) if where == "month" else open_with()
        goal = drain(office, submit(office, "Improve what we do", cap_nano=0))
        sweep(office)
        goal = drain(office, goal)

        assert (GoalState.WAITING, WaitFor.MONEY) == (goal.state, goal.wait_for)
        assert calls_of(office, goal.id) == []
        with office.store.read() as tx:
            assert tx.conn.execute(select(schema.accounts).where(schema.accounts.c.spent_nano > 0)).all() == []
            assert len(tx.approvals.open(goal.id)) == 1

    @pytest.mark.parametrize("where", ["goal", "month"])
    def test_a_person_who_said_yes_is_not_asked_the_same_again(
        self, open_with: OpenWith, drain: Drain, where: str
    ) -> None:
        """A yes to more money lets the call go on, whichever cap it did not fit under; each cap is asked about once."""
        office = open_with(budget_monthly=0) if where == "month" else open_with()
        goal = submit(office, "Improve what we do", cap_nano=0)
        said: list[str] = []
        while not calls_of(office, goal.id):
            drain(office, goal)
            with office.store.read() as tx:
                questions = tx.approvals.open(goal.id)
            assert not {question.question for question in questions} & set(said)
            for question in questions:
                said.append(question.question)
                approvals.answer(office, question.id, Said.APPROVE)
            assert len(said) <= 2

        assert len(said) == (1 if where == "goal" else 2)

    def test_a_no_to_more_money_ends_the_goal(self, office: Office, drain: Drain) -> None:
        """And so does no answer within the deadline."""
        for silent in (False, True):
            goal = drain(office, submit(office, "Improve what we do", cap_nano=0))
            with office.store.read() as tx:
                [question] = tx.approvals.open(goal.id)
            if silent:
                office.clock.now = question.due_at + timedelta(seconds=1)  # type: ignore[attr-defined]
                sweep(office)
            else:
                approvals.answer(office, question.id, Said.REJECT)
            with office.store.read() as tx:
                assert tx.goals.get(goal.id).state is GoalState.FAILED
                assert tx.turns.open_of_goal(goal.id) == []


class TestAnswersThatCannotBeRead:
    """An answer that is no answer is paid, kept, and asked for again."""

    @pytest.mark.parametrize("unreadable", [1, 2])
    def test_an_unreadable_review_is_asked_again_and_not_read_again(
        self, open_with: OpenWith, drain: Drain, clock: SetClock, unreadable: int
    ) -> None:
        """The same request goes out anew; the kept nonsense is not taken for the new answer."""
        reviews: list[dict[str, Any]] = []

        def nonsense(document: dict[str, Any]) -> str | None:
            if understand(document).purpose is not Purpose.REVIEW:
                return None
            reviews.append(document)
            return "It is rather good, I think." if len(reviews) <= unreadable else None

        with MessagesServer(front=nonsense) as server:
            office = open_with(anthropic_base_url=server.url)
            goal = submit(office, "Say hello", pipeline="Social Week")
            for _ in range(unreadable + 1):
                goal = drain(office, goal)
                clock.forward(timedelta(minutes=1))
        paid = [call for call in calls_of(office, goal.id) if call.purpose == "review"]

        assert goal.state is GoalState.COMPLETED
        assert len(reviews) == len(paid) == unreadable + 1
        # What is to be kept in the cache depends on who reads it next.
        words = [(document["system"][0]["text"], document["messages"]) for document in reviews]
        assert all(one == words[0] for one in words)
        assert all(call.state is CallState.ANSWERED and call.cost_nano > 0 for call in paid)

    def test_reviews_that_stay_unreadable_are_never_an_approval(
        self, open_with: OpenWith, drain: Drain, clock: SetClock
    ) -> None:
        """After three a person is asked."""

        def nonsense(document: dict[str, Any]) -> str | None:
            return "{}" if understand(document).purpose is Purpose.REVIEW else None

        with MessagesServer(front=nonsense) as server:
            office = open_with(anthropic_base_url=server.url)
            goal = submit(office, "Say hello", pipeline="Social Week")
            for _ in range(4):
                goal = drain(office, goal)
                clock.forward(timedelta(minutes=1))
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
            [task] = tx.tasks.of_goal(goal.id)

        assert (GoalState.WAITING, WaitFor.PERSON) == (goal.state, goal.wait_for)
        assert ("failure", None) == (question.kind, task.deliverable)
        assert "could not be read" in question.question
