"""Whether a goal is paid for or rehearsed; what each process works for, and where it hears bells."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Forward."""
    no = sa.text("false")
    op.add_column("goals", sa.Column("rehearsal", sa.Boolean(), server_default=no, nullable=False))
    # As its calls were; one without any, as the record's were.
    op.execute(
        "update goals set rehearsal = true where not exists "
        "(select 1 from calls where calls.goal = goals.id and not calls.rehearsal) and "
        "(exists (select 1 from calls where calls.goal = goals.id) "
        "or not exists (select 1 from calls where not calls.rehearsal))"
    )
    op.add_column("workers", sa.Column("rehearsal", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("workers", sa.Column("goal", sa.String(length=32), nullable=True))
    op.add_column("workers", sa.Column("queue", sa.String(length=64), nullable=True))
