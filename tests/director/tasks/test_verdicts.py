"""From scores and findings to a verdict, at the edges."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.catalog import Catalog
from director.prompting.forms import Finding, ReviewForm, Scores
from director.tasks.performance_report import REPORTER
from director.tasks.verdicts import MANY_MAJORS, Approve, Escalate, Revise, decide
from director.words.settings import Settings
from skills.loader import DIMENSIONS, Rubric

RUBRICS = {
    **{name: skill.rubric for name, skill in Catalog(Settings()).roster.skills.items()},
    "director": REPORTER.rubric,
}

#: Every dimension the same, none with a minimum.
EVEN = Rubric(weights=dict.fromkeys(DIMENSIONS, 1 / 7), minimums={}, criteria=(), faults=())

SEVERITIES = ("critical", "major", "minor", "suggestion")


def answer(score: float, *severities: str, **scores: float) -> ReviewForm:
    return ReviewForm(
        scores=Scores(**{**dict.fromkeys(DIMENSIONS, score), **scores}),
        findings=[
            Finding(severity=severity, where=f"Section {n}", what=f"What {n}.", change=f"Change {n}.")
            for n, severity in enumerate(severities)
        ],
        summary="Gnomes.",
    )


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (10, Approve),
        (7.1, Approve),
        (7, Approve),
        (6.99, Revise),
        (6.5, Revise),
        (4, Revise),
        (3.99, Escalate),
        (0, Escalate),
    ],
)
def test_the_overall_score_decides(score: float, verdict: type) -> None:
    """
    Under 7 the author changes it, under 4 a person looks at it; 7 and 4 themselves are not under.
    """
    found = decide(answer(score), EVEN)

    assert isinstance(found, verdict)
    assert found.score == pytest.approx(score)


@pytest.mark.parametrize("name", RUBRICS)
def test_sevens_everywhere_are_an_approval(name: str) -> None:
    """
    7 is usable as it is under every rubric of ours that asks for no more; rounding takes nothing away.
    """
    rubric = RUBRICS[name]
    enough = {dimension: max(7, least) for dimension, least in rubric.minimums.items()}

    assert isinstance(decide(answer(7, **enough), rubric), Approve)


def test_a_little_under_seven_is_under_seven() -> None:
    """
    Rounding gives nothing either: with one dimension of weight 0.05 a tenth short, the whole is short.
    """
    rubric = Rubric(
        weights=dict(zip(DIMENSIONS, (0.05, 0.2, 0.15, 0.2, 0.1, 0.15, 0.15), strict=True)),
        minimums={},
        criteria=(),
        faults=(),
    )

    assert isinstance(decide(answer(7, completeness=6.9), rubric), Revise)
    assert isinstance(decide(answer(7, completeness=6.95), rubric), Revise)


def test_weights_count() -> None:
    """
    A weak dimension that weighs little is carried by the others; one that weighs much is not.
    """
    rubric = RUBRICS["copywriting"]
    light, heavy = "completeness", "clarity"
    assert rubric.weights[light] < rubric.weights[heavy]

    assert isinstance(decide(answer(7.5, **{light: 4}), rubric), Approve)
    assert isinstance(decide(answer(7.5, **{heavy: 4}), rubric), Revise)


def test_a_dimension_under_its_minimum_is_sent_back() -> None:
    """
    However good the rest is; the minimum itself is enough, and the note says which and how much is needed.
    """
    rubric = RUBRICS["copywriting"]
    assert rubric.minimums["clarity"] == 6

    assert isinstance(decide(answer(10, clarity=6), rubric), Approve)
    found = decide(answer(10, clarity=5.9), rubric)
    assert isinstance(found, Revise)
    assert "clarity 5.9 (at least 6)" in found.notes


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ((), Approve),
        (("suggestion",) * 9, Approve),
        (("minor",) * 9, Approve),
        (("major",) * (MANY_MAJORS - 1), Approve),
        (("major",) * MANY_MAJORS, Revise),
        (("critical",), Revise),
        (("minor", "critical", "suggestion"), Revise),
    ],
)
def test_findings_count_whatever_the_score(severities: tuple[str, ...], verdict: type) -> None:
    """
    One critical finding, or three major ones, send a draft back although every score is ten.
    """
    assert isinstance(decide(answer(10, *severities), EVEN), verdict)


def test_what_misses_its_purpose_is_for_a_person_whatever_was_found() -> None:
    """
    Under 4 nobody is asked to change details first.
    """
    found = decide(answer(2, "critical", "major"), RUBRICS["copywriting"])

    assert isinstance(found, Escalate)
    assert "2.0 of 10" in found.reason


def test_the_author_reads_the_worst_first_each_with_its_change() -> None:
    """
    Notes say what decided, then every finding by severity, with its place and what to do.
    """
    found = decide(answer(6, "suggestion", "critical", "minor", "major"), EVEN)

    assert isinstance(found, Revise)
    lines = found.notes.splitlines()
    assert lines[0] == "Decided by: 1 critical finding; 6.0 of 10 overall (7 is needed)."
    assert lines[1:] == [
        "- critical, Section 1: What 1. Change: Change 1.",
        "- major, Section 3: What 3. Change: Change 3.",
        "- minor, Section 2: What 2. Change: Change 2.",
        "- suggestion, Section 0: What 0. Change: Change 0.",
    ]


@pytest.mark.parametrize(
    ("score", "severities", "reasons"),
    [
        (8, ("major", "major", "major"), "3 major findings"),
        (9, ("critical", "critical", "major"), "2 critical findings"),
        (6.5, (), "6.5 of 10 overall (7 is needed)"),
    ],
)
def test_notes_begin_with_what_really_decided(score: float, severities: tuple[str, ...], reasons: str) -> None:
    """
    A draft with a good score that is sent back for its findings does not read as if the score were the reason.
    """
    found = decide(answer(score, *severities), EVEN)

    assert isinstance(found, Revise)
    assert found.notes.splitlines()[0] == f"Decided by: {reasons}."


tenths = st.integers(0, 100).map(lambda tenth: tenth / 10)
scores = st.fixed_dictionaries(dict.fromkeys(DIMENSIONS, tenths | st.floats(0, 10)))


@given(
    scores=scores,
    severities=st.lists(st.sampled_from(SEVERITIES), max_size=6),
    rubric=st.sampled_from(sorted(RUBRICS)).map(RUBRICS.__getitem__),
)
def test_an_approval_keeps_every_rule(scores: dict[str, float], severities: list[str], rubric: Rubric) -> None:
    """
    Never with a critical finding, three major ones, a dimension under its minimum, or an overall score under 7.
    """
    found = decide(answer(0, *severities, **scores), rubric)
    overall = sum(scores[name] * weight for name, weight in rubric.weights.items())

    assert found.score == pytest.approx(overall, abs=0.006)
    if isinstance(found, Approve):
        assert overall >= 7 - 1e-6
        assert "critical" not in severities
        assert severities.count("major") < MANY_MAJORS
        assert all(scores[name] >= least for name, least in rubric.minimums.items())
    if isinstance(found, Escalate):
        assert overall < 4
    if isinstance(found, Revise):
        assert found.notes


@given(
    scores=scores, better=st.sampled_from(DIMENSIONS), rubric=st.sampled_from(sorted(RUBRICS)).map(RUBRICS.__getitem__)
)
def test_a_better_score_is_never_a_worse_verdict(scores: dict[str, float], better: str, rubric: Rubric) -> None:
    """
    Raising one dimension to ten never turns an approval into something else, nor a revision into an escalation.
    """
    rank: Callable[[dict[str, float]], int] = lambda given: (Escalate, Revise, Approve).index(  # noqa: E731 - read once
        type(decide(answer(0, **given), rubric))
    )

    assert rank({**scores, better: 10}) >= rank(scores)


def test_a_weightless_dimension_decides_nothing() -> None:
    """
    The others share its weight, and its minimum sends nothing back; what sends a draft back says what was not counted.
    """
    rubric = Rubric(weights=EVEN.weights, minimums={"creativity": 6, "clarity": 6}, criteria=(), faults=())
    low = answer(8, creativity=0)

    counted, not_counted = decide(low, rubric), decide(low, rubric, weightless=("creativity",))

    assert isinstance(counted, Revise)
    assert isinstance(not_counted, Approve)
    assert not_counted.score == pytest.approx(8)
    back = decide(answer(8, clarity=5), rubric, weightless=("creativity",))
    assert isinstance(back, Revise)
    assert "not counted: creativity" in back.notes.splitlines()[0]


@given(
    scores=st.fixed_dictionaries({name: st.integers(0, 10).map(float) for name in DIMENSIONS}),
    weightless=st.sets(st.sampled_from(DIMENSIONS), max_size=len(DIMENSIONS) - 1),
)
def test_the_score_lies_within_what_counts(scores: dict[str, float], weightless: set[str]) -> None:
    """
    Whatever loses its weight, the rest is a mean of the scores that count.
    """
    found = decide(answer(0, **scores), EVEN, weightless=sorted(weightless))
    counting = [score for name, score in scores.items() if name not in weightless]

    assert found.score is not None
    assert min(counting) - 0.01 <= found.score <= max(counting) + 0.01
