"""Today, the page at `/`; its form gives a goal."""

import secrets
from collections.abc import Mapping
from typing import Any

from director.access.roles import Right
from director.views.today import today_document
from web.pages.answers import Answers


class TodayPage:
    """What waits, was finished, goes on, is wrong and begins next."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "today.html", today_document, form=empty_form())


def empty_form(typed: Mapping[str, str] | None = None, problem: str | None = None) -> dict[str, Any]:
    """The form that gives a goal, with what was typed before and what is wrong with that; its key makes one goal of it."""
    typed = typed or {}
    return {
        "text": typed.get("text", ""),
        "budget": typed.get("budget", ""),
        "key": typed.get("key") or secrets.token_urlsafe(18),
        "problem": problem,
        "field": "budget" if problem and problem.startswith(("A budget", "--budget")) else "text",
    }
