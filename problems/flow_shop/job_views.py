"""What heuristics see of a job, whatever the order: times in units of the instance's mean operation.

Each is one quotient of whole numbers, or computed from such, so that it is the same to the last bit when all times are in another unit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .instance import FlowShopInstance

__all__ = ["JobViews", "in_mean_operations", "weights_of_machines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobViews:
    """Numbers of every job, each of shape (jobs,).

    Attributes:
        mean: Mean time on a machine.
        deviation: Standard deviation of the times on machines, that of a sample.
        longest: Longest time on a machine.
        front: Mean time with the first machines counting more.
        back: Mean time with the last machines counting more.
        head: Time before the bottleneck, which is the machine with the most to do, the first on ties.
        bottleneck: Time on it.
        tail: Time behind it.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    longest: NDArray[np.float64]
    front: NDArray[np.float64]
    back: NDArray[np.float64]
    head: NDArray[np.float64]
    bottleneck: NDArray[np.float64]
    tail: NDArray[np.float64]

    def rows(self) -> NDArray[np.float64]:
        """All of them in their order, shape (8, jobs)."""
        return np.array([self.mean, self.deviation, self.longest, self.front, self.back, self.head, self.bottleneck, self.tail])

    @classmethod
    def of(cls, instance: FlowShopInstance) -> "JobViews":
        """The views of an instance's jobs."""
        times, machines = instance.times, instance.machines
        sums = times.sum(axis=1)
        first, last = weights_of_machines(machines)
        busiest = int(times.sum(axis=0).argmax())
        return cls(
            mean=sums * instance.jobs / instance.total,
            deviation=_deviations(instance),
            longest=in_mean_operations(instance, times.max(axis=1)),
            front=in_mean_operations(instance, times @ first, first.sum()),
            back=in_mean_operations(instance, times @ last, last.sum()),
            head=in_mean_operations(instance, times[:, :busiest].sum(axis=1)),
            bottleneck=in_mean_operations(instance, times[:, busiest]),
            tail=in_mean_operations(instance, times[:, busiest + 1 :].sum(axis=1)),
        )


def in_mean_operations(instance: FlowShopInstance, times: NDArray[np.int64], over: int = 1) -> NDArray[np.float64]:
    """Times in units of the instance's mean operation, divided by a further whole number.

    Args:
        instance: Whose unit it is.
        times: In its own unit.
        over: What they are sums of, such as the sum of weights.
    """
    return times * (instance.jobs * instance.machines) / (instance.total * over)


def weights_of_machines(machines: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Weights that rather count the first machines, and the last, of Kalczynski & Kamburowski (2008, doi:10.1016/j.cor.2007.05.001).

    Of machine i of m they are (m-1)(m-2)/2 + m - i, and + i - 1. All are equal where they would be 0, for a single machine.
    """
    numbers = np.arange(1, machines + 1)
    base = (machines - 1) * (machines - 2) // 2
    if machines == 1:
        return np.ones(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    return base + machines - numbers, base + numbers - 1


def _deviations(instance: FlowShopInstance) -> NDArray[np.float64]:
    # Of times that were divided before, since a square of theirs has no unit that could be divided exactly.
    if instance.machines == 1:
        return np.zeros(instance.jobs)
    deviations: NDArray[np.float64] = in_mean_operations(instance, instance.times).std(axis=1, ddof=1)
    return deviations
