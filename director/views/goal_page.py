"""All a goal's page shows: where it stands, its plan as a picture, its texts, its money against the forecast, what happened."""

from typing import Any

from director.goals import likely_time
from director.office import Office
from director.progress.facts import plan_of
from director.progress.questions import about_plan
from director.store.tx import Tx
from director.views.forecast import expected
from director.views.goal import cost, forecast_document, goal_document
from director.views.plan import mended, steps
from director.views.plan_picture import picture
from director.views.question import ways_document
from director.views.rendered import rendered
from director.views.report import report_document
from director.views.timeline import timeline_document
from director.views.titles import GOAL_STATES, TASK_STATES, WAITS_FOR, goal_title, skill_title, task_titles
from director.views.today import likely_done, sentence
from director.words.amounts import as_number
from director.words.models import Goal
from director.words.states import is_final


def goal_page(office: Office, tx: Tx, goal: Goal) -> dict[str, Any]:
    """Everything about the goal."""
    document = goal_document(office, tx, goal, rehearses=goal.rehearsal)
    tasks = tx.tasks.of_goal(goal.id)
    by_id = {task.id: task for task in tasks}
    question = about_plan(tx, goal.id)
    return {
        **document,
        "title": goal_title(goal),
        "text": goal.text,
        "state_said": GOAL_STATES[goal.state],
        "waits_for_said": WAITS_FOR[goal.wait_for] if goal.wait_for else None,
        "is_over": is_final(goal.state),
        "paused": goal.paused_at is not None,
        "rehearsal": goal.rehearsal,
        "sentence": sentence(goal),
        "likely_done": likely_done(tx.now, goal, tasks),
        "workers": tx.presence.standing_workers(),
        "titles": task_titles(goal, by_id),
        "report": None if (said := report_document(office, tx, goal)) is None else said["html"],
        "about_plan": None if question is None else ways_document(office, tx, question),
        "planned": None if goal.plan is None else planned(office, tx, goal),
        "timeline": timeline_document(tx, goal),
    }


def planned(office: Office, tx: Tx, goal: Goal) -> dict[str, Any]:
    """The plan as it is agreed to, or followed: drawn, and its steps in words."""
    found = steps(tx, goal)
    plan = plan_of(tx, goal)
    short, long = likely_time.of(plan)
    titles = task_titles(goal, {step.task.id: step.task for step in found})
    return {
        "picture": picture(goal, found, tx.now, page=True),
        "sketch": rendered(plan.sketch, below=3) if plan.sketch else "",
        "sizing": {name: said for name, said in plan.sizing.items() if said},
        "forecast": forecast_document(expected(office, tx, goal)),
        "minutes": [max(1, round(time.total_seconds() / 60)) for time in (short, long)],
        "changes": [what for _, what in mended(tx, goal)],
        "spent_usd": as_number(cost(tx.calls.of_goal(goal.id))),
        "steps": [
            {
                "id": step.task.id,
                "number": step.number,
                "title": titles[step.task.id],
                "who": skill_title(step.planned.skill),
                "brief": step.planned.brief,
                "after": list(step.after),
                "state": step.task.state,
                "state_said": TASK_STATES[step.task.state],
                "cost_usd": as_number(step.cost_nano),
                "score": step.task.score,
                "has_text": step.task.revision > 0 or step.task.deliverable is not None or bool(step.calls),
            }
            for step in found
        ],
    }
