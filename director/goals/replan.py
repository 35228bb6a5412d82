"""The Director re-plans one task that failed for good: another takes its place, or the goal does without it."""

import logging
from dataclasses import dataclass, replace

from director.calls.ask import ask
from director.goals import checked, fitting
from director.goals.checked import Refused
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, Office
from director.progress import plan_changes, replanning
from director.progress.advance import advance, awake, go_on
from director.progress.facts import context_of, plan_of, situation_of
from director.progress.roles import model_of
from director.prompting.forms import PlannedStep, Replanning, Unreadable, read
from director.prompting.replanning import replan as request_for
from director.prompting.situation import Situation
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.models import Call, Goal, Task, Turn
from director.words.states import TaskState
from pipelines.changes import dropped, new_key, replaced, with_tasks
from pipelines.plan import BrokenPlan, Plan, PlannedTask, StepKind

_log = logging.getLogger(__name__)


def replan(office: Office, held: Held) -> None:
    """
    Ask the Director what is done about the task, and do it. Caused by the task failing for good.

    What is answered is checked as a plan is, and asked for once more with the reasons; then a person is asked. It is checked
    again in the transaction that carries it out: a person may have changed the plan meanwhile.
    """
    with office.store.read() as tx:
        known = _known(tx, held.turn)
    go_on(office, known.goal, by=DIRECTOR)
    found = _answered(office, held, known)
    with office.store.write() as tx:
        goal = awake(tx, tx.goals.get(known.goal.id, lock=True), by=DIRECTOR)
        turns.finish(tx, held)
        task = tx.tasks.get(known.task.id)
        try:
            if isinstance(found, Refused):
                raise found
            plan, new = _changed(office, tx, goal, task, found)
        except Refused as problem:
            replanning.ask_person(tx, goal, task, f"The Director found no other way: {problem}")
        else:
            _carry_out(tx, goal, task, plan, new, " ".join(found.reasoning.split()))
        advance(tx, goal.id, by=DIRECTOR)


@dataclass(frozen=True, slots=True)
class _Known:
    """The facts as they were when the task failed: asked again after a crash, it is the same request."""

    goal: Goal
    task: Task
    cause: Turn
    context: str | None
    situation: Situation
    plan: Plan
    approved: frozenset[str]  #: keys
    spent_nano: int


def _known(tx: Tx, turn: Turn) -> _Known:
    task = tx.tasks.get(turn.subject)
    goal = tx.goals.get(task.goal)
    # Its turn was made in the transaction in which the task failed.
    lines = [line for line in replanning.journal(tx, goal.id) if line.at <= turn.created_at]
    ids = {line.subject for line in lines if line.what == TaskState.APPROVED}
    settled = [call for call in tx.calls.of_goal(goal.id) if _is_settled(call, ids | {task.id})]
    return _Known(
        goal=goal,
        task=task,
        cause=replanning.cause_of(tx, task),
        context=context_of(tx, goal),
        situation=situation_of(tx, goal),
        plan=plan_of(tx, goal),
        approved=frozenset(other.key for other in tx.tasks.of_goal(goal.id) if other.id in ids),
        spent_nano=sum(call.cost_nano for call in settled),
    )


def _is_settled(call: Call, tasks: set[str]) -> bool:
    return call.purpose == "plan" or (call.task in tasks and call.purpose != replanning.REPLAN)


def _answered(office: Office, held: Held, known: _Known) -> Replanning | Refused:
    """What the Director answers, or why neither of two answers was taken."""
    planned = next(one for one in known.plan.tasks if one.key == known.task.key)
    refused = Refused()
    for step in ("replan", "replan-again"):
        request = request_for(
            model=model_of(office, DIRECTOR),
            goal=known.goal.text,
            context=known.context,
            situation=known.situation,
            skills=office.skills,
            stands=[(one, _stands(one, planned, known.approved)) for one in known.plan.tasks],
            task=planned,
            why=known.cause.error or "",
            money_left=usd(max(0, known.goal.given_nano - known.spent_nano)),
            refused=refused.reasons,
        )
        answer = ask(office, held, request, step=step)
        try:
            found = read(Replanning, answer.text)
            with office.store.read() as tx:
                goal = tx.goals.get(known.goal.id)
                plan, _ = _changed(office, tx, goal, known.task, found)
                _see_that_it_fits(tx, office, goal, plan)
        except Refused as problem:
            refused = problem
        except Unreadable as problem:
            refused = Refused(f"The answer could not be read: {problem}.")
        else:
            return found
        _log.info("what was to replace %s was not taken: %s", known.task.id, refused)
    return refused


def _stands(one: PlannedTask, failed: PlannedTask, approved: frozenset[str]) -> str:
    return "failed" if one is failed else "approved" if one.key in approved else "not done"


def _changed(office: Office, tx: Tx, goal: Goal, task: Task, found: Replanning) -> tuple[Plan, str | None]:
    """
    The plan as it would be, and the key of what takes the task's place.

    Raises:
        Refused: it would be none.
    """
    plan = plan_of(tx, goal)
    planned = next(one for one in plan.tasks if one.key == task.key)
    if len(found.replacement) > 1:
        raise Refused(f"{len(found.replacement)} tasks came in place of {task.key}; one may take its place, or none.")
    if not found.replacement:
        tasks, key = dropped(plan.tasks, task.key), None
    else:
        new = _new(found.replacement[0], planned, [other.key for other in tx.tasks.of_goal(goal.id)])
        tasks, key = replaced(plan.tasks, task.key, new), new.key
    checked.see(office, tasks, was=plan.tasks)
    try:
        return with_tasks(plan, tasks), key
    except BrokenPlan as problem:
        raise Refused(str(problem)) from problem


def _new(step: PlannedStep, failed: PlannedTask, taken: list[str]) -> PlannedTask:
    made = checked.as_planned(step)
    made = replace(made, key=new_key(made.key, taken))
    if failed.kind is StepKind.REVIEW:  # a colleague's review is replaced by another's, of the same deliverable
        made = replace(made, kind=failed.kind, target=failed.target, needs=failed.needs, pieces=(), size=failed.size)
    if (made.skill, made.brief, made.pieces, made.size) == (failed.skill, failed.brief, failed.pieces, failed.size):
        raise Refused(
            f"The task {step.id} is the one that failed; change its specialist, its brief, its pieces or its size."
        )
    return made


def _see_that_it_fits(tx: Tx, office: Office, goal: Goal, plan: Plan) -> None:
    expected = fitting.of_what_is_left(tx, office, goal, plan)
    if expected.low_nano > goal.cap_nano:
        raise Refused(
            f"With it the goal would cost {usd(expected.low_nano)} or more, and may cost {usd(goal.cap_nano)}. Take a smaller "
            "task, or none."
        )


def _carry_out(tx: Tx, goal: Goal, task: Task, plan: Plan, new: str | None, reasoning: str) -> None:
    for judging in tx.tasks.of_goal(goal.id):
        if judging.target == task.id and judging.state is TaskState.APPROVED:
            # What it found is about a text that is not there any more.
            told = {
                "revision": judging.revision + 1,
                "deliverable": None,
                "score": None,
                "path": None,
                "plan_hash": None,
            }
            tx.tasks.move(judging, TaskState.PLANNED, by=DIRECTOR, detail=f"{task.id} came to nothing", **told)
    rows = {row.key: row for row in tx.plans.change(goal, plan)}
    if new is None:
        # What the owner was promised and does not get is missing from the goal's end.
        tx.tasks.move(task, TaskState.FAILED, by=DIRECTOR, detail="the goal does without it")
        done = "the goal does without it"
    else:
        done = f"{rows[new].id} ({rows[new].skill}) takes its place"
        tx.tasks.move(task, TaskState.LEFT_OUT, by=DIRECTOR, detail=done)
    for row in rows.values():
        if row.target == task.id and new is None:
            plan_changes.leave_out(tx, row, by=DIRECTOR, why=f"{task.id} is not there to be judged")
    tx.note(goal.id, task.id, replanning.REPLANNED, by=DIRECTOR, detail=f"{done}: {reasoning}")
