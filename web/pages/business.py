"""What the team knows about the business, and the forms that change it: a section, or all of it."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from director.access.roles import Right
from director.files.change_context import change_context
from director.files.context import LARGEST_CONTEXT, read_context
from director.office import Office
from director.store.tx import Tx
from director.views.business import business_document, part_of
from director.views.managed import CONTEXT, managed_document
from director.words.errors import ChangedSince, NotFound, WorkspaceError, WrongCall
from skills.context import compose, with_said
from web.callers import Entered
from web.pages.answers import Answers, form_of, found, see_other

#: Bytes of a form with a context in it: each of its bytes written as three.
_LARGEST: Final = 3 * LARGEST_CONTEXT + 16_000

#: What all of it is called where a section has its number.
_ALL: Final = "all"


class BusinessPage:
    """The context by its sections."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "business.html", _business)


class BusinessForm:
    """Where a section, or all of it, is written."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.WORK}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, section: str) -> None:
        """The form."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._show(req, resp, entered, section)

    async def on_post(self, req: Any, resp: Any, section: str) -> None:
        """Back to the page; or the form again with what was typed, where it cannot be taken."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req, _LARGEST)
        said, status = form.get("words", ""), HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            with found():
                taken_out = await asyncio.to_thread(_change, entered, section, said, form.get("version", ""))
        except (WrongCall, WorkspaceError) as problem:
            if isinstance(problem, ChangedSince):
                status = HTTPStatus.CONFLICT
            await self._show(req, resp, entered, section, status, problem=str(problem), typed=said)
            return
        if taken_out:
            problem_said = (
                f"It was taken, but for what looks like {', '.join(taken_out)}: what stands here is sent to the model with "
                "every call."
            )
            await self._show(req, resp, entered, section, problem=problem_said)
            return
        see_other(resp, "/business" if section == _ALL else f"/business#section-{section}")

    async def _show(
        self,
        req: Any,
        resp: Any,
        entered: Entered,
        section: str,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        problem: str | None = None,
        typed: str | None = None,
    ) -> None:
        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            number = _number(section)
            if number is not None:
                part_of(office, number)
            business = business_document(office, tx.now)
            one = next((one for one in business["sections"] if one["number"] == number), None)
            return {"business": business, "one": one, "section": section}

        more = {"problem": problem, "typed": typed}
        await self._answers.page(req, resp, entered, "section.html", make, status=status, **more)


def _business(office: Office, tx: Tx) -> Mapping[str, Any]:
    return {"business": business_document(office, tx.now), "managed": managed_document(tx, office.brand, CONTEXT)}


def _number(section: str) -> int | None:
    """The section's number; None: all of it."""
    if section == _ALL:
        return None
    if not (section.isascii() and section.isdigit() and len(section) <= 2):
        raise NotFound("section", section[:40], f"sections have numbers, and all of it is {_ALL}")
    return int(section)


def _change(entered: Entered, section: str, said: str, version: str) -> tuple[str, ...]:
    office, number = entered.office, _number(section)
    if number is None:
        return change_context(office, said, by=entered.caller.by, version=version).taken_out
    part, parts = part_of(office, number), office.catalog.parts
    before = read_context(office.settings, None)
    new = compose("", {part.title: said}, parts) if before is None else with_said(before, part, said, parts)
    return change_context(office, new, by=entered.caller.by, version=version, what=part.title).taken_out
