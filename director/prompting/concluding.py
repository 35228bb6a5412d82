"""What the Director is shown at the end of a goal, and for a report on the team's work."""

from collections.abc import Sequence
from typing import Final

from director.prompting.drafting import Input, Revision, again, shared
from director.prompting.fences import fence
from director.prompting.forms import MAX_TOKENS, Conclusion
from director.prompting.request import Block, Request, text
from director.prompting.situation import Situation

EFFORT: Final = "medium"


def conclude(
    *,
    model: str,
    goal: str,
    context: str | None,
    situation: Situation,
    deliverables: Sequence[Input],
    missing: Sequence[str] = (),
) -> Request:
    """The request for the consistency check and summary over all approved *deliverables*; *missing* names what was not."""
    parts = ["Conclude the goal below.", fence("goal", goal), *situation.told()]
    for given in deliverables:
        parts += given.shown()
    if missing:
        parts.append(
            "These tasks and pieces of the plan came to nothing. Say what the owner lacks without them, or does instead."
        )
        parts.append(fence("missing", "\n".join(f"- {task}" for task in missing)))
    return Request(
        purpose="conclude",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=(shared(context), Block((text("conclude"),))),
        user=Block(tuple(parts), stable=False),
        form=Conclusion,
    )


def performance_report(
    *,
    model: str,
    goal: str,
    brief: str,
    context: str | None,
    situation: Situation,
    record: str,
    inputs: Sequence[Input],
    requirements: str,
    revision: Revision | None = None,
) -> Request:
    """The request for the Director's report; *record* is what the store says of goals, cost and quality, as Markdown."""
    parts = ["Write the performance report.", fence("goal", goal), *situation.told()]
    if brief:
        parts.append(fence("brief", brief))
    parts.append(fence("record", record))
    for given in inputs:
        parts += given.shown()
    parts.append(fence("requirements", requirements))
    parts += again(revision)
    return Request(
        purpose="report",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=(shared(context), Block((text("report"),))),
        user=Block(tuple(parts), stable=False),
    )
