"""
A person's own version becomes the deliverable, or they say that one is fine though what it rests on was changed. It costs
nothing: the certain checks are run and what they find is told, and a person decides.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from director.files.mirror import mirror_task
from director.files.own_version import TYPED, whole_with
from director.files.places import places_of
from director.goals.report_file import write_again
from director.inbox.revise_approved import check_nobody_reads
from director.inbox.version import see_text_version
from director.mailbox import admission
from director.office import DIRECTOR, Office
from director.progress import changes, plan_changes
from director.progress.advance import advance
from director.progress.facts import planned_of
from director.progress.questions import PERSON
from director.progress.roles import skill_of
from director.store.tx import Tx
from director.tasks import checks, receipt
from director.tasks.performance_report import REPORTER
from director.words.errors import CannotChange, WrongCall
from director.words.models import Draft, Goal, Task
from director.words.states import Answer, ApprovalState, ChangeKind, TaskState
from pipelines.plan import StepKind


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it."""

    goal: Goal
    task: Task
    is_new: bool  #: False: it was the deliverable already
    revision: int
    faults: tuple[str, ...]  #: what certain checks find in it
    paths: tuple[str, ...]  #: of its pieces, relative to the workspace
    rest_on_it: tuple[Task, ...]  #: what was given an earlier version


def accept(
    office: Office,
    ident: str,
    own: str,
    *,
    file: Path | None,
    piece: str | None = None,
    by: str = PERSON,
    version: str | None = None,
) -> Accepted:
    """
    Make a person's *own* words, from *file* or as they were typed, the approved deliverable of the task *ident*, or *piece* of
    it, as its next revision. A question whether a draft of it is taken is answered by that. The same words again change
    nothing. *version* is of the text that somebody saw.

    Raises:
        NotFound: no such task.
        ChangedSince: it is another text than that of *version*.
        CannotChange: nothing is written for it yet, or somebody works on it or on the goal's report.
        WrongCall: it cannot be told which piece they are; or they hold a secret, which nobody may approve.
    """
    with office.store.write() as tx:
        goal = tx.goals.get(tx.tasks.get(ident).goal, lock=True)
        task = tx.tasks.get(ident)
        before = _before(tx, goal, task)
        was = tx.text(before.text_hash)
        text = whole_with(task, was, file, own, piece)
        if (why := checks.unfit(text)) is not None:
            raise WrongCall(f"{file or TYPED} cannot be accepted: it {why}; nothing changed.")
        faults = _faults(tx, office, goal, task, text)
        draft, is_new = before, task.state is TaskState.ESCALATED or text != was
        if is_new:
            see_text_version(task, version)
            draft = _keep(tx, task, before, text, faults, by=by)
            receipt.give(tx, office, task, by=by, is_own=True)
            advance(tx, goal.id, by=by)
        done = _done(tx, task.id, draft, text, faults, is_new=is_new)
    _write(office, done.task)
    admission.ring(office)
    return done


def say_fine(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Task:
    """
    Say that the deliverable of the task *ident* is fine as it is, though what it rests on was changed since. *version* as in
    `accept`.

    Raises:
        NotFound: no such task.
        ChangedSince: it is another text than that of *version*.
        CannotChange: nothing that it rests on was changed.
    """
    with office.store.write() as tx:
        goal = tx.goals.get(tx.tasks.get(ident).goal, lock=True)
        task = tx.tasks.get(ident)
        old = changes.outdated(tx, goal.id).get(ident)
        if old is None:
            raise CannotChange(f"Nothing that {ident} rests on was changed since it was approved; nothing changed.")
        see_text_version(task, version)
        tx.drafts.set_inputs(tx.drafts.get(task.deliverable or 0), changes.given(tx, task))
        receipt.give(tx, office, task, by=by)
        tx.note(goal.id, ident, "fine as it is", by=by, detail=f"beside what {' and '.join(old)} became")
    _write(office, task)
    return task


def _before(tx: Tx, goal: Goal, task: Task) -> Draft:
    """The version that the person's own takes the place of."""
    if task.kind is StepKind.REVIEW:
        raise CannotChange(f"{task.id} reviews {task.target}: give your own version of that.")
    check_nobody_reads(tx, goal, task)
    drafts = tx.drafts.of_task(task.id)
    if task.state is TaskState.ESCALATED and drafts:
        return drafts[-1]
    if task.state is not TaskState.APPROVED or task.deliverable is None:
        raise CannotChange(
            f"{task.id} is {task.state}: your own version takes the place of what is approved, or of a draft that waits for "
            "your answer."
        )
    return tx.drafts.get(task.deliverable)


def _faults(tx: Tx, office: Office, goal: Goal, task: Task, text: str) -> tuple[str, ...]:
    skill = REPORTER if task.skill == DIRECTOR else skill_of(office, task.skill)
    return checks.faults(text, skill, planned_of(tx, goal, task), cut_off=False)


def _keep(tx: Tx, task: Task, before: Draft, text: str, faults: tuple[str, ...], *, by: str) -> Draft:
    number = task.revision + 1
    draft = tx.drafts.add(replace(task, revision=number), text, cut_off=False, inputs=changes.given(tx, task))
    tx.changes.add(task, ChangeKind.ACCEPT, draft.text_hash, draft=before.id, by=by)
    document = {"by": by, "own": True, "certain": list(faults)}
    tx.reviews.add(draft, by=PERSON, verdict="approve", score=None, document=document)
    values = {"revision": number, "deliverable": draft.id, "score": None, "path": places_of(task, text)[0].path}
    said = f"revision {number}: a person's own version"
    if task.state is TaskState.ESCALATED:
        plan_changes.end_turns(tx, task)  # the Director may look for somebody else to do it
        for question in tx.approvals.open(task.goal):
            if question.task == task.id:
                tx.approvals.close(question, ApprovalState.ANSWERED, answer=Answer.APPROVE, said=said)
                tx.note(task.goal, question.id, Answer.APPROVE, by=by, detail=said)
        tx.tasks.move(task, TaskState.APPROVED, by=by, detail=said, **values)
    else:
        tx.tasks.change(task.id, **values)
        tx.note(task.goal, task.id, "accepted", by=by, detail=said)
    return draft


def _done(tx: Tx, ident: str, draft: Draft, text: str, faults: tuple[str, ...], *, is_new: bool) -> Accepted:
    task = tx.tasks.get(ident)
    old = changes.outdated(tx, task.goal)
    return Accepted(
        goal=tx.goals.get(task.goal),
        task=task,
        is_new=is_new,
        revision=draft.revision,
        faults=faults,
        paths=tuple(place.path for place in places_of(task, text)),
        rest_on_it=tuple(tx.tasks.get(other) for other, inputs in old.items() if ident in inputs),
    )


def _write(office: Office, task: Task) -> None:
    mirror_task(office, task.id)
    write_again(office, task.goal)
