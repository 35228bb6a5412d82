"""The words of the command line: numbers with their nouns, states behind ids, times with their zone, marks made visible."""

import re
from collections.abc import Callable

import pytest

from director.cli.terminal import counted
from director.goals.submit import submit
from director.office import Office
from director.words.characters import visible
from director.words.models import Goal
from director.words.states import GoalState, stands
from tests.director.cli.conftest import Said

Drain = Callable[[Office, Goal], Goal]
Say = Callable[..., Said]


@pytest.mark.parametrize(("number", "said"), [(0, "0 faults"), (1, "1 fault"), (1969, "1,969 faults")])
def test_a_number_goes_with_its_noun(number: int, said: str) -> None:
    """One is no plural."""
    assert counted(number, "fault") == said


def test_every_state_can_stand_behind_an_id() -> None:
    """As people say it."""
    said = {state: stands(state) for state in GoalState}

    assert said[GoalState.FAILED] == "has failed"
    assert said[GoalState.CANCELLED] == "was cancelled"
    assert said[GoalState.WAITING] == "is waiting"


def test_marks_that_turn_what_is_read_are_written_out(office: Office, drain: Drain, say: Say) -> None:
    """A goal's words cannot be made to look like others."""
    goal = drain(office, submit(office, "Sell \u202egnomes\u2066", confirm=True))

    assert visible(goal.text) == "Sell \\u202egnomes\\u2066"
    for words in (("status",), ("status", "g1"), ("show", "a1"), ("approvals",)):
        assert not set("\u202e\u2066") & set(say(*words).out), words


def test_times_of_the_journal_say_their_zone(office: Office, say: Say) -> None:
    """Nobody has to guess whether it is theirs."""
    submit(office, "Sell gnomes")
    lines = [line for line in say("show", "g1").out.splitlines() if line.startswith("20")]

    assert lines
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  g1", line) for line in lines)


def test_a_plan_of_one_is_one_task(office: Office, drain: Drain, say: Say) -> None:
    """Not "1 tasks"."""
    drain(office, submit(office, "Sell gnomes", pipeline="Social Week", confirm=True))

    assert "this plan of 1 task? " in say("approvals").out


def test_what_is_sent_back_is_no_list(open_with: Callable[..., Office], drain: Drain) -> None:
    """The first of the notes is told as a sentence, without its dash."""
    office = open_with(rehearsal="truncated=1")
    goal = drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
    with office.store.read() as tx:
        told = [line.detail or "" for line in tx.journal(goal.id) if (line.detail or "").startswith("sent back")]

    assert told
    assert not [detail for detail in told if detail.startswith("sent back: -")]
