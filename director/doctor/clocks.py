"""This machine's clock against those of others, and against what was written by it before."""

from datetime import datetime, timedelta

from director.doctor import mends
from director.store.presence import CLOCK_SLACK
from director.words.clock import Clock
from director.words.durations import duration
from director.words.finding import Finding, Level


def against(whose: str, theirs: datetime, before: datetime, after: datetime) -> Finding:
    """What somebody else's clock says of ours, which said *before* and *after* around the question."""
    ahead = max(before - theirs, min(after - theirs, timedelta()))
    if abs(ahead) <= CLOCK_SLACK:
        return Finding("clock", Level.WELL, f"agrees with {whose}")
    off = f"{_about(ahead)} {'ahead of' if ahead > CLOCK_SLACK else 'behind'}"
    says = (
        f"This machine's clock is {off} {whose}: leases, deadlines and schedules go by it. Set the one that is wrong."
    )
    return Finding("clock", Level.FAULT, says, mends.ask_for_time())


def against_the_record(newest: datetime | None, clock: Clock) -> Finding | None:
    """What the newest moment in the record says of our clock: nothing where it has passed."""
    if newest is None or newest - clock() <= CLOCK_SLACK:
        return None
    says = (
        f"This machine's clock is {_about(newest - clock())} behind the newest line of the record ({newest:%Y-%m-%d %H:%M} "
        "UTC): it is behind now, or was ahead then. Until that moment has come, work may wait."
    )
    return Finding("clock", Level.FAULT, says, mends.ask_for_time())


def _about(off: timedelta) -> str:
    """By how much, to the minute where it is more than two."""
    off = abs(off)
    return duration(off if off < timedelta(minutes=2) else timedelta(minutes=round(off / timedelta(minutes=1))))
