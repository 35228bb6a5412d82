"""What the Director is shown to make a plan."""

from collections.abc import Mapping, Sequence
from typing import Final

from director.prompting.drafting import shared
from director.prompting.fences import fence
from director.prompting.forms import MAX_TOKENS, PlanForm
from director.prompting.learnings import told
from director.prompting.request import Block, Request, text
from director.prompting.situation import Situation
from pipelines.plan import Plan, PlannedTask
from skills.loader import Skill

EFFORT: Final = "medium"


def plan(
    *,
    model: str,
    goal: str,
    category: str,
    context: str | None,
    situation: Situation,
    skills: Mapping[str, Skill],
    pipelines: Sequence[str],
    routing: str,
    ready_made: Sequence[Plan],
    money_left: str,
    learnings: str = "",
    refused: Sequence[str] = (),
) -> Request:
    """
    The request for a plan.

    *ready_made* are plans for the category that was inferred, the one that runs where Claude makes none first; none where no
    word of the goal says a category. *refused* are
    the reasons an earlier answer was not taken, which makes this the second and last time of asking. *learnings* is what of
    the team's memory fits the goal, a line each.
    """
    parts = [
        "Make the plan for the goal below.",
        fence("goal", goal),
        *situation.told(),
        fence("inferred_category", category),
        *(fence("ready_made_plan", "\n".join(_lines(plan)), source=plan.source) for plan in ready_made),
        fence("money_left", money_left),
        *told(learnings),
    ]
    if refused:
        parts += [
            "Your first plan was not taken, for these reasons. Give the whole plan again without them.",
            fence("reasons", "\n".join(f"- {reason}" for reason in refused)),
        ]
    return Request(
        purpose="plan",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=(shared(context), _role(skills, pipelines, routing)),
        user=Block(tuple(parts), stable=False),
        form=PlanForm,
    )


def _lines(plan: Plan) -> list[str]:
    return [*filter(None, [plan.note]), *(line(task) for task in plan.tasks)]


def line(task: PlannedTask) -> str:
    """A task with its id, specialist, needs and pieces."""
    said = f"- {task.key} | {task.skill} | needs: {', '.join(task.needs) or 'nothing'}"
    titles = ", ".join(f'"{title}"' for title in task.pieces)  # none has a quotation mark
    return f"{said} | {task.size}: {titles}" if titles else said


def _without_when(description: str) -> str:
    """A skill's description without the words by which people ask for it, which nobody plans by; what it is not for stays."""
    before, found, rest = description.partition("Use when ")
    if not found:
        return description
    ends = [at for what in ("for", "when", "who") if (at := rest.find(f"Not {what} ")) >= 0]
    return f"{before}{rest[min(ends) :]}" if ends else before


def roster(skills: Mapping[str, Skill]) -> str:
    """The specialists there are."""
    listed = "\n".join(
        f"- {skill.name} ({skill.squad}; pieces: {', '.join(skill.pieces) or 'any of its kind'}; "
        f"consumers: {', '.join(skill.consumers) or 'none'}): "
        f"{_without_when(' '.join(skill.description.split()))}"
        for skill in sorted(skills.values(), key=lambda skill: (skill.squad, skill.name))
    )
    return f"## Roster\n\n{fence('roster', listed)}"


def _role(skills: Mapping[str, Skill], pipelines: Sequence[str], routing: str) -> Block:
    known = "\n".join(f"- {line}" for line in pipelines)
    return Block(
        (
            text("plan"),
            roster(skills),
            f"## Pipelines\n\n{fence('pipelines', known)}",
            f"## Routing\n\n{fence('routing', routing)}",
        )
    )
