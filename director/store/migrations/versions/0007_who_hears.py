"""What processes know and how many turns they do at once, and since when a turn's bell has been rung."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_MOMENT = sa.String(length=27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Forward."""
    op.add_column("workers", sa.Column("hands", sa.Integer(), server_default=sa.text("1"), nullable=False))
    kept = sa.ForeignKey("texts.hash", name=op.f("fk_workers_knows_texts"))
    op.add_column("workers", sa.Column("knows", sa.String(length=64), kept, nullable=True), inline_references=True)
    op.add_column("turns", sa.Column("rung_at", _MOMENT, nullable=True))
