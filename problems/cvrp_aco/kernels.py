"""Compiled loops of the ant colony."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import FREE_FLEET, RouteLimits, Terms

__all__ = ["build_tours", "leave", "route_counts", "tour_lengths"]


@njit(cache=True, nogil=True)
def build_tours(
    attraction: NDArray[np.float64],
    demands: NDArray[np.int64],
    terms: Terms,
    draws: NDArray[np.float64],
    tours: NDArray[np.int64],
) -> None:
    """Let every ant walk from depot to all customers.

    There are returns in between. From node i an ant goes to one of the waiting customers that it can still serve, or home if it is not
    there, with chances proportional to row i; home it must go when there is no one, and only then where the number of vehicles is
    limited. After the last customer it goes home.

    Args:
        attraction: Positive and finite, shape (nodes, nodes).
        demands: Of the nodes, shape (nodes,).
        terms: The limits of vehicles and fleet.
        draws: Uniform in [0, 1), one per step, shape (ants, 2 · customers).
        tours: Is filled with nodes, every 0 ends a route, zeros at the end, shape (ants, 2 · customers).
    """
    limits, customers = RouteLimits(*terms), demands.size - 1
    waiting = np.empty(customers, dtype=np.int64)
    heights = np.empty(customers + 1)
    limited, free_fleet = limits.duration < np.inf, limits.vehicles == FREE_FLEET
    for ant in range(tours.shape[0]):
        for place in range(customers):
            waiting[place] = place + 1
        left, free, here, step, spent = customers, limits.capacity, 0, 0, 0.0
        while left > 0:
            height = attraction[here, 0] if here and free_fleet else 0.0
            heights[customers] = height
            if limited:
                height = _add_up_in_time(attraction[here], waiting[:left], demands, limits, (here, free, spent), heights)
            else:
                for place in range(left):
                    if demands[waiting[place]] <= free:
                        height += attraction[here, waiting[place]]
                    heights[place] = height
            target = draws[ant, step] * height
            chosen = -1  # home
            if target >= heights[customers]:
                chosen = 0
                while chosen < left and heights[chosen] <= target:
                    chosen += 1
                if chosen == left:  # no one fits, or the draw was rounded up to the very top
                    chosen = _last_that_fits(waiting[:left], demands, limits, (here, free, spent))
            if chosen < 0:
                here, free, spent = 0, limits.capacity, 0.0
            else:
                spent += limits.durations[here, waiting[chosen]]
                here = waiting[chosen]
                free -= demands[here]
                left -= 1
                waiting[chosen] = waiting[left]
            tours[ant, step] = here
            step += 1
        tours[ant, step:] = 0


@njit(cache=True, nogil=True)
def _add_up_in_time(
    row: NDArray[np.float64],
    waiting: NDArray[np.int64],
    demands: NDArray[np.int64],
    limits: RouteLimits,
    ant: tuple[int, int, float],
    heights: NDArray[np.float64],
) -> float:
    # On top of the height of home, which stands behind all others.
    height = heights[-1]
    for place in range(waiting.size):
        if _fits(waiting[place], demands, limits, ant):
            height += row[waiting[place]]
        heights[place] = height
    return float(height)


@njit(cache=True, nogil=True)
def _last_that_fits(
    waiting: NDArray[np.int64], demands: NDArray[np.int64], limits: RouteLimits, ant: tuple[int, int, float]
) -> int:
    for place in range(waiting.size - 1, -1, -1):
        if _fits(waiting[place], demands, limits, ant):
            return place
    return -1


@njit(cache=True, nogil=True)
def _fits(node: int, demands: NDArray[np.int64], limits: RouteLimits, ant: tuple[int, int, float]) -> bool:
    here, free, spent = ant
    there = spent + limits.durations[here, node]
    return bool(demands[node] <= free and there + limits.durations[node, 0] <= limits.duration)


@njit(cache=True, nogil=True)
def tour_lengths(tours: NDArray[np.int64], distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Length of each tour, shape (ants,).

    From the depot through all its nodes back to the depot.
    """
    lengths = np.empty(len(tours))
    for ant in range(len(tours)):
        length, here = 0.0, 0
        for step in range(tours.shape[1]):
            length += distances[here, tours[ant, step]]
            here = tours[ant, step]
        lengths[ant] = length + distances[here, 0]
    return lengths


@njit(cache=True, nogil=True)
def route_counts(tours: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many routes of each tour visit someone, shape (ants,)."""
    counts = np.zeros(len(tours), dtype=np.int64)
    for ant in range(len(tours)):
        here = 0
        for node in tours[ant]:
            counts[ant] += here == 0 and node != 0
            here = node
    return counts


@njit(cache=True, nogil=True)
def leave(pheromone: NDArray[np.float64], tours: NDArray[np.int64], left: NDArray[np.float64]) -> None:
    """Add each ant's pheromone to its tour, in place.

    What it has left, shape (ants,), is added to every arc from the depot on.
    """
    for ant in range(len(tours)):
        here = 0
        for step in range(tours.shape[1]):
            pheromone[here, tours[ant, step]] += left[ant]
            here = tours[ant, step]
