"""The objective: one number from the costs of all instances.

It is what a strategy minimises.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evoheur.candidate import InstanceResult, ObjectiveKind, Status
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Aggregate

__all__ = ["Objective", "best_case", "family_gaps", "fold", "gap_percent"]


class Objective(NamedTuple):
    """The number that a strategy minimises, and its kind."""

    value: float
    kind: ObjectiveKind


def gap_percent(results: Sequence[InstanceResult], aggregate: Aggregate) -> float | None:
    """Excess over the references in percent of their size.

    So lower is better for negative costs too.

    Args:
        results: At least one, all of status OK.
        aggregate: "ratio_of_sums" for 100·(Σ cost − Σ reference) / |Σ reference|, anything else for the mean of the instances' gaps.

    Returns:
        The gap, or None where an instance has no reference (or one of 0) to measure against.
    """
    gaps = [gap for result in results if (gap := result.gap) is not None]
    if not results or len(gaps) != len(results):
        return None
    if aggregate != "ratio_of_sums":
        return sum(gaps) / len(gaps)
    cost = sum(result.cost for result in results if result.cost is not None)
    reference = sum(result.reference for result in results if result.reference is not None)
    if reference == 0:
        return None
    excess = 100.0 * (cost / reference - 1.0)
    return excess if reference > 0 else -excess


def fold(results: Sequence[InstanceResult], aggregate: Aggregate) -> Objective:
    """The objective, minimised.

    It is the gap in percent where there are references, else the mean cost.

    Args:
        results: At least one, all of status OK.
        aggregate: The problem's `aggregate`; "mean_cost" ignores references.
    """
    gap = None if aggregate == "mean_cost" else gap_percent(results, aggregate)
    if gap is not None:
        return Objective(gap, "gap_percent")
    costs = [result.cost for result in results if result.cost is not None]
    return Objective(sum(costs) / len(costs), "mean_cost")


def best_case(results: Sequence[InstanceResult], instances: InstanceSet, aggregate: Aggregate) -> float:
    """The smallest objective that a candidate can still reach.

    Every instance to come is taken to cost its reference, a lower bound.

    Args:
        results: Those so far, all of status OK, in the order of the instances.
        instances: All of them, each with a reference.
        aggregate: The problem's `aggregate`.
    """
    rest = [
        InstanceResult(
            instance=instance.name,
            family=instance.family,
            status=Status.OK,
            cost=instances.references[instance.name],
            reference=instances.references[instance.name],
        )
        for instance in instances.instances[len(results) :]
    ]
    return fold([*results, *rest], aggregate).value


def family_gaps(results: Iterable[InstanceResult], aggregate: Aggregate) -> dict[str, float | None]:
    """Family → gap in percent over its instances.

    In the order families first appear; None where one failed or has no reference.
    """
    families: dict[str, list[InstanceResult]] = {}
    for result in results:
        families.setdefault(result.family, []).append(result)
    return {
        family: gap_percent(members, aggregate) if all(member.status is Status.OK for member in members) else None
        for family, members in families.items()
    }
