"""Sets of the sums that waiting items can reach, as bits.

A set is a row of words of 64 bits; bit i stands for the sum i. Sums that are larger than the last bit are forgotten.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["BITS", "largest_sum", "reach", "words_for"]

BITS = 64
"""Of a word."""

_ZERO, _ONE, _ALL, _TOP = np.uint64(0), np.uint64(1), np.uint64(BITS), np.uint64(BITS - 1)
_FEW = 4  # copies that are added one after the other


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
    words = sums.shape[1]
    for word in range(words):
        sums[row, word] = sums[row + 1, word]
    if size == 0:
        return
    left = min(copies, words * BITS // size)
    if left <= _FEW:
        for number in range(1, left + 1):
            _add_shifted(sums, row, row + 1, number * size)
        return
    step = 1
    while left > 0:  # 1, 2, 4 ... more at a time, and at last what is left
        step = min(step, left)
        _add_shifted(sums, row, row, step * size)
        left -= step
        step *= 2


@njit(cache=True, nogil=True, inline="always")
def _add_shifted(sums: NDArray[np.uint64], row: int, source: int, by: int) -> None:
    # From the last word down, so that where both are one row every word is read before it is written.
    words, bits = by // BITS, np.uint64(by % BITS)
    last = sums.shape[1] - 1
    if bits == _ZERO:
        for word in range(last, words - 1, -1):
            sums[row, word] |= sums[source, word - words]
        return
    for word in range(last, words, -1):
        sums[row, word] |= (sums[source, word - words] << bits) | (sums[source, word - words - 1] >> (_ALL - bits))
    if words <= last:
        sums[row, words] |= sums[source, 0] << bits


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
    while masked >> _TOP == _ZERO:
        masked <<= _ONE
        limit -= 1
    return limit
