"""Reductions of arrays, with NumPy's own order of adding."""

import numpy as np
from numba import njit

from .array_kernels import as_array, at, is_float
from .instructions import FUNCTIONS, INT, NONE, NPBOOL, NPFLOAT, NPINT
from .memory import STOPPED, Memory, give_up, new_array, put_float, put_int, put_object
from .sorting_kernels import sorted_words

__all__ = ["reduced"]

_AMIN, _AMAX, _ARGMIN, _ARGMAX, _SUM, _MEAN, _STD, _VAR, _MEDIAN, _ANY, _ALL, _COUNT = (
    FUNCTIONS[name]
    for name in (
        *("amin", "amax", "argmin", "argmax", "np.sum", "mean", "std", "var", "median", "np.any", "np.all", "count_nonzero"),
    )
)
_BLOCK = 128  # up to which NumPy adds in eight lanes
_BUFFER = 8192  # whole numbers that NumPy turns into floats at once


@njit(cache=True, nogil=True)
def _pairwise(memory: Memory, word: int, length: int, step: int) -> float:
    # NumPy's pairwise summation, lane for lane.
    reals = memory.reals
    if length < 8:
        total = -0.0
        for i in range(length):
            total += reals[word + i * step]
        return total
    if length > _BLOCK:
        half = length // 2
        half -= half % 8
        left: float = _pairwise(memory, word, half, step)
        right: float = _pairwise(memory, word + half * step, length - half, step)
        return left + right
    lanes = (
        reals[word], reals[word + step], reals[word + 2 * step], reals[word + 3 * step],
        reals[word + 4 * step], reals[word + 5 * step], reals[word + 6 * step], reals[word + 7 * step],
    )  # fmt: skip
    a, b, c, d, e, f, g, h = lanes
    whole = length - length % 8
    for i in range(8, whole, 8):
        at_i = word + i * step
        a += reals[at_i]
        b += reals[at_i + step]
        c += reals[at_i + 2 * step]
        d += reals[at_i + 3 * step]
        e += reals[at_i + 4 * step]
        f += reals[at_i + 5 * step]
        g += reals[at_i + 6 * step]
        h += reals[at_i + 7 * step]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, length):
        total += reals[word + i * step]
    return float(total)


@njit(cache=True, nogil=True)
def _in_turn(memory: Memory, word: int, length: int, step: int) -> float:
    total = memory.reals[word]
    for i in range(1, length):
        total += memory.reals[word + i * step]
    return float(total)


@njit(cache=True, nogil=True)
def _as_floats(memory: Memory, line: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    word, length, step, dtype = line
    if is_float(dtype):
        return line
    made = new_array(memory, NPFLOAT, length, 0)
    if made == 0 or length > _BUFFER:
        give_up(memory, 70)
        return word, 0, 1, NPFLOAT
    for i in range(length):
        memory.reals[made + 8 + i] = float(memory.ints[word + i * step])
    return made + 8, length, 1, NPFLOAT


@njit(cache=True, nogil=True)
def _extreme(memory: Memory, function: int, out: int, line: tuple[int, int, int, int]) -> None:
    # The first of the smallest or largest; NaN is both.
    word, length, step, dtype = line
    floats, least = is_float(dtype), function in (_AMIN, _ARGMIN)
    best, place = at(memory, word, floats), 0
    for i in range(1, length):
        number = at(memory, word + i * step, floats)
        if np.isnan(best):
            break
        if (number < best if least else number > best) or np.isnan(number):
            best, place = number, i
    if function in (_ARGMIN, _ARGMAX):
        put_int(memory, out, NPINT, place)
    else:
        memory.ints[out] = memory.ints[word + place * step]
        memory.tags[out] = dtype


@njit(cache=True, nogil=True, error_model="numpy")
def _spread(memory: Memory, line: tuple[int, int, int, int]) -> float:
    # The variance as NumPy computes it: squares of what is left without the mean.
    word, length, step, _ = _as_floats(memory, line)
    made = new_array(memory, NPFLOAT, length, 0)
    if memory.ints[STOPPED] != 0:
        return 0.0
    mean = _pairwise(memory, word, length, step) / length
    for i in range(length):
        rest = memory.reals[word + i * step] - mean
        memory.reals[made + 8 + i] = rest * rest
    return _pairwise(memory, made + 8, length, 1) / length


@njit(cache=True, nogil=True, error_model="numpy")
def _middle(memory: Memory, line: tuple[int, int, int, int]) -> float:
    word, length, step, _ = _as_floats(memory, line)
    made = sorted_words(memory, (word, length, step, NPFLOAT))
    if memory.ints[STOPPED] != 0:
        return 0.0
    upper = float(memory.reals[made + 8 + length // 2])
    return upper if length % 2 else (float(memory.reals[made + 8 + length // 2 - 1]) + upper) / 2.0


@njit(cache=True, nogil=True)
def _count(memory: Memory, line: tuple[int, int, int, int]) -> int:
    word, length, step, dtype = line
    count = 0
    for i in range(length):
        count += at(memory, word + i * step, is_float(dtype)) != 0.0
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _reduce_line(memory: Memory, function: int, out: int, line: tuple[int, int, int, int], in_turn: bool) -> None:
    word, length, step, dtype = line
    if function in (_ANY, _ALL):
        count = _count(memory, line)
        put_int(memory, out, NPBOOL, int(count > 0) if function == _ANY else int(count == length))
    elif function == _COUNT or (function == _SUM and dtype == NPBOOL):
        put_int(memory, out, NPINT, _count(memory, line))
    elif function == _SUM and dtype == NPINT:
        total = 0
        for i in range(length):
            total += memory.ints[word + i * step]
        put_int(memory, out, NPINT, total)
    elif function == _SUM and length == 0:
        put_float(memory, out, NPFLOAT, 0.0)
    elif length == 0 or (dtype == NPBOOL and function not in (_MEAN, _ARGMIN, _ARGMAX)):
        give_up(memory, 71)
    elif function in (_AMIN, _AMAX, _ARGMIN, _ARGMAX):
        _extreme(memory, function, out, line)
    elif function in (_SUM, _MEAN):
        word, length, step, _ = _as_floats(memory, line)
        added = 0.0 + (_in_turn(memory, word, length, step) if in_turn else _pairwise(memory, word, length, step))
        put_float(memory, out, NPFLOAT, added if function == _SUM else added / length)
    elif function in (_STD, _VAR) and not in_turn:
        spread = _spread(memory, line)
        put_float(memory, out, NPFLOAT, np.sqrt(spread) if function == _STD else spread)
    elif function == _MEDIAN:
        put_float(memory, out, NPFLOAT, _middle(memory, line))
    else:
        give_up(memory, 72)


@njit(cache=True, nogil=True)
def reduced(memory: Memory, function: int, out: int, one: int, axis: int) -> None:
    """Reduce an array, or what becomes one.

    Args:
        memory: The machine's.
        function: One of `REDUCTIONS`.
        out: Register of the result: a number, or a vector with an axis.
        one: Register of the array.
        axis: Register of the axis.
    """
    head, ints = as_array(memory, one), memory.ints
    if head == 0:
        return
    rows, data, row_step, columns, step, dtype = _matrix(memory, head)
    if memory.tags[axis] == NONE or ints[head + 5] == 0:
        if memory.tags[axis] != NONE and (memory.tags[axis] != INT or ints[axis] not in (0, -1)):
            give_up(memory, 73)
        elif ints[head + 5] == 0:
            _reduce_line(memory, function, out, (data, rows, row_step, dtype), False)
        elif (step == 1 and row_step == columns) or (row_step == 1 and step == rows and function not in (_ARGMIN, _ARGMAX)):
            _reduce_line(memory, function, out, (data, rows * columns, 1, dtype), False)
        else:
            give_up(memory, 74)
        return
    if memory.tags[axis] != INT or not -2 <= ints[axis] < 2 or step != 1 or row_step != columns:
        give_up(memory, 75)
        return
    by_row = ints[axis] in (1, -1)
    lines = rows if by_row else columns
    made = new_array(memory, NPFLOAT, lines, 0)
    for i in range(lines if made else 0):
        line = (data + i * row_step, columns, 1, dtype) if by_row else (data + i, rows, row_step, dtype)
        _reduce_line(memory, function, out, line, not by_row and columns > 1)
        ints[made + 8 + i] = ints[out]
        ints[made + 2] = memory.tags[out]
        if ints[STOPPED] != 0:
            return
    if made:
        put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _matrix(memory: Memory, head: int) -> tuple[int, int, int, int, int, int]:
    ints = memory.ints
    return ints[head + 1], ints[head + 3], ints[head + 4], ints[head + 5], ints[head + 6], ints[head + 2]
