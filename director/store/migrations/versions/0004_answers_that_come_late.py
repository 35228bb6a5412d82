"""An answer may be kept while its key is asked again: whoever asked first was taken for dead."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward."""
    op.drop_index("uq_calls_key", table_name="calls")
    for state in ("reserved", "answered"):
        where = sa.text(f"state in ('{state}')")
        op.create_index(f"uq_calls_{state}", "calls", ["key"], unique=True, sqlite_where=where, postgresql_where=where)
