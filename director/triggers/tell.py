"""Somebody tells of an event here, from the command line or over HTTP, in a person's name and not in a sender's format."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from director.mailbox.events import receive
from director.office import Office
from director.store.tx import Tx
from director.triggers.incoming import cleaned
from director.triggers.pointers import is_there
from director.triggers.rules import Triggers, is_event_type
from director.triggers.unmatched import nearest_type
from director.words.errors import WrongField
from director.words.json_values import unfit
from director.words.models import Event
from director.words.own_secrets import own_secrets
from director.words.redaction import distinctive


def check(office: Office, event_type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """
    The data as they are kept: without secrets, and without what is no text.

    Raises:
        WrongField: no event can be of that type, or its data cannot be kept.
    """
    if not is_event_type(event_type):
        raise WrongField(
            "type",
            f"An event's type has letters, digits and . _ : / - (at most 64), like traffic_drop; {event_type[:80]!r} has not.",
        )
    if why := unfit(data):
        raise WrongField("data", f"The data of an event have to be {why}: nothing was written.")
    kept: dict[str, Any] = cleaned(dict(data), distinctive(own_secrets(office.settings)))
    return kept


def tell(tx: Tx, office: Office, source: str, event_type: str, data: Mapping[str, Any]) -> Event:
    """The event of what `check` returned, happened now, as *source* says. Who commits it rings."""
    event, _ = receive(
        tx,
        brand=office.brand,
        source=source,
        delivery=uuid4().hex,
        type=event_type,
        data=data,
        said_at=tx.now,
    )
    return event


def amiss(found: Triggers, event_type: str, data: Mapping[str, Any]) -> list[str]:
    """What is likely a slip in the event: its type is nearly one there are triggers for, or what they look at is missing."""
    triggers = found.of(event_type)
    if not triggers:
        near = nearest_type(found, event_type)
        return [f"No trigger is for {event_type}{near}."] if near else []
    said = []
    for trigger in triggers:
        missing = [pointer for pointer in trigger.looks_at if not is_there(pointer, data)]
        if missing:
            has = f"{', '.join(f'/{key}' for key in data)[:200]}" if data else "no data"
            said.append(f"The trigger {trigger.name} looks at {' and '.join(missing)}; the event has {has}.")
    return said
