"""The items that wait to be packed, and the bin that is being filled from the largest item down.

Sizes are distinct and numbered from 0 in falling order. For each one a set holds the sums that its items and all smaller ones reach.
While a bin is filled, only items of at most the last size may follow, so that the sets of smaller sizes stay what they are; once it is
closed, those that have changed are made anew.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .reachable_sums import largest_sum, reach, words_for
from .size_table import size_table

__all__ = ["SCALARS", "SLACK", "VIEWS", "WaitingItems", "offer", "open_bin", "put_and_offer", "waiting_items"]

SCALARS = 5  # free, inside, left, mean, spare
VIEWS = 7  # size, rest, slack, following, alike, smaller, beside

SLACK = SCALARS + 2  # place among what is shown
_SIZE, _REST, _SLACK, _FOLLOWING, _ALIKE, _SMALLER, _BESIDE = range(VIEWS)  # rows of the views
_CAPACITY, _CELLS, _FREE, _LAST, _INSIDE, _ITEMS, _TOTAL, _HALF = range(8)

# LLVM puts it in its place as well as numba does (`inline="always"`), and the loops around it then compile in half the time.
_in_place = njit(cache=True, nogil=True, forceinline=True)


class WaitingItems(NamedTuple):
    """The items that wait, size by size, and the open bin.

    All sizes and the capacity are divided by the greatest common divisor of the sizes.

    Attributes:
        numbers: Capacity, cells of a bin, free space, number of the last size that went in, items inside, all items, the total of those
            that wait, and the number of the largest size that is at most half the capacity; shape (8,).
        sizes: Distinct, falling, shape (sizes,).
        shares: The same as shares of the capacity.
        cells: The same in cells, of which a bin has as many as the set of sums has room for.
        counts: Waiting items of each size.
        sums: Of every size what it and all smaller ones can reach, in cells; a last row for nothing; shape (sizes + 1, words).
        after: Waiting items of each size and all smaller ones, shape (sizes + 1,).
        volumes: Their sizes in all, in cells.
        next_one: The first size from each on that has waiting items; `sizes` for none; shape (sizes + 1,).
        offered: Numbers of the sizes that are offered, shape (sizes + 1,).
    """

    numbers: NDArray[np.int64]
    sizes: NDArray[np.int64]
    shares: NDArray[np.float64]
    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    sums: NDArray[np.uint64]
    after: NDArray[np.int64]
    volumes: NDArray[np.int64]
    next_one: NDArray[np.int64]
    offered: NDArray[np.int64]


def waiting_items(items: NDArray[np.int64], capacity: int) -> WaitingItems:
    """Let all items wait.

    Args:
        items: Sizes in any order, each in 1..capacity, at least one.
        capacity: Of every bin.
    """
    table = size_table(items, capacity)
    sizes, whole, counts = table.sizes, table.capacity, table.counts
    half = np.searchsorted(-sizes, -(whole // 2))
    waiting = WaitingItems(
        numbers=np.array([whole, table.cells, whole, 0, 0, items.size, table.total, half], dtype=np.int64),
        sizes=sizes,
        shares=table.shares,
        cells=table.in_cells,
        counts=counts,
        sums=np.zeros((sizes.size + 1, words_for(table.cells)), dtype=np.uint64),
        after=np.append(np.cumsum(counts[::-1])[::-1], 0),
        volumes=np.append(np.cumsum((table.in_cells * counts)[::-1])[::-1], 0),
        next_one=np.arange(sizes.size + 1),
        offered=np.zeros(sizes.size + 1, dtype=np.int64),
    )
    waiting.sums[:, 0] = 1
    return waiting


@_in_place
def open_bin(waiting: WaitingItems, changed: int) -> None:
    """Open a bin, and find anew what can be reached.

    Args:
        waiting: Changed; all bins before are closed.
        changed: The number of the smallest size of which items went in since this was done last; at first that of the smallest size.
            Negative where nobody asks what can be reached.
    """
    numbers = waiting.numbers
    numbers[_FREE] = numbers[_CAPACITY]
    numbers[_INSIDE] = 0
    numbers[_LAST] = waiting.next_one[0]
    for size in range(changed, numbers[_LAST] - 1, -1):
        reach(waiting.sums, size, waiting.cells[size], waiting.counts[size])


@njit(cache=True, nogil=True, inline="always")
def offer(waiting: WaitingItems, scalars: NDArray[np.float64], views: NDArray[np.float64], read: NDArray[np.bool_]) -> int:
    """Write what a heuristic is shown of the sizes that may go into the bin next.

    Args:
        waiting: The sizes offered are written.
        scalars: Written, shape (SCALARS,).
        views: Written, shape (VIEWS, at least sizes): a column per size, falling.
        read: Which of all these are needed; views that are not are left as they are; shape (SCALARS + VIEWS,).

    Returns:
        How many sizes are offered.
    """
    numbers, sizes, shares, counts, after = waiting.numbers, waiting.sizes, waiting.shares, waiting.counts, waiting.after
    offered = waiting.offered
    capacity, free, left, columns = numbers[_CAPACITY], numbers[_FREE], after[0], 0
    for size in range(numbers[_LAST], sizes.size):
        offered[columns] = size
        columns += counts[size] > 0 and sizes[size] <= free
    for column in range(columns):
        views[_SIZE, column] = shares[offered[column]]
    if read[SCALARS + _REST]:
        for column in range(columns):
            views[_REST, column] = (free - sizes[offered[column]]) / capacity
    if read[SLACK] and columns > 0:
        _show_slack(waiting, views, columns)
    if read[SCALARS + _FOLLOWING] or read[SCALARS + _BESIDE]:
        _show_followers(waiting, views, columns)
    if read[SCALARS + _ALIKE]:
        for column in range(columns):
            views[_ALIKE, column] = counts[offered[column]] / left
    if read[SCALARS + _SMALLER]:
        for column in range(columns):
            views[_SMALLER, column] = after[offered[column] + 1] / left
    _show_scalars(waiting, scalars)
    return int(columns)


@_in_place
def _show_scalars(waiting: WaitingItems, scalars: NDArray[np.float64]) -> None:
    numbers, after = waiting.numbers, waiting.after
    capacity, free, inside, left = numbers[_CAPACITY], numbers[_FREE], numbers[_INSIDE], after[0]
    volume = numbers[_TOTAL] + capacity - free
    # Each of the items larger than half a bin takes a bin of its own, and none of them may follow into an open one.
    bins = max((volume + capacity - 1) // capacity, after[0] - after[numbers[_HALF]] + min(inside, 1))
    scalars[0], scalars[1], scalars[2] = free / capacity, inside, left / numbers[_ITEMS]
    scalars[3] = numbers[_TOTAL] / (left * capacity)
    scalars[4] = (bins * capacity - volume) / (bins * capacity)


@_in_place
def _show_followers(waiting: WaitingItems, views: NDArray[np.float64], columns: int) -> None:
    sizes, counts, after, free = waiting.sizes, waiting.counts, waiting.after, waiting.numbers[_FREE]
    behind = sizes.size
    for column in range(columns):
        size = waiting.offered[column]
        while behind > 0 and sizes[behind - 1] <= free - sizes[size]:
            behind -= 1
        itself = size >= behind  # it would fit beside itself, but is no longer there
        first = waiting.next_one[size + 1 if itself and counts[size] == 1 else max(size, behind)]
        views[_FOLLOWING, column] = waiting.shares[first] if first < sizes.size else 0.0
        views[_BESIDE, column] = (after[max(size, behind)] - itself) / after[0]


@_in_place
def _show_slack(waiting: WaitingItems, views: NDArray[np.float64], columns: int) -> None:
    numbers, in_cells, counts, sums = waiting.numbers, waiting.cells, waiting.counts, waiting.sums
    capacity, cells, free = numbers[_CAPACITY], numbers[_CELLS], numbers[_FREE]
    if cells != capacity:
        free = np.int64(np.floor(free * (cells / capacity)))
    for column in range(columns):
        size = waiting.offered[column]
        # The set of the next size has none of this one, so copies are tried one by one, as many as may follow; with so few that all smaller
        # items fit beside them, more leave less.
        width, others = in_cells[size], waiting.volumes[size + 1]
        space = max(free - width, 0)
        copies = 0 if width == 0 else min(max(space - others, 0) // width, counts[size] - 1)
        space -= copies * width
        least = space
        while space >= 0 and copies < counts[size]:
            least = min(least, space - largest_sum(sums, size + 1, min(space, others)))
            if least == 0 or width == 0:
                break
            space -= width
            copies += 1
        views[_SLACK, column] = least / cells


@njit(cache=True, nogil=True, inline="always")
def put_and_offer(
    waiting: WaitingItems, column: int, scalars: NDArray[np.float64], views: NDArray[np.float64], read: NDArray[np.bool_]
) -> tuple[int, int, int]:
    """Put an item of an offered size into the bin, and offer what may go in next.

    A new bin is begun if nothing else may go in. One call for both: handing over so many arrays from Python costs more than what is done
    with them.

    Args:
        waiting: Changed.
        column: Which one of the sizes that were offered.
        scalars: As for `offer`.
        views: As for `offer`.
        read: As for `offer`.

    Returns:
        The number of the size that went in, how many sizes are offered, and how many bins were opened, 0 or 1.
    """
    size = _put(waiting, column)
    if waiting.after[0] == 0:
        return size, 0, 0
    columns = offer(waiting, scalars, views, read)
    if columns > 0:
        return size, columns, 0
    open_bin(waiting, size if read[SLACK] else -1)
    return size, offer(waiting, scalars, views, read), 1


@_in_place
def _put(waiting: WaitingItems, column: int) -> int:
    numbers, counts, size = waiting.numbers, waiting.counts, waiting.offered[column]
    numbers[_FREE] -= waiting.sizes[size]
    numbers[_TOTAL] -= waiting.sizes[size]
    numbers[_INSIDE] += 1
    numbers[_LAST] = size
    counts[size] -= 1
    for other in range(size + 1):
        waiting.after[other] -= 1
        waiting.volumes[other] -= waiting.cells[size]
    if counts[size] == 0:  # those before it whose next one it was go on to the one behind it
        for other in range(size, -1, -1):
            if waiting.next_one[other] != size:
                break
            waiting.next_one[other] = waiting.next_one[size + 1]
    return int(size)
