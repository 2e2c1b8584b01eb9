"""Words for tuning and pruning, and evaluations per reply.

Constants are tuned without a model, and evaluations may stop early; a reply may take several evaluations.
"""

import sqlalchemy as sa
from alembic import op

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0002"
down_revision = "0001"

_STATUS = "status IN ('ok', 'rejected', 'error', 'timeout', 'memory', 'output', 'crashed', 'infeasible', 'pruned', 'cheating')"


def upgrade() -> None:
    """Widen three check constraints, and add a column.

    The index that counts outcomes tells operators apart from now on.
    """
    with op.batch_alter_table("request") as batch:
        batch.drop_constraint(op.f("ck_request_produces"), type_="check")
        batch.create_check_constraint(op.f("ck_request_produces"), "produces IN ('heuristic', 'note', 'tuning')")
        batch.drop_index(op.f("ix_request_run_id_outcome_failure_reason_failure_attempts"))
        counted = ["run_id", "operator", "outcome", "failure_reason", "failure_attempts"]
        batch.create_index(op.f("ix_request_run_id_operator_outcome_failure_reason_failure_attempts"), counted)
    with rebuilt("completion") as batch:
        evaluations = sa.Column("evaluations", sa.Integer(), server_default="0", nullable=False)
        batch.add_column(evaluations, insert_after="attempts")
    for table in ("evaluation", "instance_result"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_status"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_status"), _STATUS)
