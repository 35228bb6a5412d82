"""What started a goal that nobody wrote: the slot of a schedule, a person who ran one, or an event at a trigger."""

from director.store.tx import Tx
from director.words.states import SlotFate


def cause_of(tx: Tx, goal_id: str) -> str | None:
    """Who or what started the goal, to follow "Started by"; None where a person wrote it."""
    if (slot := tx.slots.behind(goal_id)) is not None:
        if slot.fate is SlotFate.RUN:
            return f"the schedule {slot.schedule}, which a person ran at {slot.slot:%Y-%m-%d %H:%M} UTC"
        return f"the schedule {slot.schedule}, slot of {slot.slot:%Y-%m-%d %H:%M} UTC"
    if (found := tx.events.behind(goal_id)) is not None:
        event, trigger = found
        return f"the trigger {trigger}, for the event {event.id} ({event.type})"
    return None
