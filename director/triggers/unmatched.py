"""What is said of an event that no trigger is for, for its type may be a slip; nothing else becomes of it."""

from collections.abc import Iterable

from director.triggers.rules import TYPES, Triggers
from pipelines.plan import nearest


def nearest_type(found: Triggers, event_type: str) -> str:
    """What a sentence on an event's type adds: `; nearest: a, b`; nothing where it is known, or none is near."""
    known = {trigger.event for trigger in found.triggers.values()} | set(TYPES)
    return "" if event_type in known else nearest(event_type, known)


def said_of(found: Triggers, types: Iterable[str]) -> str:
    """A sentence for each of these types that no trigger is for; of those a broken file may be for, nothing is known."""
    missing = [one for one in dict.fromkeys(types) if not (found.of(one) or found.broken_for(one))]
    return " ".join(f"No trigger is for {one}{nearest_type(found, one)}." for one in missing)
