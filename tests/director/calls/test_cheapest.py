"""From the level critical on, what is critical goes on with the cheapest model; a changing level buys nothing twice."""

from collections.abc import Callable

import pytest

from director.calls import caps
from director.calls.ask import ask
from director.mailbox.turns import Held
from director.office import Office
from director.prompting.request import Block, Request
from director.words.amounts import NANO
from director.words.models import Goal
from director.words.states import Priority

REQUEST = Request("plan", "claude-opus-5-5", "low", 500, (Block(("You plan.",)),), Block(("A line.",), stable=False))
HAIKU = "claude-haiku-5-5"


def spent(office: Office, share: int) -> None:
    """As much of the month, in hundredths."""
    with office.store.write() as tx:
        scope = caps.month_scope("default", f"{tx.now:%Y-%m}")
        account = tx.accounts.get(scope, rehearsal=True)
        tx.accounts.allow(scope, 0, rehearsal=True)
        more = share * NANO - account.spent_nano
        tx.accounts.settle(scope, rehearsal=True, reserved_nano=0, spent_nano=more)


def models(office: Office, goal: Goal) -> list[str]:
    with office.store.read() as tx:
        return [call.model for call in tx.calls.of_goal(goal.id)]


@pytest.fixture
def goal(given_goal: Callable[..., Goal]) -> Goal:
    return given_goal(priority=Priority.P0)


@pytest.fixture
def office(open_with: Callable[..., Office]) -> Office:
    """A month may cost 100 USD."""
    return open_with(budget_monthly=100 * NANO)


@pytest.mark.parametrize(("share", "model"), [(94, REQUEST.model), (95, HAIKU)])
def test_the_level_says_which_model_is_asked(
    office: Office, goal: Goal, claimed: Callable[..., Held], share: int, model: str
) -> None:
    """Not before critical."""
    spent(office, share)
    ask(office, claimed(goal), REQUEST)
    assert models(office, goal) == [model]


@pytest.mark.parametrize(("first", "then"), [(0, 95), (95, 0)])
def test_what_was_answered_is_not_bought_again_at_another_level(
    office: Office, goal: Goal, claimed: Callable[..., Held], first: int, then: int
) -> None:
    """Whichever model answered it: the next attempt of the turn gets that."""
    spent(office, first)
    held = claimed(goal)
    one = ask(office, held, REQUEST)
    spent(office, then)
    other = ask(office, held, REQUEST)

    assert (one.text, True) == (other.text, other.kept)
    assert len(models(office, goal)) == 1


def test_the_setting_model_is_the_model_of_every_call(
    open_with: Callable[..., Office], goal: Goal, claimed: Callable[..., Held]
) -> None:
    """A person said so, also for this."""
    office = open_with(budget_monthly=100 * NANO, model="claude-sonnet-5-5")
    spent(office, 96)
    asked = Request("plan", "claude-sonnet-5-5", "low", 500, REQUEST.system, REQUEST.user)
    ask(office, claimed(goal), asked)
    assert models(office, goal) == ["claude-sonnet-5-5"]
