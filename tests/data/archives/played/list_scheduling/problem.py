# ruff: noqa: INP001 - a user's folder, no package
"""Scheduling jobs that arrive one by one on identical machines, measured in every way there is.

The runs in the archive beside this folder know this file by its hash: it must stay as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Instance, Json, Problem, Split, whole_numbers


@dataclass(frozen=True, kw_only=True)
class Jobs(Instance):
    machines: int
    lengths: NDArray[np.int64]


def choose(length: int, loads: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the machines for the arriving job; it goes to the machine with the highest score, the first one on ties.

    Args:
        length: Time the arriving job takes.
        loads: Total time of the jobs that each machine has so far, shape (machines,).

    Returns:
        One finite score per machine, shape (machines,).
    """
    return -loads.astype(float)


class ListScheduling(Problem[Jobs]):
    """Assign jobs that arrive one by one to identical machines, so that the last machine finishes as early as possible."""

    heuristic = staticmethod(choose)

    def __init__(self, measured: Literal["mean_of_gaps", "ratio_of_sums", "mean_cost", "no_references"] = "mean_of_gaps") -> None:
        self._measured = measured
        self.aggregate = "mean_of_gaps" if measured == "no_references" else measured  # type: ignore[misc]

    def instances(self, split: Split) -> Sequence[Jobs]:
        rng = np.random.RandomState({"train": 1, "validation": 2, "test": 3}[split])
        return [
            Jobs(name=f"{split}-{i}", family="exponential", machines=3 + i, lengths=1 + rng.exponential(40, 30).astype(np.int64))
            for i in range(2)
        ]

    def decode(self, data: Mapping[str, Json]) -> Jobs:
        return Jobs(**{**data, "lengths": np.array(data["lengths"], dtype=np.int64)})

    def solve(self, heuristic: Heuristic, instance: Jobs, rng: np.random.Generator) -> Any:
        loads = np.zeros(instance.machines, dtype=np.int64)
        chosen = []
        for length in instance.lengths.tolist():
            machine = int(np.argmax(heuristic(length, loads.copy())))
            loads[machine] += length
            chosen.append(machine)
        return chosen

    def cost(self, instance: Jobs, solution: Json) -> float:
        chosen = whole_numbers(solution, length=len(instance.lengths), low=0, high=instance.machines - 1, what="machine of job")
        return float(np.bincount(chosen, weights=instance.lengths).max())

    def reference(self, instance: Jobs) -> float | None:
        if self._measured == "no_references":
            return None
        return float(max(instance.lengths.max(), -(-instance.lengths.sum() // instance.machines)))
