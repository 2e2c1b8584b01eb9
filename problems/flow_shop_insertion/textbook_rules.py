"""The textbook rules of the permutation flow shop, as trusted solvers.

Those that insert look at nothing but the times; no rule is asked.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.flow_shop.job_views import JobViews, weights_of_machines
from evoheur.problems.flow_shop.kernels import FIRST, LAST, LEAST_IDLE, insert_in_order
from evoheur.problems.flow_shop.schedule import makespan

__all__ = ["RULES", "cds", "neh", "neh_deviation", "neh_least_idle", "nehkk1", "palmer"]


def neh(instance: FlowShopInstance) -> NDArray[np.int64]:
    """NEH: longer jobs first, each to the first of its best places (Nawaz, Enscore & Ham 1983, doi:10.1016/0305-0483(83)90088-9).

    The rules that a search starts from.
    """
    return _inserted(instance, instance.times.sum(axis=1), FIRST)


def neh_least_idle(instance: FlowShopInstance) -> NDArray[np.int64]:
    """NEH, where a job takes that of its best places where machines idle least.

    After Fernandez-Viagas & Framinan (2014, doi:10.1016/j.cor.2013.12.012).
    """
    return _inserted(instance, instance.times.sum(axis=1), LEAST_IDLE)


def neh_deviation(instance: FlowShopInstance) -> NDArray[np.int64]:
    """NEH in order of the mean and the standard deviation of a job's times, together.

    The order of Dong, Huang & Chen (2008, doi:10.1016/j.cor.2007.05.005), without their way of breaking ties.
    """
    views = JobViews.of(instance)
    return _inserted(instance, views.mean + views.deviation, FIRST)


def nehkk1(instance: FlowShopInstance) -> NDArray[np.int64]:
    """NEHKK1: in order of the smaller of two weighted sums, which decides over ties too.

    Of the best places the first one where the first machines' sum is the smaller one, else the last one (Kalczynski & Kamburowski 2008,
    doi:10.1016/j.cor.2007.05.001).
    """
    front, back = (instance.times @ weights for weights in weights_of_machines(instance.machines))
    return _inserted(instance, np.minimum(front, back), np.where(front <= back, FIRST, LAST))


def palmer(instance: FlowShopInstance) -> NDArray[np.int64]:
    """Palmer's slope index: jobs whose times grow along the machines first (Palmer 1965, doi:10.1057/jors.1965.8)."""
    slopes = 2 * np.arange(1, instance.machines + 1) - 1 - instance.machines
    return np.argsort(-(instance.times @ slopes), kind="stable")


def cds(instance: FlowShopInstance) -> NDArray[np.int64]:
    """CDS: the best of several orders by Johnson's rule.

    One for every k, with the first k machines taken for one machine, and the last k for the other. Campbell, Dudek & Smith (1970,
    doi:10.1287/mnsc.16.10.B630); Johnson (1954, doi:10.1002/nav.3800010110).
    """
    splits = range(1, max(2, instance.machines))
    orders = [_johnson(instance.times[:, :k].sum(axis=1), instance.times[:, -k:].sum(axis=1)) for k in splits]
    return min(orders, key=lambda order: makespan(instance, order))


def _johnson(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    # Those that are faster on the first machine in rising order of it, then the others in falling order of the second one.
    early = np.flatnonzero(first < second)
    late = np.flatnonzero(first >= second)
    return np.concatenate([early[np.argsort(first[early], kind="stable")], late[np.argsort(-second[late], kind="stable")]])


def _inserted(
    instance: FlowShopInstance, scores: NDArray[np.int64] | NDArray[np.float64], ties: int | NDArray[np.int64]
) -> NDArray[np.int64]:
    by_job = np.broadcast_to(np.asarray(ties, dtype=np.int64), instance.jobs).copy()
    return insert_in_order(instance.times, np.argsort(-scores, kind="stable"), by_job)


RULES: dict[str, Callable[[FlowShopInstance], NDArray[np.int64]]] = {
    "neh": neh,
    "neh_least_idle": neh_least_idle,
    "neh_deviation": neh_deviation,
    "nehkk1": nehkk1,
    "palmer": palmer,
    "cds": cds,
}
