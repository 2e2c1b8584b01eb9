"""Scores on fresh training instances: evaluations by epoch, and requests that ask for them."""

import sqlalchemy as sa
from alembic import op

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0006"
down_revision = "0005"

_PRODUCES = "produces IN ('heuristic', 'note', 'tuning', 'rescoring')"
_OUTCOMES = "outcome IN ('candidate', 'note', 'failure', 'rescored')"


def upgrade() -> None:
    """Add the epoch to requests and evaluations; a candidate may now have an evaluation on train for each."""
    with rebuilt("request") as batch:
        batch.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"), insert_after="produces")
        batch.drop_constraint(op.f("ck_request_produces"), type_="check")
        batch.drop_constraint(op.f("ck_request_outcome"), type_="check")
        batch.create_check_constraint(op.f("ck_request_produces"), _PRODUCES)
        batch.create_check_constraint(op.f("ck_request_outcome"), _OUTCOMES)
    with rebuilt("evaluation") as batch:
        batch.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"), insert_after="split")
        batch.drop_constraint(op.f("uq_evaluation_candidate_id_split"), type_="unique")
        batch.create_unique_constraint(op.f("uq_evaluation_candidate_id_split_epoch"), ["candidate_id", "split", "epoch"])
