"""What the team knows: specialists, ready-made plans, learnings; and how it is."""

from datetime import datetime
from typing import Final

from pydantic import Field

from director.access.roles import Caller, Right
from director.office import Office
from director.views.catalog import pipelines_document, skills_document
from director.views.health import health_document, last_look
from director.views.memory import learning_document
from director.words.health import ComponentName, Health
from director.words.states import Category, LearningState, Priority
from web.api.cursors import Paged, number_of, page_of
from web.api.models import Learning, LeftOut
from web.api.operations import Answered, Asked, Document, Operation


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


def get_health(office: Office, _caller: Caller, _asked: Asked) -> Answered:
    """What the last look found; nothing is looked at for it."""
    return Answered(health_document(last_look(office)))


OPERATIONS: Final = (
    Operation("GET", "/skills", Right.READ, "The specialists.", Skills, list_skills),
    Operation("GET", "/pipelines", Right.READ, "The ready-made plans.", Pipelines, list_pipelines),
    Operation("GET", "/learnings", Right.READ, "What the team remembers.", Learnings, list_learnings, WhichLearnings),
    Operation("GET", "/health", Right.READ, "How far the work goes on, and why.", HowItIs, get_health),
)
