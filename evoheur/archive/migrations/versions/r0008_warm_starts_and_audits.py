"""Words for warm starts and audits.

A search may begin with known heuristics, and the best are scored on instances that no selection has seen.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_PRODUCES = "produces IN ('heuristic', 'note', 'tuning', 'rescoring', 'warm_start')"
_SPLIT = "split IN ('train', 'validation', 'test', 'audit', 'custom')"


def upgrade() -> None:
    """Widen two check constraints."""
    with op.batch_alter_table("request") as batch:
        batch.drop_constraint(op.f("ck_request_produces"), type_="check")
        batch.create_check_constraint(op.f("ck_request_produces"), _PRODUCES)
    with op.batch_alter_table("evaluation") as batch:
        batch.drop_constraint(op.f("ck_evaluation_split"), type_="check")
        batch.create_check_constraint(op.f("ck_evaluation_split"), _SPLIT)
