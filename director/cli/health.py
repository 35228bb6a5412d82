"""`status --health`: how what work rests on is doing, and how far the work goes on."""

from datetime import datetime
from typing import Final

from rich.text import Text

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.mailbox.operation import EFFECTS
from director.views.health import Looked, health_document, health_of
from director.words.health import Health
from director.words.settings import from_env

_STYLES: Final = {Health.HEALTHY: "green", Health.DEGRADED: "yellow", Health.OFFLINE: "red"}


def print_health(*, json: bool) -> int:
    """Every component and the level; the exit code, 1 when any is not healthy."""
    with opened(from_env()) as office:
        looked = health_of(office)
    if json:
        print_document(health_document(looked))
        return 0 if looked.well else 1
    out = console()
    rows = [
        (one.name, Text(one.state, style=_STYLES[one.state]), _time(one.since), one.reason) for one in looked.components
    ]
    out.print(fitted(rows, ("component", "state", "since (UTC)", "why"), out.width, text="why", drop=("since (UTC)",)))
    out.print(f"\n{_level(looked)}")
    return 0 if looked.well else 1


def _level(looked: Looked) -> str:
    level = f"Level {looked.level} ({looked.level.word}): {EFFECTS[looked.level].said}"
    if looked.since is not None and looked.at is not None:
        return f"{level}. So since {_time(looked.since)} UTC; looked at {_time(looked.at)} UTC."
    if not looked.readable:
        return f"{level}. The record cannot be used, so nothing else is known."
    return f"{level}. Nobody of a team looks now, so nothing is held back; this is what a look finds."


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
