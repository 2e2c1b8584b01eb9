"""The ant colony that builds tours.

Ants walk by pheromone and heuristic, and every ant leaves pheromone on its way.
"""

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.instance import TspInstance

from .kernels import legs_of, renew, walk

__all__ = ["ANTS", "DECAY", "run_colony"]

ANTS = 30
DECAY = 0.9
"""Share of the pheromone that is left after an iteration."""

_LEAST = 1e-12
_MEAN_DISTANCE = 0.5214  # of two uniform points of the unit square


def run_colony(
    heuristic: NDArray[np.float64], instance: TspInstance, rng: np.random.Generator, *, iterations: int
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

    Returns:
        The shortest tour that an ant walked, shape (cities,).
    """
    n, distances = instance.cities, instance.distances
    promise = _scaled(heuristic)
    unit = max(distances.sum() / (n * (n - 1)) / _MEAN_DISTANCE, _LEAST)
    pheromone = np.ones((n, n))
    tours = np.empty((ANTS, n), dtype=np.int64)
    best: NDArray[np.int64] = tours[0]
    shortest = np.inf
    for _ in range(iterations):
        walk(pheromone * promise, rng.random(tours.shape), tours)
        lengths = legs_of(tours, distances).sum(axis=1)
        leader = int(lengths.argmin())
        if lengths[leader] < shortest:
            best, shortest = tours[leader].copy(), lengths[leader]
        renew(pheromone, tours, unit / np.maximum(lengths, _LEAST * unit), DECAY, _LEAST)
    return best


def _scaled(heuristic: NDArray[np.float64]) -> NDArray[np.float64]:
    between = ~np.eye(len(heuristic), dtype=np.bool_)  # the diagonal is never looked at
    finite = heuristic[between & np.isfinite(heuristic)]
    largest = float(finite.max()) if finite.size else 0.0
    scaled = heuristic / largest if largest > 0.0 else np.sign(heuristic)  # nothing but zeros, negatives and infinities
    return np.clip(scaled, _LEAST, 1.0)
