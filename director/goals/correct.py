"""Contradictions between deliverables, and what else the Director would correct before the owner reads: edits, made once."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from director.files.mirror import places_of
from director.office import DIRECTOR, Office
from director.progress.facts import deliverable_of, planned_of, skill_of
from director.prompting.forms import Conclusion, Edit
from director.store.tx import Tx
from director.tasks import checks, edits
from director.words.errors import NotFound
from director.words.models import Goal, Task
from pipelines.plan import StepKind

_log = logging.getLogger(__name__)


def corrected(office: Office, tx: Tx, goal: Goal, found: Conclusion) -> Conclusion:
    """
    *found*, after its corrections were made as next revisions of the deliverables they belong to: contradictions none of whose
    corrections was left out are not told any more.

    A correction is made where its words stand exactly once in exactly one deliverable, and its certain checks still pass.
    """
    texts = {
        task: text
        for task in tx.tasks.of_goal(goal.id)
        if task.kind is StepKind.DRAFT and (text := deliverable_of(tx, task)) is not None
    }
    theirs: dict[str, list[Edit]] = {}
    left: list[Edit] = []
    for edit in found.corrections:
        places = [task.id for task, text in texts.items() if edit.old and edit.old in text]
        if len(places) == 1:
            theirs.setdefault(places[0], []).append(edit)
        else:
            left.append(edit)
    made: list[Edit] = []
    for task, text in texts.items():
        if task.id in theirs:
            edited = _edited(office, goal, task, text, theirs[task.id])
            made += edited.made
            left += [edit for edit, _ in edited.left]
            if edited.made:
                _keep(tx, task, edited.text, count=len(edited.made))
    for edit in left:
        _log.info("a correction of %s for contradiction %d was left", goal.id, edit.finding)
    settled = {edit.finding for edit in made} - {edit.finding for edit in left}
    told = [said for number, said in enumerate(found.contradictions, 1) if number not in settled]
    return found.model_copy(update={"contradictions": told, "corrections": made})


def _edited(office: Office, goal: Goal, task: Task, text: str, asked: Sequence[Edit]) -> edits.Edited:
    try:
        skill = skill_of(office, task.skill)
    except NotFound as problem:
        # Approved work is not held up by a folder that went away since; it is only not corrected.
        return edits.Edited(text, (), tuple((edit, str(problem)) for edit in asked))
    planned = planned_of(goal, task)
    before = set(checks.faults(text, skill, planned, cut_off=False))

    def fault(new: str) -> str | None:
        # What a person took with a fault may keep that one.
        return next((said for said in checks.faults(new, skill, planned, cut_off=False) if said not in before), None)

    return edits.apply(text, asked, fault)


def _keep(tx: Tx, task: Task, text: str, *, count: int) -> None:
    was = tx.drafts.get(task.deliverable or 0)
    number = task.revision + 1
    draft = tx.drafts.add(replace(task, revision=number), text, cut_off=False)
    tx.drafts.set_score(draft, was.score)
    for review in tx.reviews.of_task(task.id):
        if review.draft == was.id:
            # What was found in it and not mended stands there still.
            tx.reviews.add(
                draft,
                by=review.by,
                verdict=review.verdict,
                score=review.score,
                document={**review.document, "corrected": count},
            )
    tx.tasks.change(task.id, revision=number, deliverable=draft.id, path=places_of(task, text)[0].path)
    said = f"revision {number}: {count} {'correction' if count == 1 else 'corrections'}"
    tx.note(task.goal, task.id, "corrected", by=DIRECTOR, detail=said)
