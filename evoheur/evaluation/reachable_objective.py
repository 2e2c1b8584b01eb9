"""The smallest objective that a candidate can still reach, kept up instance by instance."""

import math

from evoheur.candidate import InstanceResult
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import RATIO_FLOOR, best_case
from evoheur.problem import Aggregate

__all__ = ["ReachableObjective"]


class ReachableObjective:
    """What `best_case` gives after every instance, to the last bit, without going through all of them each time.

    An instance that costs its reference, as those to come are taken to do, has a gap of 0, which changes no sum.

    Args:
        instances: All of them, each with a reference, which is a lower bound.
        aggregate: The problem's `aggregate`.
    """

    def __init__(self, instances: InstanceSet, aggregate: Aggregate) -> None:
        self._instances = instances
        self._aggregate = aggregate
        self._results: list[InstanceResult] = []
        self._gaps: dict[str, float] = {}  # family → sum of the gaps so far
        self._sizes: dict[str, int] = {}
        for instance in instances.instances:
            self._sizes[self._group(instance.family)] = self._sizes.get(self._group(instance.family), 0) + 1
            self._gaps[self._group(instance.family)] = 0.0
        # Sums of costs, and instances without a gap, are rare enough to be gone through.
        self._plain = aggregate == "mean_of_gaps" and all(instances.references.values())

    def add(self, result: InstanceResult) -> None:
        """Take note of the next instance, which is OK."""
        self._results.append(result)
        if self._plain:
            self._gaps[self._group(result.family)] += result.gap or 0.0

    def value(self) -> float:
        """The smallest objective, minimised, with the instances to come at their references."""
        if not self._plain:
            return best_case(self._results, self._instances, self._aggregate)
        textbook = self._instances.textbook
        gaps = {group: total / self._sizes[group] for group, total in self._gaps.items()}
        if textbook is None:
            return gaps[""]
        ratios = [1.0 + (gap - textbook[group].gap) / max(textbook[group].gap, RATIO_FLOOR) for group, gap in gaps.items()]
        return (math.fsum(ratios) / len(ratios) + max(ratios)) / 2.0

    def _group(self, family: str) -> str:
        return "" if self._instances.textbook is None else family
