"""The ant colony that builds tours.

Ants walk by pheromone and heuristic, and every ant leaves pheromone on its way.
"""

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search.kernels import improve, neighbour_lists, started

from .kernels import legs_of, renew, walk

__all__ = ["ANTS", "DECAY", "improved", "near_cities", "run_colony"]

ANTS = 30
DECAY = 0.9
"""Share of the pheromone that is left after an iteration."""

_NEIGHBOURS = 10  # that local search tries to connect a city with
_LEAST = 1e-12
_MEAN_DISTANCE = 0.5214  # of two uniform points of the unit square


def run_colony(
    heuristic: NDArray[np.float64],
    instance: TspInstance,
    rng: np.random.Generator,
    *,
    iterations: int,
    local_search: bool = False,
) -> NDArray[np.int64]:
    """The best tour of an ant system.

    Dorigo, Maniezzo & Colorni (1996, doi:10.1109/3477.484436). The setting is ReEvo's (Ye et al. 2024, arXiv:2402.01145) for cities in
    the unit square: 30 ants, α = β = 1, decay 0.9, pheromone 1 at the start, and every ant leaves 1 / length on both directions of its
    edges. Elsewhere lengths are scaled by the mean distance to what they would be there, and the heuristic by its largest finite entry,
    so that units do not matter.

    Args:
        heuristic: How promising an edge is, shape (cities, cities); scaled to at most 1, below 1e-12 it counts as 1e-12. No NaN.
        instance: What to solve.
        rng: Of the ants; no clock is read.
        iterations: How often the ants walk.
        local_search: Whether the shortest tour of each iteration is improved by 2-opt and Or-opt (Stützle & Hoos 2000,
            doi:10.1016/S0167-739X(00)00043-1, improve every ant's) before the ants leave their pheromone.

    Returns:
        The shortest tour that an ant walked, or that it became, shape (cities,).
    """
    n, distances = instance.cities, instance.distances
    promise = _scaled(heuristic)
    unit = max(distances.sum() / (n * (n - 1)) / _MEAN_DISTANCE, _LEAST)
    pheromone = np.ones((n, n))
    tours = np.empty((ANTS, n), dtype=np.int64)
    best: NDArray[np.int64] = tours[0]
    shortest = np.inf
    near = near_cities(distances) if local_search else None
    for _ in range(iterations):
        walk(pheromone * promise, rng.random(tours.shape), tours)
        lengths = legs_of(tours, distances).sum(axis=1)
        leader = int(lengths.argmin())
        if near is not None:
            tours[leader] = improved(tours[leader], distances, near)
            lengths[leader] = legs_of(tours[leader : leader + 1], distances).sum()
        if lengths[leader] < shortest:
            best, shortest = tours[leader].copy(), lengths[leader]
        renew(pheromone, tours, unit / np.maximum(lengths, _LEAST * unit), DECAY, _LEAST)
    return best


def near_cities(distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cities that local search tries to connect each city with, nearest first."""
    return neighbour_lists(distances, _NEIGHBOURS)


def improved(tour: NDArray[np.int64], distances: NDArray[np.float64], near: NDArray[np.int64]) -> NDArray[np.int64]:
    """The tour after 2-opt and Or-opt (Croes 1958; Or 1976), until no move shortens it.

    Args:
        tour: Is left as it is.
        distances: Symmetric, shape (cities, cities).
        near: As `near_cities` gives them.
    """
    search = started(tour, distances, distances, near)
    improve(search, True)
    return search.tour


def _scaled(heuristic: NDArray[np.float64]) -> NDArray[np.float64]:
    between = ~np.eye(len(heuristic), dtype=np.bool_)  # the diagonal is never looked at
    finite = heuristic[between & np.isfinite(heuristic)]
    largest = float(finite.max()) if finite.size else 0.0
    scaled = heuristic / largest if largest > 0.0 else np.sign(heuristic)  # nothing but zeros, negatives and infinities
    return np.clip(scaled, _LEAST, 1.0)
