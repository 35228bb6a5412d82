"""
What the owner of a goal wants to know in the morning: what waits for them, what was finished, what goes on, what is wrong, what
begins next. Few statements, each with a limit: the record may hold ten thousand goals.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from director.goals import likely_time
from director.money.periods import start_of, zone_of
from director.office import Office
from director.progress.questions import is_overdue
from director.store.tx import Tx
from director.triggers.clock import next_slots
from director.triggers.schedules import load
from director.views.alerts import alert_document
from director.views.approval import approval_document
from director.views.question import first_lines, ways_document
from director.views.titles import GOAL_STATES, WAITS_FOR, asked, goal_title, skill_title, task_titles
from director.words.amounts import as_number
from director.words.characters import shortened
from director.words.models import Goal, Task
from director.words.states import GoalState, TaskState, WaitFor
from pipelines.plan import StepKind, from_document

#: Of each kind, how many a morning has room for; how many more there are is said.
MOST: Final = 12
#: Questions that are answered where they stand, with what each answer does; that is more to read than their titles.
_WITH_ANSWERS: Final = 4
_MOST_ALERTS: Final = 8
_MOST_TEXTS: Final = 4
_MOST_STARTS: Final = 3

#: Characters of a sentence.
_LONGEST: Final = 240


def today_document(office: Office, tx: Tx) -> dict[str, Any]:
    """All of it, at the transaction's moment."""
    zone = zone_of(office.settings)
    yesterday = start_of(tx.now.astimezone(zone).date() - timedelta(days=1), zone)
    questions, waiting = tx.approvals.waiting(office.brand, limit=MOST)
    finished, ended = tx.goals.ended_lately(office.brand, yesterday, limit=MOST)
    at_work, open_ = tx.goals.under_way(office.brand, limit=MOST)
    asked_about = {question.goal: tx.goals.get(question.goal) for question in questions}
    ids = {goal.id for goal in (*finished, *at_work, *asked_about.values())}
    tasks, costs = tx.tasks.of_goals(ids), tx.calls.costs(list(ids))
    return {
        "as_of": tx.now.isoformat(),
        "since": yesterday.isoformat(),
        "rehearses": office.settings.rehearses,
        "workers": tx.presence.standing_workers(),
        "paused": tx.brands.get(office.brand).paused_at is not None,
        "questions": [
            {
                **approval_document(question),
                "ways": None,
                **(ways_document(office, tx, question) if number < _WITH_ANSWERS else {}),
                "first_lines": first_lines(tx, question) if number < _WITH_ANSWERS else None,
                "title": goal_title(asked_about[question.goal]),
                "asked": asked(asked_about[question.goal], question, {task.id: task for task in tasks[question.goal]}),
                "rehearsal": asked_about[question.goal].rehearsal,
                "overdue": is_overdue(question, tx.now),
            }
            for number, question in enumerate(questions)
        ],
        "more_questions": waiting - len(questions),
        "finished": [_finished(goal, tasks[goal.id], costs.get(goal.id, 0)) for goal in finished],
        "more_finished": ended - len(finished),
        "running": [_running(tx.now, goal, tasks[goal.id], costs.get(goal.id, 0)) for goal in at_work],
        "more_running": open_ - len(at_work),
        "failing": [alert_document(alert) for alert in tx.alerts.open(office.brand)][:_MOST_ALERTS],
        "next": [
            {"schedule": schedule.name, "description": schedule.description, "at": slot.isoformat()}
            for slot, schedule in next_slots(tx, office, load(office.settings, office.catalog), _MOST_STARTS)
        ],
    }


def _finished(goal: Goal, tasks: Sequence[Task], cost_nano: int) -> dict[str, Any]:
    titles = task_titles(goal, {task.id: task for task in tasks})
    texts = [task for task in tasks if task.state is TaskState.APPROVED and task.kind is not StepKind.REVIEW]
    return {
        "id": goal.id,
        "title": goal_title(goal),
        "state": goal.state,
        "state_said": GOAL_STATES[goal.state],
        "sentence": sentence(goal),
        "rehearsal": goal.rehearsal,
        "finished_at": goal.finished_at and goal.finished_at.isoformat(),
        "cost_usd": as_number(cost_nano),
        "texts": [{"task": task.id, "title": titles[task.id]} for task in texts[:_MOST_TEXTS]],
        "more_texts": max(0, len(texts) - _MOST_TEXTS),
    }


def sentence(goal: Goal) -> str:
    """What came of a goal, in one sentence; empty where nothing is known yet."""
    said = str((goal.summary or {}).get("summary") or goal.reason or "")
    sentences = _sentences(" ".join(said.split()))
    # That it was rehearsed is said beside it.
    first = sentences[1] if goal.rehearsal and said.startswith("Rehearsal") and len(sentences) > 1 else sentences[0]
    return shortened(first, _LONGEST)


def _sentences(text: str) -> list[str]:
    """The text at the ends of its sentences; those within a quotation are the quotation's."""
    found = [""]
    for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])", text):
        is_open = found[-1].count("“") > found[-1].count("”")
        if is_open or not found[-1]:
            found[-1] = f"{found[-1]} {part}".strip()
        else:
            found.append(part)
    return found


def _running(now: datetime, goal: Goal, tasks: Sequence[Task], cost_nano: int) -> dict[str, Any]:
    titles = task_titles(goal, {task.id: task for task in tasks})
    return {
        "id": goal.id,
        "title": goal_title(goal),
        "state": goal.state,
        "state_said": GOAL_STATES[goal.state],
        "waits_for": WAITS_FOR[goal.wait_for] if goal.state is GoalState.WAITING and goal.wait_for else None,
        # What waits for a person stands among the questions.
        "reason": goal.reason if goal.state is GoalState.WAITING and goal.wait_for is not WaitFor.PERSON else None,
        "paused": goal.paused_at is not None,
        "rehearsal": goal.rehearsal,
        "now": [
            {"task": task.id, "title": titles[task.id], "who": skill_title(task.skill), "state": task.state}
            for task in tasks
            if task.state in (TaskState.DRAFTING, TaskState.REVIEWING)
        ][:_MOST_TEXTS],
        "next": [titles[task.id] for task in tasks if task.state is TaskState.PLANNED][:2],
        "done": sum(task.state is TaskState.APPROVED for task in tasks),
        "tasks": sum(task.state is not TaskState.LEFT_OUT for task in tasks),
        "spent_usd": as_number(cost_nano),
        "cap_usd": as_number(goal.cap_nano),
        "likely_done": likely_done(now, goal, tasks),
    }


def likely_done(now: datetime, goal: Goal, tasks: Sequence[Task]) -> Mapping[str, str] | None:
    """When a goal at work is likely over, soonest and latest; None where it has no plan, or waits."""
    if goal.plan is None or goal.state not in (GoalState.RUNNING, GoalState.CONCLUDING):
        return None
    over = {task.key for task in tasks if task.state in (TaskState.APPROVED, TaskState.LEFT_OUT, TaskState.FAILED)}
    short, long = likely_time.of(from_document(goal.plan), done=over)
    return {"soonest": (now + short).isoformat(), "latest": (now + long).isoformat()}
