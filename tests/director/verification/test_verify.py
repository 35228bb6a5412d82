"""What was approved can be compared with what it was then: whatever is changed since is found, and named; nothing else is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, String, Table

from director.cli.verify import print_verified
from director.goals.submit import submit
from director.inbox.approvals import answer
from director.inbox.enter_cost import enter
from director.office import Office
from director.receipts.chain import latest_of, whole_receipts
from director.store import schema
from director.store.receipts import NOT_COVERED
from director.verification.verify import verify
from director.words.models import Goal
from director.words.states import Answer, GoalState, TurnState
from tests.conftest import SetClock
from tests.director.conftest import add_call

Drain = Callable[[Office, Goal], Goal]
Pipeline = Callable[..., str]

GNOMES = "Sell singing gnomes to people without gardens, at 12 EUR each, from 14 December 2026"
CONTEXT = "# Gnomes\n\n## Prices\n\nA gnome costs 12 EUR, and 2,400 people know one.\n\n## Place\n\nLeeds.\n"


@dataclass
class Record:
    """The record as a file that anybody can write."""

    file: Path

    @contextmanager
    def changed(self, statement: str, *values: object) -> Iterator[None]:
        """For as long as that is looked at."""
        before = self.file.read_bytes()
        with closing(sqlite3.connect(self.file)) as raw, raw:
            assert raw.execute(statement, values).rowcount > 0
        try:
            yield
        finally:
            with closing(sqlite3.connect(self.file)) as raw:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.file.write_bytes(before)

    def cells(self, table: Table) -> list[tuple[int, dict[str, Any]]]:
        """Every row, by its number in the file."""
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        with closing(sqlite3.connect(self.file)) as raw:
            rows = raw.execute(f'select rowid, {names} from "{table.name}"').fetchall()  # noqa: S608 - our own names
        return [(row[0], dict(zip(table.columns.keys(), row[1:], strict=True))) for row in rows]


@pytest.fixture
def told(open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain) -> tuple[Office, Goal, Record]:
    """
    A goal that is over, with all that a receipt can have: a colleague's review, what a person answered, pieces to be printed,
    verdicts that sent back; and its record, nobody's connection open on it.
    """
    office = open_with(rehearsal="escalate=1")
    (office.settings.workspace_dir / "context").mkdir(parents=True, exist_ok=True)
    (office.settings.workspace_dir / "context" / "product-marketing-context.md").write_text(CONTEXT)
    goal = submit(office, GNOMES, pipeline=pipeline("copywriting", {"review": "page-cro"}, "social-content"))
    goal = drain(office, goal)
    while goal.state is GoalState.WAITING:
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
        answer(office, question.id, Answer.APPROVE)
        goal = drain(office, goal)
    office.store.close()
    return office, goal, Record(office.settings.state_dir / "troupe.sqlite")


def found(office: Office) -> list[str]:
    """What is found, as it is told."""
    mismatches = [str(mismatch) for mismatch in verify(office).mismatches]
    office.store.close()
    return mismatches


def other(value: Any, column: Column[Any]) -> Any:
    """The value with one letter, or one digit, changed."""
    if value is None:
        return 7 if not isinstance(column.type, (String, JSON)) else "x"
    if value == "":
        return "b"
    if isinstance(value, (int, float)):
        return value + 1000
    at = next((at for at, letter in enumerate(value) if letter.isalnum()), 0)
    return f"{value[:at]}{'b' if value[at] != 'b' else 'c'}{value[at + 1 :]}"


def test_what_nobody_changed_is_as_its_receipts_say(told: tuple[Office, Goal, Record]) -> None:
    """
    Every deliverable has its receipt, and every file is looked at.
    """
    office, goal, _ = told
    seen = verify(office)

    assert goal.state is GoalState.COMPLETED
    assert ([], []) == (seen.mismatches, seen.without)
    written = [file for file in (office.settings.workspace_dir / "outputs").rglob("*") if file.is_file()]
    assert (1, 3, len(written) + 1) == (seen.goals, seen.deliverables, seen.files)


@pytest.mark.parametrize("name", NOT_COVERED)
def test_each_covered_column_that_is_changed_is_named(told: tuple[Office, Goal, Record], name: str) -> None:
    """
    In a row of a receipt no covered column can say something else, or nothing; a row that is another's is missed.
    """
    office, _, record = told
    table = schema.metadata.tables[name]
    rows = record.cells(table)
    assert rows
    for column in table.columns:
        if column.name in NOT_COVERED[name]:
            continue
        rowid, row = next(((number, row) for number, row in rows if row[column.name] is not None), rows[0])
        statement = f'update "{name}" set "{column.name}" = ? where rowid = ?'  # noqa: S608 - our own names
        with record.changed(statement, other(row[column.name], column), rowid):
            said = found(office)
        assert any(f"({name}.{column.name})" in line or f"({name})" in line for line in said), (column.name, said)
    assert [] == found(office)


def test_what_is_not_covered_is_a_column_that_exists() -> None:
    """
    A column that comes later is covered unless somebody decides otherwise.
    """
    assert {} == {
        name: set(left) - set(schema.metadata.tables[name].columns.keys())
        for name, left in NOT_COVERED.items()
        if set(left) - set(schema.metadata.tables[name].columns.keys())
    }


def test_a_text_that_is_changed_is_named(told: tuple[Office, Goal, Record]) -> None:
    """
    Every text of the record that a covered row names has the bytes it was kept with: drafts, answers, the context, receipts.
    """
    office, _, record = told
    for rowid, row in record.cells(schema.texts):
        for column in ("text", "hash"):
            changed = other(row[column], schema.texts.c[column])
            with record.changed(f"update texts set {column} = ? where rowid = ?", changed, rowid):  # noqa: S608
                said = found(office)
            assert said, row
            assert any("texts.text" in line or "text of receipt" in line for line in said), said


@pytest.mark.parametrize("column", schema.receipts.columns.keys())
def test_a_receipts_row_that_is_changed_is_named(told: tuple[Office, Goal, Record], column: str) -> None:
    """
    A receipt's row says what its document says.
    """
    office, _, record = told
    for rowid, row in record.cells(schema.receipts):
        changed = 70 if column == "number" else other(row[column], schema.receipts.c[column])
        with record.changed(f"update receipts set {column} = ? where rowid = ?", changed, rowid):  # noqa: S608
            said = found(office)
        assert any("receipt" in line for line in said), said


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_receipt_that_was_taken_away_is_missed(told: tuple[Office, Goal, Record], number: int) -> None:
    """
    The first, one between others, and the last, which only the goal's row names.
    """
    office, goal, record = told
    with record.changed("delete from receipts where number = ?", number):
        said = found(office)

    assert any("receipt" in line and line.startswith(goal.id) for line in said), said


def test_receipts_that_changed_places_are_named(told: tuple[Office, Goal, Record]) -> None:
    """
    Each says which is before it, and which number it is.
    """
    office, _, record = told
    swapped = "update receipts set number = case number when 1 then -2 when 2 then -1 else number end"
    with record.changed(swapped):
        with closing(sqlite3.connect(record.file)) as raw, raw:
            raw.execute("update receipts set number = -number where number < 0")
        said = found(office)

    assert any("receipts.number" in line for line in said), said


def test_an_account_that_its_calls_do_not_come_to_is_named(told: tuple[Office, Goal, Record]) -> None:
    """
    What a goal is said to have spent is what its calls cost.
    """
    office, goal, record = told
    with record.changed("update accounts set spent_nano = spent_nano + 1 where scope = ?", f"goal {goal.id}"):
        assert [True] == ["accounts.spent_nano" in line for line in found(office)]


def test_a_file_that_was_changed_is_named(
    told: tuple[Office, Goal, Record], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Pieces, notes, pages and the report: a byte in each, and each taken away. It is said what to do.
    """
    office, goal, _ = told
    monkeypatch.setenv("WORKSPACE_DIR", str(office.settings.workspace_dir))
    files = [
        file
        for folder in ("outputs", "reports")
        for file in (office.settings.workspace_dir / folder).rglob("*")
        if file.is_file()
    ]
    assert {".md"} <= {file.suffix for file in files}
    for file in files:
        name, before = file.relative_to(office.settings.workspace_dir).as_posix(), file.read_bytes()
        file.write_bytes(bytes([before[0] ^ 1]) + before[1:])
        assert print_verified(goal.id, json=False) == 1
        said = capsys.readouterr().out
        assert f"{goal.id}  {name}: expected SHA-256" in said
        assert "It was changed since it was written" in said
        assert "1 mismatch." in said
        file.unlink()
        assert print_verified(None, json=False) == 1
        said = capsys.readouterr().out
        assert f"{name}: expected" in said
        assert "no such file" in " ".join(said.split())
        file.write_bytes(before)
    assert print_verified(None, json=False) == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whichever_letter_of_the_record_is_changed_is_found(
    told: tuple[Office, Goal, Record], data: st.DataObject
) -> None:
    """
    Any letter of any covered cell, any text and any receipt, into another.
    """
    office, _, record = told
    tables = [*(schema.metadata.tables[name] for name in NOT_COVERED), schema.texts, schema.receipts]
    table = data.draw(st.sampled_from(tables))
    rowid, row = data.draw(st.sampled_from(record.cells(table)))
    names = [name for name in row if name not in NOT_COVERED.get(table.name, ()) and row[name] not in (None, "")]
    name = data.draw(st.sampled_from(names))
    value = row[name]
    changed: Any
    if isinstance(value, str):
        # White space of a JSON document says nothing.
        at = data.draw(st.sampled_from([n for n, letter in enumerate(value) if not letter.isspace()]))
        changed = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
    else:
        changed = value + data.draw(st.sampled_from([64, 1024, 2**20]))
    try:
        with record.changed(f'update "{table.name}" set "{name}" = ? where rowid = ?', changed, rowid):  # noqa: S608
            assert found(office), (table.name, name, value, changed)
    except sqlite3.IntegrityError:
        reject()  # there is a row of that id already: the database does not take such a change from anybody


def test_half_a_letter_is_named(told: tuple[Office, Goal, Record]) -> None:
    """
    A damaged disk leaves bytes that are no text: the row is named, and nothing fails.
    """
    office, _, record = told
    with record.changed("update reviews set by = cast(x'ff66' as text) where rowid = 1"):
        assert any("(reviews.by)" in line for line in found(office))


def test_what_is_learned_of_a_lost_call_is_no_mismatch(
    office: Office, pipeline: Pipeline, drain: Drain, clock: SetClock
) -> None:
    """
    A person says what it cost after the goal was over: the receipt has what was known then.
    """
    goal = submit(office, GNOMES, pipeline=pipeline("social-content"))
    with office.store.write() as tx:
        lost = add_call(tx, goal=goal, rehearsal=True)
        [turn] = [turn for turn in tx.turns.open_of_goal(goal.id) if turn.id == lost.turn]
        tx.turns.move(turn, TurnState.CANCELLED)
    drain(office, goal)
    assert [] == verify(office).mismatches
    clock.forward(timedelta(minutes=1))
    enter(office, lost.id, 5)

    assert [] == verify(office).mismatches


def test_what_was_sent_back_after_it_was_approved_is_no_mismatch(
    open_with: Callable[..., Office], pipeline: Pipeline, drain: Drain
) -> None:
    """
    A colleague sends an approved text back: its first receipt stays in the chain, the last one counts.
    """
    office = open_with(rehearsal="send_back=1")
    goal = drain(office, submit(office, GNOMES, pipeline=pipeline("copywriting", {"review": "page-cro"})))

    assert [] == verify(office).mismatches
    with office.store.read() as tx:
        latest = latest_of(whole_receipts(tx, goal.id), f"{goal.id}-1")
        assert latest is not None
        assert latest.draft == tx.tasks.get(f"{goal.id}-1").deliverable
