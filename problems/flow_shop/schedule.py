"""Checking and pricing the order of the jobs, on the trusted side."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json, whole_numbers

from .instance import FlowShopInstance

__all__ = ["completion_times", "makespan", "order_of_jobs"]


def order_of_jobs(instance: FlowShopInstance, solution: Json) -> NDArray[np.int64]:
    """Read an order of all jobs from an untrusted answer.

    Raises:
        Infeasible: It is no list that has each of 0..jobs-1 once.
    """
    order = whole_numbers(solution, length=instance.jobs, low=0, high=instance.jobs - 1, what="job at position")
    counts = np.bincount(order, minlength=instance.jobs)
    if (counts > 1).any():
        twice = int(np.flatnonzero(counts > 1)[0])
        raise Infeasible(f"job {twice} is scheduled {counts[twice]} times")
    return order


def completion_times(instance: FlowShopInstance, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """When each job of an order leaves each machine, if all begin as early as they can; shape (jobs, machines)."""
    ends = np.zeros((instance.jobs, instance.machines), dtype=np.int64)
    free = [0] * instance.machines
    for place, job in enumerate(order.tolist()):
        ready = 0
        for machine, time in enumerate(instance.times[job].tolist()):
            ready = max(ready, free[machine]) + time
            free[machine] = ready
        ends[place] = free
    return ends


def makespan(instance: FlowShopInstance, order: NDArray[np.int64]) -> int:
    """When the last job of an order leaves the last machine."""
    return int(completion_times(instance, order)[-1, -1])
