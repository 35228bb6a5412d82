"""What the team remembers, and what that is worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from director.memory.change import version_of_learning
from director.memory.worth import Compared, Interval, share
from director.office import REVIEWER
from director.store.learnings import Arm
from director.store.tx import Tx
from director.words.models import Learning
from director.words.states import LearningState


@dataclass(frozen=True, slots=True)
class Measured:
    """How first drafts went with and without what the team remembers; paid ones, for a rehearsal judges nothing."""

    skills: Sequence[tuple[str, Compared]]  #: tasks with learnings, and those that did without any
    learnings: Sequence[tuple[Learning, Compared]]  #: tasks that were shown it, and those it was left out of


def remembered(tx: Tx, brand: str, *, skill: str | None = None, state: LearningState | None = None) -> list[Learning]:
    """The learnings a person asks for: what waits for them first, what was retired last."""
    order = (LearningState.PROPOSED, LearningState.ACTIVE, LearningState.RETIRED)
    found = tx.learnings.all(brand, skills=None if skill is None else [skill], state=state)
    return sorted(found, key=lambda one: (order.index(one.state), one.skill))


def proposed(tx: Tx, brand: str) -> int:
    """How many learnings wait for a person."""
    return len(tx.learnings.all(brand, state=LearningState.PROPOSED))


def learned_from(tx: Tx, brand: str, ident: str) -> Learning | None:
    """The learning that has *ident* among its evidence, where it waits for a person or is followed."""
    found = [one for one in tx.learnings.all(brand) if ident in one.evidence]
    return next((one for one in found if one.state is not LearningState.RETIRED), None)


def measured(tx: Tx, brand: str) -> Measured:
    """What the record says of the brand's learnings: those that are followed, and those that were and have figures."""
    all_of_them = [one for one in tx.learnings.all(brand) if one.state is not LearningState.PROPOSED]
    learnings = [one for one in all_of_them if not one.rehearsal]
    arms = tx.learnings.arms_of([one.id for one in learnings], rehearsal=False, by=REVIEWER)
    of_skills = tx.learnings.arms_of_skills(brand, rehearsal=False, by=REVIEWER)
    return Measured(
        [(skill, Compared(*pair)) for skill, pair in sorted(of_skills.items())],
        [
            (one, Compared(*arms.get(one.id, (Arm(), Arm()))))
            for one in learnings
            if one.state is LearningState.ACTIVE or one.id in arms
        ],
    )


def memory_document(learnings: Collection[Learning]) -> dict[str, Any]:
    """A list of learnings."""
    return {"learnings": [learning_document(one) for one in learnings]}


def learning_document(one: Learning) -> dict[str, Any]:
    """One learning."""
    return {
        "id": one.id,
        "skill": one.skill,
        "text": one.text,
        "state": one.state,
        "why": one.why,
        "learned_from": one.learned_from,
        "result": one.result,
        "category": one.category,
        "confidence": round(one.confidence, 2),
        "evidence": list(one.evidence),
        "rehearsal": one.rehearsal,
        "created_at": one.created_at.isoformat(),
        "version": version_of_learning(one),
    }


def report_document(found: Measured) -> dict[str, Any]:
    """What learnings are worth; shares are of 1, intervals hold what is so in 95 of 100 cases."""
    return {
        "skills": [{"skill": skill, **_compared(compared)} for skill, compared in found.skills],
        "learnings": [
            {
                "id": one.id,
                "skill": one.skill,
                "text": one.text,
                "state": one.state,
                "why": one.why,
                **_compared(compared),
            }
            for one, compared in found.learnings
        ],
    }


def _compared(compared: Compared) -> dict[str, Any]:
    return {
        "worth": compared.worth(),
        "shown": _arm(compared.shown),
        "without": _arm(compared.without),
        "approved_at_once_difference": _interval(compared.approved()),
        "score_difference": _interval(compared.score()),
    }


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "tasks": arm.tasks,
        "approved_at_once": arm.approved,
        "share": _interval(share(arm.approved, arm.tasks)) if arm.tasks else None,
        "mean_score": round(arm.total / arm.scored, 2) if arm.scored else None,
    }


def _interval(found: Interval | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}
