"""The question about a plan, while somebody else answers it, or its deadline passes."""

from datetime import timedelta

import pytest
import typer

from director.cli.consent import answer_about_plan
from director.goals.submit import submit
from director.inbox import approvals
from director.office import Office
from director.progress.questions import about_plan
from director.words.errors import AnsweredBefore
from director.words.models import Approval, Goal
from director.words.states import Answer, GoalState
from tests.conftest import SetClock
from tests.director.cli.conftest import do


@pytest.fixture
def asked(office: Office) -> tuple[Goal, Approval]:
    """A goal whose plan waits for a yes, and the question."""
    goal = do(office, submit(office, "Sell gnomes", plan_by="template", confirm=True))
    with office.store.read() as tx:
        question = about_plan(tx, goal.id)
    assert question is not None
    return goal, question


Asked = tuple[Goal, Approval]


def answered(office: Office, asked: Asked, monkeypatch: pytest.MonkeyPatch, *, yes: bool) -> GoalState:
    """Where the goal stands once a person at the terminal has said yes or no."""
    monkeypatch.setattr(typer, "confirm", lambda *_args, **_how: yes)
    answer_about_plan(office, *asked, yes=False, rehearses=True)
    with office.store.read() as tx:
        return tx.goals.get(asked[0].id).state


@pytest.mark.parametrize(
    ("said", "how", "stands"),
    [(Answer.APPROVE, "(approve)", GoalState.RUNNING), (Answer.REJECT, "(reject)", GoalState.CANCELLED)],
)
def test_a_yes_after_anothers_answer_goes_on_from_there(
    office: Office,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: Answer,
    how: str,
    stands: GoalState,
) -> None:
    """Who agreed too is told, and follows what both wanted, or sees how it ended; the work is not left alone."""
    approvals.answer(office, asked[1].id, said)

    assert answered(office, asked, monkeypatch, yes=True) is stands
    assert f"was answered before {how}" in capsys.readouterr().err


def test_a_no_after_anothers_yes_does_nothing_here(
    office: Office, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer counts; the sentence says how to end the goal all the same."""
    approvals.answer(office, asked[1].id, Answer.APPROVE)

    with pytest.raises(AnsweredBefore, match=r"answered before .* cancel g1` ends the goal"):
        answered(office, asked, monkeypatch, yes=False)


@pytest.mark.parametrize("yes", [True, False])
def test_an_answer_after_the_deadline_is_told_so(
    office: Office,
    clock: SetClock,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    yes: bool,
) -> None:
    """Silence was no yes, however long the terminal stood there."""
    clock.forward(timedelta(days=4))
    approvals.apply_defaults(office)

    assert answered(office, asked, monkeypatch, yes=yes) is GoalState.CANCELLED
    assert "Nobody answered a1 in time" in capsys.readouterr().err


def test_without_another_the_answer_counts(
    office: Office, asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is complained about."""
    assert answered(office, asked, monkeypatch, yes=True) is GoalState.RUNNING
    assert capsys.readouterr().err == ""
