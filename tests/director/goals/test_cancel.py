"""A person stops a goal by its id, or by that of a question about it."""

from collections.abc import Callable

import pytest

from director.goals.cancel import cancel, end_dry_run
from director.goals.submit import submit
from director.office import Office
from director.words.errors import NotFound, WrongCall
from director.words.models import Goal
from director.words.states import GoalState

Drain = Callable[[Office, Goal], Goal]

GNOMES = "Sell singing gnomes to people without gardens"


def goal_of(office: Office, ident: str) -> Goal:
    with office.store.read() as tx:
        return tx.goals.get(ident)


def test_a_goal_is_stopped_by_its_id(office: Office) -> None:
    """The goal that comes back says so, and by whom."""
    stopped = cancel(office, submit(office, GNOMES).id)

    assert (stopped.state, stopped.reason) == (GoalState.CANCELLED, "cancelled by a person")
    assert stopped == goal_of(office, "g1")


def test_a_question_stands_for_its_goal(office: Office, drain: Drain) -> None:
    """Whoever is asked has the question's id at hand; other goals go on."""
    drain(office, submit(office, GNOMES, plan_by="template", confirm=True))
    submit(office, GNOMES)

    assert cancel(office, "a1").id == "g1"
    assert goal_of(office, "g2").state is GoalState.PLANNING


@pytest.mark.parametrize(("ident", "said"), [("g9", "no goal 'g9'"), ("a9", "no approval 'a9'")])
def test_what_is_not_there_cannot_be_stopped(office: Office, ident: str, said: str) -> None:
    """The sentence names what was looked for."""
    with pytest.raises(NotFound, match=said):
        cancel(office, ident)


def test_what_is_over_is_not_stopped_again(office: Office, drain: Drain) -> None:
    """How it ended is in the sentence, and stays."""
    drain(office, submit(office, GNOMES, pipeline="Social Week"))
    cancel(office, submit(office, GNOMES).id)

    for ident, said in (("g1", "Goal g1 is completed already"), ("g2", "Goal g2 was cancelled already")):
        before = goal_of(office, ident)
        with pytest.raises(WrongCall, match=said):
            cancel(office, ident)
        assert goal_of(office, ident) == before


def test_a_dry_run_ends_as_one(office: Office) -> None:
    """Its reason is its own."""
    goal = submit(office, GNOMES, confirm=True)
    end_dry_run(office, goal.id)

    assert goal_of(office, goal.id).state is GoalState.CANCELLED
    assert goal_of(office, goal.id).reason == "a dry run stops at the plan"


def test_a_dry_run_that_is_over_stays_as_it_is(office: Office) -> None:
    """Somebody stopped it first; whoever ends it then has nothing to complain about."""
    goal = cancel(office, submit(office, GNOMES, confirm=True).id)
    end_dry_run(office, goal.id)

    assert goal_of(office, goal.id) == goal
