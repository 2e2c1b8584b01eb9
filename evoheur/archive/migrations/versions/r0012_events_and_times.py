"""When outcomes were told, and what happened to runs beside their logs."""

import sqlalchemy as sa
from alembic import op

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add a column to requests, which nobody knows for what was told before, and a table."""
    with rebuilt("request") as batch:
        batch.add_column(sa.Column("told_seconds", sa.Double(), nullable=True), insert_after="told_seq")
    op.create_table(
        "run_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_run_event_seconds")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_event_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_event")),
    )
    op.create_index(op.f("ix_run_event_run_id_id"), "run_event", ["run_id", "id"])
