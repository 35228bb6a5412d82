"""What starts work by itself: events, triggers, schedules."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic import Field

from director.access.roles import Caller, Right
from director.office import Office
from director.triggers import rules
from director.triggers.schedules import load
from director.views.events import event_document, triggers_document
from director.views.schedules import schedules_document, standing
from director.words.states import Outcome, Priority, SlotFate
from web.api.cursors import Paged, number_of, page_of
from web.api.models import Broken
from web.api.operations import Answered, Asked, Document, Operation
from web.problems import Problem


class Became(Document):
    """What became of an event at a trigger."""

    trigger: str
    what: Outcome
    why: str
    goal: str | None
    at: datetime


class Event(Document):
    """What came in, from outside or inside."""

    id: str
    source: str
    delivery: str
    type: str
    at: datetime
    said_at: datetime | None
    goal: str | None
    data: Any = Field(description="As it came: text from outside.")
    looked_at: datetime | None
    waits: str | None
    became: list[Became]


class Events(Document):
    """A page of events, the newest first."""

    events: list[Event]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


class Condition(Document):
    """What a trigger looks at."""

    at: str
    is_: str = Field(alias="is")
    value: Any


class Trigger(Document):
    """Which events start which work."""

    name: str
    event: str
    enabled: bool
    when: list[Condition]
    pipeline: str | None
    goal: str | None
    priority: Priority | None
    cap_usd: float | None
    cooldown: str
    cools_until: datetime | None
    cools_for: str | None
    file: str
    fault: str | None


class Triggers(Document):
    """All triggers, and files that are none."""

    broken: list[Broken]
    triggers: list[Trigger]


class Slot(Document):
    """A due time and what became of it."""

    slot: datetime
    fate: SlotFate | None
    why: str
    goal: str | None


class Schedule(Document):
    """Recurring work."""

    name: str
    description: str
    enabled: bool
    cron: str
    zone: str
    pipeline: str | None
    goal: str | None
    priority: Priority | None
    cap_usd: float | None
    missed: str
    within_days: int
    most: int
    file: str
    next: list[datetime]
    last: Slot | None
    goals: int
    cost_usd: float


class Schedules(Document):
    """All schedules, and files that are broken."""

    schedules: list[Schedule]
    broken: list[Broken]


def list_events(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A page of events."""
    with office.store.read() as tx:
        found, following = page_of(
            "events",
            asked.query,
            lambda before, limit: tx.pages.events(caller.brand, before, limit),
            number_of,
        )
        return Answered({"events": [event_document(tx, event) for event in found], "next": following})


def get_event(office: Office, caller: Caller, asked: Asked) -> Answered:
    """An event."""
    with office.store.read() as tx:
        event = tx.events.get(asked.path["event"])
        if event.brand != caller.brand:
            raise Problem(HTTPStatus.NOT_FOUND, f"There is no event {event.id!r}.")
        return Answered(event_document(tx, event))


def list_triggers(office: Office, caller: Caller, _asked: Asked) -> Answered:
    """All triggers."""
    found = rules.load(office.settings, office.catalog)
    with office.store.read() as tx:
        return Answered(triggers_document(tx, caller.brand, found))


def list_schedules(office: Office, _caller: Caller, _asked: Asked) -> Answered:
    """All schedules."""
    found = load(office.settings, office.catalog)
    with office.store.read() as tx:
        settled = [standing(tx, office, schedule) for schedule in found.schedules.values()]
    return Answered(schedules_document(settled, found))


OPERATIONS: Final = (
    Operation("GET", "/events", Right.READ, "What came in, the newest first.", Events, list_events, Paged),
    Operation("GET", "/events/{event}", Right.READ, "An event and what became of it.", Event, get_event),
    Operation("GET", "/triggers", Right.READ, "Which events start which work.", Triggers, list_triggers),
    Operation("GET", "/schedules", Right.READ, "Recurring work.", Schedules, list_schedules),
)
