"""An installation is renewed with goals in flight: the record that an earlier Troupe left is read, gone on with, and ended."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, create_engine, text

from director.cli.show import show
from director.inbox.approvals import answer
from director.mailbox.breaker import PROBE_EVERY
from director.office import Office
from director.progress.questions import DEADLINE
from director.store import migrate
from director.store.stuck import find
from director.upkeep.sweep import sweep
from director.verification.verify import verify
from director.views.approval import approvals_document
from director.views.goal import goal_document
from director.words.errors import WrongCall
from director.words.models import Call, Goal
from director.words.states import Answer, CallState, WaitFor, is_final
from tests.conftest import SetClock
from tests.director.store.test_postgresql import empty_url, server  # noqa: F401 - the fixtures

RECORD = Path(__file__).with_name("a_record_of_before.sql")

#: What was left, and what is said to it: the goal, its place, the answer to its question, how it ends.
LEFT: tuple[tuple[str, str, Answer | None, str], ...] = (
    ("g1", "finished", None, "completed"),
    ("g2", "given, and not looked at", None, "completed"),
    ("g3", "planning, with the request on the wire", None, "completed"),
    ("g4", "asked whether the plan may run", Answer.APPROVE, "completed"),
    ("g5", "asked whether the plan may run", Answer.REJECT, "cancelled"),
    ("g6", "drafting, with the request on the wire", None, "completed"),
    ("g7", "drafting, with an answer that was kept and not used", None, "completed"),
    ("g8", "asked about a draft", Answer.APPROVE, "completed"),
    ("g9", "asked about a draft", Answer.REVISE, "completed"),
    ("g10", "asked about a draft", Answer.REJECT, "failed"),
    ("g11", "asked about a draft", None, "partial"),
    ("g12", "asked for money under the goal's cap", Answer.APPROVE, "completed"),
    ("g13", "asked for money under the goal's cap", Answer.REJECT, "failed"),
    ("g14", "asked for money under the goal's cap", None, "failed"),
    ("g15", "revising, with the request on the wire", None, "completed"),
    ("g16", "reviewing, with the request on the wire", None, "completed"),
    ("g17", "before a colleague's review", None, "completed"),
    ("g18", "reporting, with the request on the wire", None, "completed"),
    ("g19", "concluding, with the request on the wire", None, "completed"),
    ("g20", "asked about an empty draft", Answer.REVISE, "completed"),
    ("g21", "asked about a turn that failed", Answer.APPROVE, "completed"),
    ("g22", "asked about a turn that failed", None, "failed"),
    ("g23", "asked for money under the month's cap, which is higher now", None, "completed"),
    ("g24", "cancelled", None, "cancelled"),
    ("g25", "waiting for the model service", None, "completed"),
)

#: Goals whose turn was with the process that died, with money set aside for its request.
ON_THE_WIRE = {"g3", "g6", "g15", "g16", "g18", "g19"}

#: What only a person, or the deadline, ends.
ASKED = (WaitFor.PERSON, WaitFor.MONEY)


@pytest.fixture(params=["sqlite", "postgresql"])
def renewed(request: pytest.FixtureRequest, open_with: Callable[..., Office], tmp_path: Path) -> Office:
    """An office of today on the record of before."""
    kept = tmp_path / "workspace" / ".state" / "troupe.sqlite"
    if request.param == "postgresql":
        kept = tmp_path / "before.sqlite"
    kept.parent.mkdir(exist_ok=True, parents=True)
    with closing(sqlite3.connect(kept)) as raw:
        raw.executescript(RECORD.read_text(encoding="utf-8"))
    changes: dict[str, Any] = {"max_parallel_agents": 100}
    if request.param == "postgresql":
        changes["database_url"] = request.getfixturevalue("empty_url")
        copy_to_postgresql(kept, changes["database_url"])
    return open_with(**changes)


def copy_to_postgresql(kept: Path, url: str) -> None:
    """The same rows in the tables that PostgreSQL had at the record's revision, which the migrations still make."""
    before, there = create_engine(f"sqlite:///{kept}"), create_engine(url)
    with before.begin() as source, there.begin() as conn:
        command.upgrade(
            migrate.config(conn), source.execute(text("select version_num from alembic_version")).scalar_one()
        )
        tables = MetaData()
        tables.reflect(conn)
        for table in tables.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            rows = source.execute(text(f'select {names} from "{table.name}" order by rowid')).all()  # noqa: S608
            if table.name == "alembic_version" or not rows:
                continue
            values = ", ".join(
                f"cast(cast(:{column.name} as text) as {column.type.compile(there.dialect)})"
                for column in table.columns
            )
            insert = text(f'insert into "{table.name}" ({names}) values ({values})')  # noqa: S608
            conn.execute(insert, [row._asdict() for row in rows])
            if "id" in table.columns and table.columns["id"].autoincrement is True:
                last = text(f"select setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) from {table.name}")  # noqa: S608
                conn.execute(last)
    before.dispose()
    there.dispose()


def goals_of(office: Office) -> list[Goal]:
    with office.store.read() as tx:
        return [tx.goals.get(ident) for ident, *_ in LEFT]


def calls_of(office: Office) -> list[Call]:
    with office.store.read() as tx:
        return [call for ident, *_ in LEFT for call in tx.calls.of_goal(ident)]


def to_rest(office: Office, drain: Callable[[Office, Goal], Goal], clock: SetClock) -> None:
    """Do what there is to do, and what comes of it; the service, which was away, is asked about at first and then trusted."""
    for _ in range(30):
        sweep(office)
        left = [goal for goal in goals_of(office) if not (is_final(goal.state) or goal.wait_for in ASKED)]
        if not left:
            return
        for goal in left:
            drain(office, goal)
        clock.forward(PROBE_EVERY)
    raise AssertionError(f"{[goal.id for goal in left]} go on for ever")


def test_what_was_left_is_read(
    renewed: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Every goal, task and question can be looked at before anything goes on.
    """
    settings = renewed.settings
    monkeypatch.setenv("WORKSPACE_DIR", str(settings.workspace_dir))
    if settings.database_url is not None:
        monkeypatch.setenv("DATABASE_URL", settings.database_url)

    with renewed.store.read() as tx:
        documents = [goal_document(renewed, tx, tx.goals.get(ident)) for ident, *_ in LEFT]
        asked = approvals_document(tx.approvals.open())["approvals"]
    for ident in [one["id"] for document in documents for one in (document["goal"], *document["tasks"])]:
        show(ident, json=False)
    for question in asked:
        show(question["id"], json=False)

    assert 13 == len(asked)
    assert Counter({"plan": 2, "draft": 5, "spending": 4, "failure": 2}) == Counter(one["kind"] for one in asked)
    assert "Raise it by $2.00?" in capsys.readouterr().out


def test_what_was_left_goes_on_to_its_end(
    renewed: Office, drain: Callable[[Office, Goal], Goal], clock: SetClock
) -> None:
    """
    Work goes on where it was, questions are answered or lapse, no answer is bought twice, and all money set aside is settled.
    """
    before = calls_of(renewed)
    with renewed.store.read() as tx:
        asked = {question.goal: question.id for question in tx.approvals.open()}
    with pytest.raises(WrongCall, match="is empty, and nobody can approve that"):
        answer(renewed, asked["g20"], Answer.APPROVE)
    sweep(renewed)
    left = verify(renewed)
    assert ([], 0) == (left.mismatches, left.receipts)
    for ident, _, said, _ in LEFT:
        if said is not None:
            answer(renewed, asked[ident], said, "Make it shorter." if said is Answer.REVISE else None)
    to_rest(renewed, drain, clock)
    clock.forward(DEADLINE)
    to_rest(renewed, drain, clock)

    assert {ident: ends for ident, _, _, ends in LEFT} == {goal.id: goal.state for goal in goals_of(renewed)}
    after = calls_of(renewed)
    with renewed.store.read() as tx:
        assert ([], []) == (tx.approvals.open(), find(tx, late=timedelta(0), room=0, kept_back=lambda _: False))
        accounts = tx.accounts.all()
    # What was approved before there were receipts has none, and everything since is as its receipts say.
    assert ([], left.without) == ((verified := verify(renewed)).mismatches, verified.without)
    assert set(left.without) >= {"g1-1"}
    answered_then = [call for call in before if call.state is CallState.ANSWERED]
    assert [] == [call for call in answered_then if call not in after]
    left_on_the_wire = {call.id for call in before if call.state is CallState.RESERVED}
    assert {"lost"} == {call.state for call in after if call.id in left_on_the_wire}
    assert {call.goal for call in before if call.id in left_on_the_wire} == ON_THE_WIRE
    # One key a question: what it is for is said as before, so that what is kept is found.
    keys = Counter(call.key for call in after if call.state is CallState.ANSWERED)
    assert {1} == set(keys.values())
    for_draft_of_g7 = {call.key.rpartition(":")[0] for call in after if call.goal == "g7" and call.purpose == "draft"}
    assert {"draft:g7-1:0::rehearsal"} == for_draft_of_g7
    # Every account says what its calls cost, and nothing is set aside any more.
    spent = Counter[str]()
    for call in after:
        spent[f"goal {call.goal}"] += call.cost_nano
        spent["month default 2026-11"] += call.cost_nano
        if call.day is not None:  # what was asked before there were accounts of days is in none
            spent[f"day default {call.day}"] += call.cost_nano
    assert {(one.scope, one.spent_nano, one.reserved_nano) for one in accounts} == {
        (scope, nano, 0) for scope, nano in spent.items()
    }
