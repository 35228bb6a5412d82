"""A goal that would not fit under its cap asks before it starts, also where nobody is asked; with a yes it comes to its end."""

from collections.abc import Callable

from tests.e2e.installation import Installation

GIVEN = ("pipeline", "Product Launch", "Launch the singing gnome", "--budget", "0.40", "--yes", "--json")


def test_a_goal_that_does_not_fit_asks_first_and_comes_true(install: Callable[..., Installation]) -> None:
    """
    `--yes` was said to its plan and to no higher cap: nothing is begun, the question names the forecast and the cap. With that
    yes `watch` does it all, and what it cost stands beside what was expected.
    """
    place = install()
    given = place.run(*GIVEN)
    (question,) = given.document["approvals"]

    assert (given.code, given.document["goal"]["waits_for"], question["kind"]) == (1, "money", "plan")
    assert given.document["calls"] == 0
    assert {task["state"] for task in given.document["tasks"]} == {"planned"}
    assert "let it cost up to $" in question["question"]

    assert place.run("approve", question["id"]).code == 0
    done = place.run("watch", "g1", "--json")
    expected, cost = done.document["forecast"], done.document["cost"]

    assert (done.code, done.document["goal"]["state"]) == (0, "completed")
    assert expected["low_usd"] <= cost["spent_usd"] <= expected["high_usd"]
    assert 0.40 < cost["cap_usd"]
    assert "was expected, between" in place.run("show", "g1").out
