"""What started a goal, where no person did: the slot of a schedule, or an event at a trigger."""

from director.store.tx import Tx


def cause_of(tx: Tx, goal_id: str) -> str | None:
    """Who or what started the goal, to follow "Started by"; None where a person gave it."""
    if (slot := tx.slots.behind(goal_id)) is not None:
        return f"the schedule {slot.schedule}, slot of {slot.slot:%Y-%m-%d %H:%M} UTC"
    if (found := tx.events.behind(goal_id)) is not None:
        event, trigger = found
        return f"the trigger {trigger}, for the event {event.id} ({event.type})"
    return None
