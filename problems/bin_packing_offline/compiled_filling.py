"""The compiled loop that fills bins by a flat heuristic.

Sizes with waiting items stand in falling order without gaps, so that those that may go into the bin next are the end of the list, and all
that is shown of them lies side by side. What is shown is what `waiting_items` shows, to the last bit.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps

from .reachable_sums import largest_sum, reach_within, words_for
from .size_table import SizeTable
from .waiting_items import SCALARS, SLACK

__all__ = ["fill_bins"]

_FREE, _INSIDE, _LEFT, _MEAN, _SPARE = range(SCALARS)
_SIZE, _REST, _SLACK, _FOLLOWING, _ALIKE, _SMALLER, _BESIDE = range(SCALARS, SCALARS + 7)

# Rows of whole numbers: which size it is, how large, the same in cells, all smaller items in cells, where its next item stands.
_NUMBER, _WIDTH, _IN_CELLS, _VOLUME, _NEXT_ITEM = range(5)

_SHARE, _COUNT, _BELOW = range(3)  # rows of floats: the size as a share, its waiting items, the waiting items that are smaller

# Of LLVM's, since numba's own way of putting a function in its place makes compiling the loop take twice as long.
_in_place = njit(cache=True, nogil=True, error_model="numpy", forceinline=True)


@njit(cache=True, nogil=True, error_model="numpy")
def fill_bins(table: SizeTable, machine: Machine, read: NDArray[np.bool_], assignment: NDArray[np.int64]) -> bool:
    """Pack an instance by a flat heuristic.

    Args:
        table: Of the instance.
        machine: The heuristic, with a column for every size.
        read: Which of its arguments some step reads, shape (12,).
        assignment: Written: bin of each item, shape (items,).

    Returns:
        Whether all scores were numbers; if not, what is written means nothing.
    """
    # Taken out once: every look into a tuple of arrays counts a reference up and down, which takes as long as some ten sizes.
    steps, registers, loops, scratch = machine
    capacity, cells, total, sizes, shares, in_cells, counts, order = table
    whole, real = np.empty((5, sizes.size), dtype=np.int64), np.empty((3, sizes.size))
    large = _first_waiting((sizes, in_cells, counts), shares, whole, real, capacity)
    sums = np.zeros((sizes.size + 1 if read[SLACK] else 1, words_for(cells)), dtype=np.uint64)
    sums[-1, 0] = 1
    end, start, left, free, inside, number = sizes.size, 0, order.size, capacity, 0, 0
    summed = _sum_up(whole, real, sums, end - 1, end, cells) if read[SLACK] else 0
    score = registers.shape[0] - 1
    while True:
        _show_scalars(registers, read, (free, inside, left, total, large, end - start), (capacity, order.size))
        _show_views(registers, read, whole, real, sums, (start, end, summed, free, left), (capacity, cells))
        run_steps(steps, registers, loops, scratch, end - start)
        best, highest = 0, registers[score, 0]
        for column in range(end - start):
            if np.isnan(registers[score, column]):
                return False
            if registers[score, column] > highest:
                best, highest = column, registers[score, column]
        place = start + best
        width = whole[_WIDTH, place]
        assignment[order[whole[_NEXT_ITEM, place]]] = number
        whole[_NEXT_ITEM, place] += 1
        left -= 1
        if left == 0:
            return True
        free, total, inside = free - width, total - width, inside + 1
        large -= width > capacity // 2
        gone = _take(whole, real, place, end)
        end -= gone
        if gone > 0 and place < summed:
            summed -= 1
        start = place
        while start < end and whole[_WIDTH, start] > free:
            start += 1
        if start == end:
            number, start, free, inside = number + 1, 0, capacity, 0
            if read[SLACK]:
                summed = _sum_up(whole, real, sums, place - gone, end, cells)


@_in_place
def _first_waiting(
    listed: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    shares: NDArray[np.float64],
    whole: NDArray[np.int64],
    real: NDArray[np.float64],
    capacity: int,
) -> int:
    # Returns how many items are larger than half a bin.
    sizes, in_cells, counts = listed
    below, volume, large, next_item = 0, 0, 0, counts.sum()
    for size in range(sizes.size - 1, -1, -1):
        next_item -= counts[size]
        whole[_NUMBER, size], whole[_WIDTH, size], whole[_IN_CELLS, size] = size, sizes[size], in_cells[size]
        whole[_VOLUME, size], whole[_NEXT_ITEM, size] = volume, next_item
        real[_SHARE, size], real[_COUNT, size], real[_BELOW, size] = shares[size], counts[size], below
        below += counts[size]
        volume += counts[size] * in_cells[size]
        large += counts[size] if sizes[size] > capacity // 2 else 0
    return int(large)


@_in_place
def _take(whole: NDArray[np.int64], real: NDArray[np.float64], place: int, end: int) -> int:
    # Returns whether it was the last item of its size, which is then no longer in the list.
    cells = whole[_IN_CELLS, place]
    for other in range(place):
        real[_BELOW, other] -= 1.0
    for other in range(place):
        whole[_VOLUME, other] -= cells
    real[_COUNT, place] -= 1.0
    if real[_COUNT, place] > 0.0:
        return 0
    for row in range(whole.shape[0]):
        for other in range(place, end - 1):
            whole[row, other] = whole[row, other + 1]
    for row in range(real.shape[0]):
        for other in range(place, end - 1):
            real[row, other] = real[row, other + 1]
    return 1


@njit(cache=True, nogil=True, error_model="numpy")
def _sum_up(
    whole: NDArray[np.int64], real: NDArray[np.float64], sums: NDArray[np.uint64], changed: int, end: int, cells: int
) -> int:
    # Finds anew what the sizes from the changed one on can reach, with all smaller ones. Two of more than half a bin never share one, so
    # nobody asks what those reach; nor for more than there is room for beside an item that is at least as large. Returns the first size
    # of which the sums are known.
    place = changed
    while place >= 0 and 2 * whole[_IN_CELLS, place] <= cells:
        width = whole[_IN_CELLS, place]
        source = whole[_NUMBER, place + 1] if place + 1 < end else sums.shape[0] - 1
        reach_within(sums, (whole[_NUMBER, place], source), width, int(real[_COUNT, place]), words_for(cells - width))
        place -= 1
    if place < changed:
        return place + 1
    place = max(place, 0)
    while place < end and 2 * whole[_IN_CELLS, place] > cells:
        place += 1
    return place


@_in_place
def _show_scalars(
    registers: NDArray[np.float64],
    read: NDArray[np.bool_],
    state: tuple[int, int, int, int, int, int],
    instance: tuple[int, int],
) -> None:
    free, inside, left, total, large, columns = state
    capacity, items = instance
    if read[_FREE]:
        _fill(registers, _FREE, free / capacity, columns)
    if read[_INSIDE]:
        _fill(registers, _INSIDE, float(inside), columns)
    if read[_LEFT]:
        _fill(registers, _LEFT, left / items, columns)
    if read[_MEAN]:
        _fill(registers, _MEAN, total / (left * capacity), columns)
    if read[_SPARE]:
        volume = total + capacity - free
        # Each of the items larger than half a bin takes a bin of its own, and none of them may follow into an open one.
        bins = max((volume + capacity - 1) // capacity, large + min(inside, 1))
        _fill(registers, _SPARE, (bins * capacity - volume) / (bins * capacity), columns)


@_in_place
def _fill(registers: NDArray[np.float64], row: int, number: float, columns: int) -> None:
    for column in range(columns):
        registers[row, column] = number


@_in_place
def _show_views(
    registers: NDArray[np.float64],
    read: NDArray[np.bool_],
    whole: NDArray[np.int64],
    real: NDArray[np.float64],
    sums: NDArray[np.uint64],
    state: tuple[int, int, int, int, int],
    bin_size: tuple[int, int],
) -> None:
    capacity, cells = bin_size
    start, end, summed, free, left = state
    columns = end - start
    if read[_SIZE]:
        for column in range(columns):
            registers[_SIZE, column] = real[_SHARE, start + column]
    if read[_REST]:
        for column in range(columns):
            registers[_REST, column] = (free - whole[_WIDTH, start + column]) / capacity
    if read[_SLACK]:
        _show_slack(registers, whole, real, sums, (start, end, summed, free), (capacity, cells))
    if read[_FOLLOWING] or read[_BESIDE]:
        _show_followers(registers, whole, real, (start, end, free, left))
    if read[_ALIKE]:
        for column in range(columns):
            registers[_ALIKE, column] = real[_COUNT, start + column] / left
    if read[_SMALLER]:
        for column in range(columns):
            registers[_SMALLER, column] = real[_BELOW, start + column] / left


@_in_place
def _show_followers(
    registers: NDArray[np.float64], whole: NDArray[np.int64], real: NDArray[np.float64], state: tuple[int, int, int, int]
) -> None:
    start, end, free, left = state
    behind = end
    for place in range(start, end):
        room = free - whole[_WIDTH, place]
        while behind > 0 and whole[_WIDTH, behind - 1] <= room:
            behind -= 1
        itself = place >= behind  # it would fit beside itself, but is no longer there
        last = max(place, behind)
        first = place + 1 if itself and real[_COUNT, place] == 1.0 else last
        registers[_FOLLOWING, place - start] = real[_SHARE, first] if first < end else 0.0
        beside = real[_BELOW, last] + real[_COUNT, last] if last < end else 0.0
        registers[_BESIDE, place - start] = (beside - itself) / left


@_in_place
def _show_slack(
    registers: NDArray[np.float64],
    whole: NDArray[np.int64],
    real: NDArray[np.float64],
    sums: NDArray[np.uint64],
    state: tuple[int, int, int, int],
    bin_size: tuple[int, int],
) -> None:
    start, end, summed, free = state
    capacity, cells = bin_size
    if cells != capacity:
        free = int(np.floor(free * (cells / capacity)))
    for place in range(start, end):
        # The set of the next size has none of this one, so copies are tried one by one, as many as may follow; with so few that all smaller
        # items fit beside them, more leave less.
        width, others, most = whole[_IN_CELLS, place], whole[_VOLUME, place], int(real[_COUNT, place])
        space, copies = max(free - width, 0), 0
        if space > others and width > 0:
            copies = min((space - others) // width, most - 1)
            space -= copies * width
        least = space
        following = max(place + 1, summed)
        row = whole[_NUMBER, following] if following < end else sums.shape[0] - 1
        while space >= 0 and copies < most:
            least = min(least, space - largest_sum(sums, row, min(space, others)))
            if least == 0 or width == 0:
                break
            space -= width
            copies += 1
        registers[_SLACK, place - start] = least / cells
