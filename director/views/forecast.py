"""What a goal's plan will likely cost and take, beside the goal."""

from typing import Any

from director.goals import forecast
from director.office import Office
from director.progress.facts import context_of
from director.store.tx import Tx
from director.views.goal import goal_document
from director.words.amounts import as_number
from director.words.models import Goal
from pipelines.plan import from_document


def planned_document(office: Office, tx: Tx, goal: Goal, *, rehearses: bool) -> dict[str, Any]:
    """A goal that has a plan, with its size, the pieces of each task and the forecast; *rehearses* as in `goal_document`."""
    plan = from_document(goal.plan)
    expected = forecast.of(office, plan, context_of(tx, goal))
    return {
        **goal_document(office, tx, goal, rehearses=rehearses),
        "sizing": dict(plan.sizing),
        "planned_pieces": [
            {"skill": task.skill, "pieces": list(task.pieces), "size": task.size, "most_words": task.size.piece_words}
            for task in plan.tasks
        ],
        "forecast": {
            "low_usd": as_number(expected.low_nano),
            "high_usd": as_number(expected.high_nano),
            "low_seconds": expected.low.total_seconds(),
            "high_seconds": expected.high.total_seconds(),
        },
    }
