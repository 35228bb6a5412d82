"""What may be other than its receipt says, because work went on since. Once a goal is over nothing may, until a person asks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from director.progress.questions import PERSON
from director.receipts.chain import Covered, latest_of
from director.receipts.receipt import Receipt
from director.store.receipts import OF_ANY_GOAL, Row
from director.words.models import Change
from director.words.states import CallState, ChangeKind, TaskState, may_move

#: Rows as `Receipts.rows` gives them.
Rows = Mapping[str, Mapping[str, Row]]

#: What the way to another version changes in the row of a task.
_OF_WORK: Final = ("revision", "notes", "basis", "plan_hash")

#: What goes with a deliverable that is taken back.
_OF_A_DELIVERABLE: Final = ("deliverable", "score", "path")

#: Where a task stands whose author is at another version.
_AT_WORK: Final = (TaskState.PLANNED, TaskState.DRAFTING, TaskState.REVIEWING)

#: Where a colleague's review brings what was approved, and what becomes of it there.
_BROUGHT: Final = (TaskState.ESCALATED, TaskState.FAILED, TaskState.CANCELLED, TaskState.LEFT_OUT)

#: Of a call, what is known as it is sent.
_SENT: Final = ("id", "brand", "goal", "task", "key", "purpose", "model", "rehearsal", "created_at")

#: Of what a person says of a draft, what their next word about it leaves as it is.
_OF_ANY_WORD: Final = ("id", "task", "draft", "by")


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What came after the receipts of a goal."""

    rows: Rows
    receipts: Sequence[Receipt]
    asked: Sequence[Change]  #: changes of approved work that people asked its authors for
    is_over: bool  #: it is as its end left it

    def differ(self, table: str, known: Covered, now: Row) -> Iterator[str]:
        """The columns of a row that say something else than its receipt, and may not."""
        columns = {*known.row, *now}
        return (name for name in sorted(self._held(columns, table, known, now)) if known.row.get(name) != now.get(name))

    def _held(self, columns: Collection[str], table: str, known: Covered, now: Row) -> Collection[str]:
        if table == "calls" and _is_settled_since(known.row, now):
            return _SENT
        if self.is_over:
            return columns
        if table == "goals":
            return OF_ANY_GOAL
        if table == "tasks" and "deliverable" in known.row:
            judged = ("target",) if self._is_judged_no_more(known) else ()
            return {*columns} - {*self._free_of_task(known, now), *judged}
        if table == "reviews" and known.row.get("by") == PERSON and self._is_said_anew(known):
            return _OF_ANY_WORD
        return columns

    def _free_of_task(self, known: Covered, now: Row) -> Collection[str]:
        state = now.get("state")
        mine = [one for one in self.asked if (one.task, one.draft) == (known.row["id"], known.row["deliverable"])]
        if "deliverable" not in now and state in (*_AT_WORK, *_BROUGHT):  # a colleague sent it back
            return ("state", *_OF_WORK, *_OF_A_DELIVERABLE)
        if any(one.given_up_at is None for one in mine) and state in (*_AT_WORK, TaskState.ESCALATED):
            return ("state", *_OF_WORK)
        if state in _BROUGHT:
            return ("state",)
        if any(one.given_up_at is not None and _is_since(one.given_up_at, known) for one in mine):
            return _OF_WORK if self._is_as_given_up(now) else ()
        # The plan that it was begun with is kept beside it when the goal's is changed.
        return () if "plan_hash" in known.row else ("plan_hash",)

    def _is_judged_no_more(self, review: Covered) -> bool:
        """Whether what a colleague had judged is in the plan no more: the review is of what came in its place."""
        return self.rows["tasks"].get(str(review.row.get("target")), {}).get("state") == TaskState.LEFT_OUT

    def _is_as_given_up(self, task: Row) -> bool:
        """Whether nothing is left of a change but the number of its last version."""
        drafts = [row for row in self.rows["drafts"].values() if row.get("task") == task.get("id")]
        last = max((row["revision"] for row in drafts if isinstance(row.get("revision"), int)), default=None)
        return task.get("revision") == last and "notes" not in task and "basis" not in task

    def _is_said_anew(self, review: Covered) -> bool:
        """Whether what a person said of a version may have been replaced: it is no deliverable, or they asked for another."""
        latest = latest_of(self.receipts, str(review.row.get("task")))
        if latest is not None and not is_approved(self.rows, latest):
            return True
        return any(one.draft == review.row.get("draft") and _is_since(one.created_at, review) for one in self.asked)


def going_on(rows: Rows, receipts: Sequence[Receipt], ended: Covered | None, changes: Sequence[Change]) -> GoingOn:
    """*ended* is the goal's row as its receipts have it, *changes* what people asked of approved work, or made of it."""
    asked = [one for one in changes if one.kind is ChangeKind.REVISE]
    finished = None if ended is None else ended.row.get("finished_at")
    is_over = finished is not None and all(_moment(one.created_at) < str(finished) for one in asked)
    return GoingOn(rows, receipts, asked, is_over)


def is_approved(rows: Rows, receipt: Receipt) -> bool:
    """Whether what the receipt is of is the task's deliverable, as far as the record can be believed."""
    row = rows["tasks"].get(receipt.task or "", {})
    return row.get("deliverable") == receipt.draft and row.get("state") == TaskState.APPROVED


def _is_since(moment: datetime, known: Covered) -> bool:
    return _moment(moment) >= known.receipt.at


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _is_settled_since(known: Row, now: Row) -> bool:
    """Whether more is known of a call that was lost, or on the wire, when its receipt was written."""
    try:
        return may_move(CallState(str(known["state"])), CallState(str(now["state"])))
    except (KeyError, ValueError):
        return False
