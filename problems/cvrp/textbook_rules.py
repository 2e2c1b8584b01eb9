"""The textbook construction rules, as trusted solvers."""

import numpy as np

from . import kernels
from .instance import CvrpInstance
from .savings import merged, savings_matrix
from .tours import tour_routes

__all__ = ["clarke_wright", "nearest_feasible", "sweep"]


def nearest_feasible(instance: CvrpInstance) -> list[list[int]]:
    """Always the nearest customer that can still be served.

    Home when there is none. The rule that a search starts from.
    """
    return tour_routes(kernels.nearest_feasible(instance.distances, instance.demands, instance.limits))


def clarke_wright(instance: CvrpInstance) -> list[list[int]]:
    """Parallel savings (Clarke & Wright 1964, doi:10.1287/opre.12.4.568)."""
    return merged(savings_matrix(instance.distances, instance.demands), instance)


def sweep(instance: CvrpInstance) -> list[list[int]]:
    """Sweep: routes by angle around the depot.

    Each is then improved by 2-opt; the best of all starts. Gillett & Miller (1974, doi:10.1287/opre.22.2.340).
    """
    across, along = (instance.coordinates[1:] - instance.coordinates[0]).T
    order = np.argsort(np.arctan2(along, across), kind="stable") + 1
    return tour_routes(kernels.best_split(order, instance.distances, instance.demands, instance.limits))
