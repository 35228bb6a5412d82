"""
Re-planning: a task that failed for good is put to the Director, once, and at most `MOST` tasks of a goal; what is beyond that,
and what the Director finds no other way for, is put to a person.
"""

from collections.abc import Iterator
from typing import Final

from director.mailbox import turns
from director.office import DIRECTOR
from director.progress import changes, questions
from director.store.tx import Tx
from director.words.models import Goal, JournalLine, Task, Turn
from director.words.question import AboutFailure
from director.words.states import TurnState
from pipelines.plan import StepKind

#: What the Director is asked to do about such a task.
REPLAN: Final = "replan"

#: What the journal says of a task that was.
REPLANNED: Final = "re-planned"

#: Tasks of a goal that are re-planned; a goal that needs more needs a person.
MOST: Final = 2


def is_possible(tx: Tx, task: Task) -> bool:
    """
    Whether the Director may still be asked about *task*. Its own report nobody else can write; and where a change of what was
    approved fails, the version before it stands, and nothing is missing.
    """
    if task.kind is StepKind.REPORT or changes.under_way(tx, task) is not None:
        return False
    asked = [turn.subject for turn in tx.turns.of_goal(task.goal) if turn.verb == REPLAN]
    return len(asked) < MOST and task.id not in asked


def put_to_director(tx: Tx, goal: Goal, task: Task) -> bool:
    """Give the Director a turn to re-plan an escalated *task*; False, and nothing done, where that is not possible any more."""
    if not is_possible(tx, task):
        return False
    return turns.create(tx, goal, actor=DIRECTOR, verb=REPLAN, subject=task.id) is not None


def cause_of(tx: Tx, task: Task) -> Turn:
    """The turn with which *task* failed."""
    failed = [
        turn
        for turn in tx.turns.of_goal(task.goal)
        if turn.subject == task.id and turn.verb != REPLAN and turn.state is TurnState.FAILED
    ]
    return failed[-1]


def journal(tx: Tx, goal_id: str) -> Iterator[JournalLine]:
    """All lines of the goal's journal, oldest first."""
    after = 0
    while lines := tx.journal(goal_id, after=after):
        yield from lines
        after = lines[-1].id


def ask_person(tx: Tx, goal: Goal, task: Task, why_not: str) -> None:
    """Ask what is to be done about a task that the Director did not re-plan, and say *why_not*, in a sentence."""
    ask_about(tx, goal, cause_of(tx, task), task, why_not)


def ask_about(tx: Tx, goal: Goal, failed: Turn, task: Task | None, why_not: str = "") -> None:
    """Ask whether a turn that *failed* for good is to be tried again."""
    about = f"{task.skill} ({task.id})" if task else goal.id
    tried = f" after {failed.attempts} attempts" if failed.attempts else ""
    change = changes.under_way(tx, task) if task else None
    again = "Try again?" if change is None else "Try again? If not, the version that was approved is kept."
    said = " ".join(filter(None, [f"The {failed.verb} of {about} failed{tried}: {failed.error}", why_not, again]))
    before = None if change is None else change.draft
    questions.ask(tx, goal, AboutFailure(failed.id, before), said, version=str(failed.id), task=task)
