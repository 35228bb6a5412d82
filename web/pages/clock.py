"""Schedules, triggers and events; one schedule, with what it starts, and the switch that lets it."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from director.access.roles import Right
from director.office import Office
from director.store.tx import Tx
from director.triggers.change_schedule import change, version_of_schedule
from director.triggers.schedules import Schedule, load
from director.triggers.switch import switch
from director.views.clock import DAYS, clock_document, line_of, one_schedule_document, times_of
from director.views.managed import SCHEDULES, managed_document
from director.views.schedules import AROUND_NOW, explained_around, explained_document
from director.words.amounts import typed_usd
from director.words.errors import ChangedSince, NotFound, WorkspaceError, WrongCall
from web.callers import Entered
from web.pages.answers import Answers, form_of, found, see_other
from web.problems import Problem

_SWITCHES: Final[Mapping[str, bool]] = {"on": True, "off": False}

#: Due times that are shown on either side of now.
_MOST: Final = 10


class ClockPage:
    """What starts work by itself."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "clock.html", clock_document)


class SchedulePage:
    """One schedule: what it starts, what that will cost, when it did and will; and the form that changes it."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.MANAGE}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, name: str) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._show(req, resp, entered, name)

    async def on_post(self, req: Any, resp: Any, name: str) -> None:
        """Change it; the page again, with what was typed, where that cannot be, or it is another by now."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req)
        with found():
            await asyncio.to_thread(_schedule, entered, name)
        try:
            await asyncio.to_thread(_change, entered, name, form)
        except (WrongCall, WorkspaceError) as problem:
            is_late = isinstance(problem, ChangedSince)
            status = HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY
            await self._show(req, resp, entered, name, status, problem=str(problem), typed=form)
            return
        see_other(resp, f"/clock/{name}")

    async def _show(
        self,
        req: Any,
        resp: Any,
        entered: Entered,
        name: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        problem: str | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        with found():
            schedule = await asyncio.to_thread(_schedule, entered, name)
        document = await asyncio.to_thread(one_schedule_document, entered.office, schedule)
        one = document["schedule"]
        days, time = times_of(one["cron"]) or ("", "")
        cap = "" if schedule.cap_nano is None else typed_usd(schedule.cap_nano)
        form = typed or {"days": days, "time": time, "cron": one["cron"], "cap": cap}

        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            around = explained_around(tx, office, schedule, AROUND_NOW, most=_MOST)
            coming = next(schedule.cron.after(tx.now), tx.now)
            return {
                "slots": [explained_document(one) for one in around.told],
                "gives": schedule.text(coming),
                "managed": managed_document(tx, office.brand, SCHEDULES, about=schedule.name),
            }

        await self._answers.page(
            req,
            resp,
            entered,
            "schedule.html",
            make,
            status=status,
            one=one,
            costs=document,
            version=version_of_schedule(schedule),
            form=form,
            days=DAYS,
            problem=problem,
        )


class ScheduleSwitch:
    """What the button of a schedule does."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.MANAGE}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, name: str, to: str) -> None:  # noqa: ARG002 - as in the address
        """Back to the schedule, for who loads again what the button was answered with."""
        await self._answers.enter(req, self.rights["GET"])
        if to not in _SWITCHES:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        see_other(resp, "/clock")

    async def on_post(self, req: Any, resp: Any, name: str, to: str) -> None:
        """Back to the schedule, which is on, or off."""
        entered = await self._answers.enter(req, self.rights["POST"])
        if to not in _SWITCHES:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        await form_of(req)
        with found():
            schedule = await asyncio.to_thread(_switch, entered, name, on=_SWITCHES[to])
        see_other(resp, f"/clock/{schedule.name}")


def _schedule(entered: Entered, name: str) -> Schedule:
    try:
        return load(entered.office.settings, entered.office.catalog).find(name)
    except NotFound:
        raise
    except WrongCall as problem:  # its file is broken
        raise Problem(HTTPStatus.CONFLICT, str(problem)) from problem


def _switch(entered: Entered, name: str, *, on: bool) -> Schedule:
    schedule = _schedule(entered, name)
    schedules = load(entered.office.settings, entered.office.catalog)
    switch(entered.office, schedules, [schedule.name], on=on, by=entered.caller.by)
    return schedule


def _change(entered: Entered, name: str, form: Mapping[str, str]) -> None:
    days, time = form.get("days", ""), form.get("time", "")
    line: str | None = line_of(days, time) if days else form.get("cron", "")
    if (days, time) == times_of(_schedule(entered, name).cron.line):
        line = None  # the same time may be written otherwise in its file
    version = form.get("version", "")
    change(entered.office, name, cron=line, cap=form.get("cap", ""), by=entered.caller.by, version=version)
