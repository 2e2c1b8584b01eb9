"""Compiled loops: checking a packing, and packing by the textbook rules. Item sizes and levels are whole numbers."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["best_fit", "bin_loads", "first_fit", "harmonic", "sum_of_squares", "worst_fit"]


@njit(cache=True, nogil=True)
def bin_loads(assignment: NDArray[np.int64], items: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum of the sizes in every bin, shape (items,): there are as many bins as items.

    Args:
        assignment: Bin of each item, each in 0..items-1 (not checked here), shape (items,).
        items: Sizes, shape (items,).
    """
    loads = np.zeros(items.size, dtype=np.int64)
    for position in range(items.size):
        loads[assignment[position]] += items[position]
    return loads


@njit(cache=True, nogil=True)
def first_fit(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item when it goes to the first bin with room."""
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
    """Bin of each item when it goes to the fullest bin with room, the first on ties."""
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


@njit(cache=True, nogil=True)
def worst_fit(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item when it goes to the emptiest opened bin with room, the first on ties, and to a new one if there is none."""
    assignment = np.empty(items.size, dtype=np.int64)
    free = np.full(items.size, capacity, dtype=np.int64)
    opened = 0
    for position in range(items.size):
        chosen = -1
        room = items[position] - 1
        for candidate in range(opened):
            if free[candidate] > room:
                chosen, room = candidate, free[candidate]
        if chosen < 0:
            chosen = opened
            opened += 1
        assignment[position] = chosen
        free[chosen] -= items[position]
    return assignment


@njit(cache=True, nogil=True)
def harmonic(items: NDArray[np.int64], capacity: int, classes: int) -> NDArray[np.int64]:
    """Bin of each item when items are sorted into size classes that never share a bin.

    Class j < classes holds the sizes in (capacity/(j+1), capacity/j], j of which fill a bin; the last class holds all smaller ones. Each
    class fills one bin at a time (next fit).
    """
    assignment = np.empty(items.size, dtype=np.int64)
    current = np.full(classes + 1, -1, dtype=np.int64)
    free = np.zeros(classes + 1, dtype=np.int64)
    opened = 0
    for position in range(items.size):
        kind = min(capacity // items[position], classes)
        if current[kind] < 0 or free[kind] < items[position]:
            current[kind], free[kind] = opened, capacity
            opened += 1
        assignment[position] = current[kind]
        free[kind] -= items[position]
    return assignment


@njit(cache=True, nogil=True)
def sum_of_squares(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item when it goes where Σ N(h)² becomes smallest, N(h) being the number of bins filled to h, 0 < h < capacity.

    Ties go to the fullest level, and within a level to the first bin.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    fill = np.zeros(items.size, dtype=np.int64)
    count = np.zeros(capacity + 1, dtype=np.int64)
    opened = 0
    for position in range(items.size):
        size = items[position]
        best_level, best_change = 0, np.iinfo(np.int64).max
        for level in range(capacity - size, -1, -1):
            if level > 0 and count[level] == 0:
                continue
            change = 1 - 2 * count[level] if level > 0 else 0
            if level + size < capacity:
                change += 1 + 2 * count[level + size]
            if change < best_change:
                best_level, best_change = level, change
        chosen = opened
        for candidate in range(opened):
            if fill[candidate] == best_level:
                chosen = candidate
                break
        count[best_level] -= best_level > 0
        count[best_level + size] += 1
        fill[chosen] += size
        opened = max(opened, chosen + 1)
        assignment[position] = chosen
    return assignment
