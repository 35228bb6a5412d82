"""The receipts of a goal, read and compared with each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from director.receipts.receipt import Receipt, from_text
from director.store.receipts import Row, digest
from director.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Covered:
    """A row of the record as a receipt has it."""

    row: Row
    receipt: Receipt


#: By table and id.
AllCovered: TypeAlias = dict[tuple[str, str], Covered]


def covered(receipts: Iterable[Receipt]) -> AllCovered:
    """What the receipts, first to last, say of each row; of several the last counts."""
    found: AllCovered = {}
    for receipt in receipts:
        for table, rows in receipt.rows.items():
            for ident, row in rows.items():
                # Of the goal a task's receipt says less than that of an end, which counts until the next.
                if table != "goals" or receipt.task is None or (table, ident) not in found:
                    found[table, ident] = Covered(row, receipt)
    return found


def whole_receipts(tx: Tx, goal: str) -> list[Receipt]:
    """The goal's receipts whose documents are as they were written, first to last."""
    rows = tx.receipts.of_goal(goal)
    texts = tx.receipts.documents(row.hash for row in rows)
    return [receipt for row in rows if (receipt := read_whole(texts.get(row.hash), row.hash)) is not None]


def read_whole(text: str | None, hashed: str) -> Receipt | None:
    """The receipt that *text* is; None where it is not the text that was *hashed*, or no receipt."""
    if text is None or digest(text) != hashed:
        return None
    try:
        return from_text(text)
    except ValueError:
        return None


def latest_of(receipts: Iterable[Receipt], task: str | None) -> Receipt | None:
    """The last receipt of a task, or of the goal's end."""
    return next((receipt for receipt in reversed(list(receipts)) if receipt.task == task), None)
