"""What a task's writer was, or would be, asked, part by part."""

from typing import Any

from director.prompting.request import estimated_tokens, name_of
from director.tasks.prompt import Prompt


def prompt_document(prompt: Prompt) -> dict[str, Any]:
    """A prompt, and how it stands to what was sent. What is sent of a block: its parts' texts, a blank line between them."""
    request, call = prompt.request, prompt.call
    roles = [*("system" for _ in request.system), "user"]
    return {
        "task": prompt.task.id,
        "skill": prompt.task.skill,
        "revision": prompt.task.revision,
        "standing": prompt.delivery,
        "call": None
        if call is None
        else {"id": call.id, "state": call.state, "rehearsal": call.rehearsal, "at": call.created_at.isoformat()},
        "missing": [need.id for need in prompt.missing],
        "model": request.model,
        "effort": request.effort,
        "max_tokens": request.max_tokens,
        "digest": request.digest(),
        "blocks": [
            {
                "role": role,
                "cache_breakpoint": block.stable,
                "tokens_estimated": estimated_tokens(block.text),
                "parts": [
                    {"name": name_of(part), "tokens_estimated": estimated_tokens(part), "text": part}
                    for part in block.parts
                ],
            }
            for role, block in zip(roles, (*request.system, request.user), strict=True)
        ],
    }
