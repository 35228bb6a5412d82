"""What the Director is shown about a task that came to nothing."""

from collections.abc import Mapping, Sequence
from typing import Final

from director.prompting.drafting import shared
from director.prompting.fences import fence
from director.prompting.forms import MAX_TOKENS, Replanning
from director.prompting.planning import line, roster
from director.prompting.request import Block, Request, text
from director.prompting.situation import Situation
from pipelines.plan import PlannedTask
from skills.loader import Skill

EFFORT: Final = "medium"


def replan(
    *,
    model: str,
    goal: str,
    context: str | None,
    situation: Situation,
    skills: Mapping[str, Skill],
    stands: Sequence[tuple[PlannedTask, str]],
    task: PlannedTask,
    why: str,
    money_left: str,
    refused: Sequence[str] = (),
) -> Request:
    """
    The request for what is done about *task* of a plan whose tasks are as *stands* says; *why* it came to nothing.

    *refused* are the reasons an earlier answer was not taken, which makes this the second and last time of asking.
    """
    parts = [
        f"The task {task.key} below came to nothing. Say what is done about it.",
        fence("goal", goal),
        *situation.told(),
        fence("plan_as_it_stands", "\n".join(f"{line(one)} | {state}" for one, state in stands)),
        fence("failed_task", line(task), kind=task.kind),
        fence("brief", task.brief),
        fence("why", why),
        fence("money_left", money_left),
    ]
    if refused:
        parts += [
            "Your first answer was not taken, for these reasons. Give the whole answer again without them.",
            fence("reasons", "\n".join(f"- {reason}" for reason in refused)),
        ]
    return Request(
        purpose="replan",
        model=model,
        effort=EFFORT,
        max_tokens=MAX_TOKENS,
        system=(shared(context), Block((text("replan"), roster(skills)))),
        user=Block(tuple(parts), stable=False),
        form=Replanning,
    )
