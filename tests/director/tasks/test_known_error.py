"""What is known of a reviewer, and what follows for the verdicts of work that is paid."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from director.claude.rehearsal.asked import Purpose
from director.goals.submit import submit
from director.office import Office
from director.prompting.reviewing import prompt_version
from director.tasks.known_error import CLEAN, ENOUGH_PAIRS, KINDS, measured
from director.words.models import Calibration, Goal
from director.words.states import TaskState
from skills.loader import DIMENSIONS
from tests.director.claude_double import ClaudeDouble

Drain = Callable[[Office, Goal], Goal]

MODEL = "claude-sonnet-5-5"

#: Skills enough for a dimension of two kinds to be measured.
SKILLS = ("copywriting", "social-content", "cold-email", "page-cro", "popup-cro", "paid-ads", "seo-audit", "form-cro")

ANSWER = '{"scores": {%s}, "findings": [], "rewrite": false, "summary": "Good."}' % ", ".join(  # noqa: UP031 - braces
    f'"{name}": {2.0 if name == "creativity" else 8.5}' for name in DIMENSIONS
)


def judged(office: Office, *, rehearsal: bool, lower: int) -> None:
    """A calibration in which creativity is scored lower in *lower* of 16 pairs, else the same; all else is seen."""
    pairs = [(skill, kind) for skill in SKILLS for kind in ("off-voice", "stock-phrases")]
    rows = [(skill, CLEAN, 8.0, False) for skill in SKILLS]
    rows += [(skill, kind, 5.0 if n < lower else 8.0, True) for n, (skill, kind) in enumerate(pairs)]
    with office.store.write() as tx:
        for skill, kind, creativity, back in rows:
            scores = {**dict.fromkeys(DIMENSIONS, 6.0 if back else 8.0), "creativity": creativity}
            tx.calibrations.put(
                Calibration(
                    text=f"{skill}/{kind}", model=MODEL, rehearsal=rehearsal, digest="d", skill=skill, kind=kind,
                    prompt=prompt_version(office.skills[skill]), sent_back=back,
                    document={"scores": scores, "findings": []}, goal=None, at=datetime(2026, 11, 22, tzinfo=UTC),
                )
            )  # fmt: skip


@pytest.mark.parametrize(("lower", "weightless"), [(16, ()), (8, ()), (7, ("creativity",)), (0, ("creativity",))])
def test_a_dimension_that_chance_would_judge_as_well_loses_its_weight(
    office: Office, lower: int, weightless: tuple[str, ...]
) -> None:
    """
    By ENOUGH_PAIRS pairs, a tie being half: 8 lower and 8 ties make 12 of 16, whose interval begins a hair above a half.
    """
    judged(office, rehearsal=False, lower=lower)

    with office.store.read() as tx:
        known = measured(tx, office.skills, MODEL, rehearsal=False)

    assert known.dimensions["creativity"].of == ENOUGH_PAIRS
    assert known.weightless == weightless
    assert ("not counted" in known.sentence()) is bool(weightless)


@pytest.mark.parametrize("rehearsal", [False, True])
def test_only_what_a_paid_model_showed_changes_a_verdict(
    open_with: Callable[..., Office], drain: Drain, *, rehearsal: bool
) -> None:
    """
    A review with a bad score for creativity alone: where that reviewer cannot judge it, the draft is approved and the review
    says what was not counted. What a rehearsal showed changes nothing.
    """
    with ClaudeDouble() as claude:
        claude.always(Purpose.REVIEW, ANSWER)
        office = open_with(anthropic_base_url=claude.url)
        judged(office, rehearsal=rehearsal, lower=0)
        goal = drain(office, submit(office, "Sell singing gnomes", pipeline="Social Week"))

    with office.store.read() as tx:
        (task,) = tx.tasks.of_goal(goal.id)
        first = tx.reviews.of_task(task.id)[0]
    weight = office.skills["social-content"].rubric.weights["creativity"]
    if rehearsal:
        assert first.score == pytest.approx(8.5 - weight * 6.5, abs=0.01)
        assert "weightless" not in first.document
    else:
        assert task.state is TaskState.APPROVED
        assert first.score == pytest.approx(8.5)
        assert first.document["weightless"] == ["creativity"]


def test_a_kind_names_dimensions_that_there_are() -> None:
    """
    A word that is none would measure nothing, and nobody would see it.
    """
    for kind in KINDS.values():
        assert set(kind.moves) <= set(DIMENSIONS)


def test_another_state_of_a_model_is_the_same_model(office: Office) -> None:
    """
    A date behind its name says which state is meant.
    """
    judged(office, rehearsal=False, lower=16)

    with office.store.read() as tx:
        assert measured(tx, office.skills, f"{MODEL}-20261001", rehearsal=False).planted.of == 16
