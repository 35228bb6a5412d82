"""Turns that are no goal's, and why a turn is held."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WITH_GOAL = "goal VARCHAR(32) NOT NULL"


def upgrade() -> None:
    """Forward."""
    op.add_column("turns", sa.Column("held_why", sa.String(length=32), nullable=True))
    op.execute("update turns set held_why = 'money' where state = 'held'")
    conn = op.get_bind()
    if conn.dialect.name == "sqlite":
        _let_go_of_not_null(conn)
    else:
        op.alter_column("turns", "goal", existing_type=sa.String(length=32), nullable=True)


def _let_go_of_not_null(conn: sa.Connection) -> None:
    """
    SQLite's own way to take NOT NULL away, which touches no row: https://www.sqlite.org/lang_altertable.html, section 7.

    A new table in place of this one would break what calls refer to.
    """
    made_by = conn.execute(sa.text("select sql from sqlite_schema where name = 'turns'")).scalar_one()
    if made_by.count(_WITH_GOAL) != 1:
        raise RuntimeError(f"the table of turns is not as it was made: {made_by}")
    version = conn.execute(sa.text("pragma schema_version")).scalar_one()
    conn.execute(sa.text("pragma writable_schema = on"))
    conn.execute(
        sa.text("update sqlite_schema set sql = :sql where type = 'table' and name = 'turns'"),
        {"sql": made_by.replace(_WITH_GOAL, _WITH_GOAL.removesuffix(" NOT NULL"))},
    )
    conn.execute(sa.text(f"pragma schema_version = {version + 1}"))
    conn.execute(sa.text("pragma writable_schema = off"))
