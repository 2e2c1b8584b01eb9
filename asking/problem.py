"""Scheduling jobs that arrive one by one on identical machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    return -loads.astype(float)  # Graham's list scheduling: the machine that is free first


def drawn(prefix: str, seed: int) -> list[Jobs]:
    rng = np.random.RandomState(seed)
    return [
        Jobs(name=f"{prefix}-{i}", family="exponential", machines=6, lengths=1 + rng.exponential(40, 60).astype(np.int64))
        for i in range(4)
    ]


class ListScheduling(Problem[Jobs]):
    """Assign jobs that arrive one by one to identical machines, so that the last machine finishes as early as possible."""

    heuristic = staticmethod(choose)
    references_are_bounds = True
    libraries = ('scipy',)

    def instances(self, split: Split) -> Sequence[Jobs]:
        return drawn(split, {"train": 1, "validation": 2, "test": 3}[split])

    def resampled(self, seed: int) -> Sequence[Jobs]:
        return drawn(f"train-{seed}", 4 + seed)

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

    def measures(self, instance: Jobs, solution: Json) -> dict[str, float]:
        return {"machines used": float(len(set(solution)))}

    def reference(self, instance: Jobs) -> float:
        return float(max(instance.lengths.max(), -(-instance.lengths.sum() // instance.machines)))
