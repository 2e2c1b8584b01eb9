"""The compiled loop that packs a stream by formulas in which no place occurs.

Bins of one level get one score, so that levels are scored instead of bins; of a level the first bin is taken. Reductions over all bins are
made of levels and their counts, which is only right where the order of adding does not matter.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .kernels import merge
from .offer_kernels import Columns, OfferProgram, score_columns

__all__ = ["pack_level_formulas"]


@njit(cache=True, nogil=True)
def pack_level_formulas(
    items: NDArray[np.int64], bins: int, program: OfferProgram, room: Columns
) -> tuple[NDArray[np.int64], int]:
    """Pack a stream by formulas without places, as the protocol does bin by bin.

    Args:
        items: Sizes in order of arrival, each in 1..capacity with a formula (not checked here), shape (items,).
        bins: How many there are, at least as many as items.
        program: The formulas.
        room: For as many bins, and at least as many as there are levels.

    Returns:
        Bin of each item, and the position of the first item that went where the score is NaN, -1 if none did.
    """
    capacity = program.capacity
    assignment = np.empty(items.size, dtype=np.int64)
    top = np.full(capacity + 1, -1, dtype=np.int64)  # a skew heap for each level; see `kernels.pack_levels`
    count = np.zeros(capacity + 1, dtype=np.int64)
    left = np.full(items.size + 1, -1, dtype=np.int64)
    right = np.full(items.size + 1, -1, dtype=np.int64)
    top[capacity], count[capacity] = 0, bins
    levels, times = room.levels, room.places[1]
    unscored, last_structure, opened = -1, -1, 0
    for position in range(items.size):
        size = items[position]
        if program.structure[size] != last_structure:
            room.filled[:] = 0
            last_structure = program.structure[size]
        columns, offered = 0, 0
        for level in range(size, capacity + 1):
            if count[level] > 0:
                levels[columns], times[columns] = level, count[level]
                offered += count[level]
                columns += 1
        if (
            columns == 1 and offered > 1
        ):  # a column alone is computed like a single bin, which NumPy does otherwise for some powers
            levels[1], times[1] = levels[0], 0
            columns = 2
        row = score_columns(program, room, size, columns, offered)
        level, chosen, best = -1, -1, 0.0
        for column in range(columns):
            score, first = room.registers[row, column], top[levels[column]]
            tied = score == best or (np.isnan(score) and np.isnan(best))
            better = score > best or (np.isnan(score) and not np.isnan(best))
            if chosen < 0 or better or (tied and first < chosen):
                level, chosen, best = levels[column], first, score
        if unscored < 0 and np.isnan(best):
            unscored = position
        assignment[position] = chosen
        count[level] -= 1
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
            count[rest] += 1
    return assignment, unscored
