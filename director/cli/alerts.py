"""`alerts`: what is wrong and what was; `alerts test` tries every channel."""

import secrets
import time
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from director.bootstrap import opened
from director.cli.documents import print_document
from director.cli.terminal import console, counted, cut, fitted
from director.notices.channels import SWITCH, channels, send
from director.office import Office
from director.store.tx import Tx
from director.views.alerts import Waiting, alerts_document, waiting
from director.words.alert import Channel, News
from director.words.characters import visible
from director.words.clock import Clock
from director.words.command import program
from director.words.errors import ChannelAway
from director.words.models import Alert, Notice
from director.words.own_secrets import own_secrets
from director.words.redaction import blank
from director.words.settings import Settings, from_env

#: Alerts that are over, and notices that were given up, that are shown.
_MOST: Final = 10


def print_alerts(*, json: bool) -> None:
    """What is wrong, what was, and what has not reached its channel."""
    out = console()
    with opened(from_env()) as office, office.store.read() as tx:
        document = alerts_document(office, tx, most=_MOST) if json else None
        parts = [] if json else _parts(office, tx, out.width)
    if document is not None:
        print_document(document)
        return
    for part in parts:
        out.print(part)


def _parts(office: Office, tx: Tx, width: int) -> list[RenderableType]:
    now_open, over, late = tx.alerts.open(office.brand), tx.alerts.resolved(office.brand, limit=_MOST), waiting(tx)
    parts = [part for alert in now_open for part in _block(alert)]
    if not now_open:
        parts.append(Text("Nothing is wrong."))
    if not tx.presence.standing_workers():
        parts.append(Text(f"No worker is running, so nobody looks: {program()} up starts the team.", style="yellow"))
    if over:
        rows = [
            (
                alert.id,
                alert.rule,
                f"{alert.raised_at:%m-%d %H:%M}",
                f"{alert.resolved_at:%m-%d %H:%M}",
                cut(alert.what),
            )
            for alert in over
        ]
        columns = ("over", "rule", "from (UTC)", "to (UTC)", "what")
        parts += [Text(""), fitted(rows, columns, width, text="what", drop=("from (UTC)", "rule"))]
    parts += [Text(""), Text(_who_is_told(office.settings))]
    parts += [Text(_late(channel, late), style="yellow") for channel in Channel if any(_to(late, channel))]
    for lost in tx.notices.given_up(limit=_MOST):
        parts.append(Text(f"Given up: {visible(lost.problem or lost.notice)}", style="yellow"))
    return parts


def _block(alert: Alert) -> list[RenderableType]:
    lines = (alert.what, f"Costs: {alert.costs}", f"The team: {alert.does}", f"Changes it: {alert.command}")
    said = "\n".join(visible(" ".join(line.split())) for line in lines)
    head = Text(f"{alert.id}  {alert.rule}, since {alert.raised_at:%Y-%m-%d %H:%M} UTC", style="bold red")
    return [head, Padding(Text(said), (0, 0, 0, 4))]


def _who_is_told(settings: Settings) -> str:
    there = channels(settings)
    if not there:
        *others, last = SWITCH.values()
        return f"Only the log is told; {', '.join(others)} or {last} in .env tells you elsewhere."
    return f"The log is told, and {' and '.join(there)} ({program()} alerts test tries them)."


def _to(late: list[Waiting], channel: Channel) -> list[Waiting]:
    return [one for one in late if one.delivery.channel is channel]


def _late(channel: Channel, late: list[Waiting]) -> str:
    """What has not reached the channel: the oldest says why."""
    mine = _to(late, channel)
    first = mine[0]
    on_their_way = f"{counted(len(mine), 'notice')} to {channel}, since {first.since:%Y-%m-%d %H:%M} UTC"
    if first.problem is None:
        return f"On their way: {on_their_way}."
    again = f"; tried again at {first.next_try:%H:%M:%S} UTC" if first.next_try else ""
    return f"Not delivered: {on_their_way}: {visible(first.problem).rstrip('.')}{again}."


def try_channels(*, json: bool) -> int:
    """Send a test notice on every channel that is set; the exit code, 1 where one did not take it."""
    settings = from_env()
    tried = [_tried(settings, channel) for channel in channels(settings)]
    if json:
        print_document({"channels": tried})
    else:
        _print_tried(console(), settings, tried)
    return 0 if all(one["delivered"] for one in tried) else 1


def _tried(settings: Settings, channel: Channel) -> dict[str, Any]:
    now = Clock()()
    said = "Alerts and the morning note of your marketing team will come here."
    notice = Notice("test", "default", News.TEST, "test", secrets.token_hex(16), {"said": said}, now)
    begun, problem = time.monotonic(), None
    try:
        send(settings, channel, notice, now)
    except ChannelAway as away:
        problem = blank(str(away), own_secrets(settings))
    took = round(time.monotonic() - begun, 2)
    return {"channel": channel, "delivered": problem is None, "seconds": took, "problem": problem}


def _print_tried(out: Console, settings: Settings, tried: list[dict[str, Any]]) -> None:
    if not tried:
        out.print(_who_is_told(settings))
        return
    for one in tried:
        said = (
            f"delivered in {one['seconds']:.2f} s" if one["delivered"] else f"not delivered: {visible(one['problem'])}"
        )
        out.print(Text(f"{one['channel']}: {said}", style="" if one["delivered"] else "red"))
