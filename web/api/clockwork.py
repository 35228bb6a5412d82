"""What starts work by itself: events, triggers, schedules."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic import ConfigDict, Field

from director.access.roles import Caller, Right
from director.goals.submit import see_that_it_may_be_paid, will_rehearse
from director.office import Office
from director.store.tx import Tx
from director.triggers import change_schedule as changing
from director.triggers import rules
from director.triggers import schedules as files
from director.triggers.clock import new_goal, run_in
from director.triggers.incoming import EVENT_TYPE
from director.triggers.schedules import load
from director.triggers.switch import switch
from director.triggers.tell import amiss, check, tell
from director.views.clock import one_schedule_document
from director.views.events import event_document, triggers_document
from director.views.schedules import (
    AROUND_NOW,
    Explained,
    days_shown,
    explained_around,
    explained_days,
    explained_document,
    schedules_document,
    standing,
)
from director.words.amounts import plain_number
from director.words.states import Outcome, Priority, SlotFate
from web.api.cursors import Paged, number_of, page_of
from web.api.making import given, made_before, make_once
from web.api.models import Broken, Goal, GoalForecast
from web.api.operations import MOST_USD, Answered, Asked, Day, Document, Given, Operation, Query, SeenBefore

#: Due times that are told at once: as many as the longest day has minutes, so that every one can be asked for.
_MOST_SLOTS: Final = 25 * 60

#: What the interface is called as a source of events.
_SOURCE: Final = "api"

#: Days of which somebody may ask.
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2099, 12, 31)

#: A schedule's file may be broken, which its sentence says.
_BROKEN: Final = frozenset({HTTPStatus.CONFLICT})


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


class TellOf(Given):
    """Something that happened, and may start work."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"type": "traffic_drop", "data": {"percentageDrop": 35}}]}
    )

    type: str = Field(pattern=f"^{EVENT_TYPE.pattern}$", description="A type there is a trigger for, or any other.")
    data: dict[str, Any] = Field(description="What triggers look at. It is shown to the team as text from outside.")


class ToldOf(Event):
    """The event, and what is likely a slip in it."""

    amiss: list[str] = Field(description="A sentence each: no trigger is for it, or what one looks at is not in it.")


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
    when: str = Field(description="In words, in its zone: every Monday at 07:00.")
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


class OneSchedule(Document):
    """A schedule, and what each of its goals will likely cost."""

    schedule: Schedule
    forecast: GoalForecast | None = Field(description="Null: nobody knows before its plan is made.")
    rehearsal: bool = Field(description="Whether its goals would be rehearsed as it stands now, for nothing.")
    most_usd: float = Field(description="What each of its goals may cost at most.")


class Slots(Document):
    """Due times of a schedule, the first first."""

    schedule: str
    slots: list[Slot]
    more: bool = Field(description="Whether there are more in these days than were told: name fewer.")


class WhichSlots(Query):
    """Which due times."""

    since: Day | None = Field(None, description="The first day; with neither, the due times next to now.")
    until: Day | None = Field(None, description="The last day.")


class Times(Given):
    """When a schedule starts, and what each of its goals may cost."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cron": "0 7 * * 1", "cap_usd": 25}]})

    cron: str = Field(
        min_length=1, max_length=200,
        description="Minute, hour, day of the month, month and day of the week, where the schedule is.",
    )  # fmt: skip
    cap_usd: float | None = Field(ge=0, le=MOST_USD, description="Null: no cap of its own; then a tenth of the month.")


class Run(Given):
    """A goal of a schedule, now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"agreed": True}]})

    agreed: bool = Field(
        False, description="Whether somebody agrees that it is paid for, `most_usd` at most; a rehearsal needs no yes."
    )


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
        return Answered(event_document(tx, tx.events.get(asked.path["event"], brand=caller.brand)))


def tell_of_event(office: Office, caller: Caller, asked: Asked) -> Answered:
    """An event, written with the turn of who looks through the triggers for it."""
    if (before := made_before(office, caller, asked)) is not None:
        return before
    body: TellOf = asked.body
    data = check(office, body.type, body.data)
    slips = amiss(rules.load(office.settings, office.catalog), body.type, data)

    def make(tx: Tx) -> Answered:
        event = tell(tx, office, _SOURCE, body.type, data)
        return Answered({**event_document(tx, event), "amiss": slips}, location=f"/events/{event.id}")

    return make_once(office, caller, asked, make)


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


def get_schedule(office: Office, _caller: Caller, asked: Asked) -> Answered:
    """A schedule."""
    return _schedule(office, load(office.settings, office.catalog).find(asked.path["schedule"]))


def enable_schedule(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A schedule starts goals from its next slot on."""
    return _switched(office, caller, asked, on=True)


def disable_schedule(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A schedule starts nothing more."""
    return _switched(office, caller, asked, on=False)


def _switched(office: Office, caller: Caller, asked: Asked, *, on: bool) -> Answered:
    found = load(office.settings, office.catalog)
    schedule = found.find(asked.path["schedule"])
    switch(office, found, [schedule.name], on=on, by=caller.by)
    return _schedule(office, schedule)


def _schedule(office: Office, schedule: files.Schedule) -> Answered:
    return Answered(one_schedule_document(office, schedule), changing.version_of_schedule(schedule))


def change_schedule(office: Office, caller: Caller, asked: Asked) -> Answered:
    """Other times, or another cap: in the person's file, which replaces ours."""
    body: Times = asked.body
    cap = changing.NONE if body.cap_usd is None else plain_number(body.cap_usd)
    name = asked.path["schedule"]
    return _schedule(
        office, changing.change(office, name, cron=body.cron, cap=cap, by=caller.by, version=asked.version)
    )


def list_slots(office: Office, _caller: Caller, asked: Asked) -> Answered:
    """Due times of a schedule, and what became of each or will."""
    schedule = load(office.settings, office.catalog).find(asked.path["schedule"])
    since, until = _of_ours(asked.query.since), _of_ours(asked.query.until)
    told: list[Explained] = []
    more = False
    with office.store.read() as tx:
        if since is None and until is None:
            around = explained_around(tx, office, schedule, AROUND_NOW, most=_MOST_SLOTS // 2)
            told, more = around.told, bool(around.earlier or around.later)
        elif since is None or until is None or since <= until:
            days = days_shown(schedule, tx.now, since, until)
            told, more = explained_days(tx, office, schedule, *days, most=_MOST_SLOTS)
    document = {"schedule": schedule.name, "slots": [explained_document(one) for one in told], "more": more}
    return Answered(document)


def _of_ours(day: date | None) -> date | None:
    """No schedule has a due time before or after."""
    return None if day is None else min(max(day, _FIRST), _LAST)


def run_schedule(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A schedule's goal, given now: no due time is used up."""
    if (before := made_before(office, caller, asked)) is not None:
        return before
    schedule = load(office.settings, office.catalog).find(asked.path["schedule"])
    rehearsal = will_rehearse(office)
    see_that_it_may_be_paid(agreed=rehearsal or asked.body.agreed, how="let agreed be true", field="agreed")
    new = new_goal(office, schedule, office.clock())

    def make(tx: Tx) -> Answered:
        return given(office, tx, run_in(tx, office, schedule, new, rehearsal=rehearsal, by=caller.by))

    return make_once(office, caller, asked, make)


OPERATIONS: Final = (
    Operation("GET", "/events", Right.READ, "What came in, the newest first.", Events, list_events, Paged),
    Operation(
        "POST", "/events", Right.WORK, "Tell of something that happened; a trigger may start work for it.", ToldOf,
        tell_of_event, body=TellOf, status=HTTPStatus.CREATED, once=True,
    ),
    Operation("GET", "/events/{event}", Right.READ, "An event and what became of it.", Event, get_event),
    Operation("GET", "/triggers", Right.READ, "Which events start which work.", Triggers, list_triggers),
    Operation("GET", "/schedules", Right.READ, "Recurring work.", Schedules, list_schedules),
    Operation(
        "GET", "/schedules/{schedule}", Right.READ, "A schedule and what its goals will likely cost.", OneSchedule,
        get_schedule, wrong=HTTPStatus.CONFLICT, refusals=_BROKEN,
    ),
    Operation(
        "PUT", "/schedules/{schedule}", Right.MANAGE, "Say when a schedule starts, and what its goals may cost.",
        OneSchedule, change_schedule, body=Times, seen=SeenBefore.ALWAYS, wrong=HTTPStatus.CONFLICT,
    ),
    Operation(
        "GET", "/schedules/{schedule}/slots", Right.READ, "Due times, and what became of each or will.", Slots, list_slots,
        WhichSlots, wrong=HTTPStatus.CONFLICT, refusals=_BROKEN,
    ),
    Operation(
        "POST", "/schedules/{schedule}/enable", Right.MANAGE, "Let a schedule start goals from its next slot on.",
        OneSchedule, enable_schedule, wrong=HTTPStatus.CONFLICT, refusals=_BROKEN,
    ),
    Operation(
        "POST", "/schedules/{schedule}/disable", Right.MANAGE, "Let a schedule start nothing more.", OneSchedule,
        disable_schedule, wrong=HTTPStatus.CONFLICT, refusals=_BROKEN,
    ),
    Operation(
        "POST", "/schedules/{schedule}/run", Right.WORK, "Give a schedule's goal now.", Goal, run_schedule, body=Run,
        status=HTTPStatus.CREATED, once=True, wrong=HTTPStatus.CONFLICT,
    ),
)  # fmt: skip
