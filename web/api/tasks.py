"""Tasks: their versions, what was found about them, and what came of them."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from director.access.roles import Caller, Right
from director.office import Office
from director.views import receipt
from director.views.goal import goal_document
from director.views.text import draft_document, review_document, text_document
from director.words.errors import NotFound
from web.api.approvals import Version
from web.api.brand import task_of
from web.api.models import AnyDocument, TaskLine
from web.api.operations import Answered, Asked, Document, Operation
from web.problems import Problem


class Task(Document):
    """A task and the goal it is of."""

    goal: str
    task: TaskLine


class Drafts(Document):
    """A task's versions, the first first."""

    task: str
    drafts: list[Version]


class Text(Version):
    """A version with its text, as it was written and as HTML in which nothing runs."""

    task: str
    markdown: str
    html: str


class Review(Document):
    """What was found about a version."""

    id: int
    task: str
    revision: int
    by: str
    verdict: str
    score: float | None
    rehearsed: bool
    document: AnyDocument
    at: datetime


class Reviews(Document):
    """A task's reviews, the first first."""

    task: str
    reviews: list[Review]


class ReceiptOf(Document):
    """What was known of a deliverable when it was approved."""

    task: str
    receipt: AnyDocument


def get_task(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A task."""
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        of_goal = goal_document(office, tx, tx.goals.get(task.goal))["tasks"]
    [found] = [one for one in of_goal if one["id"] == task.id]
    return Answered({"goal": task.goal, "task": found})


def list_drafts(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A task's versions."""
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        drafts = [draft_document(tx, draft, taken=draft.id == task.deliverable) for draft in tx.drafts.of_task(task.id)]
    return Answered({"task": task.id, "drafts": drafts})


def get_draft(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A version of a task."""
    revision = asked.path["revision"]
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        drafts = tx.drafts.of_task(task.id)
        draft = next((one for one in drafts if one.revision == int(revision)), None)
        if draft is None:
            there = ", ".join(str(one.revision) for one in drafts) or "none yet"
            raise NotFound("version", f"{task.id} {revision}", f"{task.id} has the versions {there}")
        return Answered(text_document(office, tx, draft, taken=draft.id == task.deliverable))


def get_deliverable(office: Office, caller: Caller, asked: Asked) -> Answered:
    """The version that is approved."""
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        if task.deliverable is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"{task.id} has no deliverable: it is {task.state}.")
        return Answered(text_document(office, tx, tx.drafts.get(task.deliverable), taken=True))


def list_reviews(office: Office, caller: Caller, asked: Asked) -> Answered:
    """What was found about a task's versions."""
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        reviews = [review_document(tx, one) for one in tx.reviews.of_task(task.id)]
    return Answered({"task": task.id, "reviews": reviews})


def get_receipt(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A deliverable's receipt."""
    with office.store.read() as tx:
        task = task_of(tx, caller, asked.path["task"])
        return Answered({"task": task.id, "receipt": receipt.receipt_document(receipt.find(tx, task.id))})


OPERATIONS: Final = (
    Operation("GET", "/tasks/{task}", Right.READ, "A task.", Task, get_task),
    Operation("GET", "/tasks/{task}/drafts", Right.READ, "A task's versions.", Drafts, list_drafts),
    Operation("GET", "/tasks/{task}/drafts/{revision}", Right.READ, "A version, as Markdown and HTML.", Text, get_draft),
    Operation("GET", "/tasks/{task}/deliverable", Right.READ, "The approved version.", Text, get_deliverable),
    Operation("GET", "/tasks/{task}/reviews", Right.READ, "What was found about a task's versions.", Reviews, list_reviews),
    Operation(
        "GET", "/tasks/{task}/receipt", Right.READ, "What was known of a deliverable when it was approved.", ReceiptOf,
        get_receipt, wrong=HTTPStatus.NOT_FOUND,
    ),
)  # fmt: skip
