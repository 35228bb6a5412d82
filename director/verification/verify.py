"""
Whether deliverables, their files and the record behind them are as their receipts say; of one goal or of all.

Nothing but the record and the workspace is read: no key, no Redis, no network. Who can write the whole record can write its
receipts anew: they tell what was changed by mistake, by damage or in one place, not by whom. Not covered is what the store's
`NOT_COVERED` names, the journal, turns, events and rows that were added; JSON is compared by what it says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from director.office import Office
from director.receipts.chain import latest_of
from director.receipts.receipt import Receipt
from director.store.tx import Tx
from director.verification import chain, outputs, record
from director.verification.going_on import Rows, is_approved
from director.verification.mismatch import NOTHING, Mismatch
from director.words.command import program
from director.words.errors import NotFound
from director.words.states import GoalState, is_final


@dataclass(slots=True)
class Verified:
    """What was looked at, and what was found."""

    goals: int = 0
    deliverables: int = 0
    receipts: int = 0
    files: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)
    without: list[str] = field(default_factory=list)  #: tasks approved before receipts were kept


def verify(office: Office, goal: str | None = None) -> Verified:
    """
    Look at one goal, or at all, each in a picture of its own: work may go on meanwhile.

    Raises:
        NotFound: there is no such goal.
    """
    with office.store.read() as tx:
        goals = tx.receipts.goals()
    if goal is not None and goal not in goals:
        raise NotFound("goal", goal, f"`{program()} status` lists them")
    found = Verified()
    whole: set[str] = set()
    for ident in goals if goal is None else [goal]:
        with office.store.read() as tx:
            _look(office, tx, ident, found, whole)
    return found


def _look(office: Office, tx: Tx, goal: str, found: Verified, whole: set[str]) -> None:
    rows = tx.receipts.rows(goal)
    seen = chain.look(tx, goal)
    found.goals += 1
    found.receipts += len(seen.receipts)
    found.mismatches += seen.mismatches
    if not rows["goals"] and not any("goals" in receipt.rows for receipt in seen.receipts):
        found.mismatches.append(Mismatch(goal, "goal (goals)", "it in the record", NOTHING))
    found.mismatches += record.look(tx, goal, rows, seen.receipts, whole)
    is_over = _is_over(rows)
    for receipt in _current(rows, seen.receipts):
        found.deliverables += receipt.task is not None
        found.files += len(receipt.files)
        found.mismatches += outputs.look(office, tx, receipt, is_over=is_over)
    last_before = tx.receipts.last_draft_before()
    for task in _without(rows, seen.receipts):
        draft = rows["tasks"][task]["deliverable"]
        if isinstance(draft, int) and draft <= last_before:
            found.without.append(task)
        elif not seen.mismatches:  # else it is one of those receipts
            found.mismatches.append(Mismatch(goal, f"deliverable of task {task}", "a receipt of it", NOTHING))


def _current(rows: Rows, receipts: Sequence[Receipt]) -> Iterable[Receipt]:
    """The last receipt of each deliverable that is approved, and of the goal's end."""
    for task in dict.fromkeys(receipt.task for receipt in receipts):
        latest = next(receipt for receipt in reversed(receipts) if receipt.task == task)
        if task is None or is_approved(rows, latest):
            yield latest


def _without(rows: Rows, receipts: Sequence[Receipt]) -> list[str]:
    return [
        ident for ident, row in rows["tasks"].items() if "deliverable" in row and latest_of(receipts, ident) is None
    ]


def _is_over(rows: Rows) -> bool:
    states = [row.get("state") for row in rows["goals"].values()]
    return any(state in tuple(GoalState) and is_final(GoalState(state)) for state in states)
