"""What people ask of approved work, which version of its inputs a draft was given, and goals that go on after their end."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Forward."""
    op.add_column("goals", sa.Column("concluded", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("goals", sa.Column("reopened_at", Moment(), nullable=True))
    op.add_column("drafts", sa.Column("inputs", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(length=48), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("draft", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("because", sa.String(length=48), nullable=True),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("given_up_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name=op.f("fk_changes_goal_goals")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_changes_task_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("key", name=op.f("uq_changes_key")),
    )
    op.create_index(op.f("ix_changes_goal"), "changes", ["goal"])
