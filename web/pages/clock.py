"""Schedules, triggers and events."""

from collections.abc import Mapping
from typing import Any

from director.access.roles import Right
from director.views.clock import clock_document
from web.pages.answers import Answers


class ClockPage:
    """What starts work by itself."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "clock.html", clock_document)
