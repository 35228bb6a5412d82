"""Receipts of what was approved, a chain for each goal, and which drafts were written before there were any."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "receipts",
        sa.Column("goal", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("task", sa.String(length=48), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_receipts_goal_goals"),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name="fk_receipts_task_tasks"),
        sa.ForeignKeyConstraint(["text_hash"], ["texts.hash"], name="fk_receipts_text_hash_texts"),
        sa.ForeignKeyConstraint(["hash"], ["texts.hash"], name="fk_receipts_hash_texts"),
        sa.PrimaryKeyConstraint("goal", "number", name="pk_receipts"),
    )
    op.create_index("ix_receipts_text_hash", "receipts", ["text_hash"])
    op.create_index("ix_receipts_task", "receipts", ["task"])
    op.add_column("goals", sa.Column("receipt_hash", sa.String(length=64), nullable=True))
    # What was approved until now has no receipt, and that is no fault of it.
    op.execute(
        "insert into counters (name, value) select 'drafts before receipts', latest "
        "from (select max(id) as latest from drafts) as found where latest is not null"
    )
