"""What PostgreSQL wants besides: UTF-8, an isolation level, care with poolers, and no minutes lost where a server vanished."""

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import InvalidatePoolError

from director.words.errors import WrongSetting

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

#: A connection to a server that rested for this long is asked whether it is still there before it is used.
PING_AFTER_S: Final = 1.0

#: A server that vanished without a word (its machine, the network) is away, and must not hold a process for minutes.
PATIENCE: Final = {"connect_timeout": 5, "tcp_user_timeout": 10_000}

#: Whatever the environment or a role's settings say: else the driver reads and writes in the database's own encoding.
ENCODING: Final = {"client_encoding": "utf8"}

#: The isolation level of a transaction that only reads, for one consistent picture: the usual one would show each statement
#: another. One that writes keeps the usual one and locks the rows it goes by.
READS_AT: Final = "REPEATABLE READ"


def listen(engine: Engine) -> None:
    """Set *engine*'s connections up, and have those that rested asked whether they are still there."""
    if engine.driver == "psycopg":  # others prepare nothing by themselves
        event.listen(engine, "connect", _prepare_nothing_through_a_pooler)
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", partial(_ping_after_rest, engine.dialect))


def check_encoding(engine: Engine) -> None:
    """
    See that the database keeps every text, before anybody pays for one.

    Raises:
        WrongSetting: its encoding has no place for some letters.
    """
    with engine.begin() as conn:
        encoding = conn.execute(text("show server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise WrongSetting(
            "DATABASE_URL",
            "a database whose encoding is UTF8, so that it keeps every letter (`createdb -E UTF8 -T template0 NAME` "
            "makes one)",
            f"one in {encoding}",
        )


def _prepare_nothing_through_a_pooler(connection: "Connection[object]", _record: object) -> None:
    # PgBouncer and its like hand each transaction to another session, where a statement that was prepared is not known, or
    # somebody else's has its name. They tell us of a session that is not the one the server sees. Without a pooler prepared
    # statements save a quarter of the time.
    row = connection.execute("select pg_backend_pid()").fetchone()
    connection.rollback()
    if row != (connection.pgconn.backend_pid,):
        connection.prepare_threshold = None


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
