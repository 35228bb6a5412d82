"""What costs and their causes are read by: indexes on calls and on goals that ended, and of what a call's prompt was made."""

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
    kept = sa.ForeignKey("texts.hash", name=op.f("fk_calls_parts_hash_texts"))
    op.add_column("calls", sa.Column("parts_hash", sa.String(length=64), kept, nullable=True), inline_references=True)
