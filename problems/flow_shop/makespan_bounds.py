"""Times before which no order of the jobs can be done."""

import numpy as np
from numpy.typing import NDArray

from .instance import FlowShopInstance

__all__ = ["lower_bound", "machine_bound", "two_machine_bound"]


def lower_bound(instance: FlowShopInstance) -> int:
    """The larger one of both bounds."""
    return max(machine_bound(instance), two_machine_bound(instance))


def machine_bound(instance: FlowShopInstance) -> int:
    """The bound by single machines and single jobs (Taillard 1993, doi:10.1016/0377-2217(93)90182-M).

    Each machine has to process all jobs, after the least that any job takes before it, and before the least that any takes behind it; and
    no job is done sooner than it takes.
    """
    before, behind = _around(instance.times)
    by_machine = before.min(axis=0) + instance.times.sum(axis=0) + behind.min(axis=0)
    return int(max(by_machine.max(), instance.times.sum(axis=1).max()))


def two_machine_bound(instance: FlowShopInstance) -> int:
    """The bound by pairs of machines, 0 where there is one (Lageweg et al. 1978, doi:10.1287/opre.26.1.53).

    Were the machines between two of them able to process any number of jobs at a time, Johnson's rule would find the best order: on times
    of both machines, each with all that is between them (Mitten 1959, doi:10.1287/mnsc.5.3.293). Before and behind them each pair has the
    least that any job takes there.
    """
    before, behind = _around(instance.times)
    bound = 0
    for first in range(instance.machines):
        for second in range(first + 1, instance.machines):
            early, late = instance.times[:, first], instance.times[:, second]
            lags = instance.times[:, first + 1 : second].sum(axis=1)
            span = _makespan_with_lags(early, lags, late)
            bound = max(bound, int(before[:, first].min()) + span + int(behind[:, second].min()))
    return bound


def _around(times: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Of every job on every machine: what it takes before, and what it takes behind.
    before = np.cumsum(times, axis=1) - times
    return before, times.sum(axis=1, keepdims=True) - before - times


def _makespan_with_lags(early: NDArray[np.int64], lags: NDArray[np.int64], late: NDArray[np.int64]) -> int:
    # Of the best order: the longest path goes over from the first to the second machine at one of the jobs.
    rising = early < late
    keys = np.where(rising, early + lags, -(lags + late))
    order = np.lexsort((keys, ~rising))
    done = np.cumsum(early[order])
    left = np.cumsum(late[order][::-1])[::-1]
    return int((done + lags[order] + left).max())
