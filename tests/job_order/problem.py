"""Jobs on one machine in the order of a rule, with lengths and weights in units that must not matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Instance, Json, Problem, Split, Symmetry, scaled, whole_numbers


@dataclass(frozen=True, kw_only=True)
class Jobs(Instance):
    lengths: NDArray[np.float64]
    weights: NDArray[np.int64]


def urgency(lengths: NDArray[np.float64], weights: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the jobs; the one with the highest score comes first.

    Args:
        lengths: Time that each job takes, shape (jobs,).
        weights: What a unit of waiting for it costs, shape (jobs,).
        numbers: Of the jobs, 0, 1, 2, …, shape (jobs,).

    Returns:
        One number per job, shape (jobs,).
    """
    return weights.astype(float)  # the best order has the highest weight per length first (Smith 1956)


def _reversed(instance: Jobs) -> Jobs:
    return replace(instance, lengths=instance.lengths[::-1].copy(), weights=instance.weights[::-1].copy())


class JobOrder(Problem[Jobs]):
    """Order jobs on one machine so that the sum of weight times time of completion is the smallest."""

    heuristic = staticmethod(urgency)
    symmetries = (
        scaled("lengths", by=1024),
        scaled("weights", by=10),
        Symmetry(
            name="jobs from the last to the first",
            change=_reversed,
            back=lambda instance, order: [len(instance.lengths) - 1 - job for job in order],
        ),
    )

    def instances(self, split: Split) -> Sequence[Jobs]:
        rng = np.random.RandomState({"train": 1, "validation": 2, "test": 3}[split])
        return [
            Jobs(
                name=f"{split}-{number}",
                family="short" if number < 3 else "long",
                lengths=rng.rand(12) * 20 + 1,
                weights=rng.permutation(30)[:12] + 1,  # no two alike, as ties go by the number
            )
            for number in range(5)
        ]

    def decode(self, data: Mapping[str, Json]) -> Jobs:
        return Jobs(**{**data, "lengths": np.array(data["lengths"], dtype=float), "weights": np.array(data["weights"])})

    def solve(self, heuristic: Heuristic, instance: Jobs, rng: np.random.Generator) -> list[int]:
        scores = heuristic(instance.lengths.copy(), instance.weights.copy(), np.arange(len(instance.lengths)))
        order: list[int] = np.argsort(-np.asarray(scores, dtype=float), kind="stable").tolist()
        return order

    def cost(self, instance: Jobs, solution: Json) -> float:
        jobs = len(instance.lengths)
        order = whole_numbers(solution, length=jobs, low=0, high=jobs - 1, what="job")
        if len(set(order.tolist())) != jobs:
            raise Infeasible(f"a job comes twice in {order.tolist()}")
        return float((instance.weights[order] * np.cumsum(instance.lengths[order])).sum())

    def reference(self, instance: Jobs) -> float:
        best = np.argsort(-instance.weights / instance.lengths)
        return self.cost(instance, best.tolist())
