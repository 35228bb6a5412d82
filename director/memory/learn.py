"""
What becomes a learning, and in which state it begins.

Whose words they are decides. A person's words about all such work are followed. A person's words about one piece are proposed:
"call it a letter" was meant for that one; said in another goal, too, they are followed. Sentences of ours about what reviews
keep sending back are followed. What a model wrote is proposed, whatever it was about: it has read the context, the event and
drafts, and may be repeating an order that stood there. A proposal is in no prompt until a person accepts it.
"""

from collections.abc import Sequence
from typing import Final

from director.memory import findings
from director.memory.similar import is_same
from director.office import DIRECTOR, REVIEWER
from director.prompting.forms import Lesson
from director.store.tx import Tx
from director.words.characters import has_visible, without_controls
from director.words.learning import LearnedFrom, Result
from director.words.models import Goal, Learning, Task
from director.words.redaction import find
from director.words.states import Category, LearningState
from pipelines.plan import StepKind

#: Characters of a learning: a sentence, or two short ones.
LONGEST: Final = 300

#: Learnings that are taken from one conclusion.
MOST_OF_A_GOAL: Final = 3

#: In how many goals a person has to ask for the same until it holds for all such work.
SAID_OFTEN: Final = 2

#: How far each is trusted when it is new; each time it is found again a third of what is left is added.
_TRUST: Final = {
    LearnedFrom.PERSON: 0.9,
    LearnedFrom.INSTRUCTIONS: 0.6,
    LearnedFrom.FINDINGS: 0.5,
    LearnedFrom.CONCLUSION: 0.3,
}

#: Nothing is certain.
_MOST_TRUST: Final = 0.95

_SINCE: Final = {
    LearnedFrom.PERSON: "A person said it.",
    LearnedFrom.INSTRUCTIONS: "A person asked for it in one piece; whether it is meant for all, a person says.",
    LearnedFrom.FINDINGS: "Reviews kept sending first drafts back for it.",
    LearnedFrom.CONCLUSION: "The Director proposed it; a model's words wait for a person.",
}


def from_person(tx: Tx, brand: str, skill: str, text: str, *, by: str = LearnedFrom.PERSON) -> Learning:
    """
    A person's sentence about all work of *skill*, in one line; active. It holds for rehearsed and for paid goals. *by* says it,
    as the journal has it.
    """
    return _learn(tx, brand, skill, text, LearnedFrom.PERSON, LearningState.ACTIVE, rehearsal=None, evidence=(), by=by)


def from_instructions(
    tx: Tx, goal: Goal, task: Task, words: str | None, *, question: str | None = None
) -> Learning | None:
    """
    What a person asked to be changed in one piece, answering the *question* about its draft or when it was approved; None where
    it is more than a sentence, and so about that piece alone, or where it is about the Director's own report.
    """
    text = one_line(words or "")
    if task.kind is not StepKind.DRAFT or not fits(text):
        return None
    evidence = (task.id,) if question is None else (question, task.id)
    found = _learn(
        tx, goal.brand, task.skill, text, LearnedFrom.INSTRUCTIONS, LearningState.PROPOSED,
        rehearsal=goal.rehearsal, category=goal.category, result=Result.PARTIAL, evidence=evidence,
    )  # fmt: skip
    # By the tasks: a goal alone is what the Director learned something from.
    said_in = {goal for goal, dash, _ in (ident.partition("-") for ident in found.evidence) if dash}
    if (
        found.state is LearningState.PROPOSED
        and found.learned_from is LearnedFrom.INSTRUCTIONS
        and len(said_in) >= SAID_OFTEN
    ):
        why = f"A person asked for it in {len(said_in)} goals."
        return tx.learnings.move(found, LearningState.ACTIVE, by=LearnedFrom.INSTRUCTIONS, why=why)
    return found


def from_goal(tx: Tx, goal: Goal, lessons: Sequence[Lesson]) -> list[Learning]:
    """
    What a goal that ends leaves: the Director's *lessons*, and what reviews keep finding in its skills. Called once, in the
    transaction that ends the goal.
    """
    skills = {task.skill for task in tx.tasks.of_goal(goal.id)}
    found = [_lesson(tx, goal, lesson) for lesson in lessons[:MOST_OF_A_GOAL] if lesson.skill in {*skills, DIRECTOR}]
    # Nobody judged what was rehearsed.
    counted = [] if goal.rehearsal else [one for skill in sorted(skills) for one in _habits(tx, goal, skill)]
    return [one for one in (*found, *counted) if one is not None]


def one_line(text: str) -> str:
    """*text* as a learning has it."""
    return " ".join(without_controls(text).split())


def fits(text: str) -> bool:
    """Whether *text* can be a learning: it says something, is short, and holds no secret."""
    return has_visible(text) and len(text) <= LONGEST and not find(text)


def _lesson(tx: Tx, goal: Goal, lesson: Lesson) -> Learning | None:
    text = one_line(lesson.lesson)
    if not fits(text):
        return None
    return _learn(
        tx, goal.brand, lesson.skill, text, LearnedFrom.CONCLUSION, LearningState.PROPOSED,
        rehearsal=goal.rehearsal, category=goal.category, result=Result(lesson.result), evidence=(goal.id,),
    )  # fmt: skip


def _habits(tx: Tx, goal: Goal, skill: str) -> list[Learning]:
    reviews = tx.learnings.first_reviews(goal.brand, skill, rehearsal=goal.rehearsal, by=REVIEWER, most=findings.LATEST)
    return [
        _learn(
            tx, goal.brand, skill, habit.text, LearnedFrom.FINDINGS, LearningState.ACTIVE,
            rehearsal=goal.rehearsal, result=Result.FAILURE, evidence=habit.reviews,
        )
        for habit in findings.habits(reviews)
    ]  # fmt: skip


def _learn(
    tx: Tx,
    brand: str,
    skill: str,
    text: str,
    learned_from: LearnedFrom,
    state: LearningState,
    *,
    rehearsal: bool | None,
    evidence: Sequence[str],
    category: Category | None = None,
    result: Result | None = None,
    by: str | None = None,
) -> Learning:
    """A new learning; or the one that says the same, with more evidence. What was retired stays so, unless a person says it."""
    tx.learnings.one_at_a_time()
    is_persons = learned_from is LearnedFrom.PERSON
    there = [one for one in tx.learnings.all(brand, skills=[skill]) if is_same(one.text, text)]
    for one in sorted(there, key=lambda one: one.state is LearningState.RETIRED):
        if is_persons and one.state is not LearningState.RETIRED:
            return in_persons_words(tx, one, text, by=by or learned_from)
        if not is_persons and one.rehearsal in (None, rehearsal):
            # What was rehearsed says nothing of what a person meant for paid work, too.
            is_proof = one.rehearsal == rehearsal or not rehearsal
            return _confirmed(tx, one, text, learned_from, state, evidence) if is_proof else one
    return tx.learnings.add(
        by=by, brand=brand, rehearsal=rehearsal, skill=skill, category=category, text=text, learned_from=learned_from,
        result=result, confidence=_TRUST[learned_from], state=state, why=_SINCE[learned_from], evidence=tuple(evidence),
    )  # fmt: skip


def in_persons_words(tx: Tx, one: Learning, text: str, *, by: str = LearnedFrom.PERSON) -> Learning:
    """The same learning as a person says it: what others wrote of it is not what was agreed to."""
    person = LearnedFrom.PERSON
    said: dict[str, object] = {"text": text, "learned_from": person, "rehearsal": None, "said_at": tx.now}
    said["confidence"] = max(one.confidence, _TRUST[person])
    if one.state is LearningState.PROPOSED:
        return tx.learnings.move(one, LearningState.ACTIVE, by=by, why=_SINCE[person], **said)
    tx.note(None, one.id, "said anew", by=by, detail=text)
    return tx.learnings.change(one, why=_SINCE[person], **said)


def _confirmed(
    tx: Tx, one: Learning, text: str, learned_from: LearnedFrom, state: LearningState, evidence: Sequence[str]
) -> Learning:
    """The same learning with more evidence; a proposal in the words of whoever is trusted more."""
    new = [ident for ident in evidence if ident not in one.evidence]
    if not new:
        return one
    changes: dict[str, object] = {
        "evidence": [*one.evidence, *new],
        "confidence": max(one.confidence, min(_MOST_TRUST, one.confidence + (1 - one.confidence) / 3)),
    }
    if one.state is not LearningState.PROPOSED:
        return tx.learnings.change(one, **changes)
    is_followed = state is LearningState.ACTIVE
    if is_followed or _TRUST[learned_from] > _TRUST[one.learned_from]:
        changes |= {"text": text, "learned_from": learned_from, "why": _SINCE[learned_from], "said_at": tx.now}
    if is_followed:
        changes.pop("why")
        return tx.learnings.move(one, state, by=learned_from, why=_SINCE[learned_from], **changes)
    return tx.learnings.change(one, **changes)
