"""Notes and tags of runs, and solutions that are kept to be drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_SPLITS = "split IN ('train', 'validation', 'test', 'audit', 'custom')"


def upgrade() -> None:
    """Add a column, two tables, and an index for deleting runs."""
    op.add_column("run", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "run_tag",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_tag_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "tag", name=op.f("pk_run_tag")),
    )
    op.create_index(op.f("ix_run_tag_tag"), "run_tag", ["tag"])
    op.create_table(
        "solution",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("split", sa.String(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("solution", sa.JSON(), nullable=False),
        sa.CheckConstraint(_SPLITS, name=op.f("ck_solution_split")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_solution_candidate_id_candidate")),
        sa.PrimaryKeyConstraint("candidate_id", "split", "instance", name=op.f("pk_solution")),
    )
    op.create_index(op.f("ix_request_dictionary_id"), "request", ["dictionary_id"])
