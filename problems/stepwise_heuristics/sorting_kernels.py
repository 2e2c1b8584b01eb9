"""Sorting in the machine: stable, by merging, and giving up where NaN would make the order depend on the method."""

import numpy as np
from numba import njit

from .array_kernels import at, is_float
from .instructions import FLOAT, LIST, NPFLOAT, NPINT
from .memory import STOPPED, Memory, copied, give_up, new_array, new_list, put_object
from .scalar_kernels import is_before

__all__ = ["array_order", "list_order", "sorted_list", "sorted_words"]


@njit(cache=True, nogil=True)
def _word_before(memory: Memory, line: tuple[int, int, int, int], one: int, two: int) -> bool:
    word, _, step, dtype = line
    return at(memory, word + one * step, is_float(dtype)) < at(memory, word + two * step, is_float(dtype))


@njit(cache=True, nogil=True)
def array_order(memory: Memory, line: tuple[int, int, int, int]) -> int:
    """The array of places that sorts a line of words; equal ones stay in order.

    Args:
        memory: The machine's.
        line: First word, length, step, kind of the numbers.
    """
    word, length, step, dtype = line
    made, other, ints = new_array(memory, NPINT, length, 0), new_array(memory, NPINT, length, 0), memory.ints
    if made == 0 or other == 0:
        return 0
    for i in range(length):
        ints[made + 8 + i] = i
        if np.isnan(at(memory, word + i * step, is_float(dtype))):
            return give_up(memory, 80)
    width = 1
    while width < length:
        for low in range(0, length, 2 * width):
            middle, high = min(low + width, length), min(low + 2 * width, length)
            i, j = low, middle
            for k in range(low, high):
                right = i >= middle or (j < high and _word_before(memory, line, ints[made + 8 + j], ints[made + 8 + i]))
                ints[other + 8 + k] = ints[made + 8 + (j if right else i)]
                j, i = j + right, i + (not right)
        made, other = other, made
        width *= 2
    return int(made)


@njit(cache=True, nogil=True)
def sorted_words(memory: Memory, line: tuple[int, int, int, int]) -> int:
    """A sorted array of a line of words."""
    order = array_order(memory, line)
    made = new_array(memory, line[3], line[1], 0)
    if memory.ints[STOPPED] != 0:
        return 0
    for i in range(line[1]):
        memory.ints[made + 8 + i] = memory.ints[line[0] + memory.ints[order + 8 + i] * line[2]]
    return made


@njit(cache=True, nogil=True)
def list_order(memory: Memory, keys: int, falling: bool) -> int:
    """The array of places that sorts a list; equal ones stay in order, when falling too."""
    ints, length, first = memory.ints, memory.ints[keys + 1], memory.ints[keys + 3]
    made, other = new_array(memory, NPINT, length, 0), new_array(memory, NPINT, length, 0)
    if made == 0 or other == 0:
        return 0
    for i in range(length):
        ints[made + 8 + i] = i
        if memory.tags[first + i] in (FLOAT, NPFLOAT) and np.isnan(memory.reals[first + i]):
            return give_up(memory, 81)
    width = 1
    while width < length:
        for low in range(0, length, 2 * width):
            middle, high = min(low + width, length), min(low + 2 * width, length)
            i, j = low, middle
            for k in range(low, high):
                right = i >= middle
                if not right and j < high:
                    one, two = first + ints[made + 8 + i], first + ints[made + 8 + j]
                    right = is_before(memory, one, two) if falling else is_before(memory, two, one)
                ints[other + 8 + k] = ints[made + 8 + (j if right else i)]
                j, i = j + right, i + (not right)
        made, other = other, made
        width *= 2
    return int(made)


@njit(cache=True, nogil=True)
def sorted_list(memory: Memory, out: int, values: int, keys: int, falling: bool) -> None:
    """A list of the values of a list in the order of the keys in another."""
    ints, length = memory.ints, memory.ints[values + 1]
    order = list_order(memory, keys, falling)
    made = new_list(memory, LIST, length)
    if ints[STOPPED] != 0:
        return
    for i in range(length):
        copied(memory, made + 4 + i, ints[values + 3] + ints[order + 8 + i])
    ints[made + 1] = length
    put_object(memory, out, made)
