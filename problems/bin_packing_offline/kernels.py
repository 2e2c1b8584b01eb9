"""The compiled loop of a textbook rule.

Items come in falling order; bins are counted from 0.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["minimum_bin_slack"]


@njit(cache=True, nogil=True)
def minimum_bin_slack(items: NDArray[np.int64], capacity: int, steps: int, with_largest: bool = False) -> NDArray[np.int64]:
    """Bin of each item by minimum bin slack.

    Bin after bin gets the subset of the waiting items that leaves the least space.

    Args:
        items: Sizes in falling order.
        capacity: Of every bin.
        steps: How many items the search for one bin may try; the best subset until then counts.
        with_largest: Whether the largest waiting item is in every subset.
    """
    assignment = np.full(items.size, -1, dtype=np.int64)
    waiting = np.arange(items.size)
    number = 0
    while waiting.size > 0:
        space = capacity
        if with_largest:
            assignment[waiting[0]] = number
            space -= items[waiting[0]]
            waiting = waiting[1:]
        for place in _fullest(items[waiting], space, steps):
            assignment[waiting[place]] = number
        waiting = waiting[assignment[waiting] < 0]
        number += 1
    return assignment


@njit(cache=True, nogil=True)
def _fullest(sizes: NDArray[np.int64], capacity: int, steps: int) -> NDArray[np.int64]:
    # Depth first through the subsets, larger items first; of equal items only the first is tried at a place.
    stack = np.empty(sizes.size, dtype=np.int64)
    best = stack[:0].copy()
    falling = -sizes
    depth, place, space, least, tried = 0, 0, capacity, capacity + 1, 0
    while least > 0 and tried < steps:
        if place < sizes.size and sizes[place] > space:
            place = int(np.searchsorted(falling, -space))  # the largest that fits
        if place < sizes.size:
            stack[depth] = place
            depth += 1
            space -= sizes[place]
            tried += 1
            if space < least:
                least, best = space, stack[:depth].copy()
            place += 1
            continue
        if depth == 0:
            break
        depth -= 1
        taken = sizes[stack[depth]]
        space += taken
        place = int(np.searchsorted(falling, -taken, side="right"))
    return best
