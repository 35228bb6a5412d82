"""What the house depends on, and whether it is there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_MOMENT = sa.String(length=27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "components",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("offline_since", _MOMENT, nullable=True),
        sa.Column("look_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_components")),
    )
