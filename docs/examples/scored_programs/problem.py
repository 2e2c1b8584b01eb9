"""Jobs that are sent to machines by a program of two functions, with a memory that the frame keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Instance, Json, Problem, Split, whole_numbers

CELLS = 3


@dataclass(frozen=True, kw_only=True)
class Queue(Instance):
    """Jobs in the order in which they are sent, and machines of several speeds."""

    speeds: NDArray[np.int64]
    lengths: NDArray[np.int64]


def choose(
    length: float, ends: NDArray[np.float64], speeds: NDArray[np.float64], memory: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Score the machines for the next job; it goes to the machine with the highest score, the first one on ties.

    Args:
        length: Work of the job, at least 1.
        ends: When each machine ends the jobs that it has so far, shape (machines,).
        speeds: Work that each machine does in a unit of time, shape (machines,).
        memory: What `remember` returned last, zeros before the first job, shape (3,).

    Returns:
        One finite score per machine, shape (machines,).
    """
    return -ends


def remember(
    length: float, ends: NDArray[np.float64], speeds: NDArray[np.float64], memory: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Update the memory after a job was sent.

    Args:
        length: Work of the job, at least 1.
        ends: When each machine ends its jobs, this one included, shape (machines,).
        speeds: Work that each machine does in a unit of time, shape (machines,).
        memory: As it was, shape (3,).

    Returns:
        Three finite numbers, shape (3,).
    """
    counted: NDArray[np.float64] = memory + np.array([1.0, length, 0.0])
    return counted


class SentJobs(Problem[Queue]):
    """Send jobs to machines of several speeds, in the given order, so that the last machine ends as early as possible."""

    heuristic = (choose, remember)
    references_are_bounds = True

    def instances(self, split: Split) -> Sequence[Queue]:
        """Four queues of each split."""
        rng = np.random.RandomState({"train": 1, "validation": 2, "test": 3}[split])
        return [
            Queue(name=f"{split}-{number}", family="mixed", speeds=rng.randint(1, 5, 5), lengths=rng.randint(1, 100, 60))
            for number in range(4)
        ]

    def decode(self, data: Mapping[str, Json]) -> Queue:
        """Rebuild an instance in the guest."""
        arrays = {key: np.array(data[key], dtype=np.int64) for key in ("speeds", "lengths")}
        return Queue(name=data["name"], family=data["family"], **arrays)

    def solve(self, heuristic: Heuristic, instance: Queue, rng: np.random.Generator) -> Any:  # noqa: ARG002 - nothing is drawn
        """Ask for each job; the memory lives here, and begins anew with every instance."""
        speeds, ends, memory = instance.speeds.astype(float), np.zeros(len(instance.speeds)), np.zeros(CELLS)
        sent = []
        for length in instance.lengths.astype(float).tolist():
            scores = _numbers(
                heuristic.functions["choose"](length, ends.copy(), speeds.copy(), memory.copy()), len(ends), "choose"
            )
            machine = int(np.argmax(scores))
            ends[machine] += length / speeds[machine]
            sent.append(machine)
            memory = _numbers(
                heuristic.functions["remember"](length, ends.copy(), speeds.copy(), memory.copy()), CELLS, "remember"
            )
        return sent

    def cost(self, instance: Queue, solution: Json) -> float:
        """When the last machine ends, computed from the trusted copy and the list of machines alone."""
        if not isinstance(solution, list):
            raise Infeasible(f"A solution is a list with the machine of every job, not {solution!r:.80}.")
        sent = whole_numbers(solution, length=len(instance.lengths), low=0, high=len(instance.speeds) - 1, what="machine of job")
        work = np.bincount(sent, weights=instance.lengths, minlength=len(instance.speeds))
        return float((work / instance.speeds).max())

    def reference(self, instance: Queue) -> float:
        """All work, spread evenly; a little less, since sums of fractions are rounded."""
        return float(instance.lengths.sum() / instance.speeds.sum()) * (1 - 1e-9)

    def textbook_rules(self) -> Mapping[str, Callable[[Queue], Any]]:
        """Where the job ends first (list scheduling on uniform machines)."""

        def ends_first(length: float, ends: NDArray[np.float64], speeds: NDArray[np.float64], _: Any) -> NDArray[np.float64]:
            return -(ends + length / speeds)

        rule = Heuristic("", {"choose": ends_first, "remember": remember})
        return {"ends_first": lambda instance: self.solve(rule, instance, np.random.default_rng(0))}


def _numbers(returned: Any, length: int, function: str) -> NDArray[np.float64]:
    numbers = np.array(returned, dtype=float)
    if numbers.shape != (length,) or not np.isfinite(numbers).all():
        raise ValueError(f"{function} returned {returned!r:.80}, expected {length} finite numbers")
    return numbers
