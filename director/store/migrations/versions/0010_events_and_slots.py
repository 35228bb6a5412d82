"""What starts work besides people: events from outside and inside, what became of each, and the slots of schedules."""

import sqlalchemy as sa
from alembic import op

from director.store.schema import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("delivery", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("said_at", Moment(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("looked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_events_goal_goals"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("brand", "source", "delivery", name="uq_events_brand_source_delivery"),
    )
    op.create_index("ix_events_created_at", "events", ["created_at"])
    op.create_table(
        "outcomes",
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("trigger", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name="fk_outcomes_event_events"),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_outcomes_goal_goals"),
        sa.PrimaryKeyConstraint("event", "trigger", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_goal", "outcomes", ["goal"])
    op.create_table(
        "cooldowns",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"], name="fk_cooldowns_event_events"),
        sa.PrimaryKeyConstraint("name", name="pk_cooldowns"),
    )
    op.create_table(
        "schedules",
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=True),
        sa.Column("looked_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "name", name="pk_schedules"),
    )
    op.create_table(
        "slots",
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("schedule", sa.String(length=64), nullable=False),
        sa.Column("slot", Moment(), nullable=False),
        sa.Column("fate", sa.String(length=32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["goal"], ["goals.id"], name="fk_slots_goal_goals"),
        sa.PrimaryKeyConstraint("brand", "schedule", "slot", name="pk_slots"),
    )
    op.create_index("ix_slots_goal", "slots", ["goal"])
