"""Alerts and the notices of them: what is wrong, what was, and what has not reached its channel yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from director.notices.channels import channels
from director.office import Office
from director.store.tx import Tx
from director.upkeep.notify import key_of
from director.words.models import Alert, Delivery


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that is on its way to a channel."""

    delivery: Delivery
    since: datetime
    problem: str | None  #: why the last try came to nothing; None: it was not tried yet, or stands behind another
    next_try: datetime | None


def waiting(tx: Tx) -> list[Waiting]:
    """Those that are on their way, oldest first."""
    found = []
    for delivery in tx.notices.on_their_way():
        turn = tx.turns.keyed(key_of(delivery))
        since = tx.notices.get(delivery.notice).created_at
        problem, next_try = (None, None) if turn is None else (turn.error, turn.not_before)
        found.append(Waiting(delivery, since, problem, next_try))
    return found


def alerts_document(office: Office, tx: Tx, *, most: int) -> dict[str, Any]:
    """What is wrong, the last *most* that were, the channels that are set, and what has not reached them."""
    return {
        "open": [alert_document(alert) for alert in tx.alerts.open(office.brand)],
        "resolved": [alert_document(alert) for alert in tx.alerts.resolved(office.brand, limit=most)],
        "channels": list(channels(office.settings)),
        "waiting": [
            {
                "notice": one.delivery.notice,
                "channel": one.delivery.channel,
                "since": one.since.isoformat(),
                "problem": one.problem,
                "next_try": one.next_try and one.next_try.isoformat(),
            }
            for one in waiting(tx)
        ],
        "given_up": [
            {"notice": one.notice, "channel": one.channel, "at": one.given_up_at and one.given_up_at.isoformat(),
             "problem": one.problem}
            for one in tx.notices.given_up(limit=most)
        ],
    }  # fmt: skip


def alert_document(alert: Alert) -> dict[str, Any]:
    """One alert."""
    return {
        "id": alert.id,
        "rule": alert.rule,
        "subject": alert.subject,
        "what": alert.what,
        "costs": alert.costs,
        "does": alert.does,
        "command": alert.command,
        "raised_at": alert.raised_at.isoformat(),
        "resolved_at": alert.resolved_at and alert.resolved_at.isoformat(),
    }
