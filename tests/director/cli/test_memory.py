"""`memory`: what a person sees of what the team remembers, says to it, and is told it is worth."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from director.cli.memory import _figures, _fitted
from director.goals.submit import submit
from director.memory import learn
from director.memory.worth import Compared
from director.office import Office
from director.prompting.forms import Lesson
from director.store.learnings import Arm
from director.words.models import Goal
from tests.director.cli.conftest import Said, drawn
from tests.director.memory.conftest import add_task

Say = Callable[..., Said]
Drain = Callable[[Office, Goal], Goal]


@pytest.fixture
def proposed(office: Office) -> str:
    """The id of what the Director proposed."""
    with office.store.write() as tx:
        goal, _ = add_task(tx)
        (made,) = learn.from_goal(tx, goal, [Lesson(skill="copywriting", lesson="Name the day.", result="success")])
    return made.id


def test_where_nothing_is_remembered_it_is_said_how_to_begin(say: Say) -> None:
    """With the command."""
    said = say("memory")

    assert said.out.startswith("Nothing is remembered yet.")
    assert "memory add" in said.out


def test_what_waits_stands_first_and_says_how_it_is_answered(say: Say, proposed: str) -> None:
    """With what it was learned from; `approvals`, where a person looks for what waits, names it too."""
    say("memory", "add", "Name the hour.", "--skill", "director")
    said = say("memory").out

    assert proposed in said.splitlines()[1]
    assert "(g1)" in said
    assert "1 proposal waits for your word" in said
    assert "1 proposed learning waits for your word" in say("approvals").out


def test_only_what_was_asked_for_is_listed(say: Say, proposed: str) -> None:
    """By skill and by state; a state there is not is refused."""
    say("memory", "add", "Name the hour.", "--skill", "director")

    assert proposed not in say("memory", "--skill", "director").out
    assert [proposed] == [
        one["id"] for one in json.loads(say("memory", "--state", "proposed", "--json").out)["learnings"]
    ]
    assert 2 == say("memory", "--state", "idle").code


def test_each_word_says_what_became_of_it(say: Say, proposed: str) -> None:
    """In one line, with where it holds; as a document, with why."""
    assert (
        f"{proposed} (copywriting) is followed where it fits in rehearsed goals: Name"
        in say("memory", "accept", proposed).out
    )
    assert "is followed where it fits: Name the hour." in say("memory", "edit", proposed, "Name the hour.").out
    assert "A person retired it." == json.loads(say("memory", "retire", proposed, "--json").out)["why"]


def test_who_left_out_the_quotes_is_shown_where_they_belong(say: Say) -> None:
    """Behind both words of the command."""
    said = say("memory", "add", "Name", "the", "day", "--skill", "director")

    assert (2, True) == (said.code, "memory add 'Name the day'" in said.err)


def test_after_instructions_one_line_asks_whether_they_hold_for_all(
    open_with: Callable[..., Office], drain: Drain, say: Say
) -> None:
    """With the command that says so; said in another goal too, they do, which is told. The document has the learning."""
    office = open_with(rehearsal="escalate=1")
    for _ in range(3):
        drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))

    assert say("revise", "a1", "Sing louder.").out.rstrip().endswith("memory accept m1`.")
    assert say("revise", "a3", "Sing louder!").out.rstrip().endswith("memory retire m1` ends that.")
    assert "m2" == json.loads(say("revise", "a2", "Count the visitors.", "--json").out)["learning"]["id"]


def test_the_report_of_few_says_so(say: Say) -> None:
    """Before anything is followed, and before anything is known of it."""
    assert "nothing to compare" in say("memory", "report").out
    say("memory", "add", "Name the hour.", "--skill", "director")

    assert "too few to tell" in say("memory", "report").out
    assert ["too few to tell"] == [
        one["worth"] for one in json.loads(say("memory", "report", "--json").out)["learnings"]
    ]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_narrow_report_keeps_what_it_says(width: int) -> None:
    """Columns are left out, the last, which says what is known, is not; no line is wider than the terminal."""
    arm = Arm(240, 190, 240, 1_900.0, 15_200.0)
    figures = _figures(Compared(arm, replace(arm, tasks=60, approved=30, scored=60, total=420.0, squares=3_000.0)))
    rows = [("m1 copywriting: Name the day of the fair, please.", *figures)]
    lines = drawn(_fitted(rows, "learning", width), width)

    assert max(map(len, lines)) <= width
    assert "helps" in "\n".join(lines)
