"""A word for candidates that depend on units."""

from alembic import op

revision = "0004"
down_revision = "0003"

_STATUSES = (
    "ok",
    "rejected",
    "error",
    "timeout",
    "memory",
    "output",
    "crashed",
    "infeasible",
    "pruned",
    "cheating",
    "scale_dependent",
)
_STATUS = f"status IN ({', '.join(map(repr, _STATUSES))})"


def upgrade() -> None:
    """Widen two check constraints."""
    for table in ("evaluation", "instance_result"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_status"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_status"), _STATUS)
