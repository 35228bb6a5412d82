"""The month's money, and what it may be."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from director.access.roles import Right
from director.goals.set_caps import set_caps
from director.views.money import money_document
from director.words.errors import ChangedSince, WrongCall
from director.words.typed import amount
from web.callers import Entered
from web.pages.answers import Answers, form_of, see_other


class MoneyPage:
    """What the month comes to, and the form that says what it may cost."""

    rights: Mapping[str, Right] = {"GET": Right.READ, "POST": Right.MANAGE}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._show(req, resp, entered)

    async def on_post(self, req: Any, resp: Any) -> None:
        """Take the caps; the page again, with what was typed, where they cannot be, or are others by now."""
        entered = await self._answers.enter(req, self.rights["POST"])
        form = await form_of(req)
        try:
            await asyncio.to_thread(_set, entered, form)
        except ChangedSince as problem:
            await self._show(req, resp, entered, HTTPStatus.CONFLICT, problem=str(problem), typed=form)
        except WrongCall as problem:
            await self._show(req, resp, entered, HTTPStatus.UNPROCESSABLE_ENTITY, problem=str(problem), typed=form)
        else:
            see_other(resp, "/money")

    async def _show(
        self,
        req: Any,
        resp: Any,
        entered: Entered,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        problem: str | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        more = {"problem": problem, "typed": typed}
        await self._answers.page(req, resp, entered, "money.html", money_document, status=status, **more)


def _set(entered: Entered, form: Mapping[str, str]) -> None:
    if all(form.get(name, "").strip() == form.get(f"shown_{name}") for name in ("monthly", "daily")):
        return  # nobody changed them: what this month was given besides stays this month's
    monthly = amount("What a month may cost", form.get("monthly", "").strip())
    daily = amount("What a day may cost", form.get("daily", "").strip() or None)
    assert monthly is not None  # noqa: S101 - something was given, if it was nothing: then it is no amount
    set_caps(
        entered.office,
        monthly_nano=monthly,
        daily_nano=daily,
        by=entered.caller.by,
        version=form.get("version", ""),
    )
