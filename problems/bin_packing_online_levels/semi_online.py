"""The rule that is told how many items are still to come: a class of its own."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["priority"]


def priority(
    item: float,
    capacity: float,
    arrived: float,
    mean: float,
    space: float,
    left: float,
    free: NDArray[np.float64],
    rest: NDArray[np.float64],
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    fill_there: NDArray[np.float64],
    fit_here: NDArray[np.float64],
    fit_there: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the levels for the item that has just arrived; it goes into a bin of the level with the highest score.

    A level is a free space that open bins with room for the item have; a bin that was never opened is the last level. Levels come in
    order of rising free space, and the first one wins ties. Sizes and spaces are whole numbers, given as floats.

    Args:
        item: Size of the item, at least 1.
        capacity: Size of every bin.
        arrived: How many items have arrived, this one included.
        mean: Mean size of the items that have arrived.
        space: Sum of the free spaces of all open bins.
        left: How many items are still to come after this one.
        free: Free space of each level, at least `item`, rising; the last is `capacity`; shape (levels,).
        rest: What would stay free, `free - item`; shape (levels,).
        here: How many open bins have `free` now, 0 for the bin that was never opened; shape (levels,).
        there: How many open bins have `rest` now, 0 where nothing would stay free; shape (levels,).
        fill_there: Share of the items so far whose size is `rest`, which would fill the bin; shape (levels,).
        fit_here: Smoothed share of the items so far of size at most `free`: (how many + 1) / (arrived + 1); shape (levels,).
        fit_there: The same for `rest`: what would still fit afterwards; shape (levels,).

    Returns:
        One real number per level, shape (levels,); not NaN.
    """
    change = np.where(free < capacity, 2 * here - 1, 0) - np.where(rest > 0, 2 * there + 1, 0)
    return np.where((left + 1) * mean <= 1.5 * space, -rest, change)
