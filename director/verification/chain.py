"""Whether all receipts of a goal are there, in their order, as they were written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from director.receipts.chain import read_whole
from director.receipts.receipt import Receipt
from director.store.receipts import digest
from director.store.tx import Tx
from director.verification.mismatch import NOTHING, Mismatch, both, said
from director.words.models import ReceiptRow


@dataclass(frozen=True, slots=True)
class Chain:
    """The receipts of a goal that can be relied on, and what is wrong with the others."""

    receipts: Sequence[Receipt]
    mismatches: Sequence[Mismatch]


def look(tx: Tx, goal: str) -> Chain:
    """Read the goal's receipts."""
    rows = tx.receipts.of_goal(goal)
    texts = tx.receipts.documents(row.hash for row in rows)
    receipts: list[Receipt] = []
    found: list[Mismatch] = []
    before: str | None = None
    expected = 1
    for row in rows:
        name = f"receipt {row.number}"
        if row.number != expected:
            missing = str(expected) if row.number == expected + 1 else f"{expected} to {row.number - 1}"
            found.append(Mismatch(goal, f"receipt {missing}", "it in the record", NOTHING))
        text = texts.get(row.hash)
        receipt = read_whole(text, row.hash)
        if receipt is None:
            now = NOTHING if text is None else said(digest(text))
            found.append(Mismatch(goal, f"text of {name}", said(row.hash), now))
        else:
            found += _unlike(goal, row, receipt)
            if row.number == expected and receipt.before != before:
                found.append(Mismatch(goal, f"receipt before {name}", *both(receipt.before, before)))
            receipts.append(receipt)
        before, expected = row.hash, row.number + 1
    if (head := tx.receipts.head(goal)) != before:
        found.append(Mismatch(goal, "last receipt (goals.receipt_hash)", *both(before, head)))
    return Chain(receipts, found)


def _unlike(goal: str, row: ReceiptRow, receipt: Receipt) -> Iterator[Mismatch]:
    """Where a row and its document differ."""
    pairs = (
        ("goal", receipt.goal, row.goal),
        ("number", receipt.number, row.number),
        ("task", receipt.task, row.task),
        ("text_hash", receipt.text, row.text_hash),
        ("created_at", receipt.at, row.created_at),
    )
    for name, expected, found in pairs:
        if expected != found:
            yield Mismatch(goal, f"receipt {row.number} (receipts.{name})", *both(expected, found))
