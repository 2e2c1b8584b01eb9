"""Compiled loops of first fit and best fit.

The rules serve online and, for items in falling order, offline. Bins are counted from 0.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["best_fit", "first_fit"]


@njit(cache=True, nogil=True)
def first_fit(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item by first fit.

    It goes to the first bin with room.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    free = np.full(items.size, capacity, dtype=np.int64)
    for position in range(items.size):
        chosen = 0
        while free[chosen] < items[position]:
            chosen += 1
        assignment[position] = chosen
        free[chosen] -= items[position]
    return assignment


@njit(cache=True, nogil=True)
def best_fit(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item by best fit.

    It goes to the fullest bin with room, the first on ties.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    free = np.full(items.size, capacity, dtype=np.int64)
    opened = 0
    for position in range(items.size):
        chosen = opened
        for candidate in range(opened):
            if items[position] <= free[candidate] < free[chosen]:
                chosen = candidate
        assignment[position] = chosen
        free[chosen] -= items[position]
        opened = max(opened, chosen + 1)
    return assignment
