"""What the headers of an answer say about the service's limits, and which models share one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from director.money.prices import without_date
from director.words.limits import Left

_KINDS: Final = ("requests", "tokens", "input-tokens", "output-tokens")

#: Limits are by the minute, so a reset that is further away was meant otherwise, or is a mistake.
_LONGEST: Final = timedelta(minutes=10)

#: More than any limit is; what is computed from it fits everywhere.
_MOST: Final = 10**12


def family(model: str) -> str:
    """
    Whose limits count a request for *model*: the service pools those of a family's versions, so claude-sonnet-5-5 is of
    claude-sonnet. Another name is its own.
    """
    parts = without_date(model).split("-")
    while len(parts) > 1 and parts[-1].isdecimal():
        parts.pop()
    return "-".join(parts)


def left_of(headers: Mapping[str, str], now: datetime) -> tuple[Left, ...]:
    """
    What *headers* say is left of each limit they name. Of what is missing or cannot be read nothing is said; a reset that is
    past means full.

    *now* counts where the answer has no date of its own: the reset is a moment by the service's clock, not by ours.
    """
    sent = _date(headers.get("date", "")) or now
    found = (_left(kind, headers, sent) for kind in _KINDS)
    return tuple(left for left in found if left is not None)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long *headers* ask to wait, in seconds or until a date; None where they do not, or cannot be read."""
    given = headers.get("retry-after", "")
    try:
        return timedelta(seconds=max(0.0, float(given)))
    except OverflowError:
        return timedelta.max
    except ValueError:
        until = _date(given)
    return None if until is None else max(timedelta(0), until - now)


def _left(kind: str, headers: Mapping[str, str], sent: datetime) -> Left | None:
    def said(what: str) -> str:
        return headers.get(f"anthropic-ratelimit-{kind}-{what}", "").strip()

    most, left = _count(said("limit")), _count(said("remaining"))
    try:
        reset = datetime.fromisoformat(said("reset"))
        full_in = max(timedelta(0), (reset if reset.tzinfo else reset.replace(tzinfo=UTC)) - sent)
    except (ValueError, OverflowError):
        return None
    if not most or left is None:
        return None
    return Left(kind, most, min(left, most) if full_in else most, min(full_in, _LONGEST))


def _count(text: str) -> int | None:
    return min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # "-0000" says that it is UTC, and comes without a zone.
    return date if date.tzinfo else date.replace(tzinfo=UTC)
