"""The objective: one number from the costs of all instances.

It is what a strategy minimises.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from typing import NamedTuple

from evoheur.candidate import Evaluation, InstanceResult, ObjectiveKind, Status, TextbookGap
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Aggregate

__all__ = [
    "RATIO_FLOOR",
    "Objective",
    "aggregate_of",
    "best_case",
    "evaluated_family_gaps",
    "family_gaps",
    "family_ratios",
    "fold",
    "gap_percent",
    "refolded",
]

RATIO_FLOOR = 0.1
"""Percentage points by which a gap is divided where the best textbook rule's gap is smaller, or none."""


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
        return _added(gaps) / len(gaps)
    cost = _added(result.cost for result in results if result.cost is not None)
    reference = _added(result.reference for result in results if result.reference is not None)
    if reference == 0:
        return None
    excess = 100.0 * (cost / reference - 1.0)
    return excess if reference > 0 else 0.0 - excess  # which is never -0.0


def fold(results: Sequence[InstanceResult], aggregate: Aggregate, textbook: Mapping[str, TextbookGap] | None = None) -> Objective:
    """The objective, minimised.

    It is the gap in percent where there are references, else the mean cost. Relative to textbook rules it is half the sum of two numbers:
    the mean of the families' ratios (see `family_ratios`), and the worst of them. So it is 1 for what is as good as the best textbook
    rule of every family, below 1 for what is better, and no cost can fall without the objective falling or staying.

    Args:
        results: At least one, all of status OK.
        aggregate: The problem's `aggregate`; "mean_cost" ignores references.
        textbook: Family → the best textbook rule's gap, to be measured by; None for gaps as they are.

    Raises:
        ValueError: `textbook` is given and a family has no gap, or no textbook rule.
    """
    if textbook is not None:
        ratios = family_ratios(results, aggregate, textbook).values()
        return Objective((math.fsum(ratios) / len(ratios) + max(ratios)) / 2.0, "textbook_ratio")
    gap = None if aggregate == "mean_cost" else gap_percent(results, aggregate)
    if gap is not None:
        return Objective(gap, "gap_percent")
    costs = [result.cost for result in results if result.cost is not None]
    return Objective(_added(costs) / len(costs), "mean_cost")


def _added(values: Iterable[float]) -> float:
    # One after the other: `sum` compensates since Python 3.12, and then the same run would find other candidates on another Python.
    return reduce(add, values, 0.0)


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
    return fold([*results, *rest], aggregate, instances.textbook).value


def family_ratios(
    results: Sequence[InstanceResult], aggregate: Aggregate, textbook: Mapping[str, TextbookGap]
) -> dict[str, float]:
    """Family → its gap as a multiple of the best textbook rule's gap there.

    That is 1 + (gap - textbook gap) / max(textbook gap, `RATIO_FLOOR`): gap / textbook gap, but where the textbook rules leave next to
    nothing (or are better than their references) a tenth of a percentage point counts as much as that gap would.

    Args:
        results: At least one, all of status OK.
        aggregate: The problem's `aggregate`.
        textbook: Family → the best textbook rule's gap.

    Raises:
        ValueError: A family has no gap, or no textbook rule.
    """
    ratios = {}
    for family, gap in family_gaps(results, aggregate).items():
        if gap is None or family not in textbook:
            raise ValueError(
                f"family {family!r} has the gap {gap} and textbook gaps are known of {', '.join(textbook) or 'none'}"
            )
        theirs = textbook[family].gap
        ratios[family] = 1.0 + (gap - theirs) / max(theirs, RATIO_FLOOR)
    return ratios


def refolded(evaluation: Evaluation, aggregate: Aggregate, textbook: Mapping[str, TextbookGap]) -> Evaluation:
    """An evaluation with its objective relative to textbook rules.

    A failed one stays as it is.
    """
    if evaluation.status is not Status.OK:
        return evaluation
    objective = fold(evaluation.results, aggregate, textbook)
    return replace(evaluation, objective=objective.value, objective_kind=objective.kind)


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


def evaluated_family_gaps(evaluation: Evaluation) -> dict[str, float | None]:
    """Family → gap in percent of an evaluation.

    None where an instance has no reference; empty if the evaluation failed, since it may not have come to all instances.
    """
    return family_gaps(evaluation.results, aggregate_of(evaluation)) if evaluation.status is Status.OK else {}


def aggregate_of(evaluation: Evaluation) -> Aggregate:
    """How gaps are made one; of archives that do not say so, what makes the stored objective."""
    if evaluation.aggregate is not None or evaluation.objective is None or evaluation.objective_kind != "gap_percent":
        return evaluation.aggregate or "mean_of_gaps"
    gap = gap_percent(evaluation.results, "mean_of_gaps")
    same = gap is not None and math.isclose(gap, evaluation.objective, rel_tol=1e-9, abs_tol=1e-9)
    return "mean_of_gaps" if same else "ratio_of_sums"
