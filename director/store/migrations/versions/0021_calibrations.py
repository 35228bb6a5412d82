"""What reviewers said of the texts whose faults are known."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "calibrations",
        sa.Column("text", sa.String(length=96), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("prompt", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sent_back", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_calibrations_goal_goals"),
        sa.PrimaryKeyConstraint("text", "model", "rehearsal", "prompt", name="pk_calibrations"),
    )
