"""The compiled loop that packs a stream by formulas.

Bins that are begun are kept in order, in several views: a view has those with room for items of some size or larger, so that large items
need not pass the many bins that are nearly full. A bin's rank in a view is its number without the bins before it that the view has lost.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .offer_kernels import ALL, ENDS, LAST, TABLE, Columns, OfferProgram, equal_before, score_columns

__all__ = ["BegunBins", "PlaceTable", "begun_bins", "pack_offers", "place_table"]

_VIEWS = 4
_BLOCK = 64


class BegunBins(NamedTuple):
    """The bins of a stream while it is packed.

    Attributes:
        least: Smallest size of item that a view is for, rising from 1: shape (views,).
        number: Of each begun bin of a view, rising: shape (views, most bins).
        free: Their free space, at least `least`.
        rank: Their numbers without the lost bins before them.
        begun: How many there are, shape (views,).
        lost: How many bins have less room than a view is for, shape (views,).
        losses: Lost bins as a Fenwick tree over numbers, for each view, and all begun ones in the last row: shape (views + 1, most).
    """

    least: NDArray[np.int64]
    number: NDArray[np.int64]
    free: NDArray[np.int64]
    rank: NDArray[np.int64]
    begun: NDArray[np.int64]
    lost: NDArray[np.int64]
    losses: NDArray[np.int64]


class PlaceTable(NamedTuple):
    """Scores of new bins by size and place, where they depend on nothing else.

    Attributes:
        scores: Shape (capacity + 1, bins).
        highest: Of every 64 of them.
        ready: Whether a size was computed, shape (capacity + 1,).
    """

    scores: NDArray[np.float64]
    highest: NDArray[np.float64]
    ready: NDArray[np.bool_]


def begun_bins(items: NDArray[np.int64], bins: int) -> BegunBins:
    """No bins yet, and views for the sizes of a stream."""
    shares = np.sort(items)[(np.arange(_VIEWS) * items.size) // _VIEWS]
    least = np.unique(np.append(shares[1:], 1))
    views, most = least.size, items.size + 1
    return BegunBins(
        least=least,
        number=np.zeros((views, most), dtype=np.int64),
        free=np.zeros((views, most), dtype=np.int64),
        rank=np.zeros((views, most), dtype=np.int64),
        begun=np.zeros(views, dtype=np.int64),
        lost=np.zeros(views, dtype=np.int64),
        losses=np.zeros((views + 1, bins + 1), dtype=np.int64),
    )


def place_table(program: OfferProgram, bins: int) -> PlaceTable:
    """Room for the sizes that need one."""
    rows = program.capacity + 1 if (program.gaps == TABLE).any() else 0
    return PlaceTable(
        np.zeros((rows, bins)), np.zeros((rows, -(-bins // _BLOCK))), np.zeros(program.capacity + 1, dtype=np.bool_)
    )


@njit(cache=True, nogil=True)
def pack_offers(
    items: NDArray[np.int64], bins: int, program: OfferProgram, room: Columns, begun: BegunBins, table: PlaceTable
) -> tuple[NDArray[np.int64], int]:
    """Pack a stream by formulas, as the protocol does bin by bin.

    Args:
        items: Sizes in order of arrival, each in 1..capacity with a formula (not checked here), shape (items,).
        bins: How many there are, at least as many as items.
        program: The formulas.
        room: For as many bins.
        begun: None of them, with views for the items.
        table: For as many bins.

    Returns:
        Bin of each item, and the position of the first item that went where the score is NaN, -1 if none did.
    """
    assignment = np.zeros(items.size, dtype=np.int64)
    owner = np.zeros(
        bins + 2, dtype=np.int64
    )  # of a column: its bin's place in the view; below 0 in a row of new bins before that
    shown = np.zeros(bins + 2, dtype=np.int64)  # of a column in such a row: which of its bins
    unscored, last_structure = -1, -1
    for position in range(items.size):
        size = items[position]
        if program.structure[size] != last_structure:
            room.filled[:] = 0
            last_structure = program.structure[size]
        if program.gaps[size] == TABLE and not table.ready[size]:
            _make_table(program, room, size, bins, table)
        view = begun.least.size - 1
        while begun.least[view] > size:
            view -= 1
        columns, offered = _offer((size, view, bins), program, room, begun, (owner, shown), table)
        row = score_columns(program, room, size, columns, offered)
        best = _highest(room.registers[row], columns)
        if unscored < 0 and np.isnan(room.registers[row, best]):
            unscored = position
        chosen, number, free = owner[best], 0, program.capacity
        if chosen >= 0:
            number, free = begun.number[view, chosen], begun.free[view, chosen]
        else:
            which = shown[best]
            if which > 0 and program.gaps[size] in (LAST, ENDS):
                room.places[1, best] = which + 1
                which -= equal_before(program, room, size, best)
            before = -1 if chosen == -1 else begun.number[view, -2 - chosen]
            new = before + 1 - _count(begun.losses, begun.least.size, before + 1)
            number = _new_bin(begun.losses[begun.least.size], new + which)
            _add(begun.losses, begun.least.size, number)
        assignment[position] = number
        _put(begun, number, free, free - size, chosen < 0)
    return assignment, unscored


@njit(cache=True, nogil=True)
def _offer(
    item: tuple[int, int, int],
    program: OfferProgram,
    room: Columns,
    begun: BegunBins,
    columns_of: tuple[NDArray[np.int64], NDArray[np.int64]],
    table: PlaceTable,
) -> tuple[int, int]:
    # Makes the columns for an item; returns how many there are, and for how many bins they stand.
    # An item goes by its size, the view for it, and how many bins there are.
    size, view, bins = item
    owner, shown = columns_of
    free, rank = begun.free[view], begun.rank[view]
    gaps, capacity, count = program.gaps[size], program.capacity, begun.begun[view]
    levels, places, times = room.levels, room.places[0], room.places[1]
    columns, place, before = 0, 0, -1
    for each in range(count + 1):
        here = rank[each] if each < count else bins - begun.lost[view]
        new = here - before - 1
        if new > 0:
            first, together = 0, new
            if gaps == ALL:
                together = 1
            elif gaps == ENDS and new > 1:
                together = new - 1
            while first < new:
                which = first
                if gaps == LAST:
                    which = new - 1
                elif gaps == TABLE:
                    which = _best_place(table.scores[size], table.highest[size], place, place + new) - place
                levels[columns], places[columns], times[columns] = capacity, place + which, together
                owner[columns], shown[columns] = -1 - each, which
                columns += 1
                first += together
                if gaps == ENDS:
                    together = 1
            place += new
        before = here
        if each < count and free[each] >= size:
            levels[columns], places[columns], times[columns] = free[each], place, 1
            owner[columns] = each
            columns += 1
            place += 1
    if columns == 1 and place > 1:  # a column alone is computed like a single bin, which NumPy does otherwise for some powers
        levels[1], places[1], times[1] = levels[0], places[0], 0
        owner[1], shown[1] = owner[0], shown[0]
        columns = 2
    return columns, place


@njit(cache=True, nogil=True)
def _highest(scores: NDArray[np.float64], columns: int) -> int:
    # As NumPy's argmax: the first NaN, or else the first of the largest.
    best = 0
    for column in range(columns):
        if np.isnan(scores[column]):
            return column
        if scores[column] > scores[best]:
            best = column
    return best


@njit(cache=True, nogil=True)
def _put(begun: BegunBins, number: int, before: int, after: int, new: bool) -> None:
    # A bin's free space changes in all views that had it, or would have it if it were begun.
    numbers, free, rank, least, losses = begun.number, begun.free, begun.rank, begun.least, begun.losses
    for view in range(least.size):
        if before < least[view]:
            return
        count = begun.begun[view]
        place, high = 0, count  # of the bin, or where it would be
        while place < high:
            middle = (place + high) // 2
            if numbers[view, middle] < number:
                place = middle + 1
            else:
                high = middle
        if after >= least[view]:
            if new:
                for other in range(count, place, -1):
                    numbers[view, other], free[view, other] = numbers[view, other - 1], free[view, other - 1]
                    rank[view, other] = rank[view, other - 1]
                numbers[view, place], rank[view, place] = number, number - _count(losses, view, number)
                begun.begun[view] = count + 1
            free[view, place] = after
            continue
        _add(losses, view, number)
        begun.lost[view] += 1
        if new:
            for other in range(place, count):
                rank[view, other] -= 1
            continue
        begun.begun[view] = count - 1
        for other in range(place, count - 1):
            numbers[view, other], free[view, other] = numbers[view, other + 1], free[view, other + 1]
            rank[view, other] = rank[view, other + 1] - 1


@njit(cache=True, nogil=True, inline="always")
def _add(trees: NDArray[np.int64], row: int, number: int) -> None:
    place = number + 1
    while place < trees.shape[1]:
        trees[row, place] += 1
        place += place & -place


@njit(cache=True, nogil=True, inline="always")
def _count(trees: NDArray[np.int64], row: int, number: int) -> int:
    # How many bins with smaller numbers are in a tree.
    total, place = 0, number
    while place > 0:
        total += trees[row, place]
        place -= place & -place
    return total


@njit(cache=True, nogil=True)
def _new_bin(tree: NDArray[np.int64], before: int) -> int:
    # The number of the bin that is not in the tree and has so many such bins before it.
    reach = 1
    while 2 * reach < tree.size:
        reach *= 2
    place = 0
    while reach > 0:
        if place + reach < tree.size and reach - tree[place + reach] <= before:
            place += reach
            before -= reach - tree[place]
        reach //= 2
    return place


@njit(cache=True, nogil=True)
def _make_table(program: OfferProgram, room: Columns, size: int, bins: int, table: PlaceTable) -> None:
    for place in range(bins):
        room.levels[place], room.places[0, place], room.places[1, place] = program.capacity, place, 1
    row = score_columns(program, room, size, bins, bins)
    table.ready[size] = True
    for place in range(bins):
        score = room.registers[row, place]
        if np.isnan(score):  # of several the first wins, which a table of the largest does not tell
            program.gaps[size] = ALL
        table.scores[size, place] = score
    for block in range(table.highest.shape[1]):
        table.highest[size, block] = table.scores[size, block * _BLOCK : (block + 1) * _BLOCK].max()


@njit(cache=True, nogil=True)
def _best_place(scores: NDArray[np.float64], highest: NDArray[np.float64], begin: int, end: int) -> int:
    # The first place from one to another with the largest score.
    best, place = begin, begin + 1
    while place < end:
        if place % _BLOCK == 0 and place + _BLOCK <= end and highest[place // _BLOCK] <= scores[best]:
            place += _BLOCK
            continue
        if scores[place] > scores[best]:
            best = place
        place += 1
    return best
