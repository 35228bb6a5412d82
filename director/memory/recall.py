"""Which learnings a task, or a plan, is shown: chosen once, by skill, category and words, and kept."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

from director.memory.similar import stems
from director.office import DIRECTOR, Office
from director.prompting import learnings as shown
from director.store.tx import Tx
from director.words.models import Goal, Learning, Recalled, Task
from pipelines.plan import StepKind

#: Of so many tasks one does without any, and of so many that are shown some, each learning is left out of one.
ONE_IN: Final = 5

#: What the goal's own category counts for, in words that are shared.
_CATEGORY: Final = 2


def for_task(office: Office, task_id: str) -> None:
    """Choose what a specialist's task is shown, and keep it. What was chosen before stays."""
    with office.store.read() as tx:
        task = tx.tasks.get(task_id)
        if not _is_open(tx, task):
            return
    with office.store.write() as tx:
        tx.learnings.recall(chosen(tx, tx.goals.get(task.goal), task))


def looked_at(office: Office, goal: Goal, task: Task) -> str:
    """What the task's next prompt would have of learnings, where that is not chosen yet; else nothing. Nothing is written."""
    with office.store.read() as tx:
        return chosen(tx, goal, task).text if _is_open(tx, task) else ""


def for_plan(office: Office, goal: Goal, skills: Collection[str]) -> str:
    """What the Director is shown to plan *goal*, of the *skills* it may use; chosen at the first time of asking."""
    with office.store.read() as tx:
        kept = tx.learnings.recalled(goal.id)
    if kept is None:
        with office.store.write() as tx:
            found = tx.learnings.for_goals(goal.brand, rehearsal=goal.rehearsal, skills={*skills, DIRECTOR})
            # A plan writes for many: whose each is stands before it.
            best = _best(found, goal, goal.text, DIRECTOR, named=True)
            text = shown.lines([_line(one, named=True) for one in best])
            kept = tx.learnings.recall(
                Recalled(
                    goal.id, goal.brand, goal.id, DIRECTOR, goal.rehearsal, False, text, tuple(one.id for one in best)
                )
            )
    return kept.text if kept.rehearsal == goal.rehearsal else ""


def chosen(tx: Tx, goal: Goal, task: Task) -> Recalled:
    """What the task would be shown with what is known; the same record and task make the same choice. Nothing is written."""
    found = tx.learnings.for_goals(goal.brand, rehearsal=goal.rehearsal, skills={task.skill, DIRECTOR})
    best = _best(found, goal, f"{goal.text}\n{task.brief}", task.skill)
    held_out = _draw(task.id)
    left_out = [one for one in best if held_out or _draw(task.id, one.id)]
    kept = [one for one in best if one not in left_out]
    return Recalled(
        subject=task.id,
        brand=goal.brand,
        goal=goal.id,
        skill=task.skill,
        rehearsal=goal.rehearsal,
        held_out=held_out,
        text=shown.lines([_line(one) for one in kept]),
        shown=tuple(one.id for one in kept),
        left_out=tuple(one.id for one in left_out),
    )


def _is_open(tx: Tx, task: Task) -> bool:
    # A task that was begun by a Troupe that remembered nothing goes on without: an answer that was paid for is found again
    # only by the same prompt.
    return task.kind is StepKind.DRAFT and task.revision == 0 and tx.learnings.recalled(task.id) is None


def _draw(*names: str) -> bool:
    """Whether this is one of those left out: as good as by lot, and the same whoever asks."""
    digest = hashlib.sha256("\n".join(names).encode()).digest()
    return int.from_bytes(digest[:8], "big") % ONE_IN == 0


def _best(found: Sequence[Learning], goal: Goal, about: str, skill: str, *, named: bool = False) -> list[Learning]:
    """The most fitting first, as many as there is room for."""
    words = stems(about)

    def fits(one: Learning) -> tuple[float, ...]:
        near = len(words & stems(one.text)) + (_CATEGORY if one.category is goal.category else 0)
        return -near, -(one.skill == skill), -one.confidence, -int(one.id[1:])

    best: list[Learning] = []
    for one in sorted(found, key=fits):
        if shown.fits([_line(other, named=named) for other in [*best, one]]):
            best.append(one)
    return best


def _line(one: Learning, *, named: bool = False) -> str:
    return f"{one.skill}: {one.text}" if named else one.text
