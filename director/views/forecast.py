"""What a goal's plan will likely cost and take, beside the goal."""

from typing import Any

from director.goals import forecast, likely_time, past
from director.goals.forecast import Forecast
from director.office import Office
from director.progress.facts import context_of
from director.store.tx import Tx
from director.views.goal import forecast_document, goal_document
from director.words.models import Goal
from pipelines.plan import from_document


def planned_document(office: Office, tx: Tx, goal: Goal, *, rehearses: bool) -> dict[str, Any]:
    """A goal that has a plan, with its size, the pieces of each task and the forecast; *rehearses* as in `goal_document`."""
    plan = from_document(goal.plan)
    short, long = likely_time.of(plan)
    document = goal_document(office, tx, goal, rehearses=rehearses)
    return {
        **document,
        "sizing": dict(plan.sizing),
        "unknowns": [{"question": one.question, "default": one.default} for one in plan.unknowns],
        "sketch": plan.sketch,
        "planned_pieces": [
            {"skill": task.skill, "pieces": list(task.pieces), "size": task.size, "most_words": task.size.piece_words}
            for task in plan.tasks
        ],
        "forecast": {
            **(document["forecast"] or forecast_document(expected(office, tx, goal))),
            "low_seconds": short.total_seconds(),
            "high_seconds": long.total_seconds(),
        },
    }


def expected(office: Office, tx: Tx, goal: Goal) -> Forecast:
    """What the goal's plan was forecast to cost, or, where it was planned by a Troupe that kept none, is."""
    return forecast.from_document(goal.forecast) or forecast.of(
        office,
        from_document(goal.plan),
        context_of(tx, goal),
        past.of_brand(tx, goal.brand, rehearsal=goal.rehearsal),
        paid=not goal.rehearsal,
        spent_nano=tx.calls.costs([goal.id]).get(goal.id, 0),
    )
