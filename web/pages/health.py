"""How what the team's work rests on is doing."""

from collections.abc import Mapping
from typing import Any

from director.access.roles import Caller, Right
from director.views.alerts import alert_document
from director.views.health import last_look, plain_health_document
from web.pages.answers import Answers, Make


class HealthPage:
    """As the last look found it; nothing is looked at for a page."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any) -> None:
        """The page."""
        entered = await self._answers.enter(req, self.rights["GET"])
        await self._answers.page(req, resp, entered, "health.html", _health(entered.caller))


def _health(caller: Caller) -> Make:
    return lambda office, tx: {
        "health": plain_health_document(last_look(office), whole=caller.whole),
        "alerts": [alert_document(alert) for alert in tx.alerts.open(office.brand)],
        "workers": tx.presence.standing_workers(),
    }
