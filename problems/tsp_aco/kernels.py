"""The compiled walk of the ants."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["walk"]


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
    waiting = np.empty(n, dtype=np.int64)
    heights = np.empty(n)
    for ant in range(len(tours)):
        for city in range(n):
            waiting[city] = city
        chosen = int(draws[ant, 0] * n)
        for step in range(n):
            current = waiting[chosen]
            tours[ant, step] = current
            left = n - step - 1
            waiting[chosen] = waiting[left]
            if left == 0:
                break
            height = 0.0
            for place in range(left):
                height += attraction[current, waiting[place]]
                heights[place] = height
            target = draws[ant, step + 1] * height
            chosen = 0
            while chosen < left - 1 and heights[chosen] <= target:
                chosen += 1
