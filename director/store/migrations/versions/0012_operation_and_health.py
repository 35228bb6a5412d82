"""How far the work goes on, and how what it rests on was at the last look."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("looked_at", Moment(), nullable=True),
        sa.Column("looked_by", sa.String(length=64), nullable=True),
        sa.Column("ticked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
    )
    op.create_table(
        "health",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_health"),
    )
