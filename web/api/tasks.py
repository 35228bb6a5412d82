"""Tasks: their versions, what was found about them, and what came of them."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from pydantic import ConfigDict, Field

from director.access.roles import Caller, Right
from director.files.own_version import own_words
from director.inbox import accept, revise_approved
from director.inbox.accept import Accepted
from director.inbox.approvals import LONGEST_INSTRUCTIONS
from director.inbox.version import version_of_text
from director.office import Office
from director.prompting.drafting import LONGEST_DRAFT
from director.views import receipt
from director.views.changed import accepted_document, asked_document, changes_document
from director.views.goal import goal_document
from director.views.likely_change import likely_change
from director.views.text import deliverable_document, draft_document, review_document, text_document
from director.words import models as rows
from director.words.errors import NotFound, WrongCall, WrongField
from director.words.states import ChangeKind
from web.api.models import AnyDocument, Deliverable, Goal, GoalForecast, Learning, TaskLine, Text, Version
from web.api.operations import Answered, Asked, Document, Given, Operation, SeenBefore
from web.api.texts import readable, seen
from web.problems import Problem


class Task(Document):
    """A task and the goal it is of."""

    goal: str
    task: TaskLine


class Drafts(Document):
    """A task's versions, the first first."""

    task: str
    drafts: list[Version]


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


class AskedChange(Document):
    """What somebody asked of a deliverable, or made of it."""

    kind: ChangeKind
    words: str | None = Field(description="What was asked for; null: it was replaced by a person's own version.")
    because: str | None = Field(description="The task whose change made another look necessary.")
    by: str
    at: datetime
    given_up_at: datetime | None = Field(description="When the version before was kept instead.")


class Changes(Document):
    """What people asked of a deliverable or made of it, first to last, and what another change will likely cost."""

    task: str
    version: str = Field(description="For If-Match.")
    changes: list[AskedChange]
    why_not: str | None = Field(description="Why none can be asked for now.")
    forecast: GoalForecast | None
    dependents: list[str] = Field(description="The approved tasks that were given a version of it.")
    forecast_with_dependents: GoalForecast | None = Field(description="Where those are looked at again, too.")
    rests_on_earlier: list[str]


class NewChange(Given):
    """What is to be another in approved work."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"words": "Shorter, and name the price.", "agreed": True}],
            "anyOf": [
                {"required": ["words"], "properties": {"words": {"type": "string"}}},
                {"required": ["dependents"], "properties": {"dependents": {"const": True}}},
            ],
        }
    )

    words: str | None = Field(
        None, max_length=16_000,
        description="What to change; null: nothing in it, but its dependents are to be looked at again.",
        json_schema_extra={"anyOf": [{"type": "string", **seen(LONGEST_INSTRUCTIONS)}, {"type": "null"}]},
    )  # fmt: skip
    dependents: bool = Field(False, description="Whether what rests on it is looked at again behind it.")
    agreed: bool = Field(
        False, description="Whether somebody agrees to what it will likely cost; a rehearsal needs no yes."
    )


class ChangedWork(Goal):
    """The goal, and whose authors are to write another version."""

    changed: list[str]
    asked_before: bool = Field(description="Whether the same was asked of this version before, so that nothing is new.")
    learning: Learning | None


class OwnVersion(Given):
    """A person's own version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"markdown": "# Singing gnomes\n\nThey sing at noon."}]})

    markdown: str = Field(
        min_length=1, max_length=2 * LONGEST_DRAFT, description="The words, as they are taken.",
        json_schema_extra=readable(LONGEST_DRAFT),
    )  # fmt: skip
    piece: str | None = Field(
        None,
        max_length=200,
        description="The title of the piece they take the place of; else the only one, or all of it.",
    )


class AcceptedWork(Goal):
    """The goal, and what certain checks find in what was accepted."""

    accepted: str
    revision: int
    found: list[str]


def get_task(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A task."""
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        of_goal = goal_document(office, tx, tx.goals.get(task.goal))["tasks"]
    [found] = [one for one in of_goal if one["id"] == task.id]
    return Answered({"goal": task.goal, "task": found}, found["version"])


def list_drafts(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A task's versions."""
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        drafts = [draft_document(tx, draft, taken=draft.id == task.deliverable) for draft in tx.drafts.of_task(task.id)]
    return Answered({"task": task.id, "drafts": drafts})


def get_draft(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A version of a task."""
    revision = asked.path["revision"]
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        drafts = tx.drafts.of_task(task.id)
        draft = next((one for one in drafts if one.revision == int(revision)), None)
        if draft is None:
            there = ", ".join(str(one.revision) for one in drafts) or "none yet"
            raise NotFound("version", f"{task.id} {revision}", f"{task.id} has the versions {there}")
        return Answered(text_document(office, tx, draft, taken=draft.id == task.deliverable))


def get_deliverable(office: Office, caller: Caller, asked: Asked) -> Answered:
    """The version that is approved."""
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        document = deliverable_document(office, tx, task)
        if document is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"{task.id} has no deliverable: it is {task.state}.")
        return Answered(document, document["version"])


def list_reviews(office: Office, caller: Caller, asked: Asked) -> Answered:
    """What was found about a task's versions."""
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        reviews = [review_document(tx, one) for one in tx.reviews.of_task(task.id)]
    return Answered({"task": task.id, "reviews": reviews})


def get_receipt(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A deliverable's receipt."""
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        return Answered({"task": task.id, "receipt": receipt.receipt_document(receipt.find(tx, task.id))})


def list_changes(office: Office, caller: Caller, asked: Asked) -> Answered:
    """What was asked of a deliverable, and what another change will likely cost."""
    with office.store.read() as tx:
        document = changes_document(office, tx, tx.tasks.get(asked.path["task"], brand=caller.brand))
        return Answered(document, document["version"])


def ask_for_change(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A change of approved work, or another look at what rests on it."""
    body: NewChange = asked.body
    with office.store.read() as tx:
        task = tx.tasks.get(asked.path["task"], brand=caller.brand)
        likely = likely_change(office, tx, task, itself=body.words is not None, dependents=body.dependents)
    if body.words is None and not body.dependents:
        raise WrongField("words", "Say what to change in words, or let dependents be true; nothing was done.")
    if not (body.agreed or likely is None or likely.rehearsal):
        raise WrongField("agreed", f"{likely.sentence(task.goal)} Let agreed be true; nothing was done.")
    by, version = caller.by, asked.version
    if body.words is None:
        done = revise_approved.look_again(office, task.id, by=by, version=version)
    else:
        done = revise_approved.revise(office, task.id, body.words, dependents=body.dependents, by=by, version=version)
    with office.store.read() as tx:
        return Answered(asked_document(office, tx, done), version_of_text(tx.tasks.get(task.id)))


def put_deliverable(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A person's own version becomes the deliverable."""
    body: OwnVersion = asked.body
    with office.store.read() as tx:
        ident = tx.tasks.get(asked.path["task"], brand=caller.brand).id
    try:
        own = own_words(body.markdown)
    except WrongCall as problem:
        raise WrongField("markdown", str(problem)) from problem
    done = accept.accept(office, ident, own, file=None, piece=body.piece, by=caller.by, version=asked.version)
    return _accepted(office, done.task, done)


def accept_deliverable(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A deliverable is fine as it is, though what it rests on was changed."""
    with office.store.read() as tx:
        ident = tx.tasks.get(asked.path["task"], brand=caller.brand).id
    return _accepted(office, accept.say_fine(office, ident, by=caller.by, version=asked.version), None)


def _accepted(office: Office, task: rows.Task, done: Accepted | None) -> Answered:
    with office.store.read() as tx:
        task = tx.tasks.get(task.id)
        return Answered(accepted_document(office, tx, task, done), version_of_text(task))


OPERATIONS: Final = (
    Operation("GET", "/tasks/{task}", Right.READ, "A task.", Task, get_task),
    Operation("GET", "/tasks/{task}/drafts", Right.READ, "A task's versions.", Drafts, list_drafts),
    Operation("GET", "/tasks/{task}/drafts/{revision}", Right.READ, "A version, as Markdown and HTML.", Text, get_draft),
    Operation("GET", "/tasks/{task}/deliverable", Right.READ, "The approved version.", Deliverable, get_deliverable),
    Operation(
        "PUT", "/tasks/{task}/deliverable", Right.WORK, "Give your own version of a deliverable.", AcceptedWork,
        put_deliverable, body=OwnVersion, seen=SeenBefore.ALWAYS,
    ),
    Operation(
        "POST", "/tasks/{task}/deliverable/acceptance", Right.WORK,
        "Say that a deliverable is fine as it is, though what it rests on was changed.", AcceptedWork, accept_deliverable,
        seen=SeenBefore.ALWAYS,
    ),
    Operation(
        "GET", "/tasks/{task}/changes", Right.READ, "What was asked of a deliverable; what a change will likely cost.",
        Changes, list_changes,
    ),
    Operation(
        "POST", "/tasks/{task}/changes", Right.WORK, "Ask for a change of approved work.", ChangedWork, ask_for_change,
        body=NewChange, seen=SeenBefore.ALWAYS,
    ),
    Operation("GET", "/tasks/{task}/reviews", Right.READ, "What was found about a task's versions.", Reviews, list_reviews),
    Operation(
        "GET", "/tasks/{task}/receipt", Right.READ, "What was known of a deliverable when it was approved.", ReceiptOf,
        get_receipt, wrong=HTTPStatus.NOT_FOUND,
    ),
)  # fmt: skip
