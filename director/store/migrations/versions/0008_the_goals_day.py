"""On which day a goal was given, where its brand is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Forward."""
    op.add_column("goals", sa.Column("day", sa.Date(), nullable=True))
    # Of the goals that were given before, the day it was in UTC: nobody kept where.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("update goals set day = substr(created_at, 1, 10)")
    else:
        op.execute("update goals set day = (created_at at time zone 'UTC')::date")
