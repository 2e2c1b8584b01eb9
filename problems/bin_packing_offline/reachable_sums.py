"""Sets of the sums that waiting items can reach, as bits.

A set is a row of words of 64 bits; bit i stands for the sum i. Sums that are larger than the last bit are forgotten.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["BITS", "largest_sum", "reach", "reach_within", "words_for"]

BITS = 64
"""Of a word."""

_ZERO, _ONE, _TOP = np.uint64(0), np.uint64(1), np.uint64(BITS - 1)


@njit(cache=True, nogil=True, forceinline=True)
def words_for(largest: int) -> int:
    """How many words hold all sums up to a largest one."""
    return largest // BITS + 1


@njit(cache=True, nogil=True, inline="always")
def reach(sums: NDArray[np.uint64], row: int, size: int, copies: int) -> None:
    """Write the sums of the next row's set and up to so many more items of a size.

    Args:
        sums: Sets in rows, shape (rows, words).
        row: Which one is written.
        size: Of each of the items, at least 0.
        copies: How many there are, at least 0.
    """
    reach_within(sums, (row, row + 1), size, copies, sums.shape[1])


@njit(cache=True, nogil=True)
def reach_within(sums: NDArray[np.uint64], rows: tuple[int, int], size: int, copies: int, words: int) -> None:
    """Write the first words of a set, made from another row's.

    It has that row's sums, and those with up to so many more items of a size.

    Args:
        sums: Sets in rows, shape (rows, words).
        rows: Which one is written, and which one it is made from.
        size: Of each of the items, at least 0.
        copies: How many there are, at least 0.
        words: How many are read and written.
    """
    row, source = rows
    left = 0 if size == 0 else min(copies, words * BITS // size)
    if left == 0:
        for word in range(words):
            sums[row, word] = sums[source, word]
        return
    _shift(sums, rows, size, words)
    left, step = left - 1, 1
    while left > 0:  # 1, 2, 4 ... more at a time, and at last what is left
        step = min(step, left)
        _shift(sums, (row, row), step * size, words)
        left -= step
        step *= 2


@njit(cache=True, nogil=True, forceinline=True)
def _shift(sums: NDArray[np.uint64], rows: tuple[int, int], by: int, count: int) -> None:
    # The source's sums and the same with so much more each. From the last word down, so that where both are one row every word is read
    # before it is written.
    row, source = rows
    words, bits = by // BITS, np.uint64(by % BITS)
    back = _TOP - bits  # and one more, since a shift by all bits of a word would mean nothing
    for word in range(count - 1, words, -1):
        carried = (sums[source, word - words - 1] >> _ONE) >> back
        sums[row, word] = sums[source, word] | (sums[source, word - words] << bits) | carried
    if words < count:
        sums[row, words] = sums[source, words] | (sums[source, 0] << bits)
    if row != source:
        for word in range(min(words, count)):
            sums[row, word] = sums[source, word]


@njit(cache=True, nogil=True, inline="always")
def largest_sum(sums: NDArray[np.uint64], row: int, limit: int) -> int:
    """The largest sum in a set that is not above a limit.

    Args:
        sums: Sets in rows, shape (rows, words).
        row: Which one is asked; it holds 0.
        limit: At least 0 and below 64 times the words.
    """
    word = limit // BITS
    # Bits above the limit are shifted out, so that the highest bit left tells by how much the sum is below it.
    masked = sums[row, word] << np.uint64(BITS - 1 - limit % BITS)
    while masked == _ZERO:
        word -= 1
        masked, limit = sums[row, word], word * BITS + BITS - 1
    if masked >> _TOP != _ZERO:  # the limit itself, as it often is
        return limit
    for bits in (32, 16, 8, 4, 2, 1):  # by halves: bit by bit takes as long as all that is left to do for a size
        if masked >> np.uint64(BITS - bits) == _ZERO:
            masked <<= np.uint64(bits)
            limit -= bits
    return limit
