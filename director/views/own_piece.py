"""A piece of a text by itself, and with what a person needs to write their own version of it."""

from dataclasses import dataclass
from typing import Any

from director.office import Office
from director.prompting.pieces import take_apart
from director.store.tx import Tx
from director.views.changing import changing_document
from director.views.deliverable import version_shown
from director.views.titles import goal_title, task_title
from director.words.errors import NotFound
from director.words.models import Task
from director.words.states import TaskState


@dataclass(frozen=True, slots=True)
class OnePiece:
    """A piece; of a text without pieces all of it, which has no title."""

    number: int  #: from 1
    title: str
    text: str


def piece_of(tx: Tx, task: Task, number: int, version: int | None) -> OnePiece:
    """
    The piece of that *number*, from 1, of the version that counts or of *version*.

    Raises:
        NotFound: there is no such version, or piece.
    """
    draft = version_shown(task, tx.drafts.of_task(task.id), version)
    text = "" if draft is None else tx.text(draft.text_hash)
    pieces = [OnePiece(place, one.title, one.text) for place, one in enumerate(take_apart(text).pieces, 1)]
    if not pieces and text:
        pieces = [OnePiece(1, "", text)]
    if number > len(pieces):
        raise NotFound("piece", f"{number}", f"{task.id} has {len(pieces)}")
    return pieces[number - 1]


def piece_to_replace(tx: Tx, task: Task, number: int) -> OnePiece:
    """
    As `piece_of`, of the version that a person's own takes the place of: what is approved, or the draft they are asked about.

    Raises:
        NotFound: there is no such piece.
    """
    return piece_of(tx, task, number, task.revision + 1 if task.state is TaskState.ESCALATED else None)


def own_piece_document(office: Office, tx: Tx, task: Task, number: int) -> dict[str, Any]:
    """The piece as it counts now, or was written last, and what comes of another in its place."""
    goal = tx.goals.get(task.goal)
    piece = piece_to_replace(tx, task, number)
    ways = changing_document(office, tx, task)
    return {
        "id": task.id,
        "goal": goal.id,
        "goal_title": goal_title(goal),
        "title": task_title(goal, task, {one.id: one for one in tx.tasks.of_goal(goal.id)}),
        "piece": {"number": piece.number, "title": piece.title, "text": piece.text},
        "version": ways["version"],
        "may_give_own": ways["may_give_own"],
        "resting": ways["resting"],
    }
