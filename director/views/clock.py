"""What the clock starts and what events start, with what became of the last ones; one schedule, for who switches it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from director.goals.submit import goal_cap, will_rehearse_in
from director.office import Office
from director.store.tx import Tx
from director.triggers import rules
from director.triggers.schedules import Schedule, load
from director.views.events import became, triggers_document
from director.views.goal import forecast_document
from director.views.schedules import likely, schedules_document, standing, standing_document
from director.words.amounts import as_number
from director.words.errors import WrongCall

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


#: Days on which people have things start, as the end of a cron line.
DAYS: Final[Mapping[str, str]] = {
    "* * *": "every day",
    "* * 1-5": "from Monday to Friday",
    **{f"* * {number}": f"every {day}" for number, day in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), 1
    )},
    "1 * *": "on the first of every month",
    "15 * *": "on the 15th of every month",
}  # fmt: skip

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def times_of(line: str) -> tuple[str, str] | None:
    """The days of a cron line, as the end of one, and the time of day; None where people say it otherwise."""
    minute, hour, days = line.split(" ", 2)
    if not (minute.isdigit() and hour.isdigit() and days in DAYS):
        return None
    return days, f"{int(hour):02d}:{int(minute):02d}"


def line_of(days: str, time: str) -> str:
    """
    The cron line of days as in `times_of` and a time of day.

    Raises:
        WrongCall: it is no time.
    """
    found = _TIME.fullmatch(time.strip())
    if found is None or days not in DAYS:
        raise WrongCall(f"A time of day has to be such as 07:00; it is {time[:40]!r}.")
    return f"{int(found[2])} {int(found[1])} {days}"


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
