"""The receipt of a deliverable, of all of it or of one piece: found, and as a document."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any, Final

from director.files.places import places_of
from director.receipts.chain import latest_of, whole_receipts
from director.receipts.receipt import Receipt, Stated
from director.store.tx import Tx
from director.words.amounts import as_number
from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.models import Review, Task

_TASK: Final = re.compile(r"(g\d+)-\d+")
_GOAL: Final = re.compile(r"g\d+")


@dataclass(frozen=True, slots=True)
class Found:
    """A receipt, with what of the record says more about it."""

    receipt: Receipt
    hash: str
    task: Task
    piece: str | None  #: the title of the piece that was asked for; None: all
    reviews: Sequence[Review]  #: those it covers, oldest first

    @property
    def facts(self) -> Sequence[Stated]:
        """Those of the piece, or all."""
        return [fact for fact in self.receipt.facts if self.piece in (None, fact.piece)]


def find(tx: Tx, ident: str) -> Found:
    """
    The receipt of what is approved of a task, by its id or by the path of a file of it.

    Raises:
        NotFound: there is no such task, or file.
        WrongCall: it is neither, or it has no receipt.
    """
    if named := _TASK.fullmatch(ident):
        task = tx.tasks.get(ident)
        return _found(tx, task, latest_of(whole_receipts(tx, named[1]), task.id), None)
    goals = [part for part in PurePath(ident).parts if _GOAL.fullmatch(part)]
    if not goals or _GOAL.fullmatch(ident):
        raise WrongCall(
            f"A task has a receipt, such as g1-1, or the file of a piece, such as outputs/g1/01-letter.md; {ident[:80]!r} is "
            f"neither. `{program()} status GOAL` lists a goal's tasks."
        )
    receipts = whole_receipts(tx, goals[-1])
    path = PurePath(ident).as_posix()
    for task in tx.tasks.of_goal(goals[-1]):
        latest = latest_of(receipts, task.id)
        for known in latest.files if latest else ():
            if path == known or path.endswith(f"/{known}"):
                return _found(tx, task, latest, _piece(tx, task, latest, known))
    raise NotFound("file with a receipt", ident[:200], f"`{program()} show {goals[-1]}` names those of the goal")


def _found(tx: Tx, task: Task, receipt: Receipt | None, piece: str | None) -> Found:
    if receipt is None or task.deliverable != receipt.draft:
        why = "it was approved before receipts were kept" if task.deliverable else f"it is {task.state}"
        raise WrongCall(f"{task.id} ({task.skill}) has no receipt: {why}.")
    judged = tx.reviews.of_task(task.target or task.id)
    known = receipt.rows.get("reviews", {})
    [hashed] = [row.hash for row in tx.receipts.of_goal(task.goal) if row.number == receipt.number]
    return Found(receipt, hashed, task, piece, [review for review in judged if str(review.id) in known])


def _piece(tx: Tx, task: Task, receipt: Receipt | None, path: str) -> str | None:
    text = tx.text(receipt.text or "") if receipt else ""
    return next((place.title for place in places_of(task, text) if path in (place.path, *place.extra)), None)


def receipt_document(found: Found) -> dict[str, Any]:
    """All of a receipt, and its hash; of a piece, its facts only."""
    receipt = found.receipt
    said = {**asdict(receipt), "facts": [fact._asdict() for fact in found.facts]}
    return {
        "hash": found.hash,
        "piece": found.piece,
        "cost_usd": as_number(receipt.cost_nano),
        **said,
    }
