"""The services that work depends on, and whether they are there; indexes that admission and the sweep can use."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_MOMENT = sa.String(length=27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "components",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("offline_since", _MOMENT, nullable=True),
        sa.Column("look_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_components")),
    )
    op.add_column("turns", sa.Column("crashes", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.drop_index("ix_turns_waiting", table_name="turns")
    op.drop_index("ix_turns_in_hand", table_name="turns")
    op.drop_index("ix_calls_open", table_name="calls")
    for name, table, columns, where in (
        (
            "ix_turns_waiting",
            "turns",
            ["state", "priority", "brand", "goal", "not_before", "id"],
            "state in ('queued')",
        ),
        ("ix_turns_in_hand", "turns", ["state", "brand", "goal", "due_at"], "state in ('dispatched', 'running')"),
        ("ix_turns_held", "turns", ["state", "goal"], "state in ('held')"),
        ("ix_calls_open", "calls", ["due_at"], "state in ('reserved')"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
