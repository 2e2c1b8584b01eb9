"""Slices, lists and tuples of several values, and going through what is in an object."""

from numba import njit

from .index_kernels import put_entry, put_view
from .instructions import ARRAY, BOOL, DICT, INT, LIST, NEXT, NEXT_VALUE, NONE, NPFLOAT, NPINT, RANGE, SET, TUPLE, UNDEFINED
from .memory import STOPPED, Memory, copied, give_up, kind_of, new_list, put_index, put_int, put_object, real
from .scalar_kernels import equals
from .set_kernels import dict_place, in_set

__all__ = ["begin", "build", "contains", "following", "sliced", "unpacked"]


@njit(cache=True, nogil=True)
def _bounds(memory: Memory, first: int, length: int) -> tuple[int, int, int]:
    # Begin, step and count of a slice whose three parts stand in three registers.
    step = 1
    for slot in range(first, first + 3):
        if memory.tags[slot] not in (NONE, INT, NPINT):
            give_up(memory, 61)
    if memory.tags[first + 2] != NONE:
        step = memory.ints[first + 2]
    if step == 0:
        give_up(memory, 62)
        return 0, 1, 0
    low, high = (0, length) if step > 0 else (-1, length - 1)
    begin, end = (low, high) if step > 0 else (high, low)
    if memory.tags[first] != NONE:
        begin = memory.ints[first]
        begin = min(max(begin + length if begin < 0 else begin, low), high)
    if memory.tags[first + 1] != NONE:
        end = memory.ints[first + 1]
        end = min(max(end + length if end < 0 else end, low), high)
    count = (end - begin + step - 1) // step if step > 0 else (begin - end - step - 1) // -step
    return begin, step, max(0, count)


@njit(cache=True, nogil=True)
def sliced(memory: Memory, out: int, one: int, first: int) -> None:
    """A slice of a list, a tuple or an array; of an array it is a view."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    if kind not in (LIST, TUPLE, ARRAY):
        give_up(memory, 63)
        return
    begin, step, count = _bounds(memory, first, ints[head + 1])
    if ints[STOPPED] != 0:
        return
    if kind == ARRAY:
        put_view(memory, out, head, (ints[head + 3] + begin * ints[head + 4], count, step * ints[head + 4]))
        view = ints[out]
        if ints[STOPPED] == 0:
            ints[view + 5], ints[view + 6] = ints[head + 5], ints[head + 6]
        return
    made = new_list(memory, kind, count)
    if made == 0:
        return
    for i in range(count):
        copied(memory, made + 4 + i, ints[head + 3] + begin + i * step)
    ints[made + 1] = count
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def build(memory: Memory, out: int, kind: int, first: int, count: int) -> None:
    """A list or a tuple of the values in so many registers."""
    head = new_list(memory, kind, count)
    if head == 0:
        return
    for i in range(count):
        if memory.tags[first + i] == UNDEFINED:
            give_up(memory, 68)
        copied(memory, head + 4 + i, first + i)
    memory.ints[head + 1] = count
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def unpacked(memory: Memory, one: int, first: int, count: int) -> None:
    """The values of a list, a tuple or a vector, into so many registers."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    if kind not in (LIST, TUPLE, ARRAY) or ints[head + 1] != count:
        give_up(memory, 64)
        return
    for i in range(count):
        if kind == ARRAY:
            put_entry(memory, first + i, head, i)
        else:
            copied(memory, first + i, ints[head + 3] + i)


@njit(cache=True, nogil=True)
def contains(memory: Memory, out: int, value: int, one: int) -> None:
    """Whether a value is in an object."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    found = False
    if kind == SET:
        found = in_set(memory, head, value)
    elif kind == DICT:
        found = dict_place(memory, head, value) >= 0
    elif kind in (LIST, TUPLE):
        for i in range(ints[head + 1]):
            found = found or equals(memory, ints[head + 3] + i, value)
    elif kind == ARRAY and ints[head + 5] == 0:
        number = real(memory, value)
        for i in range(ints[head + 1]):
            word = ints[head + 3] + i * ints[head + 4]
            found = found or (memory.reals[word] == number if ints[head + 2] == NPFLOAT else ints[word] == number)
    else:
        give_up(memory, 65)
    put_int(memory, out, BOOL, 1 if found else 0)


@njit(cache=True, nogil=True)
def begin(memory: Memory, at: int, one: int) -> None:
    """Begin to go through an object: the next place and the length that it has now, in two registers."""
    kind = kind_of(memory, one)
    if kind == 0:
        give_up(memory, 66)
        return
    put_int(memory, at, INT, 0)
    put_int(memory, at + 1, INT, memory.ints[memory.ints[one] + 1])


@njit(cache=True, nogil=True)
def following(memory: Memory, way: int, out: int, one: int, at: int) -> bool:
    """Go to the next value of an object; whether there is one."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    place = ints[at]
    if kind == SET:
        place = _next_in_set(memory, head, place)
    if kind in (SET, DICT) and ints[head + 1] != ints[at + 1]:
        give_up(memory, 67)  # it has changed, and Python raises
        return False
    if place >= (ints[head + 2] + 1 if kind == SET else ints[head + 1]):
        return False
    ints[at] = place + 1
    if kind == ARRAY:
        put_entry(memory, out, head, place)
    elif kind == RANGE:
        put_index(memory, out, ints[head + 2] + place * ints[head + 3])
    elif kind == DICT and way == NEXT_VALUE:
        copied(memory, out, ints[head + 4] + place)
    elif kind == DICT and way != NEXT:
        pair = new_list(memory, TUPLE, 2)
        if pair != 0:
            copied(memory, pair + 4, ints[head + 3] + place)
            copied(memory, pair + 5, ints[head + 4] + place)
            ints[pair + 1] = 2
            put_object(memory, out, pair)
    else:
        copied(memory, out, ints[head + 3] + place)
    return True


@njit(cache=True, nogil=True)
def _next_in_set(memory: Memory, head: int, place: int) -> int:
    while place <= memory.ints[head + 2] and memory.tags[memory.ints[head + 3] + place] <= 0:
        place += 1
    return place
