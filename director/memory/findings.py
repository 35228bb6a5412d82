"""What reviews keep finding in a skill's first drafts, counted, in sentences of ours: no word of a review is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from director.words.models import Review
from skills.rubric import PASS_MARK
from skills.skill import DIMENSIONS

#: First drafts of a skill that are looked at, the latest.
LATEST: Final = 20

#: So many of them sent back for the same, of as many tasks, are a habit.
MANY: Final = 3

#: What to do about each dimension. Closed: a review says which and how often, and nothing of what is said then.
SAID: Final[Mapping[str, str]] = {
    "completeness": "Before handing over, go through the brief and the outline point by point: first drafts lacked some of it.",
    "clarity": "Write so that those who act on it understand it at first reading: first drafts had to be read twice.",
    "actionability": "Say who does what next, and with which piece: first drafts left the next step open.",
    "brand_alignment": "Hold each customer-facing line against the context's positioning, audience and voice: some were off.",
    "data_use": "Use the figures that are given, name the source of each, and invent none: first drafts failed on this.",
    "technical_accuracy": "Check the piece against the rules of the discipline before handing over: first drafts broke some.",
    "creativity": "Find one idea that only this brand could use before writing: first drafts were exchangeable.",
}


@dataclass(frozen=True, slots=True)
class Habit:
    """A dimension that first drafts of a skill keep failing."""

    text: str
    reviews: tuple[str, ...]  #: ids, r1, r2, …, the last first


def habits(reviews: Sequence[Review]) -> list[Habit]:
    """What *reviews* of a skill's first drafts, one a task, sent back many of them for."""
    failed = {
        dimension: tuple(
            f"r{review.id}" for review in reviews if _is_failed(review.verdict, review.document, dimension)
        )
        for dimension in DIMENSIONS
    }
    return [Habit(SAID[dimension], ids) for dimension, ids in failed.items() if len(ids) >= MANY]


def _is_failed(verdict: str, document: Mapping[str, Any], dimension: str) -> bool:
    # What a certain check sent back has no scores: its author is told what is missing by the requirements anyway.
    score = (document.get("scores") or {}).get(dimension)
    return verdict == "revise" and isinstance(score, int | float) and score < PASS_MARK
