"""From scores and findings to a verdict: pure, the same for every reviewer. Nothing unreadable ever becomes an approval."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from director.prompting.forms import Finding, ReviewForm, worst_first
from director.store.receipts import canonical
from skills.loader import Rubric
from skills.rubric import PASS_MARK

#: A person looks at a draft with an overall score below this; between it and the pass mark it is sent back.
ESCALATE_BELOW: Final = 4.0

#: What adding up weights may miss an edge by.
_HAIR: Final = 1e-9

#: So many major findings weigh as much as a critical one.
MANY_MAJORS: Final = 3


@dataclass(frozen=True, slots=True)
class Approve:
    """The draft is the deliverable."""

    score: float


@dataclass(frozen=True, slots=True)
class Revise:
    """Its author should change it."""

    score: float | None  #: None when a certain check decided
    notes: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """A person should look at it."""

    score: float | None
    reason: str


Verdict = Approve | Revise | Escalate


def decide(answer: ReviewForm, rubric: Rubric, *, rehearsed: bool = False, weightless: Collection[str] = ()) -> Verdict:
    """
    The verdict on a draft by *rubric*: its weights, its minimums, the severity of what was found. Where the review was
    *rehearsed* it is the same, and its words name no score: nobody gave one. Dimensions that are *weightless* decide nothing.
    """
    rubric = _without(rubric, weightless)
    scores = answer.scores.model_dump()
    exact = sum(scores[name] * weight for name, weight in rubric.weights.items())
    # Rounded for people only: 6.996 is under seven.
    score = round(exact, 2)
    if exact < ESCALATE_BELOW - _HAIR:
        gave = "" if rehearsed else f"The reviewer gave {score:.1f} of 10. "
        return Escalate(score, f"{gave}{' '.join(answer.summary.split())}")
    reasons = [
        *_weighty(answer.findings),
        *(
            f"{name} {scores[name]:g} (at least {least:g})"
            for name, least in rubric.minimums.items()
            if scores[name] < least
        ),
    ]
    if exact < PASS_MARK - _HAIR:
        reasons.append(f"{score:.1f} of 10 overall ({PASS_MARK:g} is needed)")
    if reasons and weightless:
        reasons.append(f"not counted: {', '.join(weightless)}, which this reviewer judges no better than chance")
    if reasons and rehearsed:
        reasons = ["the rehearsal, which judges nothing"]
    return Revise(score, notes(reasons, answer.findings)) if reasons else Approve(score)


def _without(rubric: Rubric, weightless: Collection[str]) -> Rubric:
    """The rubric in which the other dimensions share the weight of those; as it is where there would be none."""
    weights = {name: 0.0 if name in weightless else weight for name, weight in rubric.weights.items()}
    whole = sum(weights.values())
    if not weightless or whole <= _HAIR:
        return rubric
    return replace(
        rubric,
        weights={name: weight / whole for name, weight in weights.items()},
        minimums={name: least for name, least in rubric.minimums.items() if name not in weightless},
    )


def kept_as(rubric: Rubric) -> str:
    """What `decide` takes from a rubric, as a text, so that a verdict can be computed again when the rubric has changed."""
    return canonical({"weights": dict(rubric.weights), "minimums": dict(rubric.minimums)})


def follows(review: Mapping[str, Any], rubric: str) -> tuple[str, float | None] | None:
    """
    The verdict and the score that a review's document comes to by a rubric `kept_as` a text; None where it was not computed: a
    certain check decided, or a person did.

    Receipts are kept for ever: whoever changes how a verdict is computed computes those before as they were.

    Raises:
        ValueError: the document is no review's.
    """
    if "scores" not in review:
        return None
    form = ReviewForm.model_validate({name: review[name] for name in ReviewForm.model_fields if name in review})
    found = Rubric(**json.loads(rubric), criteria=(), faults=())
    verdict = decide(form, found, weightless=review.get("weightless", ()))
    return type(verdict).__name__.lower(), verdict.score


def _weighty(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings that send a draft back by their weight, whatever its score."""
    severities = [finding.severity for finding in findings]
    critical, major = severities.count("critical"), severities.count("major")
    if critical:
        yield f"{critical} critical {'finding' if critical == 1 else 'findings'}"
    if major >= MANY_MAJORS:
        yield f"{major} major findings"


def notes(reasons: Sequence[str], findings: Sequence[Finding]) -> str:
    """What the author reads: what the verdict was decided by, then the findings, worst first, each with its change."""
    return "\n".join(
        [f"Decided by: {'; '.join(reasons)}.", *(" ".join(f"- {finding}".split()) for finding in worst_first(findings))]
    )
