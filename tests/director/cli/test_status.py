"""`status`: what is left out is said, and what is asked for is what is looked at."""

import json
from collections.abc import Callable

from director.goals.submit import submit
from director.office import Office
from tests.director.cli.conftest import Said
from tests.director.conftest import add_goal

Say = Callable[..., Said]


def fill(office: Office, goals: int) -> None:
    """A record with that many goals."""
    with office.store.write() as tx:
        for _ in range(goals):
            add_goal(tx)


def ids(said: Said) -> list[str]:
    """The goals a table lists."""
    return [line.split()[0] for line in said.out.splitlines() if line.startswith("g") and line[1].isdecimal()]


def test_goals_that_are_left_out_are_counted(office: Office, say: Say) -> None:
    """The newest fifty are shown; how many more there are, and how to see them, is said."""
    fill(office, 53)
    said = say("status")

    assert ids(said) == [f"g{n}" for n in range(53, 3, -1)]
    assert "3 older goals are not shown: `status --all`, or `status GOAL` for one." in said.out


def test_all_goals_are_shown_when_asked_for(office: Office, say: Say) -> None:
    """Then nothing is said to be left out."""
    fill(office, 53)
    said = say("status", "--all")

    assert len(ids(said)) == 53
    assert "not shown" not in said.out


def test_a_document_says_how_many_it_leaves_out(office: Office, say: Say) -> None:
    """A script never takes a part for the whole."""
    fill(office, 53)
    newest, everything = (json.loads(say("status", "--json", *more).out) for more in ((), ("--all",)))

    assert (len(newest["goals"]), newest["left_out"]) == (50, 3)
    assert (len(everything["goals"]), everything["left_out"]) == (53, 0)


def test_what_is_stuck_can_be_asked_of_one_goal(office: Office, say: Say) -> None:
    """Of another it is not told, and an unknown goal is a wrong call."""
    submit(office, "Sell gnomes")
    fill(office, 1)

    assert [row["goal"] for row in json.loads(say("status", "--stuck", "--json").out)["stuck"]] == ["g1", "g2"]
    assert [row["goal"] for row in json.loads(say("status", "g2", "--stuck", "--json").out)["stuck"]] == ["g2"]
    unknown = say("status", "--stuck", "g99")
    assert unknown.code == 2
    assert "'g99'" in unknown.err
