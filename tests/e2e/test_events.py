"""An event is told of, a worker looks at it, and the goal it starts goes to its end."""

from collections.abc import Callable

import pytest

from director.words.states import GoalState
from tests.e2e.installation import Installation

pytestmark = pytest.mark.measured


def test_an_event_becomes_a_completed_goal_and_a_second_one_cools_down(install: Callable[..., Installation]) -> None:
    """
    Told of before any worker runs it waits; told of while one runs, the command says what became of it. Failures inside are
    none here, so that the record has these two events and nobody is left with anything to look at.
    """
    place = install()
    early = place.run("events", "send", "traffic_drop", "percentageDrop=35", "page=/pricing", "--json")
    assert early.code == 0, early.err
    assert early.document["looked_at"] is None
    assert early.document["data"] == {"percentageDrop": 35, "page": "/pricing"}
    assert early.document["waits"].startswith("It waits until a worker runs")
    assert place.run("status", "--stuck").code == 0

    with place.working():
        place.until(lambda tx: tx.events.get("e1").looked_at is not None or None, "the worker looked at it")
        late = place.run("events", "send", "traffic_drop", "percentageDrop=40")
        goal = place.until_over("g1")
    shown = place.run("events", "show", "e1", "--json").document
    with place.record() as tx:
        [task, *_] = tx.tasks.of_goal("g1")
        assert len(tx.goals.all()) == 1
    prompt = place.run("show", "--prompt", task.id)

    assert goal.state is GoalState.COMPLETED
    assert goal.text == "Traffic fell by 35 percent. Find out why, and win it back."
    assert shown["became"][0]["goal"] == "g1"
    assert late.code == 0, late.err
    assert "traffic-drop: cooled down. It started something for e1, and again from" in late.out
    assert '{"percentageDrop": 35, "page": "/pricing"}' in prompt.out
