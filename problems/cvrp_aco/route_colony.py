"""The ant colony that builds routes.

Ants walk by pheromone and heuristic, and every ant leaves pheromone on its way.
"""

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.route_improvement import improve_routes, near_customers
from evoheur.problems.cvrp.tours import tour_routes

from . import kernels

__all__ = ["ANTS", "DECAY", "deposit", "run_colony"]

ANTS = 30
DECAY = 0.9
"""Share of the pheromone that is left after an iteration."""

_LEAST, _MOST = 1e-9, 1e9
_LEAST_PHEROMONE = 1e-10
_MEAN_DISTANCE = 0.5214  # of two uniform points of the unit square


def run_colony(
    heuristic: NDArray[np.float64],
    instance: CvrpInstance,
    rng: np.random.Generator,
    *,
    iterations: int,
    local_search: bool = False,
) -> list[list[int]]:
    """The best routes of an ant system.

    Dorigo, Maniezzo & Colorni (1996, doi:10.1109/3477.484436). The setting is ReEvo's (Ye et al. 2024, arXiv:2402.01145) for nodes in the
    unit square: 30 ants, α = β = 1, decay 0.9, pheromone 1 at the start, and every ant leaves 1 / length on the arcs it took, in its
    direction only. Elsewhere lengths are scaled by the mean distance to what they would be there. Vehicles beyond the fleet count as
    length, as they do in the price.

    Args:
        heuristic: How promising an arc is, shape (nodes, nodes); clipped to 1e-9..1e9. No NaN.
        instance: What to solve.
        rng: Of the ants; no clock is read.
        iterations: How often the ants walk.
        local_search: Whether the shortest tour of each iteration is improved by `improve_routes` before the ants leave their pheromone.
    """
    nodes = instance.customers + 1
    unit = float(instance.distances.sum()) / (nodes * (nodes - 1)) / _MEAN_DISTANCE or 1.0  # 1 where all nodes are in one place
    promise = np.clip(heuristic, _LEAST, _MOST)
    pheromone = np.ones_like(promise)
    tours = np.zeros((ANTS, 2 * instance.customers), dtype=np.int64)
    best, best_length = tours[0].copy(), np.inf
    near = near_customers(instance.distances) if local_search else None
    for _ in range(iterations):
        kernels.build_tours(pheromone * promise, instance.demands, instance.terms, rng.random(tours.shape), tours)
        lengths = _lengths(tours, instance)
        shortest = int(lengths.argmin())
        if near is not None:
            improve_routes(tours[shortest], near, instance.distances, instance.demands, instance.terms)
            lengths[shortest] = _lengths(tours[shortest : shortest + 1], instance)[0]
        if lengths[shortest] < best_length:
            best, best_length = tours[shortest].copy(), lengths[shortest]
        pheromone = np.maximum(pheromone * DECAY, _LEAST_PHEROMONE)
        deposit(pheromone, tours, lengths / unit)
    return tour_routes(best)


def _lengths(tours: NDArray[np.int64], instance: CvrpInstance) -> NDArray[np.float64]:
    limits, lengths = instance.limits, kernels.tour_lengths(tours, instance.distances)
    if instance.max_vehicles is not None:
        lengths += limits.extra * np.maximum(kernels.route_counts(tours) - limits.vehicles, 0)
    return lengths


def deposit(pheromone: NDArray[np.float64], tours: NDArray[np.int64], lengths: NDArray[np.float64]) -> None:
    """Add 1 / length to every arc of every tour, in place.

    Args:
        pheromone: Shape (nodes, nodes).
        tours: Nodes after the depot, zeros at the end, shape (ants, steps). Staying at the depot counts on the
            diagonal, which no ant looks at.
        lengths: Of the tours, shape (ants,).
    """
    kernels.leave(pheromone, tours, 1.0 / np.maximum(lengths, _LEAST))
