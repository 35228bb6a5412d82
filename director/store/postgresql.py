"""What PostgreSQL wants besides: a server that vanished must not hold a process for minutes."""

import time
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import (
    InvalidatePoolError,
)

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
    from sqlalchemy.pool import ConnectionPoolEntry

#: A connection to a server that rested for this long is asked whether it is still there before it is used.
PING_AFTER_S: Final = 1.0


#: A server that vanished without a word (its machine, the network) is away, and must not hold a process for minutes.
PATIENCE: Final = {"connect_timeout": 5, "tcp_user_timeout": 10_000}


def listen(engine: Engine) -> None:
    """Have connections that rested asked whether they are still there."""
    event.listen(engine, "checkin", _note_when)
    event.listen(engine, "checkout", partial(_ping_after_rest, engine.dialect))


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
