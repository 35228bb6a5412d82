"""What the clock starts and what events start, with what became of the last ones; one schedule, for who switches it."""

from typing import Any, Final

from director.goals.submit import will_rehearse_in
from director.mailbox.restrictions import goal_cap
from director.office import Office
from director.store.tx import Tx
from director.triggers import rules
from director.triggers.schedules import Schedule, load
from director.views.events import became, triggers_document
from director.views.goal import forecast_document
from director.views.schedules import likely, schedules_document, standing, standing_document
from director.words.amounts import as_number

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
            for event in tx.events.all(office.brand, limit=_MOST_EVENTS)
        ],
    }  # fmt: skip


def one_schedule_document(office: Office, schedule: Schedule) -> dict[str, Any]:
    """One schedule, with what each of its goals will likely cost and may cost at most, for who switches it on."""
    expected = likely(office, schedule)
    with office.store.read() as tx:
        usual = goal_cap(office.settings, tx.brands.get(office.brand))
        return {
            "schedule": standing_document(standing(tx, office, schedule)),
            "forecast": None if expected is None else forecast_document(expected),
            "most_usd": as_number(usual if schedule.cap_nano is None else schedule.cap_nano),
            "rehearsal": will_rehearse_in(tx, office),
        }
