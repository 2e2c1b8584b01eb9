"""Compiled loops that check and pack.

Packing is by the textbook rules or by a tabulated heuristic. Item sizes are whole numbers; the level of a bin is its free space.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["bin_loads", "harmonic", "merge", "pack_levels", "sum_of_squares", "worst_fit"]


@njit(cache=True, nogil=True)
def bin_loads(assignment: NDArray[np.int64], items: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum of the sizes in every bin, shape (items,).

    There are as many bins as items.

    Args:
        assignment: Bin of each item, each in 0..items-1 (not checked here), shape (items,).
        items: Sizes, shape (items,).
    """
    loads = np.zeros(items.size, dtype=np.int64)
    for position in range(items.size):
        loads[assignment[position]] += items[position]
    return loads


@njit(cache=True, nogil=True)
def worst_fit(items: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Bin of each item by worst fit.

    It goes to the emptiest opened bin with room, the first on ties, and to a new one if there is none.
    """
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
    """Bin of each item by harmonic.

    Items are sorted into size classes that never share a bin. Class j < classes holds the sizes in (capacity/(j+1), capacity/j], j of
    which fill a bin; the last class holds all smaller ones. Each class fills one bin at a time (next fit).
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
    """Bin of each item by sum of squares.

    It goes where Σ N(h)² becomes smallest, N(h) being the number of bins filled to h, 0 < h < capacity. Ties go to the fullest level, and
    within a level to the first bin. Only levels that some bin has are kept, so that time and memory depend on the bins and not on the
    capacity.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    fill = np.zeros(items.size, dtype=np.int64)
    levels = np.empty(items.size + 1, dtype=np.int64)  # rising, the first `known`
    counts = np.empty(items.size + 1, dtype=np.int64)
    known, opened = 0, 0
    for position in range(items.size):
        size = items[position]
        level = _best_level(levels[:known], counts[:known], size, capacity)
        chosen = opened
        if level > 0:
            chosen = 0
            while fill[chosen] != level:
                chosen += 1
            known = _count(levels, counts, known, level, -1)
        if level + size < capacity:
            known = _count(levels, counts, known, level + size, 1)
        fill[chosen] += size
        opened = max(opened, chosen + 1)
        assignment[position] = chosen
    return assignment


@njit(cache=True, nogil=True)
def _best_level(levels: NDArray[np.int64], counts: NDArray[np.int64], size: int, capacity: int) -> int:
    # Level whose bin should take the item, 0 being a new bin. Raised levels fall as the levels do, so one sweep finds both counts.
    best, best_change = 0, np.iinfo(np.int64).max
    above = levels.size - 1
    for place in range(np.searchsorted(levels, capacity - size, side="right") - 1, -2, -1):
        level = levels[place] if place >= 0 else 0
        change = 1 - 2 * counts[place] if place >= 0 else 0
        if level + size < capacity:
            while above >= 0 and levels[above] > level + size:
                above -= 1
            change += 1 + 2 * counts[above] if above >= 0 and levels[above] == level + size else 1
        if change < best_change:
            best, best_change = level, change
    return best


@njit(cache=True, nogil=True)
def _count(levels: NDArray[np.int64], counts: NDArray[np.int64], known: int, level: int, change: int) -> int:
    # One bin more or less at a level; returns how many levels have bins then.
    place = np.searchsorted(levels[:known], level)
    if place < known and levels[place] == level:
        counts[place] += change
        if counts[place] > 0:
            return known
        for other in range(place, known - 1):
            levels[other], counts[other] = levels[other + 1], counts[other + 1]
        return known - 1
    for other in range(known, place, -1):
        levels[other], counts[other] = levels[other - 1], counts[other - 1]
    levels[place], counts[place] = level, change
    return known + 1


@njit(cache=True, nogil=True)
def pack_levels(items: NDArray[np.int64], capacity: int, scores: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Pack a stream by the scores of levels.

    The result is what the protocol gives bin by bin.

    Args:
        items: Sizes in order of arrival, each in 1..capacity (not checked here), shape (items,).
        capacity: Of every bin.
        scores: By size and level, shape (capacity + 1, capacity + 1); those of levels below the size are never looked at. NaN outranks
            every number, as it does for NumPy's argmax.

    Returns:
        Bin of each item, and the position of the first item that went where the score is NaN, -1 if none did.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    unscored = -1
    # Per level a skew heap of its bins (Sleator & Tarjan 1986), lowest index on top. A bin is in one heap at a time, so two arrays of
    # children serve all. The level `capacity` needs none: only its lowest bin can ever win a tie, so bins are opened in order and the
    # unopened ones are all from `opened` on.
    top = np.full(capacity + 1, -1, dtype=np.int64)
    left = np.full(items.size, -1, dtype=np.int64)
    right = np.full(items.size, -1, dtype=np.int64)
    opened = 0
    top[capacity] = opened
    for position in range(items.size):
        size = items[position]
        level, chosen, best = -1, -1, 0.0
        for candidate in range(size, capacity + 1):
            bin_there = top[candidate]
            if bin_there < 0:
                continue
            score = scores[size, candidate]
            tied = score == best or (np.isnan(score) and np.isnan(best))
            better = score > best or (np.isnan(score) and not np.isnan(best))
            if chosen < 0 or better or (tied and bin_there < chosen):
                level, chosen, best = candidate, bin_there, score
        if unscored < 0 and np.isnan(best):
            unscored = position
        assignment[position] = chosen
        if level == capacity:
            opened += 1
            top[capacity] = opened
        else:
            top[level] = merge(left[chosen], right[chosen], left, right)
            left[chosen] = -1
            right[chosen] = -1
        rest = level - size
        if rest > 0:  # a full bin is never offered again
            top[rest] = merge(top[rest], chosen, left, right)
    return assignment, unscored


@njit(cache=True, nogil=True)
def merge(one: int, other: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Join two skew heaps of bins.

    Args:
        one: The top of the first; -1 if it is empty.
        other: The top of the second.
        left: Of every bin, one child, or -1.
        right: The other.

    Returns:
        The new top.
    """
    if one < 0:
        return other
    if other < 0:
        return one
    if other < one:
        one, other = other, one
    root = one
    while True:
        rest = right[one]
        right[one] = left[one]
        if rest < 0:
            left[one] = other
            return root
        if other < rest:
            rest, other = other, rest
        left[one] = rest
        one = rest
