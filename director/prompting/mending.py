"""What is asked to mend a deliverable that is good enough: its faults, and edits instead of a new text."""

from collections.abc import Sequence
from typing import Final

from director.prompting.allowances import INPUT_ALLOWANCE, within
from director.prompting.drafting import pieces_told, requirements, shared
from director.prompting.fences import fence
from director.prompting.forms import Edits, Finding
from director.prompting.request import Block, Request, text
from pipelines.plan import PlannedTask
from skills.loader import Skill

EFFORT: Final = "low"

#: Tokens of the edits, thinking included: for twenty findings of a sentence each.
MAX_TOKENS: Final = 6_000


def mend(
    *,
    skill: Skill,
    task: PlannedTask,
    model: str,
    goal: str,
    brief: str,
    context: str | None,
    deliverable: str,
    findings: Sequence[Finding],
) -> Request:
    """
    The request to mend *findings* of an approved *deliverable*, numbered from 1.

    Of the skill only its kinds of pieces are shown, with their lengths, and nothing of what its author built on: each finding
    says what to change, and what is cheap is done always.
    """
    numbered = "\n".join(" ".join(f"{number}. {finding}".split()) for number, finding in enumerate(findings, 1))
    parts = (
        f"Mend the deliverable of {skill.name} below.",
        fence("goal", goal),
        *([fence("brief", brief)] if brief else []),
        fence("requirements", requirements(skill, task)),
        *([fence("pieces", told)] if (told := pieces_told(skill)) else []),
        fence("deliverable", within(deliverable, 4 * INPUT_ALLOWANCE), skill=skill.name),
        fence("findings", numbered),
    )
    return Request(
        purpose="mend",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=(shared(context), Block((text("mend"),))),
        user=Block(parts, stable=False),
        form=Edits,
    )
