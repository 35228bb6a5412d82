"""Whether the record says of a goal what its receipts say that it said."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from director.calls.caps import goal_scope
from director.receipts.chain import covered
from director.receipts.receipt import Receipt
from director.store.receipts import Row, digest
from director.store.tx import Tx
from director.tasks import verdicts
from director.verification.going_on import Rows, going_on
from director.verification.mismatch import NOTHING, Mismatch, both, said

#: What a row is called, by its table.
_NAMES: Final = {
    "goals": "goal {}", "tasks": "task {}", "drafts": "draft {}", "reviews": "verdict r{}", "calls": "call {}",
    "approvals": "question {}",
}  # fmt: skip

_HASHED: Final = (
    ("goals", "context_hash"), ("tasks", "record_hash"), ("tasks", "plan_hash"), ("drafts", "text_hash"),
    ("calls", "answer_hash"), ("calls", "parts_hash"),
)  # fmt: skip


def look(tx: Tx, goal: str, rows: Rows, receipts: Sequence[Receipt], whole: set[str]) -> Iterator[Mismatch]:
    """
    Compare the goal's *rows* with its *receipts*, texts with their hashes, verdicts and costs with what they follow from.
    *whole* are texts that were looked at before, and grows.
    """
    wrong: set[tuple[str, str]] = set()
    all_known = covered(receipts)
    since = going_on(rows, receipts, all_known.get(("goals", goal)), tx.changes.of_goal(goal))
    for (table, ident), known in all_known.items():
        now = rows[table].get(ident)
        differ = [f"{table} gone"] if now is None else list(since.differ(table, known, now))
        if differ:
            wrong.add((table, ident))
        if now is None:
            yield Mismatch(goal, f"{_name(table, ident, known.row)} ({table})", "it in the record", NOTHING)
            continue
        for column in differ:
            name = f"{_name(table, ident, known.row)} ({table}.{column})"
            yield Mismatch(goal, name, *both(known.row.get(column), now.get(column)))
    yield from _texts(tx, goal, rows, receipts, wrong, whole)
    yield from _verdicts(tx, goal, receipts, wrong)
    yield from _costs(tx, goal, rows, receipts, wrong)


def _name(table: str, ident: str, row: Row) -> str:
    name = _NAMES[table].format(ident)
    return name if table in ("goals", "tasks", "approvals") or "task" not in row else f"{name} of {row['task']}"


def _texts(
    tx: Tx, goal: str, rows: Rows, receipts: Sequence[Receipt], wrong: Collection[tuple[str, str]], whole: set[str]
) -> Iterator[Mismatch]:
    wanted: dict[str, str] = {}
    for table, column in _HASHED:
        for ident, row in rows[table].items():
            if (table, ident) not in wrong and column in row:
                name = f"{column.removesuffix('_hash')} of {_name(table, ident, row)}"
                wanted.setdefault(str(row[column]), f"{name} (texts.text)")
    for receipt in receipts:
        if receipt.rubric is not None:
            wanted.setdefault(receipt.rubric, f"rubric of receipt {receipt.number} (texts.text)")
    texts = tx.receipts.documents(set(wanted) - whole)
    for hashed, name in wanted.items():
        if hashed in whole:
            continue
        text = texts.get(hashed)
        if text is not None and digest(text) == hashed:
            whole.add(hashed)
        else:
            yield Mismatch(goal, name, said(hashed), NOTHING if text is None else said(digest(text)))


def _verdicts(tx: Tx, goal: str, receipts: Sequence[Receipt], wrong: Collection[tuple[str, str]]) -> Iterator[Mismatch]:
    """Verdicts that do not follow from their scores and findings by the rubric of then."""
    known = covered(receipts)
    computed = [
        (receipt, ident)
        for receipt in receipts
        for ident in receipt.computed
        # Of what a reviewer says of a draft again, the last is there.
        if receipt.rubric is not None and known["reviews", str(ident)].receipt is receipt
    ]
    rubrics = tx.receipts.documents(receipt.rubric for receipt, _ in computed if receipt.rubric is not None)
    reviews = tx.receipts.reviews(ident for _, ident in computed if ("reviews", str(ident)) not in wrong)
    for receipt, ident in computed:
        rubric = rubrics.get(receipt.rubric or "")
        if ident not in reviews or rubric is None or digest(rubric) != receipt.rubric:
            continue
        row = receipt.rows.get("reviews", {}).get(str(ident), {})
        try:
            follows = verdicts.follows(reviews[ident], rubric)
        except ValueError:
            follows = None
        expected = "no verdict" if follows is None else f"{follows[0]} {follows[1]}"
        found = f"{row.get('verdict')} {row.get('score')}"
        if expected != found:
            name = f"verdict r{ident} of {row.get('task')} by its scores and findings"
            yield Mismatch(goal, name, expected, found)


def _costs(
    tx: Tx, goal: str, rows: Rows, receipts: Sequence[Receipt], wrong: Collection[tuple[str, str]]
) -> Iterator[Mismatch]:
    for number, receipt in enumerate(receipts, 1):
        known = covered(receipts[:number]) if receipt.task is None else covered([receipt])
        costs = [
            _number(one.row, "cost_nano")
            for (table, _), one in known.items()
            if table == "calls" and receipt.task in (None, one.row.get("task"))
        ]
        if (sum(costs), len(costs)) != (receipt.cost_nano, receipt.calls):
            expected = f"{receipt.calls} calls and {receipt.cost_nano} nano-dollars"
            found = f"{len(costs)} calls and {sum(costs)} nano-dollars"
            yield Mismatch(goal, f"calls of receipt {receipt.number}", expected, found)
    if any(table == "calls" for table, _ in wrong):
        return  # what that changes about their sum is said
    accounts = tx.receipts.spent_nano(goal_scope(goal))
    for rehearsal, kind in ((False, "paid"), (True, "rehearsed")):
        spent = sum(
            _number(row, "cost_nano") for row in rows["calls"].values() if bool(row.get("rehearsal", 0)) is rehearsal
        )
        if spent != accounts.get(rehearsal, 0):
            found = f"{accounts.get(rehearsal, 0)} nano-dollars"
            name = f"account of the goal, {kind} (accounts.spent_nano)"
            yield Mismatch(goal, name, f"{spent} nano-dollars, as its calls say", found)


def _number(row: Row, column: str) -> int:
    found = row.get(column, 0)
    return found if isinstance(found, int) else 0
