"""What a call wrote to the cache for an hour, which costs more than what is kept for five minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Forward."""
    op.add_column(
        "calls", sa.Column("cache_write_1h_tokens", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
