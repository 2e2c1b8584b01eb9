"""The compiled loop that packs by a flat heuristic, with an entry per free space and per size.

It gives the same bins as `kernels.pack_flat`, several times as fast where the capacity is not large: what a heuristic is shown is looked up
instead of merged from lists, and views that the formula does not read are not written.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import run_steps
from evoheur.problems.packing.levels.kernels import SCALARS, VIEWS, joined_heaps

__all__ = ["LARGEST_CAPACITY", "pack_flat_by_arrays"]

LARGEST_CAPACITY = 1024
"""Beyond it, counting sizes up to every space would take longer than merging lists does."""

_FREE, _REST, _HERE, _THERE, _FILL_THERE, _FIT_HERE, _FIT_THERE = range(SCALARS, SCALARS + VIEWS)
_BINS, _TOPS, _SEEN, _UP_TO = range(
    4
)  # rows by free space or size: open bins, the first of them, items of the size, items up to it
_KNOWN, _OPENED, _FIRST = range(3)  # levels, bins opened, the first level with room for the item


@njit(cache=True, nogil=True)
def pack_flat_by_arrays(
    items: NDArray[np.int64],
    capacity: int,
    announced: int,
    steps: NDArray[np.int64],
    registers: NDArray[np.float64],
    loops: NDArray[np.int64],
    scratch: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Pack a stream by a flat heuristic.

    Args:
        items: Sizes in order of arrival, each in 1..capacity, shape (items,).
        capacity: Of every bin.
        announced: How many items come in all, as the heuristic is told.
        steps: Of a heuristic with SCALARS + VIEWS inputs; see `Machine`.
        registers: Constants filled in, with a column more than there can be levels; see `Machine`.
        loops: See `Machine`.
        scratch: See `Machine`.

    Returns:
        Bin of each item, shape (items,); -1 from the first item on for which some score is NaN.
    """
    assignment = np.full(items.size, -1, dtype=np.int64)
    read, numbers = _read(steps), np.empty(SCALARS)
    by_space, state = np.zeros((4, capacity + 1), dtype=np.int64), np.zeros(3, dtype=np.int64)
    by_space[_TOPS] = -1
    left, right = np.empty(items.size, dtype=np.int64), np.empty(items.size, dtype=np.int64)
    levels = np.empty(min(items.size, capacity) + 1, dtype=np.int64)
    total, last = 0, registers.shape[0] - 1
    for position in range(items.size):
        item, arrived = items[position], position + 1
        numbers[4] = float(state[_OPENED] * capacity - total)
        total += item
        numbers[0], numbers[1], numbers[2], numbers[3] = item, capacity, arrived, total / arrived
        numbers[5] = max(announced - arrived, 0)
        columns = _arrive(levels, state, by_space, item, read[_FIT_HERE] or read[_FIT_THERE])
        _show(read, registers, numbers, levels, state, by_space)
        run_steps(steps, registers, loops, scratch, columns)
        best = 0
        for column in range(columns):
            if np.isnan(registers[last, column]):
                return assignment
            if registers[last, column] > registers[last, best]:
                best = column
        assignment[position] = _place(levels, state, by_space, left, right, state[_FIRST] + best, item)
    return assignment


@njit(cache=True, nogil=True, inline="always")
def _arrive(levels: NDArray[np.int64], state: NDArray[np.int64], by_space: NDArray[np.int64], item: int, counted: bool) -> int:
    # Books an item; returns how many levels it may go to. The last is the capacity, that of the bin that was never opened, until the
    # next level is put in its place.
    by_space[_SEEN, item] += 1
    if counted:
        for size in range(item, by_space.shape[1]):
            by_space[_UP_TO, size] += 1
    first = state[_KNOWN]
    levels[first] = by_space.shape[1] - 1
    while first > 0 and levels[first - 1] >= item:
        first -= 1
    state[_FIRST] = first
    return int(state[_KNOWN] - first + 1)


@njit(cache=True, nogil=True, inline="always")
def _place(
    levels: NDArray[np.int64],
    state: NDArray[np.int64],
    by_space: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    chosen: int,
    item: int,
) -> int:
    # Puts the item into the first bin of the chosen level, or a new one; returns the bin. Full bins are forgotten.
    free = levels[chosen]
    if chosen == state[_KNOWN]:
        box = state[_OPENED]
        state[_OPENED] += 1
    else:
        box = by_space[_TOPS, free]
        by_space[_TOPS, free] = joined_heaps(left[box], right[box], left, right)
        by_space[_BINS, free] -= 1
        if by_space[_BINS, free] == 0:
            state[_KNOWN] -= 1
            for level in range(chosen, state[_KNOWN]):
                levels[level] = levels[level + 1]
    left[box] = right[box] = -1
    rest = free - item
    if rest > 0:
        by_space[_TOPS, rest] = joined_heaps(by_space[_TOPS, rest], box, left, right)
        by_space[_BINS, rest] += 1
        if by_space[_BINS, rest] == 1:
            level = state[_KNOWN]
            while level > 0 and levels[level - 1] > rest:
                levels[level] = levels[level - 1]
                level -= 1
            levels[level] = rest
            state[_KNOWN] += 1
    return int(box)


@njit(cache=True, nogil=True)
def _read(steps: NDArray[np.int64]) -> NDArray[np.bool_]:
    # Which inputs the steps read. An operand that an operation does not have is 0, so the first input counts as read more often than it is.
    read = np.zeros(SCALARS + VIEWS, dtype=np.bool_)
    for step in range(steps.shape[0]):
        for operand in range(1, steps.shape[1]):
            if steps[step, operand] < read.size:
                read[steps[step, operand]] = True
    return read


@njit(cache=True, nogil=True, inline="always")
def _show(
    read: NDArray[np.bool_],
    rows: NDArray[np.float64],
    numbers: NDArray[np.float64],
    levels: NDArray[np.int64],
    state: NDArray[np.int64],
    by_space: NDArray[np.int64],
) -> None:
    # Writes what the heuristic reads, as `arrive` would. No bin has the capacity free, so a bin that was never opened is nowhere counted.
    item, arrived, first = int(numbers[0]), int(numbers[2]), state[_FIRST]
    columns = state[_KNOWN] - first + 1
    for row in range(SCALARS):
        if read[row]:
            for column in range(columns):
                rows[row, column] = numbers[row]
    for column in range(columns):
        free = levels[first + column]
        rows[_FREE, column], rows[_REST, column] = free, free - item
        rows[_HERE, column], rows[_THERE, column] = by_space[_BINS, free], by_space[_BINS, free - item]
    if read[_FILL_THERE]:
        for column in range(columns):
            rows[_FILL_THERE, column] = by_space[_SEEN, levels[first + column] - item] / arrived
    if read[_FIT_HERE]:
        for column in range(columns):
            rows[_FIT_HERE, column] = (by_space[_UP_TO, levels[first + column]] + 1) / (arrived + 1)
    if read[_FIT_THERE]:
        for column in range(columns):
            rows[_FIT_THERE, column] = (by_space[_UP_TO, levels[first + column] - item] + 1) / (arrived + 1)
