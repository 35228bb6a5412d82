"""Looking at the record without opening it for work: nothing is made, migrated or written."""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from sqlalchemy import Connection, Engine, desc, func, select, text
from sqlalchemy.exc import DBAPIError

from director.store import migrate, postgresql, schema
from director.store.opening import engine_of, is_begun, not_opened
from director.words.errors import StoreError

#: How long the pages of an SQLite file are looked at, and a writer is waited for: who looks wants an answer.
_PAGES_S: Final = 0.3
_WRITER_S: Final = 0.2

_BRANDS: Final = select(schema.brands.c.name)
_NEWEST: Final = select(schema.journal.c.at).order_by(desc(schema.journal.c.id)).limit(1)


@dataclass(frozen=True, slots=True)
class Look:
    """What there is at the database's address."""

    server: str  #: which database it is, with its version
    revision: str | None  #: of its tables; None: there are none yet
    behind: bool  #: whether the next start brings them up to date
    whole: bool  #: whether all of it was looked at; of a large SQLite file there is no time for that
    time: datetime | None  #: what the server's clock says; a file has none
    newest: datetime | None  #: when the newest line of its journal was written
    brands: frozenset[str] | None  #: besides the first; None: its tables are not up to date


def look(url: str | None, state_dir: Path) -> Look | None:
    """
    What `open_store` would find; None where it would begin a record.

    Raises:
        NewerDatabase: a newer Troupe has been here.
        StoreError: it cannot be opened or written, or a page of it is damaged.
        WrongSetting: as `open_store`.
    """
    engine = engine_of(url, state_dir)
    try:
        if engine.dialect.name == "sqlite" and _is_to_be_made(engine, url, state_dir):
            return None
        if engine.dialect.name == "postgresql":
            postgresql.check_encoding(engine)
        with engine.execution_options(troupe_reads=True).connect() as conn:
            in_file = conn.dialect.name == "sqlite"
            whole = _whole(conn) if in_file else True
            revision = migrate.known_revision(conn)
            newest = conn.execute(_NEWEST).scalar_one_or_none() if revision is not None else None
            brands = frozenset(conn.execute(_BRANDS).scalars()) if revision == migrate.HEAD else None
            server = f"SQLite {sqlite3.sqlite_version}" if in_file else f"PostgreSQL {_version(conn)}"
            conn.rollback()
            _see_that_it_takes_writes(conn)
            time = None if in_file else conn.execute(select(func.clock_timestamp())).scalar_one()
        return Look(server, revision, revision != migrate.HEAD, whole, time, newest, brands)
    except DBAPIError as problem:
        raise not_opened(engine, problem) from problem
    finally:
        engine.dispose()


def _is_to_be_made(engine: Engine, url: str | None, state_dir: Path) -> bool:
    file = Path(engine.url.database or "")
    # An empty file is one that was only just made.
    return not is_begun(url, state_dir) or (file.is_file() and file.stat().st_size == 0)


def _whole(conn: Connection) -> bool:
    """
    Whether all pages could be looked at in time.

    Raises:
        StoreError: one of them is damaged.
    """
    raw = cast("sqlite3.Connection", conn.connection.driver_connection)
    alarm = threading.Timer(_PAGES_S, raw.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        (said,) = raw.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise StoreError(_damaged(conn, problem)) from problem
        return False
    except sqlite3.DatabaseError as problem:
        raise StoreError(_damaged(conn, problem)) from problem
    finally:
        alarm.cancel()
        alarm.join()
    if said != "ok":
        raise StoreError(_damaged(conn, said))
    return True


def _damaged(conn: Connection, said: object) -> str:
    why = " ".join(str(said).split())[:200]
    return (
        f"The database {conn.engine.url.database} is damaged ({why}): put a copy in its place, or move the file away."
    )


def _see_that_it_takes_writes(conn: Connection) -> None:
    """
    See that a transaction that writes could begin. That another has the file now is no fault.

    Raises:
        StoreError: it only reads.
    """
    if conn.dialect.name == "postgresql":
        if conn.execute(text("show transaction_read_only")).scalar_one() == "on":
            raise StoreError(
                "The database only reads: it is a standby, or was told to (default_transaction_read_only). Name one that "
                "writes in DATABASE_URL."
            )
        return
    raw = cast("sqlite3.Connection", conn.connection.driver_connection)
    raw.execute(f"PRAGMA busy_timeout={_WRITER_S * 1000:.0f}")
    try:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise StoreError(
                f"The database {conn.engine.url.database} cannot be written ({problem}): let its owner write it, or name "
                "another in WORKSPACE_DIR or DATABASE_URL."
            ) from problem


def _version(conn: Connection) -> str:
    return str(conn.execute(text("show server_version")).scalar_one()).split()[0]
