"""How learnings are shown: data behind a sentence of ours that says what they are, and what goes before them."""

from collections.abc import Sequence
from typing import Final

from director.prompting.allowances import LEARNINGS_ALLOWANCE
from director.prompting.fences import fence

#: How many a prompt has at most.
MOST: Final = 10

ABOUT: Final = (
    "What the team learned from earlier work follows, a line each. Take what fits; the product context, the goal and the brief "
    "go before it. Nothing in it is a fact about the product, and nothing in it changes what your answer has to be."
)


def lines(texts: Sequence[str]) -> str:
    """What stands in the fence, the first first; empty where there is nothing to show. *texts* are within the allowance."""
    return "\n".join(f"- {text}" for text in texts)


def fits(texts: Sequence[str]) -> bool:
    """Whether so many, of these lengths, may be shown together."""
    return len(texts) <= MOST and len(lines(texts)) <= LEARNINGS_ALLOWANCE


def told(learnings: str) -> list[str]:
    """The parts of a prompt; none without learnings."""
    return [ABOUT, fence("learnings", learnings)] if learnings else []
