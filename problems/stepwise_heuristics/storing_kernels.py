"""Writing by index: entries of lists, arrays and dicts."""

from numba import njit

from .array_kernels import is_float
from .index_kernels import places, word_of_pair
from .instructions import ARRAY, BOOL, DICT, LIST, NPBOOL, NPINT, OBJECT, UNDEFINED
from .memory import STOPPED, Memory, copied, give_up, index_of, kind_of, real
from .set_kernels import store_in_dict

__all__ = ["store", "store_pair"]


@njit(cache=True, nogil=True)
def store(memory: Memory, one: int, index: int, value: int) -> None:
    """Write an entry of a list, a vector or a dict, or several of a vector."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    if memory.tags[value] == UNDEFINED:
        give_up(memory, 69)
    elif kind == LIST:
        copied(memory, ints[head + 3] + index_of(memory, index, ints[head + 1]), value)
    elif kind == DICT:
        store_in_dict(memory, head, index, value)
    elif kind == ARRAY and ints[head + 5] == 0 and ints[head + 7] == 1:
        if memory.tags[index] != OBJECT:
            _write(memory, ints[head + 3] + index_of(memory, index, ints[head + 1]) * ints[head + 4], ints[head + 2], value)
            return
        chosen = places(memory, index, ints[head + 1])
        for i in range(ints[chosen + 1] if ints[STOPPED] == 0 else 0):
            _write(memory, ints[head + 3] + ints[chosen + 8 + i] * ints[head + 4], ints[head + 2], value)
    else:
        give_up(memory, 58)


@njit(cache=True, nogil=True)
def store_pair(memory: Memory, one: int, row: int, column: int, value: int) -> None:
    """Write an entry of a matrix, or the value of a pair in a dict."""
    ints, head = memory.ints, memory.ints[one]
    if kind_of(memory, one) == DICT:
        store(memory, one, word_of_pair(memory, row, column), value)
        return
    if kind_of(memory, one) != ARRAY or ints[head + 5] == 0 or ints[head + 7] != 1:
        give_up(memory, 59)
        return
    word = ints[head + 3] + index_of(memory, row, ints[head + 1]) * ints[head + 4]
    word += index_of(memory, column, ints[head + 5]) * ints[head + 6]
    if ints[STOPPED] == 0:
        _write(memory, word, ints[head + 2], value)


@njit(cache=True, nogil=True)
def _write(memory: Memory, word: int, dtype: int, value: int) -> None:
    tag = memory.tags[value]
    if memory.ints[STOPPED] != 0:
        return
    if is_float(dtype):
        memory.reals[word] = real(memory, value)
    elif BOOL <= tag < OBJECT and not is_float(tag) and (dtype == NPINT or tag in (BOOL, NPBOOL)):
        memory.ints[word] = memory.ints[value]
    else:
        give_up(memory, 60)  # NumPy would round
