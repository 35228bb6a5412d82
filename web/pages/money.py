"""The month's money."""

from collections.abc import Mapping
from typing import Any

from director.access.roles import Right
from director.views.money import money_document
from web.pages.answers import Answers


class MoneyPage:
    """What the month comes to."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "money.html", money_document)
