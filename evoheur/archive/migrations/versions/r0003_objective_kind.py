"""The kind of an objective, stored beside it.

So far readers inferred it from costs and references, which is done here for the last time.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from alembic import op

from evoheur.archive.migrations.table_rebuilding import rebuilt

revision = "0003"
down_revision = "0002"

_AT_ONCE = 500
_KIND = sa.Column("objective_kind", sa.String(), nullable=True)
_EVALUATION = sa.table("evaluation", sa.column("id"), sa.column("objective"), sa.column("objective_kind"))


def upgrade() -> None:
    """Add the column, fill it, and then constrain it.

    Every objective must have its kind.
    """
    with rebuilt("evaluation") as batch:
        batch.add_column(_KIND, insert_after="objective")
    op.execute(_EVALUATION.update().where(_EVALUATION.c.objective.is_not(None)).values(objective_kind="mean_cost"))
    gaps = list(_gaps())
    for start in range(0, len(gaps), _AT_ONCE):
        chosen = _EVALUATION.c.id.in_(gaps[start : start + _AT_ONCE])
        op.execute(_EVALUATION.update().where(chosen).values(objective_kind="gap_percent"))
    with op.batch_alter_table("evaluation") as batch:
        batch.create_check_constraint(op.f("ck_evaluation_objective_kind"), "objective_kind IN ('gap_percent', 'mean_cost')")
        batch.create_check_constraint(
            op.f("ck_evaluation_objective_kind_if_objective"), "(objective IS NULL) = (objective_kind IS NULL)"
        )


def _gaps() -> Iterator[int]:
    """Row numbers of the evaluations whose objective is a gap."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT evaluation.id, evaluation.objective, instance_result.cost, instance_result.reference "
            "FROM evaluation JOIN instance_result ON instance_result.evaluation_id = evaluation.id "
            "WHERE evaluation.objective IS NOT NULL ORDER BY evaluation.id"
        )
    )
    for (number, objective), results in groupby(rows, key=itemgetter(0, 1)):
        if _is_gap(objective, [(cost, reference) for _, _, cost, reference in results]):
            yield number


def _is_gap(objective: float, results: Sequence[tuple[float | None, float | None]]) -> bool:
    """Whether an objective is a gap.

    The mean of the instances' gaps, or the gap of their sums.
    """
    pairs = [(cost, reference) for cost, reference in results if cost is not None and reference]
    if len(pairs) != len(results):
        return False
    gaps = [sum(_gap(cost, reference) for cost, reference in pairs) / len(pairs)]
    reference = sum(reference for _, reference in pairs)
    if reference:  # references of both signs may cancel out
        gaps.append(_gap(sum(cost for cost, _ in pairs), reference))
    return any(math.isclose(gap, objective, rel_tol=1e-9, abs_tol=1e-9) for gap in gaps)


def _gap(cost: float, reference: float) -> float:
    """Excess over a reference in percent of its size."""
    excess = 100.0 * (cost / reference - 1.0)
    return excess if reference > 0 else -excess
