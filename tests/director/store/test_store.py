"""The store: everything in a transaction or nothing, whoever else writes, on a database that is brought up to date once."""

import multiprocessing
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, String, Text, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from director.bootstrap import open_office
from director.mailbox import turns
from director.progress import questions
from director.store import migrate, schema, sqlite
from director.store.database import Store
from director.store.opening import open_store
from director.store.presence import CLOCK_SLACK
from director.upkeep.sweep import sweep
from director.words.clock import Clock
from director.words.errors import NewerDatabase, NotFound, StaleState, StoreError, WorkspaceError, WrongSetting
from director.words.models import Goal, Turn
from director.words.question import AboutPlan
from director.words.reach import Reach
from director.words.settings import Settings
from director.words.states import ApprovalState, CallState, GoalState, HeldWhy, Priority, TaskState, TurnState
from pipelines.plan import Plan, PlannedTask, StepKind
from tests.conftest import SetClock

#: Each of two writers counts this far; fewer would not be sure to meet.
COUNTS = 40

PATIENCE_S = 30

#: A goal whose plan somebody was making, as the first Troupe wrote it.
OF_THE_FIRST_REVISION = """
insert into counters values ('goal', 1);
insert into goals values ('g1', 'default', 'Say hello', 'content', 'P2', 'planning', 100000000000, 'template',
  'Social Week', 0, null, null, null, null, null, null, '2026-11-22T08:00:00.000000Z', null);
insert into journal values (1, 'g1', 'g1', 'planning', null, 'submit', '2026-11-22T08:00:00.000000Z');
insert into turns values (1, 'default', 'g1', 'director', 'plan', 'g1', 'plan:g1:', 'P2', 'running',
  '2026-11-22T08:00:00.000000Z', 0, 0, 1, 'one who left', '2026-11-22T08:00:10.000000Z', '2026-11-22T08:00:10.000000Z',
  null, '2026-11-22T08:00:00.000000Z', null);
"""


def count(folder: str, times: int) -> list[int]:
    """Take numbers from a record, as another process does."""
    store = open_store(None, Path(folder), Clock())
    try:
        return [_number(store) for _ in range(times)]
    finally:
        store.close()


def _number(store: Store) -> int:
    with store.write() as tx:
        return tx.number("goal")


class TestTwoWriters:
    """One record, several threads and processes."""

    def test_two_threads_lose_no_update(self, store: Store) -> None:
        """Numbers are given once each, however two threads hurry."""
        with ThreadPoolExecutor(2) as pool:
            taken = [number for numbers in pool.map(lambda _: _many(store), range(2)) for number in numbers]

        assert list(range(1, 2 * COUNTS + 1)) == sorted(taken)

    def test_two_processes_lose_no_update(self, tmp_path: Path) -> None:
        """Also two processes that begin on a folder where nothing is: they migrate it once and share it."""
        context = multiprocessing.get_context("spawn")
        with context.Pool(2) as pool:
            found = pool.starmap(count, [(str(tmp_path), COUNTS)] * 2)

        assert list(range(1, 2 * COUNTS + 1)) == sorted(found[0] + found[1])

    def test_who_reads_before_writing_still_loses_nothing(self, store: Store) -> None:
        """A writer has the only pen from its first statement, so what it read is still so when it writes."""
        with store.write() as tx:
            tx.accounts.allow("month", 10**9, rehearsal=True)

        def spend(_: int) -> None:
            for _ in range(COUNTS):
                with store.write() as tx:
                    account = tx.accounts.get("month", rehearsal=True)
                    values = {"spent_nano": account.spent_nano + 1}
                    tx.conn.execute(update(schema.accounts).values(values))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(spend, range(2)))
        with store.read() as tx:
            account = tx.accounts.get("month", rehearsal=True)

        assert 2 * COUNTS == account.spent_nano

    def test_a_reader_sees_one_picture_and_keeps_nobody_waiting(self, store: Store) -> None:
        """While a reader reads, a writer commits; the reader goes on seeing what was."""
        with store.write() as tx:
            tx.number("goal")
        with store.read() as reader:
            before = reader.conn.execute(
                select(schema.counters.c.value).where(schema.counters.c.name == "goal")
            ).scalar_one()
            with store.write() as writer:
                writer.number("goal")
            after = reader.conn.execute(
                select(schema.counters.c.value).where(schema.counters.c.name == "goal")
            ).scalar_one()

        assert (1, 1) == (before, after)

    def test_what_fails_inside_a_transaction_takes_all_of_it_back(self, store: Store) -> None:
        """Everything in it happens, or nothing."""
        with pytest.raises(RuntimeError), store.write() as tx:  # noqa: PT012 - all of it is one transaction
            tx.number("goal")
            tx.note(None, "x", "y", by="test")
            raise RuntimeError

        with store.read() as tx:
            assert tx.conn.execute(select(schema.counters).where(schema.counters.c.name == "goal")).all() == []
            assert tx.conn.execute(select(schema.journal)).all() == []

    def test_who_comes_while_another_thread_writes_waits_for_it(self, store: Store) -> None:
        """The pen is handed on; both succeed, one after the other."""
        order: list[str] = []
        wants_it = threading.Event()

        def second() -> int:
            wants_it.set()
            with store.write() as tx:
                order.append("second")
                return tx.number("goal")

        with ThreadPoolExecutor(1) as pool:
            with store.write() as tx:
                waiting = pool.submit(second)
                assert wants_it.wait(PATIENCE_S)
                assert tx.number("goal") == 1
                order.append("first")
            assert waiting.result(PATIENCE_S) == 2

        assert order == ["first", "second"]

    def test_threads_wait_for_each_other_and_not_for_sqlite(self, store: Store) -> None:
        """Eight that write at once do so also where SQLite itself would not wait at all."""
        event.listen(store.engine, "connect", lambda conn, _: conn.execute("PRAGMA busy_timeout = 0"))
        store.close()
        start = threading.Barrier(8)

        def hurry(_: int) -> list[int]:
            start.wait(PATIENCE_S)
            return [_number(store) for _ in range(5)]

        with ThreadPoolExecutor(8) as pool:
            taken = [number for numbers in pool.map(hurry, range(8)) for number in numbers]

        assert list(range(1, 41)) == sorted(taken)

    def test_a_write_within_a_write_is_a_sentence_and_no_hang(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It would wait for itself. What was begun first can still be ended, and the pen is free after it."""
        monkeypatch.setattr(sqlite, "LOCK_WAIT_S", 0.05)
        with store.write() as tx:
            with pytest.raises(StoreError, match=r"The database cannot be used now: it is locked by another writer"):
                _number(store)
            assert tx.number("goal") == 1

        assert _number(store) == 2

    def test_a_write_that_fails_gives_the_pen_back(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever it fails with, also where it could not begin."""
        monkeypatch.setattr(sqlite, "LOCK_WAIT_S", 0.05)
        with pytest.raises(ZeroDivisionError), store.write():
            raise ZeroDivisionError
        other = _impatient(store)
        with store.write(), pytest.raises(StoreError, match="locked"):
            _number(other)

        assert [_number(other), _number(store)] == [1, 2]
        other.close()

    def test_readers_need_no_pen(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also in the thread that writes."""
        monkeypatch.setattr(sqlite, "LOCK_WAIT_S", 0.05)
        with store.write() as tx, store.read() as reader:
            tx.number("goal")
            assert reader.conn.execute(select(schema.counters).where(schema.counters.c.name == "goal")).all() == []

    def test_a_record_that_is_locked_too_long_is_a_sentence(self, store: Store) -> None:
        """Whoever waits in vain for the pen gets a StoreError, which goes back and waits."""
        impatient = _impatient(store)
        with store.write(), pytest.raises(StoreError, match=r"The database cannot be used now: .*locked"):
            _number(impatient)
        impatient.close()


def _many(store: Store) -> list[int]:
    return [_number(store) for _ in range(COUNTS)]


def _impatient(store: Store) -> Store:
    """The same record, opened by somebody who does not wait five seconds for the pen."""
    file = store.engine.url.database
    assert file is not None
    other = open_store(f"sqlite:///{file}", Path(file).parent, Clock())
    with other.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA busy_timeout = 50")
    return other


class TestMigrations:
    """A database is brought up to date, once, whoever starts first."""

    def test_a_fresh_folder_gets_a_record_that_is_up_to_date(self, tmp_path: Path) -> None:
        """Folders on the way are made."""
        store = open_store(None, tmp_path / "deep" / ".state", Clock())
        with store.read() as tx:
            revision = tx.conn.execute(text("select version_num from alembic_version")).scalar_one()
        store.close()

        assert migrate.HEAD == revision
        assert (tmp_path / "deep" / ".state" / "troupe.sqlite").is_file()

    @pytest.mark.parametrize("name", ["what?", "a?mode=ro", "a#b", "100%", "a%3Fb", "a b", "ü:@ü"])
    def test_a_folder_may_have_any_name(self, tmp_path: Path, name: str) -> None:
        """The record is in it and nowhere else, and whoever opens it again finds the same one."""
        folder = tmp_path / name / ".state"
        for n in (1, 2):
            store = open_store(None, folder, Clock())
            assert n == _number(store)
            store.close()

        assert {"troupe.sqlite"} == {file.name for file in tmp_path.rglob("*") if file.is_file()}
        with closing(sqlite3.connect(folder / "troupe.sqlite")) as raw:
            assert [(2,)] == raw.execute("select value from counters").fetchall()

    def test_a_house_may_stand_anywhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its migrations are found, also below a folder with a percent sign."""
        shutil.copytree(migrate.FOLDER, tmp_path / "100%" / "migrations")
        monkeypatch.setattr(migrate, "FOLDER", tmp_path / "100%" / "migrations")
        store = open_store(None, tmp_path / "workspace", Clock())
        store.close()

    def test_opening_it_again_changes_nothing(self, tmp_path: Path) -> None:
        """Safe to call again: what was written is still there."""
        first = open_store(None, tmp_path, Clock())
        with first.write() as tx:
            kept = tx.keep("a text")
        first.close()
        again = open_store(None, tmp_path, Clock())
        migrate.bring_up_to_date(again.engine)
        with again.read() as tx:
            found = tx.text(kept)
        again.close()

        assert found == "a text"

    def test_the_migrations_make_what_the_schema_says(self, store: Store) -> None:
        """A table that is changed in `schema.py` needs a migration beside it."""
        with store.engine.begin() as conn:
            command.check(migrate.config(conn))

    def test_a_record_of_the_first_revision_is_brought_up_to_date_and_goes_on(
        self, settings: Settings, clock: SetClock, drain: Callable[..., Goal]
    ) -> None:
        """It was left with a goal at work: what was written stays, and the goal runs to its end."""
        settings.state_dir.mkdir(parents=True)
        file = settings.state_dir / "troupe.sqlite"
        first = create_engine(f"sqlite:///{file}")
        with first.begin() as conn:
            command.upgrade(migrate.config(conn), "0001")
        first.dispose()
        with sqlite3.connect(file) as raw:
            raw.executescript(OF_THE_FIRST_REVISION)
        raw.close()

        office = open_office(settings, clock=clock)
        try:
            with office.store.read() as tx:
                revision = tx.conn.execute(text("select version_num from alembic_version")).scalar_one()
                [left] = tx.turns.of_goal("g1")
            assert (migrate.HEAD, "one who left", 1) == (revision, left.owner, left.epoch)
            sweep(office)
            with office.store.read() as tx:
                goal = tx.goals.get("g1")
            assert drain(office, goal).state is GoalState.COMPLETED
        finally:
            office.close()

    def test_a_turn_held_before_reasons_were_kept_is_held_for_money(self, settings: Settings, clock: SetClock) -> None:
        """There was no other reason; and from then on a turn may be no goal's, with every row as it was."""
        settings.state_dir.mkdir(parents=True)
        file = settings.state_dir / "troupe.sqlite"
        before = create_engine(f"sqlite:///{file}")
        for revision in ("0001", "0003"):
            with before.begin() as conn:
                command.upgrade(migrate.config(conn), revision)
            if revision == "0001":
                with sqlite3.connect(file) as raw:
                    raw.executescript(OF_THE_FIRST_REVISION)
                raw.close()
        with before.begin() as conn:
            conn.execute(text("update turns set state = 'held'"))
        before.dispose()

        store = open_store(None, settings.state_dir, clock)
        with store.write() as tx:
            [held] = tx.turns.held(HeldWhy.MONEY)
            made = turns.create_without_goal(
                tx, brand="default", priority=Priority.P3, actor="director", verb="count", subject="gnomes"
            )
            checked = tx.conn.execute(text("pragma integrity_check")).scalars().all()
            dangling = tx.conn.execute(text("pragma foreign_key_check")).all()
        store.close()

        assert ("g1", None) == (held.goal, made and made.goal)
        assert (["ok"], []) == (checked, dangling)

    def test_a_goal_of_before_is_paid_for_where_one_of_its_calls_was(self, settings: Settings, clock: SetClock) -> None:
        """As its calls were; one without any, as the record's were: who has a key goes on with what was begun with one."""
        settings.state_dir.mkdir(parents=True)
        before = create_engine(f"sqlite:///{settings.state_dir / 'troupe.sqlite'}")
        with before.begin() as conn:
            command.upgrade(migrate.config(conn), "0006")
            for n, calls in enumerate(([True], [True, False], []), 1):
                _insert(conn, "goals", id=f"g{n}", state="running")
                _insert(conn, "turns", id=n, goal=f"g{n}", key=f"turn {n}", state="done")
                for m, rehearsal in enumerate(calls):
                    _insert(conn, "calls", goal=f"g{n}", turn=n, key=f"{n}-{m}", state="answered", rehearsal=rehearsal)
        before.dispose()

        store = open_store(None, settings.state_dir, clock)
        with store.read() as tx:
            found = {goal.id: goal.rehearsal for goal in tx.goals.all()}
        store.close()

        assert {"g1": True, "g2": False, "g3": False} == found

    def test_four_who_open_a_fresh_record_at_once_all_get_it(self, tmp_path: Path) -> None:
        """One migrates, the others wait for it."""
        start = threading.Barrier(4)

        def begin(_: int) -> int:
            start.wait()
            store = open_store(None, tmp_path, Clock())
            try:
                return _number(store)
            finally:
                store.close()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(begin, range(4))) == [1, 2, 3, 4]

    def test_a_fresh_record_that_another_has_in_hand_is_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite itself refuses at once to change how a file is written to while somebody else is in it."""
        other = sqlite3.connect(tmp_path / "troupe.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        refused = []

        def let_go_when_refused(waited_s: float) -> None:
            refused.append(waited_s)
            if other.in_transaction:
                other.execute("ROLLBACK")

        monkeypatch.setattr(sqlite.time, "sleep", let_go_when_refused)
        store = open_store(None, tmp_path, Clock())
        with closing(store), closing(other):
            assert _number(store) == 1
            assert refused

    def test_a_newer_database_is_refused_with_a_sentence_and_left_alone(self, tmp_path: Path) -> None:
        """This Troupe must not touch what it does not know."""
        store = open_store(None, tmp_path, Clock())
        with store.write() as tx:
            tx.conn.execute(text("update alembic_version set version_num = '9999'"))
        store.close()

        with pytest.raises(NewerDatabase, match=r"at revision 9999, .* Update Troupe, or name another WORKSPACE_DIR"):
            open_store(None, tmp_path, Clock())
        with sqlite3.connect(tmp_path / "troupe.sqlite") as raw:
            assert raw.execute("select version_num from alembic_version").fetchall() == [("9999",)]
        raw.close()


class TestPlacesThatCannotBeUsed:
    """A person gets a sentence, never a stack."""

    def test_a_record_that_was_damaged_meanwhile_is_a_sentence_too(self, store: Store) -> None:
        """SQLite has an error of its own for that, which is neither away nor a fault of ours."""
        file = Path(store.engine.url.database or "")
        store.close()
        for beside in file.parent.glob(f"{file.name}-*"):
            beside.unlink()
        file.write_bytes(b"No database at all. " * 500)

        with pytest.raises(StoreError, match="cannot be used now: file is not a database"), store.read() as tx:
            tx.turns.any_ready()

    def test_a_record_that_could_not_be_written_for_a_while_can_be_again(
        self, store: Store, settings: Settings
    ) -> None:
        """
        Rights that were taken and given back: a connection that was opened meanwhile would only read for as long as it lives.
        """
        address = f"file:{settings.state_dir / 'troupe.sqlite'}?mode=ro"
        may_write = False

        def connect(*_: object) -> sqlite3.Connection | None:
            return None if may_write else sqlite3.connect(address, uri=True, check_same_thread=False)

        store.close()
        event.listen(store.engine, "do_connect", connect)
        with store.read() as tx:
            assert tx.goals.all() == []
        with pytest.raises(StoreError, match="readonly"), store.write() as tx:
            tx.identify()
        may_write = True

        with store.write() as tx:
            tx.identify()

    def test_a_workspace_that_cannot_be_written_is_a_sentence(self, tmp_path: Path) -> None:
        """It says which workspace, and which setting names another."""
        (tmp_path / "workspace").write_text("a file is in the way")

        with pytest.raises(WorkspaceError, match=r"workspace cannot be written .* WORKSPACE_DIR"):
            open_store(None, tmp_path / "workspace" / ".state", Clock())

    def test_a_folder_where_the_record_should_be_is_a_sentence(self, tmp_path: Path) -> None:
        """It cannot be opened as a database."""
        (tmp_path / "troupe.sqlite").mkdir()

        with pytest.raises((StoreError, WorkspaceError), match="cannot be"):
            open_store(None, tmp_path, Clock())

    def test_a_file_that_is_no_database_is_a_sentence(self, tmp_path: Path) -> None:
        """Whatever lies there is left as it is."""
        (tmp_path / "troupe.sqlite").write_text("Dear diary, " * 1000)

        with pytest.raises(StoreError, match=r"troupe\.sqlite cannot be opened .*not a database"):
            open_store(None, tmp_path, Clock())
        assert (tmp_path / "troupe.sqlite").read_text().startswith("Dear diary")

    @pytest.mark.parametrize("url", ["oracle://somewhere/x", "no address", "nothing://x"])
    def test_an_address_of_another_kind_is_a_sentence(self, url: str, tmp_path: Path) -> None:
        """It names the variable and what it should be."""
        with pytest.raises(WrongSetting, match="DATABASE_URL"):
            open_store(url, tmp_path, Clock())

    @pytest.mark.parametrize("options", ["port=a", "host=here&port=1&port=2"])
    def test_a_host_or_port_among_the_options_that_cannot_be_is_one(self, options: str, tmp_path: Path) -> None:
        """The kind of address was right."""
        with pytest.raises(WrongSetting, match=r"^DATABASE_URL has to be an address in which each option has a value"):
            open_store(f"postgresql:///gnomes?{options}", tmp_path, Clock())

    def test_a_driver_that_is_not_installed_is_named_with_the_one_that_can_be(self, tmp_path: Path) -> None:
        """What to run is this repository's own: a package of our name at a registry is somebody else's."""
        with pytest.raises(WrongSetting, match=r"needs asyncpg, which is not\.") as wrong:
            open_store("postgresql+asyncpg://somewhere/x", tmp_path, Clock())

        assert "`make postgresql` installs psycopg" in str(wrong.value)

    def test_a_password_in_the_address_is_not_repeated(self, tmp_path: Path) -> None:
        """The sentence is shown to people and kept in logs."""
        url = f"postgresql://troupe:opensesame@/none?host={tmp_path}&connect_timeout=2"
        with pytest.raises(StoreError) as failed:
            open_store(url, tmp_path, Clock())

        assert "opensesame" not in str(failed.value)


def test_an_error_repeats_nothing_of_what_was_written(store: Store) -> None:
    """Errors end in logs and questions; what is written is the context, prompts and drafts."""
    twice = [{"hash": "0" * 64, "text": "The gnomes drink their tea cold."}] * 2
    with pytest.raises(IntegrityError) as failed, store.write() as tx:
        tx.conn.execute(insert(schema.texts), twice)

    assert "gnomes" not in str(failed.value)


class TestTimes:
    """Aware and UTC inside, whatever came."""

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 11, 22, 9, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-8))),
        ],
        ids=str,
    )
    def test_an_aware_time_comes_back_as_the_same_moment_in_utc(self, store: Store, moment: datetime) -> None:
        """To the microsecond."""
        with store.write() as tx:
            tx.presence.announce("me", standing=True, reach=Reach(rehearsal=True), until=moment)
            found = tx.conn.execute(select(schema.workers.c.until)).scalar_one()

        assert moment == found
        assert found.tzinfo is UTC

    def test_a_naive_time_is_refused(self, store: Store) -> None:
        """Nobody can know which moment it means."""
        naive = datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001 - that is the point

        with pytest.raises(StatementError, match="without zone"), store.write() as tx:
            tx.presence.announce("me", standing=True, reach=Reach(rehearsal=True), until=naive)

    def test_times_sort_as_time_does(self, store: Store) -> None:
        """As SQLite keeps them they are text; a microsecond or another zone must not change their order."""
        moments = [
            datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            datetime(2026, 11, 22, 9, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 11, 22, 10, 0, 1, tzinfo=timezone(timedelta(hours=1))),
            datetime(2026, 11, 22, 1, 0, 2, tzinfo=timezone(timedelta(hours=-8))),
        ]
        with store.write() as tx:
            for n, moment in enumerate(reversed(moments)):
                tx.presence.announce(str(n), standing=True, reach=Reach(rehearsal=True), until=moment)
            found = tx.conn.execute(select(schema.workers.c.until).order_by(schema.workers.c.until)).scalars().all()

        assert moments == list(found)

    def test_a_transaction_has_one_moment(self, store: Store, clock: SetClock) -> None:
        """Every row it writes carries it, however long it takes."""
        with store.write() as tx:
            tx.note("g", "g", "first", by="test")
            clock.forward(timedelta(seconds=3))
            tx.note("g", "g", "second", by="test")
            lines = tx.journal("g")

        assert lines[0].at == lines[1].at


class TestTexts:
    """Long texts, once each."""

    def test_the_same_text_is_kept_once(self, store: Store) -> None:
        """Also when two transactions bring it."""
        hashes = []
        for _ in range(2):
            with store.write() as tx:
                hashes.append(tx.keep("Grüße, 世界 🎭\n"))
        with store.read() as tx:
            kept = tx.conn.execute(select(schema.texts.c.text)).scalars().all()

        assert hashes[0] == hashes[1]
        assert kept == ["Grüße, 世界 🎭\n"]

    def test_texts_that_differ_in_a_byte_are_two(self, store: Store) -> None:
        """Nothing is trimmed or folded."""
        with store.write() as tx:
            hashes = [tx.keep(said) for said in ("a", "a ", "A", "")]
            found = [tx.text(hashed) for hashed in hashes]

        assert found == ["a", "a ", "A", ""]


class TestMovesComparedAndSet:
    """A row moves only from the state it was read in."""

    def test_of_two_who_read_a_goal_only_the_first_moves_it(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """The second is told that it was late, and its transaction changes nothing."""
        read = given_goal()
        with store.write() as tx:
            tx.goals.move(read, GoalState.RUNNING, by="first")

        with pytest.raises(StaleState, match=f"goal {read.id} is no longer planning"), store.write() as tx:
            tx.goals.move(read, GoalState.WAITING, by="second")
        with store.read() as tx:
            assert tx.goals.get(read.id).state is GoalState.RUNNING
            assert [line.by for line in tx.journal(read.id)] == ["submit", "first"]

    def test_of_two_who_read_a_task_only_the_first_moves_it(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """As with goals."""
        goal = given_goal()
        with store.write() as tx:
            [read] = tx.tasks.add(goal, Plan((PlannedTask("one", "copywriting", StepKind.DRAFT, ()),), source="claude"))
            tx.tasks.move(read, TaskState.DRAFTING, by="first")

        with pytest.raises(StaleState, match=f"task {read.id} is no longer planned"), store.write() as tx:
            tx.tasks.move(read, TaskState.CANCELLED, by="second")

    def test_of_two_who_read_a_turn_only_the_first_moves_it(
        self, store: Store, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """Turns say so by False, because being late is nothing unusual there."""
        read = given_turn(given_goal())
        with store.write() as tx:
            moved = [tx.turns.move(read, TurnState.DISPATCHED, due_at=tx.now) for _ in range(2)]

        assert moved == [True, False]

    def test_a_turn_of_another_epoch_does_not_move(
        self, store: Store, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """The state alone is not enough: it may be running again, in other hands."""
        read = given_turn(given_goal())
        with store.write() as tx:
            tx.turns.move(read, TurnState.DISPATCHED, due_at=tx.now)
            first = tx.turns.claim(read.id, owner="one", lease_until=tx.now, most_crashes=3)
            assert first is not None
            second = replace(first, epoch=first.epoch + 1)

            assert not tx.turns.move(second, TurnState.DONE)
            assert tx.turns.move(first, TurnState.DONE)

    def test_a_move_that_is_not_drawn_is_refused(
        self, store: Store, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """Whatever the row says."""
        goal = given_goal()
        turn = given_turn(goal)
        with store.write() as tx:
            [task] = tx.tasks.add(goal, Plan((PlannedTask("one", "copywriting", StepKind.DRAFT, ()),), source="claude"))

            with pytest.raises(StaleState, match="cannot go from planning to completed"):
                tx.goals.move(goal, GoalState.COMPLETED, by="test")
            with pytest.raises(StaleState, match="cannot go from planned to escalated"):
                tx.tasks.move(task, TaskState.ESCALATED, by="test")
            with pytest.raises(StaleState, match="cannot go from queued to done"):
                tx.turns.move(turn, TurnState.DONE)

    def test_a_question_is_asked_once_and_closed_once(self, store: Store, given_goal: Callable[..., Goal]) -> None:
        """The same kind, subject and version is one question; of two answers the first counts."""
        goal = given_goal()
        with store.write() as tx:
            asked = questions.ask(tx, goal, AboutPlan(), "Run it?", version="1")
            assert asked is not None
            assert questions.ask(tx, goal, AboutPlan(), "Run it?", version="1") is None
            closed = [tx.approvals.close(asked, ApprovalState.ANSWERED) for _ in range(2)]

        assert closed == [True, False]

    def test_a_call_is_settled_once(self, store: Store, given_goal: Callable[..., Goal]) -> None:
        """Whoever comes second with the same call changes nothing, unless it was lost and is heard of after all."""
        goal = given_goal()
        with store.write() as tx:
            turn = tx.turns.add(
                brand="default", goal=goal.id, actor="x", verb="x", subject=goal.id, key="x",
                priority=goal.priority, not_before=tx.now,
            )  # fmt: skip
            assert turn is not None
            call = tx.calls.add(
                brand="default", goal=goal.id, task=None, turn=turn.id, epoch=1, key="k", purpose="plan", model="m",
                rehearsal=True, month="2026-11", reserved_nano=5, due_at=tx.now,
            )  # fmt: skip
            lost, answered, refused = CallState.LOST, CallState.ANSWERED, CallState.REFUSED
            came_from = [
                tx.calls.settle(call, state, cost_nano=1) for state in (lost, lost, answered, answered, lost, refused)
            ]
            now = tx.calls.get(call.id)

        assert [was and was.state for was in came_from] == [CallState.RESERVED, None, lost, None, None, None]
        assert now.state is answered


class TestWhatIsAskedFor:
    """Reading the record."""

    @pytest.mark.parametrize("noun", ["goals", "tasks", "approvals"])
    def test_what_is_not_there_is_a_sentence(self, store: Store, noun: str) -> None:
        """It names what was looked for and how to list what there is."""
        with store.read() as tx, pytest.raises(NotFound, match=r"There is no \w+ 'x9'; `\S*python -m director"):
            getattr(tx, noun).get("x9")

    def test_goals_come_newest_first_also_when_given_at_the_same_moment(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """The tenth is newer than the ninth, although its name sorts before it."""
        given = [given_goal().id for _ in range(11)]
        with store.read() as tx:
            listed = [goal.id for goal in tx.goals.all()]

        assert listed == list(reversed(given))

    def test_questions_come_oldest_first_also_when_asked_at_the_same_moment(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """As goals, the other way round."""
        goal = given_goal()
        with store.write() as tx:
            asked = [questions.ask(tx, goal, AboutPlan(), "?", version=str(n)) for n in range(11)]
            listed = tx.approvals.open()

        assert listed == asked


class TestPresence:
    """Who is there, and who has which duty."""

    def test_a_duty_is_one_processs_until_it_leaves_or_lets_it_lapse(self, store: Store, clock: SetClock) -> None:
        """Whoever has it may keep it; another gets it when its time passed, or at once when it said goodbye."""

        def take(owner: str) -> bool:
            with store.write() as tx:
                return tx.presence.take_duty("sweep", owner, until=tx.now + timedelta(seconds=10))

        assert [take("one"), take("two"), take("one")] == [True, False, True]
        clock.forward(timedelta(seconds=11))
        assert [take("two"), take("one")] == [True, False]
        with store.write() as tx:
            tx.presence.leave("two")
        assert take("one")

    def test_a_standing_worker_counts_until_its_time_passed(self, store: Store, clock: SetClock) -> None:
        """A command that works on one goal is no standing worker; a process that died is none either."""
        with store.write() as tx:
            tx.presence.announce(
                "daemon", standing=True, reach=Reach(rehearsal=True), until=tx.now + timedelta(seconds=10)
            )
            tx.presence.announce(
                "command", standing=False, reach=Reach(rehearsal=True), until=tx.now + timedelta(seconds=10)
            )
            assert tx.presence.standing_workers() == 1
        clock.forward(timedelta(seconds=11))
        with store.read() as tx:
            assert tx.presence.standing_workers() == 0

    def test_a_duty_that_was_taken_before_the_clock_was_set_back_is_free(self, store: Store, clock: SetClock) -> None:
        """Nobody takes one for an hour; clocks that differ by a few seconds are no such case."""

        def take(owner: str) -> bool:
            with store.write() as tx:
                return tx.presence.take_duty("sweep", owner, until=tx.now + timedelta(seconds=10))

        assert take("one")
        clock.forward(-CLOCK_SLACK)
        assert not take("two")
        clock.forward(-timedelta(hours=1))
        assert take("two")

    def test_a_worker_that_announced_itself_before_the_clock_was_set_back_does_not_count(
        self, store: Store, clock: SetClock
    ) -> None:
        """It may be long gone; one that is here says so again within seconds."""

        def announce() -> None:
            with store.write() as tx:
                tx.presence.announce(
                    "daemon", standing=True, reach=Reach(rehearsal=True), until=tx.now + timedelta(seconds=10)
                )

        def here() -> int:
            with store.read() as tx:
                return tx.presence.standing_workers()

        announce()
        clock.forward(-CLOCK_SLACK)
        assert here() == 1
        clock.forward(-timedelta(hours=1))
        assert here() == 0
        announce()
        assert here() == 1


def _insert(conn: Connection, table: str, **given: object) -> None:
    """A row of *table* as the database has it now; what is not given and has to be there is something of its kind."""
    usual = {"category": "content", "priority": "P2", "kind": "draft", "created_at": "2026-11-22T09:00:00.000000Z"}
    row = dict(given)
    for column in inspect(conn).get_columns(table):
        name, is_text = column["name"], isinstance(column["type"], String | Text)
        if name not in given and not column["nullable"] and column["default"] is None and name != "id":
            row[name] = usual.get(name, usual["created_at"] if name == "not_before" else "x" if is_text else 0)
    names = ", ".join(row)
    conn.execute(text(f"insert into {table} ({names}) values ({', '.join(f':{name}' for name in row)})"), row)  # noqa: S608 - the names are ours
