"""Events, and what became of each; triggers, and what each waits for."""

from typing import Any

from director.mailbox.events import turn_of
from director.store.tx import Tx
from director.triggers.rules import Trigger, Triggers
from director.words.amounts import as_number
from director.words.command import program
from director.words.durations import duration
from director.words.models import Event
from director.words.states import TurnState


def waits(tx: Tx, event: Event) -> str | None:
    """Why nobody has looked at the event yet; None where somebody has."""
    if event.looked_at is not None:
        return None
    turn = turn_of(tx, event)
    if turn is not None and turn.state is TurnState.FAILED:
        return f"Nobody could look at it: {turn.error or 'its turn failed'}"
    if tx.presence.standing_workers():
        return "A worker looks at it next."
    return f"It waits until a worker runs: `{program()} up`."


def became(tx: Tx, event: Event) -> list[tuple[str, str, str]]:
    """What became of the event, a line a trigger: the trigger, what, and why; a line without one where none was asked."""
    if why := waits(tx, event):
        return [("", "waits", why)]
    found = [(outcome.trigger, str(outcome.what), outcome.why) for outcome in tx.events.outcomes(event.id)]
    return found or [("", "recorded", f"No trigger is for {event.type}.")]


def event_document(tx: Tx, event: Event) -> dict[str, Any]:
    """An event, what came with it, and what became of it."""
    return {
        "id": event.id,
        "source": event.source,
        "delivery": event.delivery,
        "type": event.type,
        "at": event.created_at.isoformat(),
        "said_at": None if event.said_at is None else event.said_at.isoformat(),
        "goal": event.goal,
        "data": event.data,
        "looked_at": None if event.looked_at is None else event.looked_at.isoformat(),
        "waits": waits(tx, event),
        "became": [
            {
                "trigger": outcome.trigger,
                "what": outcome.what,
                "why": outcome.why,
                "goal": outcome.goal,
                "at": outcome.at.isoformat(),
            }
            for outcome in tx.events.outcomes(event.id)
        ],
    }


def triggers_document(tx: Tx, brand: str, found: Triggers) -> dict[str, Any]:
    """The triggers there are, and the files that are none, each with the reason."""
    return {
        "broken": [{"file": str(file), "reason": why} for file, why in found.broken.items()],
        "triggers": [_trigger(tx, brand, trigger) for trigger in in_order(found)],
    }


def in_order(found: Triggers) -> list[Trigger]:
    """By event, then by name."""
    return sorted(found.triggers.values(), key=lambda trigger: (trigger.event, trigger.name))


def _trigger(tx: Tx, brand: str, trigger: Trigger) -> dict[str, Any]:
    lasts = tx.events.cooldown(trigger.cooldown_of(brand), trigger.cooldown)
    return {
        "name": trigger.name,
        "event": trigger.event,
        "enabled": trigger.enabled,
        "when": [{"at": each.at, "is": each.operator, "value": each.value} for each in trigger.when],
        "pipeline": trigger.pipeline,
        "goal": trigger.goal,
        "priority": trigger.priority,
        "cap_usd": None if trigger.cap_nano is None else as_number(trigger.cap_nano),
        "cooldown": duration(trigger.cooldown),
        "cools_until": None if lasts is None else lasts[0].isoformat(),
        "cools_for": None if lasts is None else lasts[1],
        "file": str(trigger.file),
        "fault": trigger.fault or None,
    }
