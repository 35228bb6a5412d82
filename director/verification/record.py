"""Whether the record says of a goal what its receipts say that it said."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Final

from director.calls.caps import goal_scope
from director.progress.questions import PERSON
from director.receipts.chain import Covered, covered, latest_of
from director.receipts.receipt import Receipt
from director.store.receipts import OF_ANY_GOAL, Row, digest
from director.store.tx import Tx
from director.tasks import verdicts
from director.verification.mismatch import NOTHING, Mismatch, both, said
from director.words.models import Change
from director.words.states import CallState, TaskState, may_move

#: Rows as `Receipts.rows` gives them.
Rows = Mapping[str, Mapping[str, Row]]

#: What a row is called, by its table.
_NAMES: Final = {
    "goals": "goal {}", "tasks": "task {}", "drafts": "draft {}", "reviews": "verdict r{}", "calls": "call {}",
    "approvals": "question {}",
}  # fmt: skip

#: Of a task's row, what does not change while its work goes on.
_FIXED: Final = ("id", "brand", "goal", "key", "position", "skill", "kind", "brief", "target", "created_at")

#: What a change that a person asked for leaves behind in the row of a task that kept its deliverable.
_OF_A_CHANGE: Final = ("revision", "notes", "basis", "plan_hash")

#: Where a deliverable stands whose task has it still, and nobody may use it: a colleague's review brought it to a person.
_PUT_TO_A_PERSON: Final = (TaskState.ESCALATED, TaskState.CANCELLED)

#: What was sent back, or given up, after it was approved.
_TAKEN_BACK: Final = (
    TaskState.PLANNED, TaskState.DRAFTING, TaskState.REVIEWING, *_PUT_TO_A_PERSON, TaskState.FAILED, TaskState.LEFT_OUT,
)  # fmt: skip

_HASHED: Final = (
    ("goals", "context_hash"), ("tasks", "record_hash"), ("drafts", "text_hash"), ("calls", "answer_hash"),
    ("calls", "parts_hash"),
)  # fmt: skip


def look(tx: Tx, goal: str, rows: Rows, receipts: Sequence[Receipt], whole: set[str]) -> Iterator[Mismatch]:
    """
    Compare the goal's *rows* with its *receipts*, texts with their hashes, verdicts and costs with what they follow from.
    *whole* are texts that were looked at before, and grows.
    """
    wrong: set[tuple[str, str]] = set()
    asked = tx.changes.of_goal(goal)
    for (table, ident), known in covered(receipts).items():
        now = rows[table].get(ident)
        differ = [f"{table} gone"] if now is None else list(_differ(table, known, now, rows, receipts, asked))
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


def is_approved(rows: Rows, receipt: Receipt) -> bool:
    """Whether what the receipt is of is the task's deliverable, as far as the record can be believed."""
    row = rows["tasks"].get(receipt.task or "", {})
    return row.get("deliverable") == receipt.draft and row.get("state") == TaskState.APPROVED


def _differ(
    table: str, known: Covered, now: Row, rows: Rows, receipts: Sequence[Receipt], asked: Sequence[Change]
) -> Iterator[str]:
    """The columns that say something else, and may not; *asked* are the changes of approved work that people asked for."""
    columns: Collection[str] = sorted({*known.row, *now})
    if table == "goals" and ("state" not in known.row or _is_at_work_again(known.row, asked)):
        columns = OF_ANY_GOAL
    if table == "tasks" and known.row.get("deliverable") is not None:
        if now.get("state") in tuple(_TAKEN_BACK) and now.get("deliverable") in (None, known.row["deliverable"]):
            columns = _FIXED
        elif _is_given_up(known.row, now, asked):
            columns = [name for name in columns if name not in _OF_A_CHANGE]
        elif now.get("state") in tuple(_PUT_TO_A_PERSON):
            columns = [name for name in columns if name != "state"]
    if table == "calls" and _is_settled_since(known.row, now):
        columns = ("id", "brand", "goal", "task", "key", "purpose", "model", "rehearsal", "created_at")
    if table == "reviews" and known.row.get("by") == PERSON:
        latest = latest_of(receipts, str(known.row["task"]))
        if latest is not None and not is_approved(rows, latest):
            return  # what a person says of a version replaces what they said of it before
    for name in columns:
        if known.row.get(name) != now.get(name) and not (name == "target" and _is_left_out(known.row, rows)):
            yield name


def _is_left_out(review: Row, rows: Rows) -> bool:
    """Whether what a colleague had reviewed is in the plan no more: the review is of what came in its place."""
    return rows["tasks"].get(str(review.get("target")), {}).get("state") == TaskState.LEFT_OUT


def _is_at_work_again(known: Row, asked: Sequence[Change]) -> bool:
    """Whether a person asked for a change since the goal's end; when it ends once more, that has a receipt of its own."""
    ended = str(known.get("finished_at", ""))
    return any(f"{one.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}" >= ended for one in asked)


def _is_given_up(known: Row, now: Row, asked: Sequence[Change]) -> bool:
    """Whether a change was asked for and given up, and the version before it stands."""
    if not any(one.task == known["id"] and one.given_up_at is not None for one in asked):
        return False
    stays = now.get("state") == TaskState.APPROVED and now.get("deliverable") == known.get("deliverable")
    return stays and _number(now, "revision") > _number(known, "revision")


def _is_settled_since(known: Row, now: Row) -> bool:
    """Whether more is known of a call that was lost, or on the wire, when its receipt was written."""
    try:
        return may_move(CallState(str(known["state"])), CallState(str(now["state"])))
    except (KeyError, ValueError):
        return False


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
