"""Months and days that caps are for, as the brand's zone counts them; UTC where no zone is set, so that all processes agree."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from director.words.settings import Settings


def zone_of(settings: Settings) -> ZoneInfo:
    """The zone whose days and months these are."""
    return settings.time_zone or ZoneInfo("UTC")


def start_of(day: date, zone: tzinfo) -> datetime:
    """When *day* begins in *zone*."""
    return datetime.combine(day, time.min, zone)


def month_of(now: datetime, zone: ZoneInfo | None) -> str:
    """The month of *now*, "2026-11"."""
    return f"{now.astimezone(zone or UTC):%Y-%m}"


def day_of(now: datetime, zone: ZoneInfo | None) -> str:
    """The day of *now*, "2026-11-29"."""
    return f"{now.astimezone(zone or UTC):%Y-%m-%d}"


def around(month: str) -> tuple[datetime, datetime]:
    """From when to when it is *month*, "2026-11", in some zone; those are up to 14 hours away from UTC."""
    begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    day = timedelta(days=1)
    return begin - day, next_month(begin, None) + day


def months(first: str, last: str) -> Iterator[str]:
    """From *first* to *last*, "2026-11", both of them too."""
    while first <= last:
        yield first
        first = f"{datetime.strptime(first, '%Y-%m') + timedelta(days=31):%Y-%m}"  # noqa: DTZ007 - a month has no zone


def next_month(now: datetime, zone: ZoneInfo | None) -> datetime:
    """When the month after that of *now* begins, in UTC."""
    there = now.astimezone(zone or UTC)
    return _begin(there.replace(day=1) + timedelta(days=32), day=1)


def next_day(now: datetime, zone: ZoneInfo | None) -> datetime:
    """When the day after that of *now* begins, in UTC."""
    return _begin(now.astimezone(zone or UTC) + timedelta(days=1))


def _begin(there: datetime, *, day: int | None = None) -> datetime:
    # Where clocks go forward at midnight, that moment is the first of the day all the same.
    begin = there.replace(day=day or there.day, hour=0, minute=0, second=0, microsecond=0, fold=0)
    return begin.astimezone(UTC)
