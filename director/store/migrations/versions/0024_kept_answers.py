"""What was answered over HTTP to a request that makes something, so that it can be sent again."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "kept_answers",
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "caller", "key", name="pk_kept_answers"),
    )
    op.create_index("ix_kept_answers_created_at", "kept_answers", ["created_at"])
