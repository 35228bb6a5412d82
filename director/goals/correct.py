"""Contradictions between deliverables, and what else the Director would correct before the owner reads: edits, made once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from director.evidence.tracing import Source
from director.evidence.wording import quotations
from director.files.places import places_of
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.progress.facts import deliverable_of, planned_of, sources_for
from director.progress.open_facts import as_source
from director.progress.roles import skill_of
from director.prompting.fences import unfenced
from director.prompting.forms import Conclusion, Edit
from director.store.tx import Tx
from director.tasks import edits, receipt
from director.words.errors import NotFound
from director.words.models import Goal, Task
from pipelines.plan import PlannedTask, StepKind

_log = logging.getLogger(__name__)


def correct(office: Office, held: Held, goal: Goal, found: Conclusion) -> Conclusion:
    """
    Make the corrections of *found*, as next revisions of the deliverables they belong to, and keep it as the goal's summary, in
    one transaction: a process that takes over finds both or neither. Returns what is left to tell: a contradiction of which no
    correction was left out is told no more.

    A correction is made where its words stand exactly once in exactly one deliverable, and breaks nothing there.

    Raises:
        LostLease: the turn is somebody else's by now; nothing was written.
    """
    with office.store.read() as tx:
        texts = {
            task: text
            for task in tx.tasks.of_goal(goal.id)
            if task.kind is StepKind.DRAFT and (text := deliverable_of(tx, task)) is not None
        }
        sources = {task.id: sources_for(office, tx, goal, task) for task in texts}
        planned = {task.id: planned_of(tx, goal, task) for task in texts}
    theirs: dict[str, list[Edit]] = {task.id: [] for task in texts}
    left: list[Edit] = []
    for edit in found.corrections:
        places = [
            task.id for task, text in texts.items() if edit.old and (edit.old in text or unfenced(edit.old) in text)
        ]
        (theirs[places[0]] if len(places) == 1 else left).append(edit)
    edited = {
        # What another deliverable says vouches for nothing by itself, and is no invention of the Director's either.
        task: _edited(office, planned[task.id], text, theirs[task.id], (*sources[task.id], *_others(texts, task)))
        for task, text in texts.items()
        if theirs[task.id]
    }
    made = [edit for one in edited.values() for edit in one.made]
    left += [edit for one in edited.values() for edit, _ in one.left]
    for edit in left:
        _log.info("a correction of %s for %s was left", goal.id, edit.findings)
    settled = edits.numbers(made) - edits.numbers(left)
    told = [said for number, said in enumerate(found.contradictions, 1) if number not in settled]
    found = found.model_copy(update={"contradictions": told, "corrections": made})
    with office.store.write() as tx:
        tx.goals.get(goal.id, lock=True)
        turns.check(tx, held)
        for task, one in edited.items():
            if one.made:
                _keep(tx, office, task, texts[task], one)
        tx.goals.change(goal.id, summary=found.model_dump(), concluded=tx.changes.last(goal.id))
    return found


def _edited(
    office: Office, task: PlannedTask, text: str, asked: Sequence[Edit], sources: Sequence[Source]
) -> edits.Edited:
    try:
        skill = skill_of(office, task.skill)
    except NotFound as problem:
        # Approved work is not held up by a folder that went away since; it is only not corrected.
        return edits.Edited(text, (), tuple((edit, str(problem)) for edit in asked))
    return edits.apply(text, asked, edits.unread(text, skill, task, sources))


def _others(texts: Mapping[Task, str], task: Task) -> tuple[Source, ...]:
    return tuple(as_source(other.skill, text) for other, text in texts.items() if other.id != task.id)


def _keep(tx: Tx, office: Office, task: Task, before: str, corrected: edits.Edited) -> None:
    text, count = corrected.text, len(corrected.made)
    was = tx.drafts.get(task.deliverable or 0)
    number = task.revision + 1
    draft = tx.drafts.add(replace(task, revision=number), text, cut_off=False, inputs=was.inputs)
    tx.drafts.set_score(draft, was.score)
    for review in tx.reviews.of_task(task.id):
        if review.draft == was.id:
            # What was found in it and not mended stands there still, but for what was found in the words that were corrected.
            found = [
                one for one in review.document.get("findings", ()) if not _is_settled(one["where"], before, corrected)
            ]
            tx.reviews.add(
                draft,
                by=review.by,
                verdict=review.verdict,
                score=review.score,
                document={**review.document, "findings": found, "corrected": count},
            )
    tx.tasks.change(task.id, revision=number, deliverable=draft.id, path=places_of(task, text)[0].path)
    said = f"revision {number}: {count} {'correction' if count == 1 else 'corrections'}"
    tx.note(task.goal, task.id, "corrected", by=DIRECTOR, detail=said)
    receipt.give(tx, office, tx.tasks.get(task.id), by=DIRECTOR)


def _is_settled(where: str, before: str, corrected: edits.Edited) -> bool:
    """Whether all words that a finding quotes were corrected: they are gone, or an edit was made of all of them."""
    before, after = _in_a_line(before), _in_a_line(corrected.text)
    replaced = [_in_a_line(edit.old) for edit in corrected.made]
    quoted = [words for start, end in quotations(where) if (words := _in_a_line(where[start:end])) in before]
    return bool(quoted) and all(words not in after or any(words in old for old in replaced) for words in quoted)


def _in_a_line(text: str) -> str:
    return " ".join(text.split())
