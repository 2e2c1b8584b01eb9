"""Compiled loops that keep the levels of open bins, and textbook rules that go by them.

A level is the free space of an open bin that is not full. Only levels that some bin has are kept, rising, so that time and memory depend
on the stream and not on the capacity. Within a level the bin that was opened first takes the item.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["SCALARS", "VIEWS", "LevelShelf", "arrive", "finishing_sum_of_squares", "joined_heaps", "place"]

SCALARS = 6  # item, capacity, arrived, mean, space, left
VIEWS = 7  # free, rest, here, there, fill_there, fit_here, fit_there
_KNOWN, _DISTINCT, _OPENED, _ARRIVED, _TOTAL = range(5)


class LevelShelf(NamedTuple):
    """The open bins and the items so far; arrays for as many items as may come.

    Attributes:
        numbers: Levels, sizes, bins opened, items arrived and their sum, shape (5,).
        levels: Free spaces that open bins have, rising, the first `numbers[0]` of them valid.
        counts: Bins of each level.
        tops: First bin of each level: the top of a skew heap (Sleator & Tarjan 1986).
        left: Left child of every bin in its heap, -1 for none.
        right: Right child.
        sizes: Sizes that arrived, rising, the first `numbers[1]` of them valid.
        seen: How many items of each size arrived.
    """

    numbers: NDArray[np.int64]
    levels: NDArray[np.int64]
    counts: NDArray[np.int64]
    tops: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    sizes: NDArray[np.int64]
    seen: NDArray[np.int64]


@njit(cache=True, nogil=True)
def arrive(
    shelf: LevelShelf, item: int, capacity: int, announced: int, scalars: NDArray[np.float64], views: NDArray[np.float64]
) -> int:
    """Book an item that arrives, and write what a rule is shown.

    Args:
        shelf: Changed.
        item: Its size, in 1..capacity.
        capacity: Of every bin.
        announced: How many items come in all.
        scalars: Written, shape (SCALARS,).
        views: Written, shape (VIEWS, at least levels + 1): a column per level with room, rising, and the last for a new bin.

    Returns:
        How many columns there are.
    """
    numbers = shelf.numbers
    space = float(numbers[_OPENED] * capacity - numbers[_TOTAL])
    _book(shelf, item)
    arrived = numbers[_ARRIVED]
    scalars[0], scalars[1], scalars[2] = item, capacity, arrived
    scalars[3], scalars[4], scalars[5] = numbers[_TOTAL] / arrived, space, max(announced - arrived, 0)
    known, distinct = numbers[_KNOWN], numbers[_DISTINCT]
    first = np.searchsorted(shelf.levels[:known], item)
    below, small, low, high, smaller, larger = 0, 0, 0, 0, 0, 0
    for column in range(known - first + 1):
        old = first + column < known
        free = shelf.levels[first + column] if old else capacity
        rest = free - item
        while below < known and shelf.levels[below] < rest:
            below += 1
        while small < distinct and shelf.sizes[small] < rest:
            small += 1
        while low < distinct and shelf.sizes[low] <= rest:
            smaller += shelf.seen[low]
            low += 1
        while high < distinct and shelf.sizes[high] <= free:
            larger += shelf.seen[high]
            high += 1
        views[0, column], views[1, column] = free, rest
        views[2, column] = shelf.counts[first + column] if old else 0
        views[3, column] = shelf.counts[below] if below < known and shelf.levels[below] == rest else 0
        views[4, column] = shelf.seen[small] / arrived if small < distinct and shelf.sizes[small] == rest else 0.0
        views[5, column], views[6, column] = (larger + 1) / (arrived + 1), (smaller + 1) / (arrived + 1)
    return int(known - first + 1)


@njit(cache=True, nogil=True)
def _book(shelf: LevelShelf, item: int) -> None:
    # One item more of its size.
    numbers = shelf.numbers
    numbers[_ARRIVED] += 1
    numbers[_TOTAL] += item
    distinct = numbers[_DISTINCT]
    at = np.searchsorted(shelf.sizes[:distinct], item)
    if at == distinct or shelf.sizes[at] != item:
        for other in range(distinct, at, -1):
            shelf.sizes[other], shelf.seen[other] = shelf.sizes[other - 1], shelf.seen[other - 1]
        shelf.sizes[at], shelf.seen[at] = item, 0
        numbers[_DISTINCT] += 1
    shelf.seen[at] += 1


@njit(cache=True, nogil=True)
def place(shelf: LevelShelf, item: int, capacity: int, chosen: int) -> int:
    """Put the item that arrived last into a bin.

    Args:
        shelf: Changed.
        item: Its size.
        capacity: Of every bin.
        chosen: The column of its level, as `arrive` numbered them.

    Returns:
        The bin.
    """
    numbers = shelf.numbers
    at = int(np.searchsorted(shelf.levels[: numbers[_KNOWN]], item)) + chosen
    if at == numbers[_KNOWN]:
        box, free = numbers[_OPENED], capacity
        numbers[_OPENED] += 1
    else:
        box, free = shelf.tops[at], shelf.levels[at]
        shelf.tops[at] = joined_heaps(shelf.left[box], shelf.right[box], shelf.left, shelf.right)
        shelf.counts[at] -= 1
        if shelf.counts[at] == 0:
            _close(shelf, at)
    shelf.left[box] = shelf.right[box] = -1
    if free > item:
        at = _level(shelf, free - item)
        shelf.tops[at] = joined_heaps(shelf.tops[at], box, shelf.left, shelf.right)
        shelf.counts[at] += 1
    return int(box)


@njit(cache=True, nogil=True)
def _close(shelf: LevelShelf, at: int) -> None:
    # A level without bins is forgotten.
    shelf.numbers[_KNOWN] -= 1
    for other in range(at, shelf.numbers[_KNOWN]):
        shelf.levels[other] = shelf.levels[other + 1]
        shelf.counts[other], shelf.tops[other] = shelf.counts[other + 1], shelf.tops[other + 1]


@njit(cache=True, nogil=True)
def _level(shelf: LevelShelf, free: int) -> int:
    # The place of a level, which is made if there is none.
    known = shelf.numbers[_KNOWN]
    at = int(np.searchsorted(shelf.levels[:known], free))
    if at == known or shelf.levels[at] != free:
        for other in range(known, at, -1):
            shelf.levels[other] = shelf.levels[other - 1]
            shelf.counts[other], shelf.tops[other] = shelf.counts[other - 1], shelf.tops[other - 1]
        shelf.levels[at], shelf.counts[at], shelf.tops[at] = free, 0, -1
        shelf.numbers[_KNOWN] += 1
    return at


@njit(cache=True, nogil=True)
def joined_heaps(one: int, other: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Join two skew heaps of bins.

    Args:
        one: Top of a heap, -1 if it is empty.
        other: The same.
        left: Left child of every bin, -1 for none; changed.
        right: Right child; changed.

    Returns:
        The new top.
    """
    if one < 0 or other < 0:
        return max(one, other)
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


@njit(cache=True, nogil=True)
def finishing_sum_of_squares(
    shelf: LevelShelf, items: NDArray[np.int64], capacity: int, announced: int, weighted: bool
) -> NDArray[np.int64]:
    """Bin of each item by sum of squares, by best fit towards the end.

    The end begins where open bins may hold nearly all that is to come.

    That is where items left × mean size so far is at most 1.5 × the open space. Ties go to the level with the least free space.

    Args:
        shelf: Empty, for as many items as there are.
        items: Sizes in order of arrival, each in 1..capacity, shape (items,).
        capacity: Of every bin.
        announced: How many items come in all.
        weighted: Whether the squared count of each free space has the weight share^-1.5, the share being the smoothed one of the items so
            far that fit into that space.
    """
    assignment = np.empty(items.size, dtype=np.int64)
    scalars, views = np.empty(SCALARS), np.empty((VIEWS, min(items.size, capacity) + 1))
    for position in range(items.size):
        columns = arrive(shelf, items[position], capacity, announced, scalars, views)
        best, best_gain = 0, -np.inf
        if (scalars[5] + 1.0) * scalars[3] > 1.5 * scalars[4]:
            for column in range(columns):
                gain = 0.0
                if views[0, column] < capacity:
                    gain = (2.0 * views[2, column] - 1.0) * _weight(views[5, column], weighted)
                if views[1, column] > 0.0:
                    gain -= (2.0 * views[3, column] + 1.0) * _weight(views[6, column], weighted)
                if gain > best_gain:
                    best, best_gain = column, gain
        assignment[position] = place(shelf, items[position], capacity, best)
    return assignment


@njit(cache=True, nogil=True)
def _weight(share: float, weighted: bool) -> float:
    return 1.0 / (share * np.sqrt(share)) if weighted else 1.0
