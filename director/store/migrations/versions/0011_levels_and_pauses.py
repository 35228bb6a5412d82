"""Caps that people set for a brand, caps by the day, pauses, and what keeps work from going out."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Forward."""
    op.add_column("goals", sa.Column("paused_at", Moment(), nullable=True))
    op.add_column("goals", sa.Column("extended", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("calls", sa.Column("day", sa.String(length=10), nullable=True))
    op.create_table(
        "brands",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("monthly_nano", sa.BigInteger(), nullable=True),
        sa.Column("daily_nano", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", Moment(), nullable=True),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_brands")),
    )
    op.create_table(
        "restrictions",
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("lowest", sa.String(length=32), nullable=True),
        sa.Column("wait_for", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "rehearsal", name=op.f("pk_restrictions")),
    )
