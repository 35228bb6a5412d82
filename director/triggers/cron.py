"""When something recurs: a cron line in a time zone, as Debian's cron reads it, and the moments it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

#: What people write by heart.
_ALIASES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}

#: Characters of a line.
_LONGEST: Final = 100

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: Where the clocks were changed so shortly before, slots are computed from before the change on: what cronsim finds from within
#: the changed hours depends on where in them it begins.
_AROUND_A_CHANGE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cron:
    """
    A cron line in a zone.

    Where the clocks are changed: a time that does not exist is the first one after the gap (02:30 is 03:00), a time that
    exists twice is the first of both; what recurs each hour or more often goes on by the hour.
    """

    line: str  #: Five fields.
    zone: ZoneInfo

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> "Cron":
        """
        The line a person wrote: five fields, or one of the short names such as @daily.

        Raises:
            ValueError: it is none, or names no day there is; the text says what is wrong with it.
        """
        line = " ".join(text.split())
        line = _ALIASES.get(line.lower(), line)
        if len(line) > _LONGEST:
            raise ValueError(f"more than {_LONGEST} characters")
        if (fields := len(line.split())) != 5:
            raise ValueError(f"{fields} field{'' if fields == 1 else 's'}")
        try:
            next(CronSim(line, datetime(2024, 1, 1, tzinfo=UTC)))
        except StopIteration:
            raise ValueError("a day there never is") from None
        except (CronSimError, AssertionError, TypeError, KeyError, ValueError) as problem:
            said = re.sub("^Bad ", "a wrong ", str(problem))
            raise ValueError(said or "fields it does not know") from None
        return cls(line, zone)

    def after(self, since: datetime) -> Iterator[datetime]:
        """Its moments after *since*, in UTC; the same ones from wherever one begins."""
        start = since.astimezone(self.zone)
        before = (since - _AROUND_A_CHANGE).astimezone(self.zone)
        last = since
        for local in CronSim(self.line, start if before.utcoffset() == start.utcoffset() else before):
            moment = local.astimezone(UTC)
            if moment > last:
                last = moment
                yield moment

    def between(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Its moments after *since*, up to and with *until*."""
        for moment in self.after(since):
            if moment > until:
                return
            yield moment

    def last_before(self, until: datetime) -> datetime | None:
        """Its last moment before *until*."""
        back = CronSim(self.line, until.astimezone(self.zone), reverse=True)
        found = next(back, None)
        if found is None:
            return None
        last = None
        # Backwards, the hours around a change are not always those that forwards are.
        for moment in self.after(found.astimezone(UTC) - 2 * _AROUND_A_CHANGE):
            if moment >= until:
                break
            last = moment
        return last

    @property
    def in_words(self) -> str:
        """For people: "every Monday at 07:00"."""
        said = CronSim(self.line, datetime(2024, 1, 1, tzinfo=UTC)).explain()
        places = [said.find(joint) for joint in (" every ", " on ", " in ") if joint in said]
        if not re.match("At [0-9]", said) or not places:
            return said[:1].lower() + said[1:]
        time, days = said[len("At ") : min(places)], said[min(places) + 1 :]
        if any(map(days.startswith, (f"on {day}" for day in _WEEKDAYS))):
            first, through, last = days.removeprefix("on ").partition(" through ")
            days = f"every day from {first} to {last}" if through else f"every {first}"
        return f"{days} at {time}"
