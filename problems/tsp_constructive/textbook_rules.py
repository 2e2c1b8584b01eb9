"""The textbook rules, as trusted solvers.

Five build a tour, and two improve one.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import TextbookRule
from evoheur.problems.tsp.construction import kernels
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search.kernels import improve, neighbour_lists, started
from evoheur.problems.tsp.spacing_units import own_lengths, spacing_of

from .tour_construction import START

__all__ = ["NEIGHBOURS", "RULES"]

NEIGHBOURS = 50
"""Cities that local search tries to connect a city with; more of them make no better tours, but cost more time."""


def nearest_neighbour(instance: TspInstance) -> NDArray[np.int64]:
    """Nearest neighbour, from city 0 on.

    Always to the nearest city that is left; the rule that a search starts from.
    """
    return kernels.nearest_neighbour(own_lengths(instance), START)


def nearest_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Nearest insertion: the nearest city, where it costs least.

    The city nearest to the tour (Rosenkrantz, Stearns & Lewis 1977, doi:10.1137/0206041).
    """
    return kernels.insertion(own_lengths(instance), START, False)


def farthest_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Farthest insertion: the farthest city, where it costs least.

    The city farthest from the tour (Rosenkrantz, Stearns & Lewis 1977, doi:10.1137/0206041).
    """
    return kernels.insertion(own_lengths(instance), START, True)


def greedy_edge(instance: TspInstance) -> NDArray[np.int64]:
    """Greedy edge: shortest edges first.

    As long as they can be part of a tour (Bentley 1992, doi:10.1287/ijoc.4.4.387).
    """
    if instance.is_large:
        return kernels.greedy_edge_by_length(own_lengths(instance), spacing_of(instance))
    return kernels.greedy_edge(instance.distances)


def nearest_neighbour_2opt(instance: TspInstance) -> NDArray[np.int64]:
    """Nearest neighbour, improved by 2-opt (Croes 1958, doi:10.1287/opre.6.6.791)."""
    return _improved(nearest_neighbour(instance), instance, or_opt=False)


def greedy_2opt_oropt(instance: TspInstance) -> NDArray[np.int64]:
    """Greedy edge, improved by 2-opt and Or-opt (Or 1976; Bentley 1992, doi:10.1287/ijoc.4.4.387)."""
    return _improved(greedy_edge(instance), instance, or_opt=True)


def _improved(tour: NDArray[np.int64], instance: TspInstance, *, or_opt: bool) -> NDArray[np.int64]:
    distances = own_lengths(instance)
    search = started(tour, distances, distances, neighbour_lists(distances, NEIGHBOURS))
    improve(search, or_opt)
    return search.tour


RULES: dict[str, Callable[[TspInstance], NDArray[np.int64]]] = {
    "nearest_neighbour": nearest_neighbour,
    "nearest_insertion": nearest_insertion,
    "farthest_insertion": farthest_insertion,
    "greedy_edge": greedy_edge,
    "nearest_neighbour_2opt": TextbookRule(solve=nearest_neighbour_2opt, work="search"),
    "greedy_2opt_oropt": TextbookRule(solve=greedy_2opt_oropt, work="search"),
}
