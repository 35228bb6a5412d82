"""What is said of a goal to whoever looks, by whichever way."""

import json
from collections.abc import Callable
from datetime import timedelta

from director.goals.cancel import cancel
from director.goals.submit import submit
from director.mailbox.turns import LEASE
from director.office import Office
from director.views.forecast import planned_document
from director.views.goal import goal_document, is_left, is_rehearsal, rests
from director.words.models import Goal
from director.words.reach import Reach
from director.words.states import GoalState, WaitFor
from tests.conftest import SetClock

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes"


def rests_now(office: Office, goal: Goal) -> bool:
    with office.store.read() as tx:
        return rests(tx, tx.goals.get(goal.id))


def left_now(office: Office, goal: Goal) -> bool:
    with office.store.read() as tx:
        return is_left(tx, tx.goals.get(goal.id))


def test_a_goal_rests_when_only_a_person_moves_it(office: Office, drain: Drain) -> None:
    """What is over rests, and what waits for an answer; what waits for the model service goes on by itself."""
    at_work = submit(office, GNOMES)
    asks = drain(office, submit(office, GNOMES, plan_by="template", confirm=True))
    over = cancel(office, submit(office, GNOMES).id)
    away = submit(office, GNOMES)
    with office.store.write() as tx:
        tx.goals.move(away, GoalState.WAITING, by="test", wait_for=WaitFor.MODEL)

    assert [rests_now(office, goal) for goal in (at_work, asks, over, away)] == [False, True, True, False]


def test_a_goal_is_left_when_nobody_is_there_to_go_on(office: Office, clock: SetClock) -> None:
    """A process that is here, staying or not, is somebody until it is not heard of for a lease; what is over needs nobody."""
    goal, over = submit(office, GNOMES), cancel(office, submit(office, GNOMES).id)

    assert left_now(office, goal)
    assert not left_now(office, over)
    with office.store.write() as tx:
        tx.presence.announce("another", standing=False, reach=Reach(rehearsal=True), until=clock() + LEASE)
    assert not left_now(office, goal)
    clock.forward(LEASE + timedelta(seconds=1))
    assert left_now(office, goal)


def test_before_its_first_call_a_goal_is_what_its_process_makes_of_it(office: Office, drain: Drain) -> None:
    """Then its calls say whether it is a rehearsal, whoever looks."""
    goal = submit(office, GNOMES, pipeline="Social Week")
    with office.store.read() as tx:
        assert [is_rehearsal(tx, goal, rehearses=rehearses) for rehearses in (False, True)] == [False, True]
    goal = drain(office, goal)
    with office.store.read() as tx:
        assert [is_rehearsal(tx, goal, rehearses=rehearses) for rehearses in (False, True)] == [True, True]


def test_a_planned_goal_is_the_goal_and_its_forecast(office: Office, drain: Drain) -> None:
    """The same document with its size, what each task will hand over, and the range, which is one."""
    goal = drain(office, submit(office, GNOMES, plan_by="template", confirm=True))
    with office.store.read() as tx:
        document = goal_document(office, tx, goal)
        planned = planned_document(office, tx, goal, rehearses=False)
    forecast, sizing, pieces = (planned.pop(name) for name in ("forecast", "sizing", "planned_pieces"))

    assert (sizing, planned.pop("unknowns"), planned.pop("sketch")) == ({}, [], ""), "of a ready-made plan nobody said"
    assert [(one["skill"], one["size"], one["most_words"]) for one in pieces] == [
        (task["skill"], "document", 2_000) for task in document["tasks"]
    ]
    kept = document.pop("forecast")
    assert json.loads(json.dumps(planned)) == json.loads(json.dumps(document))
    assert 0 < forecast["low_usd"] < forecast["likely_usd"] < forecast["high_usd"]
    assert kept.items() <= forecast.items()
    assert kept["from_goals"] == 0
    assert 0 < forecast["low_seconds"] < forecast["high_seconds"]
