"""The one place where receipts are made: in the transaction that approves a deliverable, or ends a goal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Final

from director.calls.ask import digest_of
from director.receipts.chain import covered, latest_of, whole_receipts
from director.receipts.receipt import Receipt, Stated
from director.store.receipts import OF_ANY_GOAL, Row, digest
from director.store.tx import Tx
from director.words.models import Call, Task
from director.words.states import ApprovalState, CallState
from pipelines.plan import StepKind

#: Questions that nobody answers any more.
_CLOSED: Final = frozenset(state.value for state in ApprovalState if state is not ApprovalState.OPEN)


def keep_approved(
    tx: Tx,
    task: Task,
    *,
    by: str,
    is_own: bool,
    facts: Sequence[Stated],
    checks: Sequence[str] | None,
    rubric: str | None,
    computed: Sequence[int],
    inputs: Sequence[tuple[str, str]],
    files: Mapping[str, str],
) -> None:
    """
    Keep the receipt of the task's deliverable, as it was just approved: after the last change of this transaction to the task,
    its drafts and its reviews. What *is_own*, a person's, no model was asked for. *rubric* is kept as a text; *computed* are
    the reviews whose verdicts follow from it; *files* are the deliverable's texts, by path. The rest is as in `Receipt`.

    The caller has locked the goal. A second approval of the task gets a receipt of its own.
    """
    goal = tx.goals.get(task.goal)
    draft = tx.drafts.get(task.deliverable or 0)
    calls = [call for call in tx.calls.of_goal(goal.id) if call.task == task.id]
    writing = [] if is_own else [call for call in calls if _writes(call, task)]
    before, number = tx.receipts.last_of_goal(goal.id)
    receipt = Receipt(
        goal=goal.id,
        number=number + 1,
        before=before,
        by=by,
        at=_moment(tx),
        task=task.id,
        draft=draft.id,
        text=draft.text_hash,
        facts=facts,
        checks=checks,
        rubric=None if rubric is None else tx.keep(rubric),
        computed=computed,
        inputs=inputs,
        prompt=digest_of(writing[-1]) if writing else None,
        model=writing[-1].answered_by if writing else None,
        calls=len(calls),
        cost_nano=sum(call.cost_nano for call in calls),
        files=_hashes(files),
        rows=_of_task(tx.receipts.rows(goal.id), task.id),
    )
    _add(tx, receipt)


def keep_ended(tx: Tx, goal_id: str, *, by: str, files: Mapping[str, str] | None = None) -> None:
    """
    Keep the receipt of the goal's end, after its last change: of all that no receipt of it has as it is. *files* are the texts
    that were written for it besides the deliverables, by path; None: those of its end before, where it had one.

    The caller has locked the goal.
    """
    before, number = tx.receipts.last_of_goal(goal_id)
    receipts = whole_receipts(tx, goal_id)
    known, last = covered(receipts), latest_of(receipts, None)
    rows = tx.receipts.rows(goal_id)
    calls = tx.calls.of_goal(goal_id)
    new = _where(
        rows,
        lambda table, row: (
            _is_closed(table, row)
            and ((one := known.get((table, str(row["id"])))) is None or dict(one.row) != dict(row))
        ),
    )
    receipt = Receipt(
        goal=goal_id,
        number=number + 1,
        before=before,
        by=by,
        at=_moment(tx),
        calls=len(calls),
        cost_nano=sum(call.cost_nano for call in calls),
        files=(last.files if last else {}) if files is None else _hashes(files),
        rows=new,
    )
    _add(tx, receipt)


def _add(tx: Tx, receipt: Receipt) -> None:
    tx.receipts.add(
        receipt.goal,
        number=receipt.number,
        task=receipt.task,
        text_hash=receipt.text,
        document=receipt.to_text(),
    )


def _hashes(files: Mapping[str, str]) -> dict[str, str]:
    return {path: digest(text) for path, text in files.items()}


def _moment(tx: Tx) -> str:
    return tx.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _writes(call: Call, task: Task) -> bool:
    purposes = ("review",) if task.kind is StepKind.REVIEW else ("draft", "report")
    return call.state is CallState.ANSWERED and call.purpose in purposes


def _of_task(rows: Mapping[str, Mapping[str, Row]], task: str) -> dict[str, dict[str, Row]]:
    def is_of_it(table: str, row: Row) -> bool:
        if table == "goals":
            return True
        # What a colleague found stands at the task that it is about; its own receipt has it.
        return _is_closed(table, row) and task in (
            row["id"] if table == "tasks" else row.get("task"),
            row.get("by") if table == "reviews" else None,
        )

    found = _where(rows, is_of_it)
    found["goals"] = {
        ident: {name: cell for name, cell in row.items() if name in OF_ANY_GOAL}
        for ident, row in found["goals"].items()
    }
    return found


def _is_closed(table: str, row: Row) -> bool:
    """Whether the row can be covered: an open question is still to be answered."""
    return table != "approvals" or row["state"] in _CLOSED


def _where(rows: Mapping[str, Mapping[str, Row]], wanted: Callable[[str, Row], bool]) -> dict[str, dict[str, Row]]:
    found = {
        table: {ident: row for ident, row in several.items() if wanted(table, row)} for table, several in rows.items()
    }
    return {table: several for table, several in found.items() if several}
