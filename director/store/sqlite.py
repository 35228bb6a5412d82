"""What SQLite wants besides: transactions that begin in time, and one writer after the other."""

import random
import sqlite3
import time
from typing import Final, cast

from sqlalchemy import Connection, Engine, event

#: How long a writer waits for others before the database counts as locked.
LOCK_WAIT_S: Final = 5.0


def listen(engine: Engine) -> None:
    """Set *engine*'s connections up and begin their transactions."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction handling begins too late to be safe; we begin ourselves, see below.
    connection.isolation_level = None
    # The file keeps this mode: only its first connections change it, and SQLite refuses that at once where others look.
    insist(connection, "PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _on_begin(conn: Connection) -> None:
    # A plain BEGIN lets two writers read first and then lose one's update or fail at once.
    if conn.get_execution_options().get("troupe_reads", False):
        conn.exec_driver_sql("BEGIN")
    else:
        _take_the_write_lock(conn)


def only_reads(problem: BaseException | None) -> bool:
    """
    Whether a connection could not write because of how it was opened, while nobody might write the file. As long as one of
    these is open, also at rest, all others of the process only read, too: they share a piece of memory.
    """
    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return bool(code & 0xFF == sqlite3.SQLITE_READONLY)


def _take_the_write_lock(conn: Connection) -> None:
    """
    Begin to write, after whoever writes now in another process.

    SQLite's own waiting sleeps for longer and longer, up to 0.1 s, and is overtaken by whoever comes later: of four
    processes that write all the time one waited for up to 2.6 s, and for 0.1 s with looks as short as these.
    """
    raw = cast("sqlite3.Connection", conn.connection.driver_connection)
    raw.execute("PRAGMA busy_timeout=0")
    try:
        insist(raw, "BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        conn.exec_driver_sql("BEGIN IMMEDIATE")  # once more, so that it is raised as every other error is
    finally:
        raw.execute(f"PRAGMA busy_timeout={LOCK_WAIT_S * 1000:.0f}")


def insist(raw: sqlite3.Connection, statement: str) -> None:
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
