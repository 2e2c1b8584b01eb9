"""Objectives relative to textbook rules, and the gaps of those rules by family."""

import sqlalchemy as sa
from alembic import op

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0005"
down_revision = "0004"

_KINDS = "objective_kind IN ('gap_percent', 'mean_cost', 'textbook_ratio')"
_AGGREGATES = "aggregate IN ('ratio_of_sums', 'mean_of_gaps', 'mean_cost')"
_SPLITS = "split IN ('train', 'validation', 'test')"


def upgrade() -> None:
    """Add a kind of objective, a column and a table."""
    with rebuilt("evaluation") as batch:
        batch.drop_constraint(op.f("ck_evaluation_objective_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_evaluation_objective_kind"), _KINDS)
        batch.add_column(sa.Column("aggregate", sa.String(), nullable=True), insert_after="objective_kind")
        batch.create_check_constraint(op.f("ck_evaluation_aggregate"), _AGGREGATES)
    op.create_table(
        "textbook_gap",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("gap", sa.Double(), nullable=False),
        sa.CheckConstraint(_SPLITS, name=op.f("ck_textbook_gap_split")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_textbook_gap_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "split", "position", name=op.f("pk_textbook_gap")),
    )
