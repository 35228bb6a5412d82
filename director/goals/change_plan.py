"""A person changes a goal's plan: before it runs all of it, and while it runs the tasks that have not begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from director.goals import checked, fitting
from director.goals.checked import Refused
from director.goals.forecast import Forecast
from director.goals.version import version_of_plan
from director.mailbox import admission
from director.office import Office
from director.progress import plan_changes, questions
from director.progress.advance import advance
from director.progress.facts import plan_of
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.words.amounts import plain_usd
from director.words.characters import shortened, visible
from director.words.command import program
from director.words.errors import ChangedSince, WrongCall
from director.words.models import Goal, Task
from director.words.question import AboutPlan
from director.words.states import ApprovalState, GoalState, TaskState, is_final, stands
from pipelines import written
from pipelines.changes import with_tasks
from pipelines.plan import BrokenPlan, Plan, PlannedTask
from pipelines.written import Written

#: Characters of the goal above its plan.
_LONGEST_HEAD: Final = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, in words, and what the goal will likely cost in all; nothing where nothing was."""

    said: str
    expected: Forecast | None


def opened(office: Office, ident: str) -> str:
    """
    The goal's plan as a file to be changed.

    Raises:
        NotFound: no such goal.
        WrongCall: its plan cannot be changed.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(ident)
        _see_that_it_can_be_changed(tx, goal)
        begun = {
            task.key: f"{task.id} has begun ({task.state})"
            for task in tx.tasks.of_goal(ident)
            if plan_changes.has_begun(task)
        }
        head = f"The plan of {ident}: {visible(shortened(' '.join(goal.text.split()), _LONGEST_HEAD))}"
        return written.as_yaml(plan_of(tx, goal), head, begun)


def change(office: Office, ident: str, wanted: Written, *, by: str = PERSON, version: str | None = None) -> Changed:
    """
    Make the goal's plan what *wanted* says, with the turns that follow. Saying the same again changes nothing. With *version*,
    only where the plan is as it was seen (`director/goals/version.py`).

    Where it waits for a yes, the question is asked anew about the plan as it is then.

    Raises:
        NotFound: no such goal.
        ChangedSince: it is not the plan that was seen.
        WrongCall: its plan cannot be changed, or was changed by somebody else since the file was made.
        Refused: it is no plan, changes a task that has begun, or does not fit under the caps; nothing was changed.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(ident)
        plan = _as_wanted(office, tx, goal, wanted, version)
        # Takes longer than anybody should hold the pen for.
        expected = fitting.of_what_is_left(tx, office, goal, plan)
    with office.store.write() as tx:
        goal = tx.goals.get(ident, lock=True)
        plan = _as_wanted(office, tx, goal, wanted, version)
        said = _said(plan_of(tx, goal).tasks, plan.tasks)
        if not said:
            return Changed("", None)
        tx.plans.change(goal, plan)
        tx.note(goal.id, goal.id, "plan changed", by=by, detail=said)
        _see_that_it_fits(tx, office, goal, plan, expected)
        advance(tx, goal.id, by=by)
    admission.ring(office)
    return Changed(said, expected)


def _see_that_it_can_be_changed(tx: Tx, goal: Goal) -> None:
    if goal.plan is None:
        raise WrongCall(f"{goal.id} has no plan yet: it {stands(goal.state)}.")
    tasks = tx.tasks.of_goal(goal.id)
    over = all(task.state is TaskState.APPROVED or is_final(task.state) for task in tasks)
    if is_final(goal.state) or goal.state is GoalState.CONCLUDING or over:
        raise WrongCall(
            f"{goal.id} {stands(goal.state)}, with no task left to be done: its plan stays as it was carried out."
        )


def _as_wanted(office: Office, tx: Tx, goal: Goal, wanted: Written, version: str | None) -> Plan:
    _see_that_it_can_be_changed(tx, goal)
    plan, tasks = plan_of(tx, goal), tx.tasks.of_goal(goal.id)
    if _is(plan, wanted.tasks):
        return plan
    if version is not None and version_of_plan(tx, goal) != version:
        raise ChangedSince(f"The plan of {goal.id} changed since you saw it. Nothing was done; look again.")
    if reasons := _touched(plan, tasks, wanted.tasks):
        raise Refused(*reasons)
    if wanted.of not in (None, written.stamp(plan)):
        raise WrongCall(
            f"The plan of {goal.id} was changed since this file was made: `{program()} plan {goal.id} --edit` opens it anew."
        )
    checked.see(office, wanted.tasks, was=plan.tasks)
    try:
        return with_tasks(plan, wanted.tasks)
    except BrokenPlan as problem:
        raise Refused(str(problem)) from problem


def _is(plan: Plan, tasks: Sequence[PlannedTask]) -> bool:
    """Whether *plan* came of them: what was not listed after all it needs is moved there."""
    try:
        return with_tasks(plan, tasks) == plan
    except BrokenPlan:
        return False


def _touched(plan: Plan, tasks: Sequence[Task], wanted: Sequence[PlannedTask]) -> list[str]:
    """A sentence for each task that is not what it was and has to be."""
    new = {task.key: task for task in wanted}
    planned = {task.key: task for task in plan.tasks}
    reasons = []
    for task in tasks:
        was, then = planned.get(task.key), new.get(task.key)
        if was is None and then is not None:
            reasons.append(
                f"The id {task.key} was that of {task.id}, which is no longer in the plan: give the task another."
            )
        elif was is not None and plan_changes.has_begun(task) and then != was:
            how = "is missing" if then is None else f"is changed ({', '.join(_differs(was, then))})"
            reasons.append(f"{task.key} ({task.id}) has begun, so it stays in the plan as it was; here it {how}.")
    return reasons


def _differs(was: PlannedTask, then: PlannedTask) -> list[str]:
    names = {"skill": "who does it", "kind": "what is done", "target": "of"}
    fields = ("skill", "kind", "needs", "brief", "target", "pieces", "size")
    return [names.get(name, name) for name in fields if getattr(was, name) != getattr(then, name)]


def _said(before: Sequence[PlannedTask], after: Sequence[PlannedTask]) -> str:
    """What is another, in a line; empty where it is the same plan."""
    was, now = {task.key: task for task in before}, {task.key: task for task in after}
    changed = {key: _differs(was[key], now[key]) for key in now if key in was and now[key] != was[key]}
    parts = [
        *(f"{key} is new" for key in now if key not in was),
        *(f"{key} is taken out" for key in was if key not in now),
        *(f"{key} is changed ({', '.join(differs)})" for key, differs in changed.items()),
    ]
    in_another_order = [key for key in was if key in now] != [key for key in now if key in was]
    return "; ".join([*parts, *(["the order is another"] if in_another_order else [])])


def _see_that_it_fits(tx: Tx, office: Office, goal: Goal, plan: Plan, expected: Forecast) -> None:
    spent_nano = tx.calls.costs([goal.id]).get(goal.id, 0)
    about = fitting.about_plan(tx, office, goal, expected, spent_nano=spent_nano)
    asked = questions.about_plan(tx, goal.id)
    if asked is None:
        if about.raises:
            raise Refused(_too_dear(goal, expected, about))
        return
    # Nothing of it has begun: who is asked about it decides on its caps, too.
    tx.goals.change(goal.id, forecast=expected.to_document())
    tx.approvals.close(asked, ApprovalState.WITHDRAWN)
    if goal.confirm or about.raises:
        said = fitting.question(tx, office, goal, expected, about, tasks=len(plan.tasks))
        version = f"after {asked.id}"
        questions.ask(tx, goal, about, said, version=version, due_at=fitting.due_at(tx, office, about))


def _too_dear(goal: Goal, expected: Forecast, about: AboutPlan) -> str:
    of = f"the goal's cap is {plain_usd(goal.cap_nano)}" if about.cap_nano is not None else "the month has less left"
    return f"With this plan {goal.id} will likely cost {fitting.said(expected)} in all, and {of}: plan less."
