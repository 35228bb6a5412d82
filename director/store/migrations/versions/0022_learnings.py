"""What the team remembers, and which task was shown it."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "learnings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=True),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("learned_from", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learnings"),
    )
    op.create_index("ix_learnings_skill", "learnings", ["brand", "skill", "state"])
    op.create_table(
        "recalled",
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("held_out", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chosen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_recalled_goal_goals"),
        sa.PrimaryKeyConstraint("subject", name="pk_recalled"),
    )
    op.create_index("ix_recalled_skill", "recalled", ["brand", "skill", "rehearsal", "chosen_at"])
    op.create_index("ix_recalled_goal", "recalled", ["goal"])
    op.create_table(
        "recalled_learnings",
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("learning", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["subject"], ["recalled.subject"], name="fk_recalled_learnings_subject_recalled"),
        sa.ForeignKeyConstraint(["learning"], ["learnings.id"], name="fk_recalled_learnings_learning_learnings"),
        sa.PrimaryKeyConstraint("subject", "learning", name="pk_recalled_learnings"),
    )
    op.create_index("ix_recalled_learnings_learning", "recalled_learnings", ["learning"])
