"""The compiled loops of the ants."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["legs_of", "renew", "walk"]

_ABREAST = 3
"""Ants that walk in step: a sum has to wait for the one before it, so three sums at a time take little longer than one."""


@njit(cache=True, nogil=True)
def walk(attraction: NDArray[np.float64], draws: NDArray[np.float64], tours: NDArray[np.int64]) -> None:
    """Let every ant visit all cities.

    The first city is uniform; from city i an ant goes to one of those it has not visited with chances proportional to row i.

    Args:
        attraction: Positive and finite, shape (cities, cities).
        draws: Uniform in [0, 1), one per step, shape (ants, cities).
        tours: Is filled with cities in the order of visiting, shape (ants, cities).
    """
    n = tours.shape[1]
    place = np.empty(_ABREAST, dtype=np.int64)
    here = np.empty(_ABREAST, dtype=np.int64)
    waiting = np.empty((_ABREAST, n), dtype=np.uint32)
    heights = np.empty((_ABREAST, n))
    for first in range(0, len(tours), _ABREAST):
        ants = np.minimum(np.arange(first, first + _ABREAST), len(tours) - 1)  # the last one walks again where some are missing
        for index, ant in enumerate(ants):
            waiting[index] = np.arange(n)
            place[index] = int(draws[ant, 0] * n)
        for step in range(n):
            left = n - step - 1
            for index, ant in enumerate(ants):
                here[index] = tours[ant, step] = waiting[index, place[index]]
                waiting[index, place[index]] = waiting[index, left]
            if left == 0:
                break
            _add_up(attraction, here, waiting, left, heights)
            for index, ant in enumerate(ants):
                place[index] = _too_low(heights, index, left - 1, draws[ant, step + 1] * heights[index, left - 1])


@njit(cache=True, nogil=True)
def _add_up(
    attraction: NDArray[np.float64],
    here: NDArray[np.int64],
    waiting: NDArray[np.uint32],
    left: int,
    heights: NDArray[np.float64],
) -> None:
    one, other, third = here[0], here[1], here[2]
    height = other_height = third_height = 0.0
    for index in range(left):
        height += attraction[one, waiting[0, index]]
        other_height += attraction[other, waiting[1, index]]
        third_height += attraction[third, waiting[2, index]]
        heights[0, index], heights[1, index], heights[2, index] = height, other_height, third_height


@njit(cache=True, nogil=True)
def _too_low(heights: NDArray[np.float64], row: int, count: int, target: float) -> int:
    # How many of the first ones in a row are not above the target. As they rise, the next one is the first that is; to look for it by
    # comparing one after the other would be slower.
    low = 0
    for index in range(count):
        low += 1 if heights[row, index] <= target else 0
    return low


@njit(cache=True, nogil=True)
def legs_of(tours: NDArray[np.int64], distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lengths of all legs of the tours.

    From every city of a tour to the next one, shape (ants, cities).
    """
    ants, n = tours.shape
    legs = np.empty((ants, n))
    for ant in range(ants):
        for step in range(n - 1):
            legs[ant, step] = distances[tours[ant, step], tours[ant, step + 1]]
        legs[ant, n - 1] = distances[tours[ant, n - 1], tours[ant, 0]]
    return legs


@njit(cache=True, nogil=True)
def renew(
    pheromone: NDArray[np.float64], tours: NDArray[np.int64], left: NDArray[np.float64], decay: float, least: float
) -> None:
    """Let pheromone evaporate and add the ants' to it, in place.

    Args:
        pheromone: Shape (cities, cities).
        tours: Cities in the order of visiting, shape (ants, cities).
        left: What each ant leaves on both directions of its edges, shape (ants,).
        decay: Share of the pheromone that is left of what was there.
        least: What is left of it at least.
    """
    ants, n = tours.shape
    added = np.zeros((n, n))
    for ant in range(ants):
        for step in range(n):
            onward = step + 1 if step + 1 < n else 0
            added[tours[ant, step], tours[ant, onward]] += left[ant]
    for city in range(n):
        for other in range(n):
            pheromone[city, other] = max(decay * pheromone[city, other], least) + (added[city, other] + added[other, city])
