"""What the team knows: specialists, ready-made plans, learnings; and how it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic import ConfigDict, Field

from director.access.roles import Caller, Right
from director.memory import change, learn, readable
from director.office import Office
from director.store.tx import Tx
from director.views.catalog import pipelines_document, skills_document
from director.views.health import health_document, last_look
from director.views.memory import learning_document
from director.words import models as rows
from director.words.health import ComponentName, Health
from director.words.states import Category, LearningState, Priority
from web.api.cursors import Paged, number_of, page_of
from web.api.making import made_before, make_once
from web.api.models import Learning, LeftOut
from web.api.operations import Answered, Asked, Document, Given, Operation, SeenBefore
from web.api.texts import seen


class Skill(Document):
    """A specialist."""

    name: str
    squad: str
    consumers: list[str]
    description: str


class Skills(Document):
    """All specialists, and folders that are not used."""

    left_out: list[LeftOut]
    skills: list[Skill]


class Pipeline(Document):
    """A ready-made plan."""

    name: str
    priority: Priority
    category: Category | None
    for_: str | None = Field(alias="for")
    steps: list[str]


class Pipelines(Document):
    """All ready-made plans, and those that are not used."""

    left_out: list[LeftOut]
    pipelines: list[Pipeline]


class Learnings(Document):
    """A page of learnings, the newest first."""

    learnings: list[Learning]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


class WhichLearnings(Paged):
    """Which learnings."""

    state: LearningState | None = None


_SENTENCE: Final[Any] = Field(
    min_length=1, max_length=2_000, description="What to do, in a sentence.", json_schema_extra=seen(learn.LONGEST)
)


class NewLearning(Given):
    """A sentence that all work of a specialist is to follow."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"skill": "copywriting", "text": "Name the day, not the week."}]}
    )

    skill: str = Field(min_length=1, max_length=100, description="A specialist's name, or `director` for all.")
    text: str = Field(
        min_length=1, max_length=2_000, description="What to do, in a sentence of at most 300 characters."
    )


class Words(Given):
    """A learning in other words."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Name the day and the hour."}]})

    text: str = Field(
        min_length=1, max_length=2_000, description="What to do, in a sentence of at most 300 characters."
    )


class Component(Document):
    """How something that work rests on is."""

    name: ComponentName
    state: Health
    since: datetime
    reason: str


class HowItIs(Document):
    """How far the work goes on."""

    level: int
    name: str
    does: str
    since: datetime | None
    looked_at: datetime | None
    recent: bool
    components: list[Component]


def list_skills(office: Office, _caller: Caller, _asked: Asked) -> Answered:
    """The specialists."""
    return Answered(skills_document(office.skills.values(), office.catalog.left_out))


def list_pipelines(office: Office, _caller: Caller, _asked: Asked) -> Answered:
    """The ready-made plans."""
    return Answered(pipelines_document(office.library))


def list_learnings(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A page of learnings."""
    with office.store.read() as tx:
        found, following = page_of(
            "learnings",
            asked.query,
            lambda before, limit: tx.pages.learnings(caller.brand, before, limit, state=asked.query.state),
            number_of,
        )
    return Answered({"learnings": [learning_document(one) for one in found], "next": following})


def get_learning(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A learning."""
    with office.store.read() as tx:
        return _learning(tx.learnings.get(asked.path["learning"], brand=caller.brand))


def add_learning(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A person's sentence, followed from here on; what says the same is put in these words."""
    if (before := made_before(office, caller, asked)) is not None:
        return before
    body: NewLearning = asked.body
    said = change.check(office, body.text, body.skill)

    def make(tx: Tx) -> Answered:
        made = learn.from_person(tx, office.brand, body.skill, said, by=caller.by)
        return replace(_learning(made), location=f"/learnings/{made.id}")

    return make_once(office, caller, asked, make, readable.mirror)


def edit_learning(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A learning in a person's words, which are followed."""

    def edit(office: Office, ident: str, **said: Any) -> rows.Learning:
        return change.edit(office, ident, asked.body.text, **said)

    return _changed(office, caller, asked, edit)


def accept_learning(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A proposal is followed from here on."""
    return _changed(office, caller, asked, change.accept)


def retire_learning(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A learning is shown no more."""
    return _changed(office, caller, asked, change.retire)


def _changed(office: Office, caller: Caller, asked: Asked, do: Callable[..., rows.Learning]) -> Answered:
    with office.store.read() as tx:
        ident = tx.learnings.get(asked.path["learning"], brand=caller.brand).id
    return _learning(do(office, ident, by=caller.by, version=asked.version))


def _learning(one: rows.Learning) -> Answered:
    return Answered(learning_document(one), change.version_of_learning(one))


def get_health(office: Office, caller: Caller, _asked: Asked) -> Answered:
    """What the last look found; nothing is looked at for it."""
    return Answered(health_document(last_look(office), whole=caller.whole))


OPERATIONS: Final = (
    Operation("GET", "/skills", Right.READ, "The specialists.", Skills, list_skills),
    Operation("GET", "/pipelines", Right.READ, "The ready-made plans.", Pipelines, list_pipelines),
    Operation("GET", "/learnings", Right.READ, "What the team remembers.", Learnings, list_learnings, WhichLearnings),
    Operation(
        "POST", "/learnings", Right.WORK, "Say what all work of a specialist is to follow.", Learning, add_learning,
        body=NewLearning, status=HTTPStatus.CREATED, once=True,
    ),
    Operation("GET", "/learnings/{learning}", Right.READ, "A learning.", Learning, get_learning),
    Operation(
        "PUT", "/learnings/{learning}", Right.WORK, "Put a learning in other words, which are followed.", Learning,
        edit_learning, body=Words, seen=SeenBefore.ALWAYS,
    ),
    Operation(
        "POST", "/learnings/{learning}/accept", Right.WORK, "Follow a proposal from here on.", Learning, accept_learning,
        seen=SeenBefore.WHERE_SAID,
    ),
    Operation(
        "POST", "/learnings/{learning}/retire", Right.WORK, "Follow a learning no more.", Learning, retire_learning,
        seen=SeenBefore.WHERE_SAID,
    ),
    Operation("GET", "/health", Right.READ, "How far the work goes on, and why.", HowItIs, get_health),
)  # fmt: skip
