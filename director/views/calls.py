"""Single calls of the model, with their tokens and their money."""

from typing import Any

from director.words.amounts import as_number
from director.words.models import Call


def call_document(call: Call) -> dict[str, Any]:
    """One call; while it is on the wire its cost is not known, and what is set aside for it is."""
    return {
        "id": call.id,
        "at": call.created_at.isoformat(),
        "goal": call.goal,
        "task": call.task,
        "purpose": call.purpose,
        "model": call.answered_by,
        "asked_model": call.model,
        "rehearsal": call.rehearsal,
        "state": call.state,
        "cost_usd": as_number(call.cost_nano),
        "cost_nano": call.cost_nano,
        "set_aside_nano": call.reserved_nano,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "cache_write_tokens": call.cache_write_tokens,
        "cache_read_tokens": call.cache_read_tokens,
        "seconds": call.seconds,
        "error": call.error,
    }
