"""`status`: what is left out is said, and what is asked for is what is looked at."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from director.goals.submit import submit
from director.mailbox import weather
from director.office import Office
from director.words.errors import LimitReached
from tests.conftest import SetClock
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


def test_a_limit_of_the_model_service_is_named_until_as_many_as_usual_ask_again(
    office: Office, say: Say, clock: SetClock
) -> None:
    """While all wait: until when and why; then how many ask at once. A script reads the same."""
    fill(office, 1)
    clock.now = datetime.now(UTC)
    told = LimitReached(
        "The model service is busy (429): Slow.", model="claude-opus-5-5", retry_after=timedelta(minutes=9)
    )
    with office.store.write() as tx:
        weather.refused(tx, office.claude.service, told, 5)
    until = clock.now + timedelta(minutes=9)
    [limit] = json.loads(say("status", "--json").out)["limits"]

    assert {"models": "claude-opus", "asked_again_at": until.isoformat(), "reason": str(told), "at_once": 1} == limit
    said = " ".join(say("status").out.split())
    assert f"The limit of claude-opus is used up, it is asked again at {until:%H:%M:%S} UTC: {told}" in said
    clock.forward(-timedelta(hours=1))  # what was told then is over by now
    with office.store.write() as tx:
        tx.limits.forget(office.claude.service, "claude-opus")
        weather.refused(tx, office.claude.service, told, 5)
    said = " ".join(say("status").out.split())

    assert "claude-opus is asked by 1 at once instead of" in said
    assert json.loads(say("status", "--json").out)["limits"][0]["asked_again_at"] is None
