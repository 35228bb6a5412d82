"""A person enters what a lost call cost: once, counted in the place of its worst case, corrected by an answer after all."""

from collections.abc import Callable

import pytest

from director.calls import caps
from director.calls.caps import goal_scope, month_scope
from director.inbox.enter_cost import enter
from director.mailbox.turns import Held
from director.office import Office
from director.prompting.request import Block, Request
from director.words.errors import NotFound, WrongCall
from director.words.models import Call
from director.words.states import CallState
from tests.director.conftest import reserve

REQUEST = Request("draft", "claude-sonnet-5-5", "low", 1_000, (Block(("x",)),), Block(("y",), stable=False))


@pytest.fixture
def called(office: Office, claimed: Callable[..., Held]) -> Callable[..., Call]:
    """A call that ended so, as it is then; without a state it is on the wire."""

    def make(state: CallState | None = None, cost_nano: int = 7) -> Call:
        held = claimed()
        with office.store.write() as tx:
            call = reserve(tx, office, held.turn, REQUEST, key=f"key {held.turn.id}")
            if state is CallState.LOST:
                caps.lose(tx, call, "no answer came in time")
            elif state is not None:
                caps.settle(tx, call, state, cost_nano)
            return tx.calls.get(call.id)

    return make


def spent(office: Office, call: Call) -> set[tuple[int, int]]:
    """What its goal's and its month's accounts say is spent and set aside."""
    with office.store.read() as tx:
        accounts = [tx.accounts.get(scope, rehearsal=True) for scope in scopes(call)]
    return {(account.spent_nano, account.reserved_nano) for account in accounts}


def scopes(call: Call) -> tuple[str, str]:
    return goal_scope(call.goal), month_scope(call.brand, call.month)


@pytest.mark.parametrize("cost_nano", [0, 1, 10**12])
def test_what_is_entered_is_counted_in_the_place_of_the_worst_case(
    office: Office, called: Callable[..., Call], cost_nano: int
) -> None:
    """
    Under both caps, in the ledger and in the journal, with the reason why nobody knew; also nothing, and more than the worst.
    """
    call = called(CallState.LOST)
    assert {(call.reserved_nano, 0)} == spent(office, call)

    assert call == enter(office, call.id, cost_nano)
    assert {(cost_nano, 0)} == spent(office, call)
    with office.store.read() as tx:
        now = tx.calls.get(call.id)
        line = tx.journal(call.goal)[-1]
    assert (CallState.ENTERED, cost_nano, "no answer came in time") == (now.state, now.cost_nano, now.error)
    assert ("call entered", "person", call.goal) == (line.what, line.by, line.subject)


@pytest.mark.parametrize("state", [state for state in CallState if state not in (CallState.LOST, CallState.ENTERED)])
def test_what_is_known_is_not_entered(office: Office, called: Callable[..., Call], state: CallState) -> None:
    """The sentence says how it is known."""
    call = called(None if state is CallState.RESERVED else state)
    before = spent(office, call)

    with pytest.raises(WrongCall, match=rf"^Call {call.id} (is on the wire|was answered|was refused)"):
        enter(office, call.id, 3)
    assert before == spent(office, call)


def test_a_second_figure_takes_the_place_of_the_first(office: Office, called: Callable[..., Call]) -> None:
    """Whoever mistyped it says it again; it is counted once, and the journal has both."""
    call = called(CallState.LOST)
    enter(office, call.id, 9_999_000_000)
    enter(office, call.id, 2_000_000)
    enter(office, call.id, 2_000_000)

    assert {(2_000_000, 0)} == spent(office, call)
    with office.store.read() as tx:
        entered = [line.detail for line in tx.journal(call.goal) if line.what == "call entered"]
    assert len(entered) == 3
    assert "$0.0020 instead of $10.00" in (entered[1] or "")


@pytest.mark.parametrize("late", [CallState.ANSWERED, CallState.DUPLICATE])
def test_an_answer_after_all_corrects_it(office: Office, called: Callable[..., Call], late: CallState) -> None:
    """Who asked was cut off, not dead: its usage says what the person could only guess."""
    call = called(CallState.LOST)
    enter(office, call.id, 2_000_000)
    with office.store.write() as tx:
        assert caps.settle(tx, call, late, 11)
        found = [line.detail or "" for line in tx.journal(call.goal) if line.what == "call found"]

    assert {(11, 0)} == spent(office, call)
    assert ["instead of what a person entered, $0.0020"] == [detail[-41:] for detail in found]
    with pytest.raises(WrongCall, match="was answered"):
        enter(office, call.id, 5)


def test_what_was_paid_and_could_not_be_kept_is_given_back_as_it_was_counted(
    office: Office, called: Callable[..., Call]
) -> None:
    """Such a call is lost too, and was never counted at its worst case."""
    call = called()
    with office.store.write() as tx:
        caps.settle(tx, call, CallState.LOST, 5, error="its answer could not be kept")
    assert {(5, 0)} == spent(office, call)
    enter(office, call.id, 9)

    assert {(9, 0)} == spent(office, call)


def test_a_call_that_is_not_there_is_said(office: Office) -> None:
    """And where to look."""
    with pytest.raises(NotFound, match=r"no call '5'; .* why GOAL"):
        enter(office, 5, 1)
