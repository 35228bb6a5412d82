"""A rehearsal judges nothing: wherever a score would stand, it says that the shape was checked, and no number."""

import json
import re
from collections.abc import Callable

import pytest

from director.cli.follow import Lines
from director.goals.submit import submit
from director.office import Office
from director.progress import performance_record
from director.tasks.verdicts import Escalate, Revise, decide
from director.views.goal import goal_document
from director.words.models import Goal
from director.words.states import GoalState
from tests.director.tasks.test_verdicts import EVEN, answer

Drain = Callable[[Office, Goal], Goal]

#: "score 8.0", "7.4 of 10", "5.5 before"; the mark that is needed is none that was given.
NUMBER = re.compile(r"score \d|\d of 10\b|\d\.\d (?:before|now)")


def told(office: Office, goal: Goal, capsys: pytest.CaptureFixture[str]) -> str:
    """All that progress lines, the questions, the table for reports and the files say."""
    with office.store.read() as tx:
        Lines().look(tx, tx.goals.get(goal.id), tx.journal(goal.id))()
        asked = [question.question for question in tx.approvals.of_goal(goal.id)]
        table = performance_record.as_markdown(tx, before=Goal(**{**_fields(goal), "id": "g99"}))
    files = [file.read_text(encoding="utf-8") for file in office.settings.workspace_dir.rglob("g1*.md")]
    return "\n".join([capsys.readouterr().out, *asked, table, *files])


def _fields(goal: Goal) -> dict[str, object]:
    return {name: getattr(goal, name) for name in Goal.__dataclass_fields__}


@pytest.mark.parametrize("pipeline", ["Social Week", "Copywriting Review Chain"])
def test_what_was_approved_has_no_number(
    office: Office, drain: Drain, capsys: pytest.CaptureFixture[str], pipeline: str
) -> None:
    """Neither on a line of progress nor in a file, a review that is a step of the plan included; nor in the document."""
    goal = drain(office, submit(office, "Sell gnomes", pipeline=pipeline))
    said = told(office, goal, capsys)
    with office.store.read() as tx:
        document = goal_document(office, tx, goal)

    assert GoalState.COMPLETED is goal.state
    assert "approved (revision 0, shape checked)" in said
    assert [] == NUMBER.findall(said)
    assert {None} == {task["score"] for task in document["tasks"]}


@pytest.mark.parametrize("script", ["stuck=1", "escalate=1", "send_back=1"])
def test_what_was_not_approved_at_once_has_no_number_either(
    open_with: Callable[..., Office], drain: Drain, capsys: pytest.CaptureFixture[str], script: str
) -> None:
    """What is sent back says what was found; a question says that nobody gave a score."""
    office = open_with(rehearsal=script)
    goal = drain(office, submit(office, "Sell gnomes", pipeline="Social Week"))
    said = told(office, goal, capsys)

    assert "sent back" in said or "not approved" in said
    assert [] == NUMBER.findall(said)


def test_a_score_somebody_gave_is_told(asking: Office, drain: Drain, capsys: pytest.CaptureFixture[str]) -> None:
    """Where Claude reviews, the number is on the line, in the file and in the document."""
    goal = drain(asking, submit(asking, "Sell gnomes", pipeline="Social Week"))
    said = told(asking, goal, capsys)
    with asking.store.read() as tx:
        document = json.loads(json.dumps(goal_document(asking, tx, goal)))

    assert "shape checked" not in said
    assert re.search(r"approved \(revision 0, score \d\.\d\)", said)
    assert all(isinstance(task["score"], float) for task in document["tasks"])


@pytest.mark.parametrize("score", [1, 6])
def test_a_rehearsed_verdict_is_the_same_without_the_number(score: int) -> None:
    """The way of the work is what is rehearsed."""
    given, rehearsed = decide(answer(score), EVEN), decide(answer(score), EVEN, rehearsed=True)

    assert type(given) is type(rehearsed)
    assert given.score == rehearsed.score
    words = (
        rehearsed.reason
        if isinstance(rehearsed, Escalate)
        else rehearsed.notes
        if isinstance(rehearsed, Revise)
        else ""
    )
    assert words
    assert "of 10" not in words
