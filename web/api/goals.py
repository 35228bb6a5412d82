"""Goals: given, listed, planned, paused, resumed, cancelled."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from pydantic import ConfigDict, Field

from director.access import answering
from director.access.roles import Caller, Right
from director.goals import cancel, pause
from director.goals import change_plan as changing
from director.goals.checked import Refused
from director.goals.submit import LONGEST_GOAL, Wanted, begin, check, see_that_it_may_be_paid, will_rehearse
from director.goals.version import version_of_goal, version_of_plan
from director.inbox.version import version_of_question
from director.office import Office
from director.progress.questions import about_plan
from director.store.tx import Tx
from director.views.answered import answered_document
from director.views.goal import goal_document, goal_line
from director.views.plan import plan_document
from director.views.report import report_document
from director.views.text import deliverable_document
from director.words import models as rows
from director.words.amounts import from_number
from director.words.states import Answer, Category, GoalState, PlanBy, Priority, TaskState, stands
from pipelines.plan import LONGEST_BRIEF, MOST_PIECES, MOST_TASKS, Size, StepKind
from pipelines.written import KINDS, WrongPlan, read_document
from web.api.approvals import AnsweredQuestion
from web.api.cursors import Paged, number_of, page_of
from web.api.making import given, made_before, make_once
from web.api.models import Deliverable, Goal, GoalLine, PlanForecast, TaskLine
from web.api.operations import MOST_USD, Answered, Asked, Document, Given, Operation, Query, SeenBefore
from web.api.texts import readable
from web.problems import Problem


class NewGoal(Given):
    """A goal to be given."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Increase signup conversion by 20%", "budget_usd": 5}]}
    )

    text: str = Field(
        min_length=1, max_length=16_000, description="What should change, in a sentence or a few.",
        json_schema_extra=readable(LONGEST_GOAL),
    )  # fmt: skip
    confirm: bool = Field(
        True, description="Whether the plan waits until somebody agrees to it. False needs a budget, or a rehearsal."
    )
    budget_usd: float | None = Field(
        None, ge=0, le=MOST_USD, description="What it may cost; else a tenth of the month."
    )
    category: Category | None = Field(None, description="Else what its words say it is.")
    priority: Priority | None = None
    pipeline: str | None = Field(None, max_length=200, description="The name of a ready-made plan.")
    plan_by: PlanBy = Field(PlanBy.CLAUDE, description="Who plans: the Director, or a template of its category.")


class Goals(Document):
    """A page of goals, the newest first."""

    goals: list[GoalLine]
    next: str | None = Field(description="The cursor of the next page; null: this is the last.")


class WhichGoals(Paged):
    """Which goals."""

    state: GoalState | None = None


class PlannedPieces(Document):
    """What a task of a plan hands over."""

    skill: str
    pieces: list[str]
    size: Size
    most_words: int


class PlannedTask(Document):
    """A task of a plan as it stands."""

    key: str
    id: str
    kind: StepKind
    skill: str
    of: str | None
    needs: list[str]
    brief: str
    pieces: list[str]
    size: Size
    state: TaskState
    cost_usd: float


class PlanChange(Document):
    """What was changed of a plan since it was made."""

    by: str
    what: str


class Unknown(Document):
    """What decides the work and nobody said, and what the team goes by until somebody does."""

    question: str
    default: str


class Plan(Goal):
    """A goal with its plan, and what that will likely cost."""

    sizing: dict[str, str]
    unknowns: list[Unknown]
    sketch: str
    planned_pieces: list[PlannedPieces]
    forecast: PlanForecast
    plan_source: str
    plan_tasks: list[PlannedTask]
    plan_changes: list[PlanChange]


class WantedTask(Given):
    """A task as it is to be."""

    key: str = Field(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$", description="Its name within the plan.")
    kind: StepKind = StepKind.DRAFT
    skill: str = Field(min_length=1, max_length=100, description="Who does it.")
    of: str | None = Field(None, max_length=80, description="Of a review: the key of the task that is judged.")
    needs: list[str] = Field(
        [], max_length=MOST_TASKS, description="The keys of the tasks whose deliverables it builds on."
    )
    brief: str = Field("", max_length=LONGEST_BRIEF)
    pieces: list[str] = Field([], max_length=MOST_PIECES, description="The titles of what it hands over.")
    size: Size = Size.DOCUMENT


class WantedPlan(Given):
    """A plan as it is to be: `plan_tasks` as they were read, without `id`, `state` and `cost_usd`, and changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tasks": [
                        {
                            "key": "write",
                            "skill": "copywriting",
                            "brief": "The page's copy.",
                            "pieces": ["Landing page"],
                        },
                        {"key": "check", "skill": "seo-audit", "needs": ["write"], "size": "note"},
                    ]
                }
            ]
        }
    )

    tasks: list[WantedTask] = Field(
        min_length=1, max_length=MOST_TASKS, description="In any order; what has begun stays as it is."
    )


class ChangedPlan(Plan):
    """The plan as it is then."""

    changed: str = Field(description="What is another than before, in words; empty: nothing.")


class Tasks(Document):
    """A goal's tasks in the plan's order."""

    goal: str
    tasks: list[TaskLine]


class Deliverables(Document):
    """All that is approved of a goal, in the plan's order."""

    goal: str
    deliverables: list[Deliverable]


class Report(Document):
    """The report a goal ended with."""

    goal: str
    markdown: str
    html: str = Field(description="Nothing in it runs; its links lead to the pages of this server.")


class JournalLine(Document):
    """One thing that happened to a goal."""

    number: int
    subject: str
    what: str
    detail: str | None
    by: str
    at: datetime


class Journal(Document):
    """What happened to a goal, oldest first."""

    goal: str
    lines: list[JournalLine]
    next: int | None = Field(description="`after` of the next page; null: there is no more yet.")


class WhichLines(Query):
    """Which lines of a journal."""

    limit: int = Field(200, ge=1, le=1000, description="How many lines at most.")
    after: int = Field(0, ge=0, le=2**62, description="Lines with a higher number.")


def list_goals(_office: Office, caller: Caller, asked: Asked) -> Answered:
    """A page of goals."""
    with _office.store.read() as tx:
        goals, following = page_of(
            "goals",
            asked.query,
            lambda before, limit: tx.pages.goals(caller.brand, before, limit, state=asked.query.state),
            number_of,
        )
        return Answered({"goals": [goal_line(_office, tx, goal) for goal in goals], "next": following})


def give_goal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal, as it is given."""
    if (before := made_before(office, caller, asked)) is not None:
        return before
    body: NewGoal = asked.body
    cap_nano = None if body.budget_usd is None else from_number(body.budget_usd)
    wanted: Wanted = {
        "category": body.category,
        "priority": body.priority,
        "cap_nano": cap_nano,
        "pipeline": body.pipeline,
        "plan_by": body.plan_by,
    }
    new = check(office.settings, office.catalog, body.text, **wanted)
    rehearsal = will_rehearse(office)
    see_that_it_may_be_paid(
        agreed=rehearsal or body.confirm or cap_nano is not None, how="say budget_usd, or let confirm be true"
    )

    def make(tx: Tx) -> Answered:
        return given(office, tx, begin(tx, office, new, rehearsal=rehearsal, confirm=body.confirm, by=caller.by))

    return make_once(office, caller, asked, make)


def get_goal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal as it stands."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        return Answered(goal_document(office, tx, goal), version_of_goal(goal))


def get_plan(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal's plan; its version is that of the question whether it may run, too, where that is open."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        if goal.plan is None:
            raise Problem(HTTPStatus.NOT_FOUND, f"{goal.id} has no plan yet: it {stands(goal.state)}.")
        return Answered(plan_document(office, tx, goal), version_of_plan(tx, goal))


def change_plan(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A plan as somebody wants it: before it runs all of it, and while it runs what has not begun."""
    body: WantedPlan = asked.body
    with office.store.read() as tx:
        ident = tx.goals.get(asked.path["goal"], brand=caller.brand).id
    try:
        wanted = read_document({"tasks": [_entry(task) for task in body.tasks]})
        made = changing.change(office, ident, wanted, by=caller.by, version=asked.version)
    except (WrongPlan, Refused) as problem:
        errors = [("tasks", reason) for reason in problem.reasons]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{problem} Nothing was changed.", errors=errors) from problem
    with office.store.read() as tx:
        goal = tx.goals.get(ident)
        document = {**plan_document(office, tx, goal), "changed": made.said}
        return Answered(document, version_of_plan(tx, goal))


def _entry(task: WantedTask) -> dict[str, Any]:
    """The task as a person's file has it."""
    word = next(word for word, kind in KINDS.items() if kind is task.kind)
    return {"id": task.key, word: task.skill, **task.model_dump(include={"of", "needs", "brief", "pieces", "size"})}


def agree_to_plan(office: Office, caller: Caller, asked: Asked) -> Answered:
    """Let a plan run that somebody was asked about."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        question = about_plan(tx, goal.id)
        if question is None:
            raise Problem(HTTPStatus.CONFLICT, f"No question about the plan of {goal.id} is open; it is {goal.state}.")
    answering.answer(office, caller, question.id, Answer.APPROVE, version=asked.version)
    with office.store.read() as tx:
        closed = tx.approvals.get(question.id)
        return Answered(answered_document(office, tx, closed), version_of_question(tx, closed))


def list_tasks(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal's tasks."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        return Answered({"goal": goal.id, "tasks": goal_document(office, tx, goal)["tasks"]})


def list_deliverables(office: Office, caller: Caller, asked: Asked) -> Answered:
    """All texts of a goal that are approved."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        found = [deliverable_document(office, tx, task) for task in tx.tasks.of_goal(goal.id)]
    return Answered({"goal": goal.id, "deliverables": [one for one in found if one is not None]})


def get_report(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal's report."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        said = report_document(office, tx, goal)
    if said is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"{goal.id} has no report: it {stands(goal.state)}.")
    return Answered({"goal": goal.id, **said})


def get_journal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """What happened to a goal."""
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
        lines = tx.journal(goal.id, after=asked.query.after, limit=asked.query.limit)
    document = {
        "goal": goal.id,
        "lines": [
            {"number": line.id, "subject": line.subject, "what": line.what, "detail": line.detail, "by": line.by,
             "at": line.at.isoformat()}
            for line in lines
        ],
        "next": lines[-1].id if len(lines) == asked.query.limit else None,
    }  # fmt: skip
    return Answered(document)


def pause_goal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal begins nothing new."""
    return _changed(office, caller, asked, pause.pause)


def resume_goal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A paused goal goes on."""
    return _changed(office, caller, asked, pause.resume)


def cancel_goal(office: Office, caller: Caller, asked: Asked) -> Answered:
    """A goal is stopped."""
    return _changed(office, caller, asked, cancel.cancel)


def _changed(office: Office, caller: Caller, asked: Asked, change: Callable[..., rows.Goal]) -> Answered:
    with office.store.read() as tx:
        goal = tx.goals.get(asked.path["goal"], brand=caller.brand)
    change(office, goal.id, by=caller.by, version=asked.version)
    with office.store.read() as tx:
        goal = tx.goals.get(goal.id)
        return Answered(goal_document(office, tx, goal), version_of_goal(goal))


_CHANGES: Final[dict[str, Any]] = {
    "right": Right.WORK,
    "answer": Goal,
    "seen": SeenBefore.WHERE_SAID,
    "wrong": HTTPStatus.CONFLICT,
}

OPERATIONS: Final = (
    Operation("GET", "/goals", Right.READ, "Goals, the newest first.", Goals, list_goals, WhichGoals),
    Operation(
        "POST", "/goals", Right.WORK, "Give the team a goal.", Goal, give_goal, body=NewGoal, status=HTTPStatus.CREATED,
        once=True,
    ),
    Operation("GET", "/goals/{goal}", Right.READ, "A goal with its tasks, money and questions.", Goal, get_goal),
    Operation("GET", "/goals/{goal}/plan", Right.READ, "A goal's plan and its price.", Plan, get_plan),
    Operation(
        "PUT", "/goals/{goal}/plan", Right.WORK, "Change the plan of a goal, or what of it has not begun.", ChangedPlan,
        change_plan, body=WantedPlan, seen=SeenBefore.ALWAYS, wrong=HTTPStatus.CONFLICT,
    ),
    Operation(
        "POST", "/goals/{goal}/plan/agreement", Right.WORK, "Agree to the plan of a goal, so that it runs.",
        AnsweredQuestion, agree_to_plan, seen=SeenBefore.ALWAYS, wrong=HTTPStatus.CONFLICT,
    ),
    Operation("GET", "/goals/{goal}/tasks", Right.READ, "A goal's tasks in the plan's order.", Tasks, list_tasks),
    Operation(
        "GET", "/goals/{goal}/deliverables", Right.READ, "All that is approved of a goal, with its text.", Deliverables,
        list_deliverables,
    ),
    Operation("GET", "/goals/{goal}/report", Right.READ, "The report a goal ended with.", Report, get_report),
    Operation("GET", "/goals/{goal}/journal", Right.READ, "What happened to a goal.", Journal, get_journal, WhichLines),
    Operation("POST", "/goals/{goal}/pause", summary="Let a goal begin nothing new.", do=pause_goal, **_CHANGES),
    Operation("POST", "/goals/{goal}/resume", summary="Let a paused goal go on.", do=resume_goal, **_CHANGES),
    Operation("POST", "/goals/{goal}/cancel", summary="Stop a goal.", do=cancel_goal, **_CHANGES),
)  # fmt: skip
