"""`calibrate`, and what is known of the reviewer beside verdicts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from director.calibration import begin
from director.claude.rehearsal.asked import Purpose
from director.cli import team_slot
from director.goals.submit import submit
from director.office import Office
from director.words.command import program
from director.words.models import Goal
from tests.director.calibration.test_calibrate import BAD
from tests.director.claude_double import ClaudeDouble
from tests.director.cli.conftest import Said
from tests.director.tasks.test_known_error import judged

Say = Callable[..., Said]
Drain = Callable[[Office, Goal], Goal]


def test_before_the_first_calibration_nothing_is_known(say: Say) -> None:
    """
    That is said with the command that changes it, and nothing is asked or begun.
    """
    said = say("calibrate", "--show")

    assert said.code == 0
    assert said.out == (
        f"How far claude-sonnet-5-5 can be trusted as the reviewer is not known: `{program()} calibrate` measures it.\n"
    )


def test_the_table_has_kinds_and_dimensions(say: Say, office: Office) -> None:
    """
    A line a kind, all together, the clean texts; then which dimensions count.
    """
    judged(office, rehearsal=False, lower=0)

    lines = say("calibrate", "--show").out.splitlines()

    assert any(line.startswith("off-voice") and "100 %" in line for line in lines)
    assert any(line.startswith("clean texts") and "0 to 32 %" in line for line in lines)
    assert any(line.startswith("creativity") and "does not count" in line for line in lines)


def test_the_document_has_the_same(say: Say, office: Office) -> None:
    """
    Shares with their intervals, from 0 to 1.
    """
    judged(office, rehearsal=False, lower=0)

    models = json.loads(say("calibrate", "--show", "--json").out)["models"]
    [paid] = [model for model in models if not model["rehearsed"]]

    assert paid["kinds"]["off-voice"]["interval_95"] == [0.6756, 1.0]
    assert paid["dimensions"]["creativity"] == {
        "of": 16,
        "share": 0.5,
        "interval_95": [0.28, 0.72],
        "counts": False,
        "measured": True,
    }


def test_nothing_is_paid_that_nobody_agreed_to(say: Say, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where nobody can be asked, it says what it would cost and how to agree.
    """
    with ClaudeDouble() as claude:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", claude.url)
        said = say("calibrate", "--kinds", "vague-step")

        assert said.code == 2
        assert "say --yes" in said.err
        assert claude.asked() == []
    with office.store.read() as tx:
        assert tx.goals.count() == 0


def test_of_a_month_that_has_too_little_left_nobody_is_asked(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What it will likely cost and what is left stand side by side before anybody agrees, and a yes changes nothing.
    """
    with ClaudeDouble() as claude:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", claude.url)
        monkeypatch.setenv("BUDGET_MONTHLY", "0.01")
        said = [say("calibrate", "--kinds", "vague-step"), say("calibrate", "--kinds", "vague-step", "--yes")]

        assert [2, 2] == [one.code for one in said]
        assert all("and $0.0100 is left of the month " in one.err for one in said)
        assert claude.asked() == []


def test_one_that_is_over_by_now_is_followed_by_no_other(
    say: Say, office: Office, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Who goes on with one that was interrupted agreed to that one: it may end while the rest is counted, and nothing is begun.
    """
    goal = begin.begin(office, begin.look(office, kinds=["vague-step"]), rehearsal=True)
    look, slots = begin.look, []

    def ends_meanwhile(here: Office, **wanted: Any) -> begin.ToDo:
        drain(office, goal)
        return look(here, **wanted)

    def as_it_is(here: Office, ident: str, **_: Any) -> tuple[Goal, int]:
        with here.store.read() as tx:
            return tx.goals.get(ident), 0

    @contextmanager
    def slot(_: object, ident: str) -> Iterator[Office]:
        slots.append(ident)
        yield office

    monkeypatch.setattr(begin, "look", ends_meanwhile)
    monkeypatch.setattr(team_slot, "make", slot, raising=False)  # what starts the program sets it
    monkeypatch.setattr("director.cli.calibrate.follow_here", as_it_is)
    said = say("calibrate")

    assert said.code == 0
    assert f"{goal.id}, a calibration that was interrupted, goes on." in said.out
    assert slots == [goal.id]
    with office.store.read() as tx:
        assert tx.goals.count() == 1


def test_people_of_whom_nobody_answered(say: Say) -> None:
    """
    It says so, and that is no error.
    """
    said = say("calibrate", "--people")

    assert (said.code, said.out) == (0, "No person answered yet about a draft that a model had reviewed.\n")


def test_what_is_known_stands_beside_verdicts(say: Say, open_with: Callable[..., Office], drain: Drain) -> None:
    """
    Of a paid goal, in `status`, `approvals` and `show` of a question: once that nothing is known, then what is.
    """
    with ClaudeDouble() as claude:
        claude.always(Purpose.REVIEW, BAD.replace("8.0", "3.0"))
        office = open_with(anthropic_base_url=claude.url)
        goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))

    before = [say(*words).out for words in (("status", goal.id), ("approvals",), ("show", "a1"))]
    judged(office, rehearsal=False, lower=0)
    after = [say(*words).out for words in (("status", goal.id), ("approvals",), ("show", "a1"))]

    assert all("is not known" in " ".join(out.split()) for out in before)
    assert all("sends back 16 of 16 planted faults and 0 of 8 clean texts" in " ".join(out.split()) for out in after)


def test_beside_a_rehearsed_verdict_stands_nothing(say: Say, office: Office, drain: Drain) -> None:
    """
    Nobody judged.
    """
    goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))
    judged(office, rehearsal=False, lower=0)

    assert "Known error" not in say("status", goal.id).out
