"""The receipt of a task that was approved: what the certain checks find in its deliverable, what its verdicts follow from."""

from director.files.mirror import files_of
from director.office import DIRECTOR, Office
from director.progress.facts import built_on, planned_of
from director.receipts.keep import keep_approved
from director.store.tx import Tx
from director.tasks import checks, verdicts
from director.tasks.performance_report import REPORTER
from director.tasks.stated import stated
from director.words.models import Task
from pipelines.plan import StepKind
from skills.loader import Skill


def give(tx: Tx, office: Office, task: Task, *, by: str, is_own: bool = False) -> None:
    """
    Keep the receipt of the deliverable that *task* has; *is_own*: a person wrote it. Whoever sets a deliverable calls this
    behind it, in the same transaction.

    Its skill's folder may have gone away since it was written: then there are no checks, and no verdict is computed.
    """
    task = tx.tasks.get(task.id)  # SQLite returns the 3.0 of an update as 3, which files would say too
    judged = tx.tasks.get(task.target) if task.target else task
    skill = _discipline(office, judged)
    rubric = None if skill is None else verdicts.kept_as(skill.rubric)
    computed = [] if rubric is None else _computed(tx, task, judged, rubric)
    found = None if skill is None or task.kind is StepKind.REVIEW else _checked(tx, task, skill)
    draft = tx.drafts.get(task.deliverable or 0)
    keep_approved(
        tx,
        task,
        by=by,
        is_own=is_own,
        facts=stated(office, tx, tx.goals.get(task.goal), task, tx.text(draft.text_hash)),
        checks=found,
        rubric=rubric if computed else None,
        computed=computed,
        inputs=[
            (other.id, tx.drafts.get(other.deliverable).text_hash)
            for other, _ in built_on(tx, task)
            if other.deliverable is not None
        ],
        files=files_of(office, tx, task),
    )


def _discipline(office: Office, task: Task) -> Skill | None:
    return REPORTER if task.skill == DIRECTOR else office.skills.get(task.skill)


def _checked(tx: Tx, task: Task, skill: Skill) -> list[str]:
    draft = tx.drafts.get(task.deliverable or 0)
    planned = planned_of(tx, tx.goals.get(task.goal), task)
    return list(checks.faults(tx.text(draft.text_hash), skill, planned, cut_off=draft.cut_off))


def _computed(tx: Tx, task: Task, judged: Task, rubric: str) -> list[int]:
    """Those of the task's reviews that come to what they say; of one before, the rubric may have been another."""
    return [
        review.id
        for review in tx.reviews.of_task(judged.id)
        if (judged is task or review.by == task.id)
        and verdicts.follows(review.document, rubric) == (review.verdict, review.score)
    ]
