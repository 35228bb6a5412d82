"""Bringing a database up to date, once, whoever starts first; refusing one that is ahead of us."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from director.words.errors import NewerDatabase

FOLDER: Final = Path(__file__).parent / "migrations"

#: Revisions are numbered files, 0001_….py and on, so that knowing the newest needs no Alembic (0.1 s to import).
HEAD: Final = max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))

#: Any number; all Troupes on one PostgreSQL database have to agree on it.
_LOCK: Final = 7_770_001


def bring_up_to_date(engine: Engine) -> None:
    """
    Apply the migrations that are missing. Safe to call from several processes at once, and again.

    Raises:
        NewerDatabase: the database has a revision this code does not know.
    """
    with engine.execution_options(troupe_reads=True).begin() as conn:
        if _revision(conn) == HEAD:
            return
    with engine.begin() as conn:  # alone from here: BEGIN IMMEDIATE, or the lock
        if conn.dialect.name == "postgresql":
            conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if known_revision(conn) != HEAD:
            _upgrade(conn)


def known_revision(conn: Connection) -> str | None:
    """
    The revision the database is at, the newest or an older one; None while it has none.

    Raises:
        NewerDatabase: the database has a revision this code does not know.
    """
    now = _revision(conn)
    if now is not None and now > HEAD:
        raise NewerDatabase(
            f"The database is at revision {now}, this Troupe knows up to {HEAD}: it was written by a newer one. "
            "Update Troupe, or name another WORKSPACE_DIR or DATABASE_URL."
        )
    return now


def _revision(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    found = conn.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _upgrade(conn: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - only where there is something to do

    command.upgrade(config(conn), "head")


def config(conn: Connection) -> "Config":  # type: ignore[name-defined]  # noqa: F821 - imported late, see HEAD
    """Alembic's configuration for working on *conn*, inside its transaction."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))  # "%" begins a reference there
    made.attributes["connection"] = conn
    return made
