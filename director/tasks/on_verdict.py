"""On a verdict: a task is approved, sent back at most MOST_REVISIONS times, or put to a person."""

from dataclasses import replace
from typing import Final

from director.files.places import places_of
from director.office import REVIEWER, Office
from director.progress import advance, changes, questions
from director.store.tx import Tx
from director.tasks import checks, receipt
from director.tasks.verdicts import Approve, Escalate, Revise, Verdict
from director.words.models import Draft, Task
from director.words.question import AboutDraft
from director.words.scores import is_rehearsed, score_said
from director.words.states import TaskState

#: How often a draft is sent back before a person is asked.
MOST_REVISIONS: Final = 3

#: What stands before a person's words where they are the notes of a revision.
A_PERSON_ASKS: Final = "A person asks for this:"


def apply(
    tx: Tx, office: Office, task: Task, draft: Draft, verdict: Verdict, *, by: str, said_by: str, cause: int
) -> None:
    """
    Approve, send back or escalate *task*. The caller advances the goal in the same transaction.

    *said_by* is whose review it is: scores are compared with that reviewer's earlier ones only. *cause* is the turn's id.
    """
    match verdict:
        case Approve(score):
            approve(tx, office, task, draft, score, by=by)
        case Revise(score, notes):
            first = changes.first_revision(tx, task)
            earlier = {one.id for one in tx.drafts.of_task(task.id) if one.revision >= first and one.id != draft.id}
            before = [
                found.score
                for found in tx.reviews.of_task(task.id)
                if found.by == said_by and found.draft in earlier and found.score is not None
            ]
            if task.revision - first >= MOST_REVISIONS:
                reason = f"It was sent back {MOST_REVISIONS} times and is not good enough yet."
                escalate(tx, task, reason, notes, cause=cause)
            elif score is not None and before and score <= max(before):
                rehearsed = is_rehearsed(
                    tx.calls.of_goal(task.goal), reviewed_for=task.id if said_by == REVIEWER else said_by
                )
                said = (
                    "it was rehearsed, so nobody gave one"
                    if rehearsed
                    else f"{max(before):.1f} before, {score:.1f} now"
                )
                reason = f"Its score did not rise: {said}."
                escalate(tx, task, reason, notes, cause=cause)
            else:
                send_back(tx, task, draft, notes, by=by)
        case Escalate(_, reason):
            escalate(tx, task, reason, reason, cause=cause)


def approve(tx: Tx, office: Office, task: Task, draft: Draft, score: float | None, *, by: str, told: str = "") -> None:
    """
    Make *draft* the task's deliverable, with its receipt; its reviews are kept before. What else is *told* about it stands
    behind its score in the journal.
    """
    scored = score_said(replace(task, score=score), tx.calls.of_goal(task.goal))
    task = tx.tasks.move(
        task,
        TaskState.APPROVED,
        by=by,
        detail=f"revision {draft.revision}{scored}{f'; {told}' if told else ''}",
        deliverable=draft.id,
        score=score,
        path=places_of(task, tx.text(draft.text_hash))[0].path,
    )
    receipt.give(tx, office, task, by=by)


def send_back(tx: Tx, task: Task, draft: Draft, notes: str, *, by: str) -> None:
    """
    The same task again, as its next revision, with what to change about *draft*. A version that a person asked to change stays
    approved until the next one is.
    """
    goal = tx.goals.get(task.goal)
    task = tx.tasks.move(
        task,
        TaskState.DRAFTING,
        by=by,
        detail=f"sent back: {notes.splitlines()[0].removeprefix('- ')}",
        revision=task.revision + 1,
        notes=notes,
        basis=draft.id,
        deliverable=task.deliverable if changes.under_way(tx, task) else None,
        plan_hash=None,
    )
    advance.start(tx, task, goal, by=by)


def escalate(tx: Tx, task: Task, reason: str, notes: str, *, cause: int) -> None:
    """Keep the best version and ask a person what about it; *cause*, the turn's id, makes the question one of its own."""
    goal = tx.goals.get(task.goal)
    change = changes.under_way(tx, task)
    tx.tasks.move(task, TaskState.ESCALATED, by="reviewer", detail=reason)
    first = changes.first_revision(tx, task)
    drafts = [draft for draft in tx.drafts.of_task(task.id) if draft.revision >= first]
    unfit = {draft.id: checks.unfit(tx.text(draft.text_hash)) for draft in drafts}
    best = max(drafts, key=lambda draft: (unfit[draft.id] is None, draft.score or 0.0, draft.revision))
    take = f"the best version (revision {best.revision})" if len(drafts) > 1 else "it as it is"
    why = unfit[best.id]
    ends = "ends the goal" if change is None else "keeps the version that was approved"
    questions.ask(
        tx,
        goal,
        AboutDraft(best.id, drafts[-1].id, reason, notes, unfit=why, before=change.draft if change else None),
        f"The draft of {task.skill} ({task.id}) was not approved. {reason} "
        + (f"Take {take}, revise" if why is None else f"It {why}, so it cannot be taken. Revise")
        + f" it with your instructions, or reject it, which {ends}?",
        version=str(cause),
        task=task,
    )
