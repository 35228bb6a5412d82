"""Opening the database and its transactions: SQLite in the workspace, or PostgreSQL by URL, under the same code."""

import hashlib
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import URL, Connection, Engine, Table, bindparam, create_engine, event, insert, make_url, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from director.store import migrate, schema
from director.store.approvals import Approvals
from director.store.calls import Accounts, Calls
from director.store.components import Components
from director.store.goals import Drafts, Goals, Reviews, Tasks
from director.store.presence import Presence
from director.store.turns import Turns
from director.words.addresses import blanked, shown
from director.words.errors import StoreError, WorkspaceError, WrongSetting
from director.words.models import JournalLine

#: How long a writer waits for others before the database counts as locked.
LOCK_WAIT_S: Final = 5.0

#: A connection to a server that rested for this long is asked whether it is still there before it is used.
PING_AFTER_S: Final = 1.0

#: A server that vanished without a word (its machine, the network) is away, and must not hold a process for minutes.
_PATIENCE: Final = {"connect_timeout": 5, "tcp_user_timeout": 10_000}

#: What SQLAlchemy reads of an address that names a file; with `uri` among them SQLite reads the rest.
_SQLITE_OPTIONS: Final = frozenset(
    {"uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements"}
)

#: What waiting cures. InternalError is PostgreSQL's word for a server that only reads: a standby, or one whose disk is full.
_AWAY: Final = (OperationalError, InterfaceError, InternalError)

_j = schema.journal

# Statements that are made once are compiled and keyed once; that is most of what a small query costs.
_TEXT = select(schema.texts.c.text).where(schema.texts.c.hash == bindparam("hash"))
_NOTE = insert(_j)
_JOURNAL = (
    select(_j)
    .where(_j.c.goal == bindparam("goal"), _j.c.id > bindparam("after"))
    .order_by(_j.c.id)
    .limit(bindparam("limit"))
)


if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry


class Tx:
    """One transaction, spoken to by noun: `tx.goals.add(…)`, `tx.turns.claim(…)`. Everything in it happens, or nothing."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self.conn = conn
        self.now = now  #: The transaction's one moment; every row it writes carries it.

    @cached_property
    def goals(self) -> Goals:
        """Goals."""
        return Goals(self)

    @cached_property
    def tasks(self) -> Tasks:
        """Tasks and the order between them."""
        return Tasks(self)

    @cached_property
    def drafts(self) -> Drafts:
        """Versions of a task's result."""
        return Drafts(self)

    @cached_property
    def reviews(self) -> Reviews:
        """What was found about drafts."""
        return Reviews(self)

    @cached_property
    def turns(self) -> Turns:
        """The mailbox's rows; `director/mailbox/turns.py` knows what they mean."""
        return Turns(self)

    @cached_property
    def calls(self) -> Calls:
        """The ledger."""
        return Calls(self)

    @cached_property
    def accounts(self) -> Accounts:
        """Caps, and what of them is spent and reserved."""
        return Accounts(self)

    @cached_property
    def approvals(self) -> Approvals:
        """Questions to people."""
        return Approvals(self)

    @cached_property
    def components(self) -> Components:
        """What the house depends on."""
        return Components(self)

    @cached_property
    def presence(self) -> Presence:
        """Which processes are there, and who has which duty."""
        return Presence(self)

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`, on either database."""
        if self.conn.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 40 ms nobody on SQLite waits for

            return postgresql.insert(table)
        return sqlite.insert(table)

    def number(self, name: str, *, first: Callable[[], int] = lambda: 1) -> int:
        """The next number for *name*, from *first*; never given twice, also not to two processes at once."""
        numbers = schema.counters
        statement = self.insert(numbers).values(name=name, value=1)
        statement = statement.on_conflict_do_update(
            index_elements=[numbers.c.name], set_={"value": numbers.c.value + 1}
        )
        number = int(self.conn.execute(statement.returning(numbers.c.value)).scalar_one())
        if number == 1 and (start := first()) > 1:
            self.conn.execute(update(numbers).where(numbers.c.name == name).values(value=start))
            return start
        return number

    def keep(self, text: str) -> str:
        """Keep *text* and return its hash. The same text is kept once."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        statement = self.insert(schema.texts).values(hash=digest, text=text)
        self.conn.execute(statement.on_conflict_do_nothing())
        return digest

    def text(self, digest: str) -> str:
        """The text kept under *digest*."""
        return str(self.conn.execute(_TEXT, {"hash": digest}).scalar_one())

    def note(self, goal: str | None, subject: str, what: str, *, by: str, detail: str | None = None) -> None:
        """Write a line of the journal."""
        line = {"goal": goal, "subject": subject, "what": what, "detail": detail, "by": by, "at": self.now}
        self.conn.execute(_NOTE, line)

    def journal(self, goal: str, *, after: int = 0, limit: int = 1000) -> list[JournalLine]:
        """The goal's lines with a number above *after*, oldest first."""
        rows = self.conn.execute(_JOURNAL, {"goal": goal, "after": after, "limit": limit})
        return [JournalLine(**row._asdict()) for row in rows]


class Store:
    """
    The open database. Safe to share between threads, not across a fork.

    Raises, from every use: StoreError when the database is away, full, read-only, or locked for longer than LOCK_WAIT_S.
    """

    def __init__(self, engine: Engine, clock: "Clock") -> None:
        self.engine = engine
        self._clock = clock
        # SQLite has one pen, and waits for it in sleeps of up to 0.1 s. This process's threads hand it on at once.
        self._pen = threading.Lock() if engine.dialect.name == "sqlite" else None
        self._reads = engine.execution_options(troupe_reads=True)
        if engine.dialect.name == "postgresql":
            # Its usual level would show each statement another picture.
            self._reads = self._reads.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """
        A transaction that may write. On SQLite it has the only pen from its first statement on, so it must not be opened
        within another.
        """
        if self._pen is None:
            with self._transaction(self.engine) as tx:
                yield tx
            return
        if not self._pen.acquire(timeout=LOCK_WAIT_S):
            raise StoreError("The database cannot be used now: it is locked by another writer of this process.")
        try:
            with self._transaction(self.engine) as tx:
                yield tx
        finally:
            self._pen.release()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads: one consistent picture, and nobody waits for it."""
        with self._transaction(self._reads) as tx:
            yield tx

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Tx]:
        try:
            with engine.begin() as conn, _not_again(conn):
                yield Tx(conn, self._clock())
        except DBAPIError as problem:
            if not (isinstance(problem, _AWAY) or problem.connection_invalidated):
                raise
            raise StoreError(f"The database cannot be used now: {_why(problem.orig, engine.url)}") from problem
        except PoolTimeout as problem:
            raise StoreError("The database cannot be used now: all its connections are taken.") from problem

    def close(self) -> None:
        """Close every connection. The store can be used again afterwards."""
        self.engine.dispose()


@contextmanager
def _not_again(conn: Connection) -> Iterator[None]:
    try:
        yield
    except InternalError:
        # A server that became a standby keeps its sessions, and whoever goes on using them never finds the new one.
        conn.invalidate()
        raise


class Clock:
    """What time it is, aware and in UTC. Part of the office, so that tests can set it."""

    def __call__(self) -> datetime:
        """Now."""
        from datetime import UTC  # noqa: PLC0415 - keeps the class's one need beside it

        return datetime.now(UTC)


def open_store(url: str | None, state_dir: Path, clock: Clock) -> Store:
    """
    The database at *url*, or SQLite in *state_dir*, made and brought up to date where needed.

    Raises:
        WorkspaceError: the folder cannot be written.
        NewerDatabase: a newer Troupe has been here.
        StoreError: it cannot be opened.
        WrongSetting: *url* names no database we speak to.
    """
    address: str | URL
    if url is not None:
        address = url
    else:
        file = state_dir / "troupe.sqlite"
        try:
            state_dir.mkdir(parents=True, exist_ok=True)
            file.touch()
        except OSError as problem:
            raise WorkspaceError(
                f"The workspace {state_dir.parent} cannot be written ({problem.strerror or problem}): "
                "name a folder that can in WORKSPACE_DIR."
            ) from problem
        # Not put together as text, where "?" in a folder's name would begin the options.
        address = URL.create("sqlite", database=str(file))
    engine = _engine(address)
    try:
        migrate.bring_up_to_date(engine)
    except DBAPIError as problem:
        engine.dispose()
        raise StoreError(
            f"The database {shown(_written(engine.url))} cannot be opened "
            f"({_why(problem.orig, engine.url)}): {'move the file away' if url is None else 'start it'}, or name another in "
            "DATABASE_URL or WORKSPACE_DIR."
        ) from problem
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, clock)


def _engine(url: str | URL) -> Engine:
    try:
        parsed = make_url(url)
        in_file = parsed.get_backend_name() == "sqlite"
        if in_file and parsed.database in (None, "", ":memory:"):
            raise WrongSetting("DATABASE_URL", "a database that outlives a connection", "SQLite in memory")
        unknown = set(parsed.query) - _SQLITE_OPTIONS
        if in_file and unknown and "uri" not in parsed.query:
            known = ", ".join(sorted(_SQLITE_OPTIONS))
            raise WrongSetting("DATABASE_URL", f"an address with no options but {known}", f"one with {min(unknown)}=")
        # What the address says of them stands.
        patience = {name: value for name, value in _PATIENCE.items() if name not in parsed.query}
        arguments = {"timeout": LOCK_WAIT_S} if in_file else patience
        # What is written is the context, prompts and drafts: nothing that belongs into the text of an error.
        engine = create_engine(parsed, connect_args=arguments, hide_parameters=True)
    except ValueError as problem:
        came = f"one with another ({_why(problem, parsed)})"
        raise WrongSetting("DATABASE_URL", "an address in which each option has a value it can have", came) from problem
    except (ArgumentError, NoSuchModuleError) as problem:
        raise WrongSetting("DATABASE_URL", "an sqlite:/// or postgresql:// address", "of another kind") from problem
    except ModuleNotFoundError as problem:
        raise WrongSetting(
            "DATABASE_URL",
            "an address whose driver is installed (`make postgresql` installs psycopg)",
            f"one that needs {problem.name}, which is not",
        ) from problem
    if in_file:
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "checkin", _note_when)
        event.listen(engine, "checkout", partial(_ping_after_rest, engine.dialect))
    return engine


def _note_when(_connection: object, record: "ConnectionPoolEntry") -> None:
    record.info["rests_since"] = time.monotonic()


def _ping_after_rest(
    dialect: "Dialect", connection: "DBAPIConnection", record: "ConnectionPoolEntry", _fairy: object
) -> None:
    # SQLAlchemy's own pre-ping asks at every transaction, which is a fifth of all that a turn says to the server. One that
    # was just in use is found dead by its next statement, as one that dies in the middle is: the work waits a moment.
    rests_since = record.info.get("rests_since")
    if rests_since is None or time.monotonic() - rests_since < PING_AFTER_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as problem:
        raise InvalidatePoolError from problem


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction handling begins too late to be safe; we begin ourselves, see below.
    connection.isolation_level = None
    # The file keeps this mode: only its first connections change it, and SQLite refuses that at once where others look.
    _insist(connection, "PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _on_sqlite_begin(conn: Connection) -> None:
    # A plain BEGIN lets two writers read first and then lose one's update or fail at once.
    if conn.get_execution_options().get("troupe_reads", False):
        conn.exec_driver_sql("BEGIN")
    else:
        _take_the_pen(conn)


def _take_the_pen(conn: Connection) -> None:
    """
    Begin to write, after whoever writes now in another process.

    SQLite's own waiting sleeps for longer and longer, up to 0.1 s, and is overtaken by whoever comes later: of four
    processes that write all the time one waited for up to 2.6 s, and for 0.1 s with looks as short as these.
    """
    raw = cast("sqlite3.Connection", conn.connection.driver_connection)
    raw.execute("PRAGMA busy_timeout=0")
    try:
        _insist(raw, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        conn.exec_driver_sql("BEGIN IMMEDIATE")  # once more, so that it is raised as every other error is
    finally:
        raw.execute(f"PRAGMA busy_timeout={LOCK_WAIT_S * 1000:.0f}")


def _insist(raw: sqlite3.Connection, statement: str) -> None:
    """Execute *statement*, again and again while others have the file, for at most LOCK_WAIT_S."""
    end = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            raw.execute(statement)
        except sqlite3.OperationalError as problem:
            # Its low byte is the kind: BUSY_RECOVERY, say, is BUSY while another mends the log of a dead process.
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            time.sleep(random.uniform(0.0005, 0.0015))  # noqa: S311 - only so that two do not look in step
        else:
            return


def _why(problem: BaseException | None, url: URL) -> str:
    """The first line of what a driver says, without what is secret in the address it was given."""
    said = blanked(str(problem), _written(url)).strip()
    return said.splitlines()[0] if said else type(problem).__name__


def _written(url: URL) -> str:
    # Written anew, so that everybody reads the same parts in it.
    return url.render_as_string(hide_password=False)
