"""What the clock starts and what events start, with what became of the last ones."""

from typing import Any, Final

from director.office import Office
from director.store.tx import Tx
from director.triggers import rules
from director.triggers.schedules import load
from director.views.events import became, triggers_document
from director.views.schedules import schedules_document, standing

_MOST_EVENTS: Final = 30


def clock_document(office: Office, tx: Tx) -> dict[str, Any]:
    """Schedules, triggers, the last events."""
    schedules = load(office.settings, office.catalog)
    return {
        **schedules_document([standing(tx, office, one) for one in schedules.schedules.values()], schedules),
        **{f"trigger_{name}": found for name, found in triggers_document(
            tx, office.brand, rules.load(office.settings, office.catalog)
        ).items()},
        "events": [
            {
                "id": event.id,
                "type": event.type,
                "source": event.source,
                "at": event.created_at.isoformat(),
                "became": [{"trigger": trigger, "what": what, "why": why} for trigger, what, why in became(tx, event)],
            }
            for event in tx.events.all(limit=_MOST_EVENTS)
            if event.brand == office.brand
        ],
    }  # fmt: skip
