"""What is paid is what was served: another model than the one asked is booked, shown, and asked about when it is too dear."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from director.calls import caps
from director.calls.ask import ask
from director.files.places import notes_path, report_path
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import failures, turns
from director.mailbox.turns import Held
from director.money.prices import Usage
from director.office import Office
from director.progress.on_turn_failure import after_failure
from director.store import schema
from director.store.tx import Tx
from director.upkeep.sweep import sweep
from director.views.goal import goal_document
from director.words.amounts import NANO
from director.words.errors import AnotherModel, OverCap
from director.words.models import Account, Call, Goal
from director.words.states import Answer as Said
from director.words.states import ApprovalState, CallState, Category, GoalState, TurnState, WaitFor
from tests.director.calls.test_ask import REQUEST
from tests.messages_server import Given, MessagesServer, answered_by

OpenWith = Callable[..., Office]
Claimed = Callable[..., Held]
Drain = Callable[..., Goal]

HAIKU, SONNET, OPUS = "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"
CHEAP = replace(REQUEST, model=HAIKU)
#: What the issue's answer used: 0.005 USD at Haiku's price, 0.20 USD at Opus's.
MUCH = {"input_tokens": 1_000, "output_tokens": 10_000, "cache_creation_input_tokens": 0}
LITTLE = {"input_tokens": 10, "output_tokens": 10, "cache_creation_input_tokens": 0}


@pytest.fixture
def rehearsed() -> bool:
    """What is asked here is paid."""
    return False


class Gateway:
    """A service between: it answers as the rehearsal does, and says that another model did."""

    def __init__(self) -> None:
        self.model: object = OPUS
        self.usage = MUCH
        self.server = MessagesServer(front=self._front)

    def _front(self, document: dict[str, Any]) -> Given:
        return answered_by(self.model, self.server.rehearsal.reply(document), **self.usage)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """It, listening."""
    gateway = Gateway()
    with gateway.server:
        yield gateway


@pytest.fixture
def behind(gateway: Gateway, open_with: OpenWith) -> Office:
    """An office that asks it."""
    return open_with(anthropic_base_url=gateway.server.url)


def calls_of(tx: Tx, held: Held) -> list[Call]:
    """The calls of the turn's goal."""
    return tx.calls.of_goal(held.turn.goal or "")


def goal_account(office: Office, held: Held) -> Account:
    """What the goal spent."""
    with office.store.read() as tx:
        return tx.accounts.get(caps.goal_scope(held.turn.goal or ""), rehearsal=False)


def settled(office: Office, held: Held) -> Call:
    """The only call of the turn's goal."""
    with office.store.read() as tx:
        [call] = calls_of(tx, held)
    return call


def put_aside(office: Office, held: Held, request: Any = CHEAP) -> AnotherModel:
    """Ask, be told that another model answered too dearly, and let the turn go as its actor would."""
    with pytest.raises(AnotherModel) as stopped:
        ask(office, held, request)
    failures.fail(office, held, stopped.value, after_failure)
    return stopped.value


class TestWhatIsBooked:
    """The ledger, the account and whatever people see say what was served."""

    def test_what_another_model_used_costs_what_it_costs_there(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """Forty times as much here; the account says so, so that the cap holds for what comes after."""
        held = claimed()
        with pytest.raises(AnotherModel):
            ask(behind, held, CHEAP)
        call = settled(behind, held)

        cost = behind.prices.cost(OPUS, Usage(1_000, 10_000))
        assert cost == 40 * behind.prices.cost(HAIKU, Usage(1_000, 10_000))
        assert (CallState.ANSWERED, cost, HAIKU, OPUS, OPUS) == (
            call.state, call.cost_nano, call.model, call.served, call.answered_by,
        )  # fmt: skip
        assert (cost, 0) == (goal_account(behind, held).spent_nano, goal_account(behind, held).reserved_nano)

    @pytest.mark.parametrize("served", [HAIKU, f"{HAIKU}-20261001", f"{HAIKU}-latest", f"{HAIKU}@20261001"])
    def test_a_dated_name_is_the_same_model(
        self, behind: Office, gateway: Gateway, claimed: Claimed, served: str
    ) -> None:
        """It says which state of the model answered; nobody is bothered with it."""
        gateway.model = served
        held = claimed()
        ask(behind, held, CHEAP)
        call = settled(behind, held)

        assert (None, behind.prices.cost(HAIKU, Usage(1_000, 10_000))) == (call.served, call.cost_nano)

    @pytest.mark.parametrize("served", [f"{HAIKU}-2", f"{HAIKU}-fast", "haiku", f"{HAIKU}-2026", f"x{HAIKU}"])
    def test_a_name_that_only_looks_alike_is_another(
        self, behind: Office, gateway: Gateway, claimed: Claimed, served: str
    ) -> None:
        """What is not known to be the same may cost anything."""
        gateway.model, gateway.usage = served, LITTLE
        held = claimed()
        ask(behind, held, CHEAP)

        assert served == settled(behind, held).served

    def test_a_dated_name_of_another_model_has_that_models_price(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """And not the one of models that are in no list."""
        gateway.model, gateway.usage = f"{SONNET}-20261001", LITTLE
        held = claimed()
        ask(behind, held, CHEAP)

        assert behind.prices.cost(SONNET, Usage(10, 10)) == settled(behind, held).cost_nano

    @pytest.mark.parametrize(
        ("served", "name"),
        [("gnome-9", "gnome-9"), ("", "unnamed"), (None, "unnamed"), (7, "unnamed"), ({"id": OPUS}, "unnamed")],
    )
    def test_a_model_without_a_price_counts_as_the_dearest(
        self, behind: Office, gateway: Gateway, claimed: Claimed, served: object, name: str
    ) -> None:
        """It was used already, so it cannot be refused; less than it may cost is not booked."""
        gateway.model, gateway.usage = served, LITTLE
        held = claimed()
        ask(behind, held, CHEAP)
        call = settled(behind, held)
        with behind.store.read() as tx:
            [said] = [line.detail for line in tx.journal(held.turn.goal) if line.what == "another model"]

        assert (name, behind.prices.cost(OPUS, Usage(10, 10))) == (call.served, call.cost_nano)
        assert said is not None
        assert f"asked {HAIKU} and was answered by {name}" in said
        assert "since it has none" in said

    def test_a_cheaper_model_costs_less_and_is_said(self, behind: Office, gateway: Gateway, claimed: Claimed) -> None:
        """Nobody is asked: nothing was spent that was not set aside. But it is not what was paid for."""
        gateway.model = HAIKU
        held = claimed()
        ask(behind, held, REQUEST)
        call = settled(behind, held)
        with behind.store.read() as tx:
            said = [line.what for line in tx.journal(held.turn.goal)]
            shown = goal_document(behind, tx, tx.goals.get(held.turn.goal or ""))

        assert (SONNET, HAIKU) == (call.model, call.served)
        assert behind.prices.cost(HAIKU, Usage(1_000, 10_000)) == call.cost_nano
        assert 1 == said.count("another model")
        assert HAIKU == shown["model"]


class TestWhatIsAsked:
    """Beyond what was set aside, the goal stops until a person says whether it goes on."""

    def test_the_turn_waits_for_a_person_and_its_answer_is_kept(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """One question, which names both models and what it cost; a yes brings the answer that is paid, and not another."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            goal, turn = tx.goals.get(held.turn.goal or ""), tx.turns.get(held.turn.id)
            [question] = tx.approvals.open(goal.id)

        assert (TurnState.HELD, GoalState.WAITING, WaitFor.PERSON) == (turn.state, goal.state, goal.wait_for)
        for word in (HAIKU, OPUS, "$0.2040", "ANTHROPIC_BASE_URL"):
            assert word in question.question
        sweep(behind)
        with behind.store.read() as tx:
            assert TurnState.HELD is tx.turns.get(turn.id).state

        approvals.answer(behind, question.id, Said.APPROVE)
        again = turns.claim(behind, turn.id)
        assert again is not None
        answer = ask(behind, again, CHEAP)

        assert answer.kept
        assert answer.text
        assert 1 == len(gateway.server.asked)

    def test_nothing_more_is_asked_meanwhile(self, behind: Office, gateway: Gateway, claimed: Claimed) -> None:
        """Other turns of the goal wait for the same answer, and go on with it."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            goal = tx.goals.get(held.turn.goal or "")
        other = claimed(goal, version="2")
        put_aside(behind, other)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
        assert 1 == len(gateway.server.asked)

        approvals.answer(behind, question.id, Said.APPROVE)
        with behind.store.read() as tx:
            states = [tx.turns.get(one.turn.id).state for one in (held, other)]

        assert {TurnState.QUEUED, TurnState.DISPATCHED} >= set(states)

    def test_after_a_yes_what_is_set_aside_is_what_who_answers_can_cost(
        self, behind: Office, gateway: Gateway, claimed: Claimed, given_goal: Callable[..., Goal]
    ) -> None:
        """So the cap holds, and nobody is asked the same again."""
        goal = given_goal(cap_nano=NANO // 2)
        first = claimed(goal, version="1")
        put_aside(behind, first)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
        approvals.answer(behind, question.id, Said.APPROVE)
        held = claimed(goal, version="2")
        short = replace(CHEAP, max_tokens=100)
        gateway.usage = LITTLE
        ask(behind, held, short)
        with behind.store.read() as tx:
            last = calls_of(tx, held)[-1]

        worst = behind.prices.worst_case(OPUS, prompt=short.most_prompt_tokens(), output=short.max_tokens)
        assert worst == last.reserved_nano
        with pytest.raises(OverCap):
            ask(behind, held, replace(CHEAP, max_tokens=20_000))

    def test_a_no_ends_the_goal(self, behind: Office, gateway: Gateway, claimed: Claimed) -> None:
        """And says why."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(held.turn.goal)
        approvals.answer(behind, question.id, Said.REJECT)
        with behind.store.read() as tx:
            goal, turn = tx.goals.get(held.turn.goal or ""), tx.turns.get(held.turn.id)

        assert (GoalState.FAILED, TurnState.CANCELLED) == (goal.state, turn.state)
        assert OPUS in (goal.reason or "")

    def test_a_process_that_dies_before_it_asks_changes_nothing(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """The call is settled, nobody was asked yet: whoever takes the turn next is stopped as well, and pays nothing."""
        held = claimed()
        with pytest.raises(AnotherModel):
            ask(behind, held, CHEAP)
        with pytest.raises(AnotherModel):
            ask(behind, held, CHEAP)

        assert 1 == len(gateway.server.asked)

    def test_a_turn_that_is_put_aside_as_the_answer_comes_goes_on_with_the_next_sweep(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """Its failure was on its way while a person said yes to the same."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(held.turn.goal)
            goal = tx.goals.get(held.turn.goal or "")
        other = claimed(goal, version="2")
        with pytest.raises(AnotherModel) as stopped:
            ask(behind, other, CHEAP)
        approvals.answer(behind, question.id, Said.APPROVE)
        failures.fail(behind, other, stopped.value, after_failure)
        with behind.store.read() as tx:
            assert TurnState.HELD is tx.turns.get(other.turn.id).state
        sweep(behind)
        with behind.store.read() as tx:
            assert TurnState.HELD is not tx.turns.get(other.turn.id).state
            assert [] == tx.approvals.open(goal.id)

    def test_a_dated_name_of_who_was_agreed_to_is_not_asked_about(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """One model, one question: two calls on the wire at once may each get another state of it."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(held.turn.goal)
            goal = tx.goals.get(held.turn.goal or "")
        approvals.answer(behind, question.id, Said.APPROVE)
        gateway.model = f"{OPUS}-20261101"
        other = claimed(goal, version="2")

        assert not ask(behind, other, replace(CHEAP, effort="medium")).kept

    def test_a_yes_that_named_a_state_of_the_model_counts_for_the_model(
        self, behind: Office, gateway: Gateway, claimed: Claimed
    ) -> None:
        """As questions did that were asked before one yes was for every state; nobody is asked the same again."""
        gateway.model = f"{OPUS}-20261101"
        held = claimed()
        put_aside(behind, held)
        with behind.store.write() as tx:
            [question] = tx.approvals.open(held.turn.goal)
            assert question.key.endswith(f":{HAIKU} by {OPUS}")
            asked = update(schema.approvals).where(schema.approvals.c.id == question.id)
            tx.conn.execute(asked.values(key=f"{question.key}-20261101"))
        approvals.answer(behind, question.id, Said.APPROVE)
        again = turns.claim(behind, held.turn.id)
        assert again is not None

        assert ask(behind, again, CHEAP).kept

    def test_a_third_model_is_asked_about_anew(self, behind: Office, gateway: Gateway, claimed: Claimed) -> None:
        """Who agreed to one price agreed to no other."""
        held = claimed()
        put_aside(behind, held)
        with behind.store.read() as tx:
            [question] = tx.approvals.open(held.turn.goal)
            goal = tx.goals.get(held.turn.goal or "")
        approvals.answer(behind, question.id, Said.APPROVE)
        gateway.model, gateway.usage = "gnome-9", {**MUCH, "output_tokens": 10**6}
        third = claimed(goal, version="3")
        put_aside(behind, third)
        with behind.store.read() as tx:
            questions = [(one.state, "gnome-9" in one.question) for one in tx.approvals.of_goal(goal.id)]

        assert [(ApprovalState.ANSWERED, False), (ApprovalState.OPEN, True)] == questions


def test_what_people_keep_names_the_model_that_wrote_it(behind: Office, gateway: Gateway, drain: Drain) -> None:
    """The notes' front matter and the goal's document; and the report says that another was asked."""
    gateway.model, gateway.usage = HAIKU, LITTLE
    goal = submit(behind, "Write a line for the gnomes", category=Category.CONTENT, plan_by="template")
    goal = drain(behind, goal)
    assert GoalState.COMPLETED is goal.state
    with behind.store.read() as tx:
        tasks = tx.tasks.of_goal(goal.id)
        shown = goal_document(behind, tx, goal)
    workspace = behind.settings.workspace_dir
    report = (workspace / report_path(goal)).read_text()

    assert HAIKU == shown["model"]
    for task in tasks:
        assert f"model: {HAIKU}" in (workspace / notes_path(task)).read_text().split("---")[1]
    assert f"asked {SONNET} and were answered by {HAIKU}" in report
    assert OPUS not in json.dumps(shown, default=str)
