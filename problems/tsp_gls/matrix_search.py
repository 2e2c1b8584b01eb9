"""The interface in which a guide scores all edges in a matrix, before every single penalty."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import real_numbers
from evoheur.problems.tsp.construction.kernels import nearest_neighbour
from evoheur.problems.tsp.instance import TspInstance, read_only
from evoheur.problems.tsp.local_search.kernels import improve, neighbour_lists, started

from .matrix_kernels import perturb

__all__ = ["NEIGHBOURS", "PERTURBATIONS", "WEIGHT", "guide", "guided_by_matrices", "perturbations_of"]

NEIGHBOURS = 10
"""Cities that local search tries to connect a city with."""

PERTURBATIONS = 200
"""How often an edge is penalised where nothing else is said."""

WEIGHT = 1.0
"""Voudouris & Tsang's a: what a penalty adds, as a share of the mean edge of the first local optimum."""


def guide(
    distances: NDArray[np.float64],
    tour: NDArray[np.int64],
    penalties: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Say how much each edge deserves to be penalised.

    The search is in a local optimum: it knows no better tour than `tour` nearby. The edge of the tour with the highest entry (of both
    directions together, the first one on ties) gets one more penalty, which makes it longer, and the search goes on.

    Args:
        distances: Between any two cities, symmetric, positive (the diagonal holds the largest distance), shape (cities, cities). Not
            to be changed. The unit is the mean distance from a city to its nearest one, so that they mean the same on every map.
        tour: Index of each city in the order of visiting; the last one is followed by the first. Shape (cities,).
        penalties: How often each edge was penalised so far, symmetric, shape (cities, cities). Not to be changed.

    Returns:
        One real number per edge, shape (cities, cities); not NaN.
    """
    return distances.copy()


def guided_by_matrices(guide: Callable[..., Any], instance: TspInstance, *, perturbations: int) -> NDArray[np.int64]:
    """The best tour that guided local search finds.

    After Voudouris & Tsang (1999, doi:10.1016/S0377-2217(98)00099-X), with a descent without penalties after each with them, as knowledge
    guided local search has it (Arnold & Sörensen 2019, doi:10.1016/j.cor.2019.01.002). From the nearest neighbour tour, improved by 2-opt
    and Or-opt, each perturbation asks the guide, penalises one edge of the tour, and searches with and then without penalties from where
    it stands. No clock is read and nothing is drawn.

    Args:
        guide: (distances, tour, penalties) → matrix; the distances as `TspInstance.divisible` makes them.
        instance: At least 5 cities.
        perturbations: How many.

    Returns:
        The shortest of all tours on the way.

    Raises:
        BadAnswer: The guide's answer is no matrix of real numbers.
    """
    distances, n = instance.distances, instance.cities
    search = started(nearest_neighbour(distances, 0), distances.copy(), distances, neighbour_lists(distances, NEIGHBOURS))
    improve(search, True)
    search.moved[:] = False
    weight = WEIGHT * search.lengths[0] / n
    penalties = np.zeros((n, n), dtype=np.int64)
    shown = read_only(instance.divisible()), read_only(penalties)
    for _ in range(perturbations):
        answer = guide(shown[0], search.tour.copy(), shown[1])
        perturb(search, np.ascontiguousarray(real_numbers(answer, (n, n), "guide")), penalties, weight)
    return search.best


def perturbations_of(perturbations: int | None) -> int:
    """How often an edge is penalised; `PERTURBATIONS` times where nothing is said (None)."""
    return PERTURBATIONS if perturbations is None else perturbations
