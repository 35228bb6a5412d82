"""Opening the record: SQLite in the workspace, or PostgreSQL by its address, under the same code."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from director.store import migrate, postgresql, sqlite
from director.store.database import Store, why, written
from director.words.addresses import shown
from director.words.clock import Clock
from director.words.errors import StoreError, WorkspaceError, WrongSetting
from director.words.owner_only import private_file, private_folder

#: The record of a workspace.
RECORD: Final = "troupe.sqlite"

#: What SQLAlchemy reads of an address that names a file; with `uri` among them SQLite reads the rest.
_SQLITE_OPTIONS: Final = frozenset(
    {"uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements"}
)


def is_begun(url: str | None, state_dir: Path) -> bool:
    """Whether `open_store` would find something there already: a record, or what keeps one from being made."""
    file: str | Path | None = state_dir / RECORD
    if url is not None:
        with suppress(ArgumentError, ValueError):  # `open_store` complains of an address that is none
            parsed = make_url(url)
            file = parsed.database if parsed.get_backend_name() == "sqlite" and not parsed.query else None
    try:
        Path(file or os.devnull).stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def open_store(url: str | None, state_dir: Path, clock: Clock) -> Store:
    """
    The database at *url*, or SQLite in *state_dir*, made and brought up to date where needed.

    Raises:
        WorkspaceError: the folder cannot be written.
        NewerDatabase: a newer Troupe has been here.
        StoreError: it cannot be opened.
        WrongSetting: *url* names no database we speak to, or one that cannot keep every text.
    """
    if url is None:
        try:
            private_folder(state_dir)
            private_file(state_dir / RECORD)
        except OSError as problem:
            raise WorkspaceError(
                f"The workspace {state_dir.parent} cannot be written ({problem.strerror or problem}): "
                "name a folder that can in WORKSPACE_DIR."
            ) from problem
    engine = engine_of(url, state_dir)
    try:
        if url is not None and engine.dialect.name == "sqlite" and "uri" not in engine.url.query:
            _make_private(Path(str(engine.url.database)))
        if engine.dialect.name == "postgresql":
            postgresql.check_encoding(engine)
        migrate.bring_up_to_date(engine)
    except DBAPIError as problem:
        engine.dispose()
        raise not_opened(engine, problem) from problem
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, clock)


def not_opened(engine: Engine, problem: DBAPIError) -> StoreError:
    """What is said of a database that cannot be opened."""
    cure = "move the file away" if engine.dialect.name == "sqlite" else "start it"
    return StoreError(
        f"The database {shown(written(engine.url))} cannot be opened ({why(problem.orig, engine.url)}): {cure}, or name "
        f"another in DATABASE_URL or WORKSPACE_DIR{_read_by_itself(engine)}."
    )


def _make_private(file: Path) -> None:
    """Make a new record its owner's, and so the log beside it; one that is there may have been given to others."""
    with suppress(OSError):  # that it cannot be opened is said by who opens it
        if not os.path.lexists(file):
            private_file(file)


def _read_by_itself(engine: Engine) -> str:
    """What else says how PostgreSQL is reached: its client reads it from the environment, beside the address."""
    if engine.dialect.name != "postgresql":
        return ""
    from psycopg import pq  # noqa: PLC0415 - only where that is the database

    read = {(option.envvar or b"").decode() for option in pq.Conninfo.get_defaults()} | {"PGSERVICEFILE"}
    found = sorted(name for name in read if os.environ.get(name))
    return f"; its client reads {', '.join(found)} as well" if found else ""


def engine_of(url: str | None, state_dir: Path) -> Engine:
    """
    How the database at *url*, or SQLite in *state_dir*, is spoken to. Connects to nothing, and makes nothing.

    Raises:
        WrongSetting: as `open_store`.
    """
    # Not put together as text, where "?" in a folder's name would begin the options.
    return _engine(url if url is not None else URL.create("sqlite", database=str(state_dir / RECORD)))


def _engine(url: str | URL) -> Engine:
    kind, value = "an sqlite:/// or postgresql:// address", "an address in which each option has a value it can have"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as problem:
        raise WrongSetting("DATABASE_URL", kind, "of another kind") from problem
    try:
        in_file = parsed.get_backend_name() == "sqlite"
        if in_file and parsed.database in (None, "", ":memory:"):
            raise WrongSetting("DATABASE_URL", "a database that outlives a connection", "SQLite in memory")
        unknown = set(parsed.query) - _SQLITE_OPTIONS
        if in_file and unknown and "uri" not in parsed.query:
            known = ", ".join(sorted(_SQLITE_OPTIONS))
            raise WrongSetting("DATABASE_URL", f"an address with no options but {known}", f"one with {min(unknown)}=")
        # What the address says of them stands.
        patience = {name: value for name, value in postgresql.PATIENCE.items() if name not in parsed.query}
        arguments = {"timeout": sqlite.LOCK_WAIT_S} if in_file else {**patience, **postgresql.ENCODING}
        # What is written is the context, prompts and drafts: nothing that belongs into the text of an error.
        engine = create_engine(parsed, connect_args=arguments, hide_parameters=True)
    except ValueError as problem:
        raise WrongSetting("DATABASE_URL", value, f"one with another ({why(problem, parsed)})") from problem
    except NoSuchModuleError as problem:
        raise WrongSetting("DATABASE_URL", kind, "of another kind") from problem
    except ArgumentError as problem:  # a host and a port may stand among the options
        raise WrongSetting("DATABASE_URL", value, "one with another host or port there") from problem
    except ModuleNotFoundError as problem:
        raise WrongSetting(
            "DATABASE_URL",
            "an address whose driver is installed (`make postgresql` installs psycopg)",
            f"one that needs {problem.name}, which is not",
        ) from problem
    (sqlite if in_file else postgresql).listen(engine)
    return engine
