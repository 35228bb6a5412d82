"""With which plan a task was begun, where the goal's plan was changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Forward."""
    kept = sa.ForeignKey("texts.hash", name="fk_tasks_plan_hash_texts")
    op.add_column("tasks", sa.Column("plan_hash", sa.String(length=64), kept, nullable=True), inline_references=True)
