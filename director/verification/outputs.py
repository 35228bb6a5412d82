"""Whether the files of a goal are as they were written."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from director.files.mirror import as_written, files_of
from director.files.places import report_path
from director.goals.report import report
from director.office import Office
from director.prompting.forms import Conclusion
from director.receipts.receipt import Receipt
from director.store.receipts import digest
from director.store.tx import Tx
from director.verification.mismatch import Mismatch, said
from director.words.command import program

#: A file is written when its receipt is; how long that may take while the goal is at work.
_SETTLES: Final = timedelta(minutes=1)

_CHANGED: Final = (
    "It was changed since it was written: keep that version under another name and take this file away; `{} watch {}` writes "
    "the approved one again."
)
_MISSING: Final = "`{} watch {}` writes it again."


def look(office: Office, tx: Tx, receipt: Receipt, *, is_over: bool) -> Iterator[Mismatch]:
    """Compare the files that a receipt names with the workspace; *is_over*: nobody writes any of the goal's now."""
    if not is_over and datetime.fromisoformat(receipt.at) > tx.now - _SETTLES:
        return
    made: Mapping[str, str] | None = None
    for path, hashed in receipt.files.items():
        try:
            found = hashlib.sha256((office.settings.workspace_dir / path).read_bytes()).hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            do = _MISSING.format(program(), receipt.goal)
            yield Mismatch(receipt.goal, path, said(hashed), "no such file", do)
            continue
        except OSError as problem:
            why = f"a file that cannot be read ({problem.strerror})"
            yield Mismatch(receipt.goal, path, said(hashed), why, "Let us read it.")
            continue
        if found == hashed:
            continue
        if made is None:
            made = _made_now(office, tx, receipt)
        # A later Troupe writes the same deliverable in another way.
        if found != made.get(path):
            do = _CHANGED.format(program(), receipt.goal)
            yield Mismatch(receipt.goal, path, said(hashed), said(found), do)


def _made_now(office: Office, tx: Tx, receipt: Receipt) -> Mapping[str, str]:
    """The hashes of the files as they would be written now; empty where the record cannot be read for that."""

    def of_task() -> Mapping[str, str]:
        return files_of(office, tx, tx.tasks.get(receipt.task or ""))

    def of_goal() -> Mapping[str, str]:
        goal = tx.goals.get(receipt.goal)
        found = Conclusion.model_validate(goal.summary)
        return {report_path(goal): as_written(office, report(office, tx, goal, found))}

    make: Callable[[], Mapping[str, str]] = of_goal if receipt.task is None else of_task
    try:
        return {path: digest(text) for path, text in make().items()}
    except Exception:  # noqa: BLE001 - a record that cannot be read is said of its rows, and the file is still not as it was
        return {}
