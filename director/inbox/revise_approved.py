"""
A person asks for another version of what was approved. Its author begins once what it builds on is approved; until the new
version is, the one before stands. A goal that was over goes on for it, under its cap, and is concluded anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from director.goals import forecast, past
from director.goals.forecast import Forecast
from director.inbox import disagreements
from director.inbox.approvals import instructions
from director.inbox.version import see_text_version
from director.mailbox import admission
from director.memory import learn, readable
from director.office import Office
from director.progress import changes
from director.progress.advance import CONCLUDE, advance, is_concluding
from director.progress.facts import context_of, planned_of
from director.progress.questions import PERSON
from director.store.tx import Tx
from director.tasks.on_verdict import A_PERSON_ASKS
from director.words.command import program
from director.words.errors import CannotChange
from director.words.models import Goal, Learning, Task
from director.words.question import AboutFailure
from director.words.states import ApprovalState, ChangeKind, GoalState, LearningState, TaskState, is_final, stands
from pipelines.plan import StepKind

#: What the author of a task is told whose input a person had changed.
LOOK_AGAIN: Final = (
    "What you built on was changed at the owner's request, and is among your inputs as it is now: {named}. Take over what "
    "follows from that, and leave everything else as it is."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it."""

    goal: Goal
    tasks: tuple[Task, ...]  #: whose authors are to write another version
    is_new: bool  #: False: the same was asked of this version before, and is being done
    rest_on_it: tuple[Task, ...]  #: the others that were given the version before
    learned: Learning | None = None  #: what the team takes from it for all such work


def revise(
    office: Office, ident: str, words: str, *, dependents: bool = False, by: str = PERSON, version: str | None = None
) -> Asked:
    """
    Have the approved deliverable of the task *ident* changed as *words* say; with *dependents*, have those that rest on it
    looked at again behind it. The same words about the same version are one change, however often they come. What it may teach
    for all such work is proposed with it. *version* is of the text that somebody saw.

    Raises:
        NotFound: no such task.
        ChangedSince: it is another text than that of *version*.
        CannotChange: it is not approved, or somebody works on it or on the goal's report.
        WrongCall: there are no words, or too many.
    """
    words = instructions(ident, words)
    with office.store.write() as tx:
        goal, task = _locked(tx, ident)
        change = changes.under_way(tx, task)
        resting = changes.dependents(tx, task)
        asked: list[Task] = []
        learned = None
        if change is None or change.words != words:
            see_text_version(task, version)
            check(tx, goal, task)
            asked.append(_ask(tx, task, words, by=by))
            found = learn.from_instructions(tx, goal, task, words)
            # What was retired teaches nothing, however often it is asked for.
            learned = None if found is None or found.state is LearningState.RETIRED else found
        if dependents:
            note = LOOK_AGAIN.format(named=f"{task.skill} ({task.id})")
            asked += [_ask(tx, other, note, because=task.id, by=by) for other in _free(tx, goal, resting)]
        if not asked:
            return Asked(goal, (task,), is_new=False, rest_on_it=tuple(resting))
        _go_on(tx, goal, by=by)
        done = replace(_as_they_are(tx, goal, asked, resting), learned=learned)
    readable.mirror(office)
    admission.ring(office)
    return done


def look_again(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Asked:
    """
    Have all looked at again that rest on an earlier version of the task *ident* than is approved; nothing new where their
    authors are at it. *version* as in `revise`.

    Raises:
        NotFound: no such task.
        ChangedSince: it is another text than that of *version*.
        CannotChange: there are none, or somebody works on the goal's report.
    """
    with office.store.write() as tx:
        goal, task = _locked(tx, ident)
        resting = [tx.tasks.get(other) for other, old in changes.outdated(tx, goal.id).items() if task.id in old]
        free = _free(tx, goal, resting)
        if not free and (at_it := _looking_again(tx, task)):
            return Asked(goal, at_it, is_new=False, rest_on_it=())
        if not free:
            raise CannotChange(f"Nothing that is approved rests on an earlier version of {task.id}; nothing changed.")
        see_text_version(task, version)
        note = LOOK_AGAIN.format(named=f"{task.skill} ({task.id})")
        asked = [_ask(tx, other, note, because=task.id, by=by) for other in free]
        _go_on(tx, goal, by=by)
        done = _as_they_are(tx, goal, asked, resting)
    admission.ring(office)
    return done


def likely(office: Office, tx: Tx, ident: str, *, itself: bool, dependents: bool) -> Forecast:
    """What a change will likely cost: of the task *itself*, of its *dependents*, and the conclusion anew."""
    task = tx.tasks.get(ident)
    goal = tx.goals.get(task.goal)
    others = changes.dependents(tx, task)
    if not itself:
        outdated = changes.outdated(tx, goal.id)
        others = [other for other in others if ident in outdated.get(other.id, ())]
    asked = [*([task] if itself else []), *(others if dependents else [])]
    return forecast.of_tasks(
        office,
        [planned_of(tx, goal, one) for one in asked],
        context_of(tx, goal),
        past.of_brand(tx, goal.brand, rehearsal=goal.rehearsal),
        paid=not goal.rehearsal,
        of_all=len(tx.tasks.of_goal(goal.id)),
    )


def check(tx: Tx, goal: Goal, task: Task) -> None:
    """
    See that another version of *task* can be asked for.

    Raises:
        CannotChange: it cannot; what can be done is said.
    """
    if goal.state in (GoalState.FAILED, GoalState.CANCELLED):
        raise CannotChange(
            f"Goal {goal.id} {stands(goal.state)}, so nobody works on {task.id}: `{program()} accept {task.id} FILE` takes "
            "your own version, or give a new goal."
        )
    check_nobody_reads(tx, goal, task)
    question = next((one for one in tx.approvals.open(goal.id) if one.task == task.id), None)
    if task.state is TaskState.ESCALATED and question is not None:
        raise CannotChange(f'{task.id} waits for your answer: `{program()} revise {question.id} "…"`.')
    if (change := changes.under_way(tx, task)) is not None:
        raise CannotChange(
            f"{task.id} is being changed already (“{' '.join(change.words.split())}”): wait until that is approved, or give it "
            f"up with `{program()} cancel {goal.id}`."
        )
    if task.state is not TaskState.APPROVED or task.deliverable is None:
        raise CannotChange(f"{task.id} is {task.state}; only what is approved can be changed.")
    if task.kind is StepKind.REVIEW:
        raise CannotChange(f"{task.id} reviews {task.target}: ask for a change of that.")
    needed = (tx.tasks.get(ident) for ident in tx.tasks.needs(goal.id).get(task.id, ()))
    if gone := next((one for one in needed if is_final(one.state)), None):
        raise CannotChange(
            f"{task.id} builds on {gone.id}, which was not approved: `{program()} accept {task.id} FILE` takes your own "
            "version."
        )


def check_nobody_reads(tx: Tx, goal: Goal, task: Task) -> None:
    """
    See that nobody is judging the task's deliverable, nor writing the goal's report about it, at this moment.

    Raises:
        CannotChange
    """
    if is_concluding(tx, goal):
        raise CannotChange(
            f"The Director looks over all of {goal.id} now and writes its report: ask again once "
            f"`{program()} status {goal.id}` says that it is over."
        )
    judges = (other for other in tx.tasks.of_goal(goal.id) if other.target == task.id)
    if judge := next((other for other in judges if other.state is TaskState.REVIEWING), None):
        raise CannotChange(f"{judge.skill} reviews {task.id} now ({judge.id}): ask again once that is approved.")


def _locked(tx: Tx, ident: str) -> tuple[Goal, Task]:
    goal = tx.goals.get(tx.tasks.get(ident).goal, lock=True)
    return goal, tx.tasks.get(ident)  # read behind the lock: another process may have changed it meanwhile


def _free(tx: Tx, goal: Goal, tasks: Sequence[Task]) -> list[Task]:
    """Those of *tasks* of which another version can be asked for; the others' authors are at work already, or cannot be."""
    free = []
    for task in tasks:
        try:
            check(tx, goal, task)
        except CannotChange:
            continue
        free.append(task)
    return free


def _looking_again(tx: Tx, task: Task) -> tuple[Task, ...]:
    """The tasks whose authors look again, or wait to, because *task* was changed."""
    others = tx.tasks.of_goal(task.goal)
    return tuple(one for one in others if (made := changes.under_way(tx, one)) and made.because == task.id)


def _ask(tx: Tx, task: Task, words: str, *, by: str, because: str | None = None) -> Task:
    draft = tx.drafts.get(task.deliverable or 0)
    tx.changes.add(task, ChangeKind.REVISE, words, draft=draft.id, because=because, by=by)
    if because is None:
        # A person sends back what the reviewer approved.
        disagreements.keep(tx, task, draft, "revise", by=by, asked=words)
    return tx.tasks.move(
        task,
        TaskState.PLANNED,
        by=by,
        detail=f"to be changed: {' '.join(words.split())}",
        revision=task.revision + 1,
        notes=f"{A_PERSON_ASKS}\n- {words}",
        basis=draft.id,
    )


def _go_on(tx: Tx, goal: Goal, *, by: str) -> None:
    if is_final(goal.state):
        tx.goals.move(goal, GoalState.RUNNING, by=by, reason=None)
    for question in tx.approvals.open(goal.id):
        about = question.about
        if isinstance(about, AboutFailure) and tx.turns.get(about.turn).verb == CONCLUDE:
            # It is concluded anew once the change is there, and not tried again before.
            tx.approvals.close(question, ApprovalState.WITHDRAWN)
    advance(tx, goal.id, by=by)


def _as_they_are(tx: Tx, goal: Goal, asked: Sequence[Task], resting: Sequence[Task]) -> Asked:
    idents = [task.id for task in asked]
    rest = tuple(tx.tasks.get(other.id) for other in resting if other.id not in idents)
    return Asked(tx.goals.get(goal.id), tuple(tx.tasks.get(ident) for ident in idents), is_new=True, rest_on_it=rest)
