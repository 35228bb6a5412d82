"""What a call wrote to the cache for an hour, and when a schedule is due next, from which that follows."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Forward."""
    op.add_column(
        "calls", sa.Column("cache_write_1h_tokens", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("schedules", sa.Column("next_at", Moment(), nullable=True))
