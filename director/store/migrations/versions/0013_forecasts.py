"""What a goal was forecast to cost, kept with it, so that it stands beside what it did cost."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Forward."""
    op.add_column("goals", sa.Column("forecast", sa.JSON(none_as_null=True), nullable=True))
