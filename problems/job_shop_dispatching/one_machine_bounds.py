"""A time before which no schedule of a job shop can be done."""

import heapq

import numpy as np
from numpy.typing import NDArray

from .instance import JobShopInstance

__all__ = ["load_bound", "preemptive_bound", "shop_bound"]


def load_bound(instance: JobShopInstance) -> int:
    """The longest job and the most loaded machine, whatever is before and behind (Taillard 1993, doi:10.1016/0377-2217(93)90182-M)."""
    loads = np.bincount(instance.routes.ravel(), weights=instance.times.ravel().astype(np.float64))
    return int(max(instance.times.sum(axis=1).max(), loads.max()))


def shop_bound(instance: JobShopInstance) -> int:
    """The largest bound of a single job or machine.

    No job is done before it has come and taken all its time. And every machine processes its operations after the work that comes before
    each, and before the work that follows: at best as in Jackson's preemptive schedule.
    """
    before = np.cumsum(instance.times, axis=1) - instance.times + instance.releases[:, None]
    behind = np.cumsum(instance.times[:, ::-1], axis=1)[:, ::-1] - instance.times
    bound = int((instance.releases + instance.times.sum(axis=1)).max())
    for machine in range(instance.machines):
        here = instance.routes == machine
        if here.any():
            bound = max(bound, preemptive_bound(before[here], instance.times[here], behind[here]))
    return bound


def preemptive_bound(heads: NDArray[np.int64], times: NDArray[np.int64], tails: NDArray[np.int64]) -> int:
    """The makespan of Jackson's preemptive schedule.

    It is the least with interruptions (Carlier 1982, doi:10.1016/S0377-2217(82)80007-6).

    Args:
        heads: When each operation can begin at the earliest, shape (operations,).
        times: How long it takes.
        tails: How long it takes from when it is done until all is.
    """
    order = np.argsort(heads, kind="stable")
    waiting: list[tuple[int, int]] = []  # minus the tail, what is left of the time
    now, bound, place = 0, 0, 0
    while place < order.size or waiting:
        if not waiting:
            now = max(now, int(heads[order[place]]))
        while place < order.size and heads[order[place]] <= now:
            heapq.heappush(waiting, (-int(tails[order[place]]), int(times[order[place]])))
            place += 1
        tail, left = heapq.heappop(waiting)
        until = now + left if place == order.size else min(now + left, int(heads[order[place]]))
        if until < now + left:
            heapq.heappush(waiting, (tail, left - (until - now)))
        else:
            bound = max(bound, until - tail)
        now = until
    return bound
