"""What is asked so that several who start together find in the cache what their prompts begin with."""

from typing import Final

from director.prompting.drafting import shared
from director.prompting.forms import ReviewForm
from director.prompting.request import Block, Request
from director.prompting.reviewing import beginning

#: The service can be asked for none, but not with a form; and other servers know no such request.
MAX_TOKENS: Final = 1

_NOTHING: Final = Block(("Answer with a dot.",), stable=False)


def for_writers(model: str, context: str | None) -> Request:
    """The beginning of every draft's prompt."""
    return Request("warm", model, "low", MAX_TOKENS, (shared(context),), _NOTHING)


def for_reviewer(model: str, context: str | None) -> Request:
    """The beginning of every review's prompt. Its form stands before all else, so it is another than a writer's."""
    return Request("warm", model, "low", MAX_TOKENS, beginning(context), _NOTHING, form=ReviewForm)
