"""What a held turn waits for, which draft notes are about, and the record and the cap as they were when work began."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward."""
    op.add_column("goals", sa.Column("given_nano", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute("update goals set given_nano = cap_nano")
    op.add_column("turns", sa.Column("held_for", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("tasks", sa.Column("basis", sa.BigInteger(), nullable=True))
    op.execute(
        "update tasks set basis = "
        "(select max(id) from drafts where drafts.task = tasks.id and drafts.revision < tasks.revision)"
    )
    kept = sa.ForeignKey("texts.hash", name=op.f("fk_tasks_record_hash_texts"))
    # Within the statement: SQLite adds no constraint to a table that is there, and other tables point to this one.
    op.add_column("tasks", sa.Column("record_hash", sa.String(length=64), kept, nullable=True), inline_references=True)
