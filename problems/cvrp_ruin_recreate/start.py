"""The start of every search, and routes from states."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.savings import joined_arcs, joined_pairs, savings_matrix

from . import kernels

__all__ = ["DEVIATION", "MOST_REMOVED", "listed_routes", "savings_state"]

DEVIATION = 0.005
"""A new solution may be this much longer than the record at the start of a search; the deviation falls linearly to 0."""

MOST_REMOVED = 20
"""Customers taken out at once: uniform in 1..20, or 1..customers where there are fewer."""


def savings_state(instance: CvrpInstance) -> NDArray[np.int64]:
    """The state of Clarke & Wright's routes (1964, doi:10.1287/opre.12.4.568)."""
    savings = savings_matrix(instance.distances, instance.demands)
    if instance.limits.one_way:
        return kernels.directed_state(joined_arcs(savings, instance), instance.demands)
    return kernels.start_state(joined_pairs(savings, instance), instance.demands)


def listed_routes(state: NDArray[np.int64]) -> list[list[int]]:
    """The routes of a state as lists of customers."""
    following = state[kernels.NEXT].tolist()
    routes = []
    for first in state[kernels.FIRST].tolist():
        route, node = [], first
        while node:
            route.append(node)
            node = following[node]
        if route:
            routes.append(route)
    return routes
