"""Which model answered a call, where it was another than the one that was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Forward."""
    op.add_column("calls", sa.Column("served", sa.String(length=64), nullable=True))
