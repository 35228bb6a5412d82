"""The open database: transactions that write, transactions that only read, and what its errors mean."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from director.store import postgresql, sqlite
from director.store.transaction import Noted
from director.store.tx import Tx
from director.words import log
from director.words.addresses import blanked
from director.words.clock import Clock
from director.words.errors import StoreError

#: Each line of the journal once it is written, without its detail.
_journal = logging.getLogger("director.journal")

#: What waiting cures. InternalError is PostgreSQL's word for a server that only reads: a standby, or one whose disk is full.
_AWAY: Final = (OperationalError, InterfaceError, InternalError)

#: PostgreSQL's word for a statement that cannot be: the one of these errors that is ours.
_SYNTAX_ERROR: Final = "42601"


class Store:
    """
    The open database. Safe to share between threads, not across a fork.

    Raises, from every use: StoreError when the database is away, full, read-only, or locked for longer than sqlite.LOCK_WAIT_S.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self._clock = clock
        # SQLite has one writer at a time and waits for it in sleeps of up to 0.1 s. This process's threads
        # follow each other at once.
        self._write_lock = threading.Lock() if engine.dialect.name == "sqlite" else None
        self._reads = engine.execution_options(troupe_reads=True)
        if engine.dialect.name == "postgresql":
            self._reads = self._reads.execution_options(isolation_level=postgresql.READS_AT)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """
        A transaction that may write. On SQLite it is the only writer from its first statement on, so it must not be opened
        within another.
        """
        with self._pen(), self._transaction(self.engine) as tx:
            yield tx
        # What was taken back did not happen; and nobody who wants to write waits for whoever reads the log.
        _log_what_happened(tx.noted)

    @contextmanager
    def _pen(self) -> Iterator[None]:
        if self._write_lock is None:
            yield
            return
        if not self._write_lock.acquire(timeout=sqlite.LOCK_WAIT_S):
            raise StoreError("The database cannot be used now: it is locked by another writer of this process.")
        try:
            yield
        finally:
            self._write_lock.release()

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
            if not _is_its_own(problem):
                raise
            if sqlite.only_reads(problem.orig):
                self.engine.dispose()
            raise StoreError(f"The database cannot be used now: {why(problem.orig, engine.url)}") from problem
        except PoolTimeout as problem:
            raise StoreError("The database cannot be used now: all its connections are taken.") from problem

    def close(self) -> None:
        """Close every connection. The store can be used again afterwards."""
        self.engine.dispose()


def _log_what_happened(noted: Iterable[Noted]) -> None:
    if not _journal.isEnabledFor(logging.INFO):
        return
    for goal, subject, what, by in noted:
        with log.about(goal=goal, subject=subject, by=by):
            _journal.info("%s: %s", subject, what)


def _is_its_own(problem: DBAPIError) -> bool:
    """
    Whether the trouble is the database's, or of whoever runs it: away, damaged, rights taken, tables moved, a pooler in
    between. The rest is a fault of ours, or a value that the database cannot keep.
    """
    if isinstance(problem, (ProgrammingError, NotSupportedError)):
        # What the driver itself refuses has no such state, and neither has SQLite.
        return getattr(problem.orig, "sqlstate", None) not in (None, _SYNTAX_ERROR)
    # SQLite says of a damaged file, or one that is no database, nothing but that.
    return isinstance(problem, _AWAY) or type(problem) is DatabaseError or problem.connection_invalidated


@contextmanager
def _not_again(conn: Connection) -> Iterator[None]:
    try:
        yield
    except InternalError:
        # A server that became a standby keeps its sessions, and whoever goes on using them never finds the new one.
        conn.invalidate()
        raise


def why(problem: BaseException | None, url: URL) -> str:
    """The first line of what a driver says, without what is secret in the address it was given."""
    said = blanked(str(problem), written(url)).strip()
    return said.splitlines()[0] if said else type(problem).__name__


def written(url: URL) -> str:
    """The address written anew, so that everybody reads the same parts in it."""
    return url.render_as_string(hide_password=False)
