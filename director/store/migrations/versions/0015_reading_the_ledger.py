"""What costs and their chains are read by: calls by when they were begun, those that were lost, goals by when they ended."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_calls_created", "calls", ["brand", "created_at"])
    lost = sa.text("state in ('lost')")
    op.create_index("ix_calls_lost", "calls", ["id"], sqlite_where=lost, postgresql_where=lost)
    op.create_index("ix_goals_finished_at", "goals", ["finished_at"])
