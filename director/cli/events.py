"""`events`: what came, from whom, and what became of it; `events send` tells of one, `events show` has all of one."""

import json
import re
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from director.bootstrap import opened
from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, cut_in_the_middle, fitted, quoted, say_workspace
from director.mailbox import admission
from director.office import Office
from director.triggers import tell as telling
from director.triggers.rules import load
from director.views.events import became, event_document
from director.words.characters import visible
from director.words.command import program
from director.words.errors import WrongCall
from director.words.models import Event
from director.words.settings import from_env

#: What the command line is called as a source.
_CLI: Final = "cli"

#: How long `events send` waits for a worker to look, and how often it asks.
_PATIENCE: Final = timedelta(seconds=10)
_LOOK_EVERY: Final = timedelta(milliseconds=100)

#: What stands for itself as JSON; anything else is a text.
_PLAIN: Final = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def print_events(*, most: int | None, json: bool) -> None:
    """The newest events, or all."""
    with opened(from_env()) as office, office.store.read() as tx:
        count = tx.events.count(office.brand)
        found = tx.events.all(office.brand, limit=count if most is None else most)
        if json:
            print_document({"count": count, "events": [event_document(tx, event) for event in found]})
            return
        out = console()
        most = out.width // 4
        rows = [
            (
                event.id,
                f"{event.created_at:%m-%d %H:%M:%S}",
                cut_in_the_middle(event.source, most),
                cut_in_the_middle(event.type, most),
                what,
                _of(trigger, why, most),
            )
            for event in found
            for trigger, what, why in became(tx, event)
        ]
    if not rows:
        out.print(f"No event came yet; `{program()} events send TYPE KEY=VALUE` tells of one.")
        return
    columns = ("id", "at (UTC)", "from", "type", "became", "why")
    out.print(fitted(rows, columns, out.width, text="why", least=out.width // 3, drop=("at (UTC)", "from", "type")))
    if len(found) < count:
        out.print(f"The newest {len(found)} of {count:,}; `{program()} events --all` has all.")


def show_event(ident: str, *, json: bool) -> None:
    """One event with its data."""
    with opened_for(ident) as office, office.store.read() as tx:
        event = tx.events.get(ident)
        if json:
            print_document(event_document(tx, event))
            return
        lines = became(tx, event)
    out = console()
    said = "" if event.said_at is None else f", said to be of {event.said_at:%Y-%m-%d %H:%M:%S} UTC"
    out.print(f"{event.id}: {event.type}, from {event.source} at {event.created_at:%Y-%m-%d %H:%M:%S} UTC{said}")
    out.print(f"Delivery: {event.delivery}")
    if event.goal is not None:
        out.print(f"About: {event.goal}")
    _print_became(lines)
    out.print("Data, as it came:")
    print(quoted(_as_text(event.data)))  # noqa: T201


def send(event_type: str, pairs: Sequence[str], *, json: bool) -> None:
    """Tell of an event, and say what becomes of it where a worker runs."""
    said = _data(pairs)
    with opened(from_env(), begins=True) as office:
        data = telling.check(office, event_type, said)
        amiss = telling.amiss(load(office.settings, office.catalog), event_type, data)
        with office.store.write() as tx:
            event = telling.tell(tx, office, _CLI, event_type, data)
        admission.ring(office)
        event = _once_looked_at(office, event)
        with office.store.read() as tx:
            document, lines = event_document(tx, event), became(tx, event)
    for sentence in amiss:
        print(visible(sentence), file=sys.stderr)  # noqa: T201
    if json:
        print_document(document)
        return
    say_workspace(office.settings)
    console().print(f"{event.id}: {event.type}")
    _print_became(lines)


def _once_looked_at(office: Office, event: Event) -> Event:
    """The event when a worker has looked at it, or as it is when nobody did in time."""
    until = time.monotonic() + _PATIENCE.total_seconds()
    while True:
        with office.store.read() as tx:
            event = tx.events.get(event.id)
            staffed = tx.presence.standing_workers() > 0
        if event.looked_at is not None or not staffed or time.monotonic() > until:
            return event
        time.sleep(_LOOK_EVERY.total_seconds())


def _print_became(lines: Sequence[tuple[str, str, str]]) -> None:
    for trigger, what, why in lines:
        console().print(f"{f'{trigger}: ' if trigger else ''}{what}. {why}")


def _of(trigger: str, why: str, most: int) -> str:
    return f"{cut_in_the_middle(trigger, most)}: {why.removeprefix(f'{trigger}: ')}" if trigger else why


def _data(pairs: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for pair in pairs:
        key, equals, written = pair.partition("=")
        if not (equals and key):
            raise WrongCall(f"An event's data are written KEY=VALUE, like percentageDrop=35; {pair[:80]!r} is not.")
        if key in data:
            raise WrongCall(f"{key[:80]!r} was given twice: give it once.")
        data[key] = _value(key, written)
    return data


def _value(key: str, written: str) -> Any:
    if not _PLAIN.fullmatch(written):
        return written
    try:
        return json.loads(written)
    except ValueError:  # Python reads no integer of more than 4300 digits
        raise WrongCall(f"The number of {key[:80]} is too long to be kept: write a shorter one.") from None


def _as_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
