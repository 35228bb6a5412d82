"""
Advance a goal: tasks whose needs are met get turns, those that cannot be any more are given up, what it waits for is named,
and when no task is open any more it is concluded.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from director.mailbox import restrictions, turns
from director.mailbox.restrictions import Wait
from director.office import DIRECTOR, Office
from director.progress import changes, happened, performance_record
from director.receipts.keep import keep_ended
from director.store.tx import Tx
from director.words.models import Approval, Goal, Task, Turn
from director.words.question import AboutPlan, Kind, outlives_goal
from director.words.states import ApprovalState, GoalState, HeldWhy, TaskState, TurnState, WaitFor, is_final
from pipelines.plan import PlannedTask, StepKind, in_order, ready

#: A turn that waits for less than this is not worth telling people about.
WORTH_TELLING: Final = timedelta(seconds=5)

#: What the Director does before several write side by side: `goals/warm.py`.
_WARM: Final = "warm"

#: What the Director does at a goal's end: `goals/conclude.py`.
CONCLUDE: Final = "conclude"

#: What an actor is asked to do for each kind of task, and the state the task is in meanwhile.
_FIRST_VERB: Final = {
    StepKind.DRAFT: ("draft", TaskState.DRAFTING),
    StepKind.REPORT: ("report", TaskState.DRAFTING),
    StepKind.REVIEW: ("judge", TaskState.REVIEWING),
}


def advance(tx: Tx, goal_id: str, *, by: str) -> None:
    """
    Start every task whose needs are met; conclude when none is open any more; else say whether the goal waits.

    Called in each transaction that changes what a goal's tasks, turns or questions are. Safe to call any number of times:
    a turn exists once for its cause. The goal's row is locked, so that of two tasks that finish at the same moment the
    second sees the first. Nothing starts while a person has not agreed to the plan.
    """
    goal = tx.goals.get(goal_id, lock=True)
    if is_final(goal.state):
        return
    questions = tx.approvals.open(goal_id)
    agreed = all(question.kind is not Kind.PLAN for question in questions)
    if agreed and goal.plan is not None and goal.state in (GoalState.RUNNING, GoalState.WAITING):
        tasks = tx.tasks.of_goal(goal_id)
        plan = _as_planned(tx, goal_id, tasks)
        tasks = _give_up_unreachable(tx, tasks, plan, by=by)
        approved = {task.id for task in tasks if task.state is TaskState.APPROVED}
        _start_ready(tx, goal, [task for task in tasks if task.id in ready(plan, approved)], by=by)
        if _is_done(tasks) and _is_concluded(tx, goal):
            _end_as_before(tx, goal, "what was approved stands", by=by)
            return
        # After a change of what was approved, once more.
        version = str(tx.changes.newest(goal_id) or "")
        if _is_done(tasks) and turns.create(tx, goal, actor=DIRECTOR, verb=CONCLUDE, subject=goal.id, version=version):
            tx.goals.move(goal, GoalState.CONCLUDING, by=by)
            return
    _name_waiting(tx, goal, questions, by=by)


def is_concluding(tx: Tx, goal: Goal) -> bool:
    """Whether the Director's last turn is to be done, or is being done."""
    return any(turn.verb == CONCLUDE for turn in tx.turns.open_of_goal(goal.id))


def missing_of(tasks: Sequence[Task]) -> list[Task]:
    """The tasks that ended without an approved deliverable, and without another in their place."""
    return [task for task in tasks if task.state not in (TaskState.APPROVED, TaskState.LEFT_OUT)]


def named(task: Task) -> str:
    """A task as an owner is told of it."""
    return f"{task.skill} ({task.id})"


def how_it_ends(tasks: Sequence[Task]) -> tuple[GoalState, str | None]:
    """How a goal ends whose tasks came to this, and what is told about it."""
    missing = missing_of(tasks)
    if not missing:
        return GoalState.COMPLETED, None
    verb = "was" if len(missing) == 1 else "were"
    return GoalState.PARTIAL, f"{', '.join(map(named, missing))} {verb} not approved."


def startable(tx: Tx, goal: Goal) -> list[Task]:
    """The tasks that have not begun, and whose needs are met."""
    tasks = tx.tasks.of_goal(goal.id)
    approved = {task.id for task in tasks if task.state is TaskState.APPROVED}
    keys = ready(_as_planned(tx, goal.id, tasks), approved)
    return [task for task in tasks if task.state is TaskState.PLANNED and task.id in keys]


def awake(tx: Tx, goal: Goal, *, by: str) -> Goal:
    """The goal in the state its work is in: one that waited goes on from where it was."""
    if goal.state is not GoalState.WAITING:
        return goal
    if goal.is_calibration:
        state = GoalState.RUNNING
    elif goal.plan is None:
        state = GoalState.PLANNING
    elif _is_done(tx.tasks.of_goal(goal.id)):
        state = GoalState.CONCLUDING
    else:
        state = GoalState.RUNNING
    return tx.goals.move(goal, state, by=by, reason=None)


def go_on(office: Office, goal: Goal, *, by: str) -> None:
    """Say that a goal that waited is at work again, as its turn begins and not when its answer is there."""
    if goal.state is GoalState.WAITING:
        with office.store.write() as tx:
            goal = tx.goals.get(goal.id, lock=True)
            if not is_final(goal.state):
                awake(tx, goal, by=by)


def start(tx: Tx, task: Task, goal: Goal, *, by: str, version: str = "") -> None:
    """Give the task's specialist a turn for its current revision; *version* tells a second turn for it apart."""
    verb, state = _FIRST_VERB[task.kind]
    if task.kind is StepKind.REPORT and task.record_hash is None:
        tx.tasks.change(task.id, record_hash=tx.keep(performance_record.as_markdown(tx, before=goal)))
    if task.state is not state:
        tx.tasks.move(task, state, by=by)
    turns.create(tx, goal, actor=task.skill, verb=verb, subject=task.id, version=f"{task.revision}{version}")


def fail_goal(tx: Tx, goal_id: str, reason: str, *, by: str) -> None:
    """
    End a goal that cannot be completed, and everything that was still to be done for it. One that was over before ends as it
    did then.
    """
    _end(tx, goal_id, GoalState.FAILED, reason, by=by)


def cancel_goal(tx: Tx, goal_id: str, reason: str, *, by: str) -> bool:
    """
    Stop a goal: its turns are cancelled, also those somebody holds, whose calls are ended when their lease is next renewed.
    One that was over, and was at work again for a change, ends as it did before that.

    False when it is over.
    """
    return _end(tx, goal_id, GoalState.CANCELLED, reason, by=by)


def _is_concluded(tx: Tx, goal: Goal) -> bool:
    """Whether the Director has looked at all that is approved: what people asked for since came to nothing."""
    looked = goal.reopened_at is not None and goal.concluded == tx.changes.last(goal.id)
    return looked and not is_concluding(tx, goal)


def _end_as_before(tx: Tx, goal: Goal, why: str, *, by: str) -> None:
    state, reason = how_it_ends(tx.tasks.of_goal(goal.id))
    tx.note(goal.id, goal.id, "change given up", by=by, detail=why)
    tx.goals.move(goal, state, by=by, reason=reason)
    keep_ended(tx, goal.id, by=by)


def _as_planned(tx: Tx, goal_id: str, tasks: Sequence[Task]) -> list[PlannedTask]:
    # A review, and what needs one, also needs what is judged as it is now: another review may have sent it back meanwhile, or
    # a person asked for a change of it.
    needs, judged = tx.tasks.needs(goal_id), {task.id: task.target for task in tasks if task.target}
    found = []
    for task in tasks:
        direct = needs.get(task.id, ())
        also = [judged[ident] for ident in (task.id, *direct) if ident in judged]
        found.append(PlannedTask(task.id, task.skill, task.kind, tuple(dict.fromkeys([*direct, *also]))))
    return found


def _is_done(tasks: Sequence[Task]) -> bool:
    return all(task.state is TaskState.APPROVED or is_final(task.state) for task in tasks)


def _give_up_unreachable(tx: Tx, tasks: Sequence[Task], plan: Sequence[PlannedTask], *, by: str) -> list[Task]:
    """The tasks as they are then: what needs one that was given up cannot be begun any more."""
    found = {task.id: task for task in tasks}
    # Each after all it needs: a task that came later, in place of another, stands behind those that need it.
    for planned in in_order(plan):
        gone = [need for need in planned.needs if is_final(found[need].state)]
        task = found[planned.key]
        if not gone or task.state is not TaskState.PLANNED:
            continue
        why = f"{gone[0]} was not approved"
        if changes.give_up(tx, task, why, by=by):
            found[task.id] = tx.tasks.get(task.id)
        else:
            found[task.id] = tx.tasks.move(task, TaskState.FAILED, by=by, detail=why)
    return list(found.values())


def _start_ready(tx: Tx, goal: Goal, tasks: Sequence[Task], *, by: str) -> None:
    waiting = [task for task in tasks if task.state is TaskState.PLANNED]
    if not _are_warmed_first(tx, goal, waiting):
        for task in waiting:
            # The same version may have been begun for a change that was given up.
            change = changes.under_way(tx, task)
            start(tx, task, goal, by=by, version=f"-change-{change.id}" if change else "")


def _is_about_money(question: Approval) -> bool:
    return question.kind is Kind.SPENDING or (isinstance(question.about, AboutPlan) and question.about.raises)


def _are_warmed_first(tx: Tx, goal: Goal, waiting: Sequence[Task]) -> bool:
    """Whether these wait for what their prompts share to be in the cache; for one writer there is nothing to share."""
    writers = [task for task in waiting if task.kind is StepKind.DRAFT]
    if len(writers) < 2:
        return False
    if any(turn.verb == _WARM for turn in tx.turns.open_of_goal(goal.id)):
        return True
    return turns.create(tx, goal, actor=DIRECTOR, verb=_WARM, subject=goal.id, version=writers[0].id) is not None


def _name_waiting(tx: Tx, goal: Goal, questions: Sequence[Approval], *, by: str) -> None:
    """A goal waits when none of its turns can go on by itself now; it says for whom, why and until when."""
    open_turns = tx.turns.open_of_goal(goal.id)
    kept_back = _kept_back(tx, goal, open_turns)
    if any(_goes_on(tx, turn, kept_back) for turn in open_turns):
        awake(tx, goal, by=by)
    elif questions:
        for_money = all(_is_about_money(question) for question in questions)
        _wait(tx, goal, WaitFor.MONEY if for_money else WaitFor.PERSON, questions[0], by=by)
    elif kept_back is not None:
        _wait(tx, goal, kept_back.wait_for, kept_back, by=by)
    elif delayed := [turn for turn in open_turns if turn.state is TurnState.QUEUED]:
        _wait(tx, goal, WaitFor.MODEL, min(delayed, key=lambda turn: turn.not_before), by=by)
    elif held := [turn for turn in open_turns if turn.state is TurnState.HELD]:
        _wait(tx, goal, WaitFor.WORKER if held[0].held_why is HeldWhy.SKILL else WaitFor.MONEY, held[0], by=by)


def _kept_back(tx: Tx, goal: Goal, open_turns: Sequence[Turn]) -> Wait | None:
    """What keeps its turns that wait from going out, as its brand was told last."""
    if all(turn.state is not TurnState.QUEUED for turn in open_turns):
        return None
    return restrictions.why(goal, tx.brands.restriction(goal.brand, rehearsal=goal.rehearsal))


def _goes_on(tx: Tx, turn: Turn, kept_back: Wait | None) -> bool:
    if turn.state is TurnState.QUEUED:
        return kept_back is None and turn.not_before <= tx.now + WORTH_TELLING
    return turn.state is not TurnState.HELD


def _wait(tx: Tx, goal: Goal, wait_for: WaitFor, what: Approval | Turn | Wait, *, by: str) -> None:
    until: datetime | None
    if isinstance(what, Approval):
        reason, until = f"{what.question} (approval {what.id})", what.due_at
    elif isinstance(what, Wait):
        reason, until = what.reason, what.until
    else:
        reason, until = what.error or "", what.due_at or what.not_before
    told = {"wait_for": wait_for, "reason": reason, "wait_until": until}
    comes_to_wait = wait_for is WaitFor.PERSON and goal.wait_for is not WaitFor.PERSON
    if goal.state is GoalState.WAITING:
        tx.goals.change(goal.id, **told)
    else:
        tx.goals.move(goal, GoalState.WAITING, by=by, **told)
    # Who is asked whether a plan may run is looking at it; that blocks nothing.
    if comes_to_wait and isinstance(what, Approval) and what.kind is not Kind.PLAN:
        happened.goal_waits_for_person(tx, goal, what)


def _end(tx: Tx, goal_id: str, state: GoalState, reason: str, *, by: str) -> bool:
    goal = tx.goals.get(goal_id, lock=True)
    if is_final(goal.state):
        return False
    # Locked, since one that is admitted or claimed at this moment would be moved from a state it is no longer in.
    for turn in tx.turns.open_of_goal(goal_id, lock=True):
        tx.turns.move(turn, TurnState.CANCELLED)
    for question in tx.approvals.open(goal_id):
        if not outlives_goal(question.about):
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
    for task in tx.tasks.of_goal(goal_id):
        # As it is by then: giving up one change gives up what waited for it.
        task = tx.tasks.get(task.id)  # noqa: PLW2901
        if is_final(task.state) or task.state is TaskState.APPROVED or changes.give_up(tx, task, reason, by=by):
            continue
        tx.tasks.move(task, TaskState.CANCELLED, by=by)
    if goal.reopened_at is not None:
        _end_as_before(tx, goal, reason, by=by)
        return True
    tx.goals.move(goal, state, by=by, reason=reason)
    if state is GoalState.FAILED:
        happened.goal_failed(tx, goal, reason)
    keep_ended(tx, goal_id, by=by)
    return True
