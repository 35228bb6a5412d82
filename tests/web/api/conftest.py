"""A web app over a goal that was rehearsed to its end, and one that waits for its plan to be agreed to."""

from collections.abc import Callable

import pytest
from falcon.testing import TestClient

from director.goals.submit import submit
from director.mailbox.events import receive
from director.memory import change
from director.office import Office
from director.upkeep.health import look
from director.words.models import Approval, Goal
from director.words.states import Outcome
from tests.web.api.asked import Api
from web.app import create_app

GNOMES = "Sell singing gnomes to people without gardens"


@pytest.fixture
def api(office: Office) -> Api:
    """The interface over the office."""
    return Api(TestClient(create_app(lambda: office)))


@pytest.fixture
def done(office: Office, drain: Callable[[Office, Goal], Goal]) -> Goal:
    """A goal that is over."""
    return drain(office, submit(office, GNOMES))


@pytest.fixture
def planned(office: Office, drain: Callable[[Office, Goal], Goal]) -> Goal:
    """A goal whose plan waits for a yes."""
    return drain(office, submit(office, GNOMES, confirm=True))


@pytest.fixture
def question(office: Office, planned: Goal) -> Approval:
    """The question about that plan."""
    with office.store.read() as tx:
        [asked] = tx.approvals.open(planned.id)
    return asked


@pytest.fixture
def lived_in(office: Office, done: Goal, question: Approval) -> Office:
    """An office with something of everything."""
    change.add(office, "Name the gnomes.", "copywriting")
    with office.store.write() as tx:
        receive(tx, brand="default", source="cli", delivery="1", type="new_blog_post", data={"n": 1}, said_at=tx.now)
        tx.events.add_outcome("e1", "posts", Outcome.COOLED_DOWN, "It started g1 an hour ago.")
    look(office, team=False)
    return office
