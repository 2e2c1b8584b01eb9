"""Reading by index: entries, rows, picked entries."""

from numba import njit

from .array_kernels import array_of_shape, as_array, is_float
from .instructions import ALL, ARRAY, DICT, INT, LIST, NPBOOL, NPINT, OBJECT, RANGE, TUPLE
from .memory import STOPPED, Memory, allocated, copied, give_up, index_of, kind_of, new_array, new_list, put_index, put_object
from .set_kernels import dict_place

__all__ = ["get", "get_grid", "get_pair", "places", "put_entry", "put_view", "word_of_pair"]


@njit(cache=True, nogil=True)
def get(memory: Memory, out: int, one: int, index: int) -> None:
    """One entry of an object, or the entries of an array that an array or a list says."""
    kind, head, ints = kind_of(memory, one), memory.ints[one], memory.ints
    if kind == ARRAY and memory.tags[index] == OBJECT:
        chosen = places(memory, index, ints[head + 1])
        if ints[STOPPED] == 0:
            _pick(memory, out, head, chosen)
    elif kind in (LIST, TUPLE):
        place = index_of(memory, index, ints[head + 1])
        copied(memory, out, ints[head + 3] + place)
    elif kind == ARRAY:
        put_entry(memory, out, head, index_of(memory, index, ints[head + 1]))
    elif kind == DICT:
        entry = dict_place(memory, head, index)
        if entry < 0:
            give_up(memory, 50)
        else:
            copied(memory, out, ints[head + 4] + entry)
    elif kind == RANGE:
        put_index(memory, out, ints[head + 2] + index_of(memory, index, ints[head + 1]) * ints[head + 3])
    else:
        give_up(memory, 51)


@njit(cache=True, nogil=True)
def put_entry(memory: Memory, out: int, head: int, place: int) -> None:
    """Write a number of a vector, or a row of a matrix."""
    ints = memory.ints
    if ints[head + 5] == 0:
        word = ints[head + 3] + place * ints[head + 4]
        ints[out] = ints[word]
        memory.tags[out] = ints[head + 2]
    else:
        put_view(memory, out, head, (ints[head + 3] + place * ints[head + 4], ints[head + 5], ints[head + 6]))


@njit(cache=True, nogil=True)
def put_view(memory: Memory, out: int, head: int, line: tuple[int, int, int]) -> None:
    """A vector that shares the words of an array: first word, length, stride."""
    ints = memory.ints
    view = allocated(memory, 8)
    if view == 0:
        return
    ints[view], ints[view + 1], ints[view + 2], ints[view + 3] = ARRAY, line[1], ints[head + 2], line[0]
    ints[view + 4], ints[view + 5], ints[view + 6], ints[view + 7] = line[2], 0, 1, ints[head + 7]
    put_object(memory, out, view)


@njit(cache=True, nogil=True)
def places(memory: Memory, index: int, length: int) -> int:
    """An array of places from an array or list of them, or from truth values.

    Gives up on a place that is none.
    """
    ints = memory.ints
    head = as_array(memory, index) if kind_of(memory, index) != TUPLE else 0  # a tuple is an index for each dimension
    if head == 0 or ints[head + 5] != 0 or is_float(ints[head + 2]):
        return give_up(memory, 52)
    data, step, size = ints[head + 3], ints[head + 4], ints[head + 1]
    if ints[head + 2] == NPBOOL and size != length:
        return give_up(memory, 53)
    made = new_array(memory, NPINT, size, 0)
    if made == 0:
        return 0
    count = 0
    for i in range(size):
        place = ints[data + i * step]
        if ints[head + 2] == NPBOOL:
            ints[made + 8 + count] = i
            count += place
            continue
        if place < -length or place >= length:
            return give_up(memory, 54)
        ints[made + 8 + i] = place + length if place < 0 else place
        count += 1
    ints[made + 1] = count
    return made


@njit(cache=True, nogil=True)
def _pick(memory: Memory, out: int, head: int, chosen: int) -> None:
    ints, count = memory.ints, memory.ints[chosen + 1]
    columns = ints[head + 5]
    made = array_of_shape(memory, ints[head + 2], (count, max(columns, count * (columns == 0))), 2 - (columns == 0))
    if made == 0:
        return
    for i in range(count):
        word = ints[head + 3] + ints[chosen + 8 + i] * ints[head + 4]
        for j in range(max(columns, 1)):
            ints[made + 8 + i * max(columns, 1) + j] = ints[word + j * ints[head + 6]]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def get_pair(memory: Memory, out: int, one: int, row: int, column: int) -> None:  # noqa: PLR0912 - one for each pair of kinds
    """An entry, a line, or picked entries of a matrix; or the value of a pair in a dict."""
    ints, tags, head = memory.ints, memory.tags, memory.ints[one]
    if kind_of(memory, one) == DICT:
        get(memory, out, one, word_of_pair(memory, row, column))
        return
    if kind_of(memory, one) != ARRAY or ints[head + 5] == 0:
        give_up(memory, 55)
        return
    data, row_step, step = ints[head + 3], ints[head + 4], ints[head + 6]
    if tags[row] in (INT, NPINT):
        data += index_of(memory, row, ints[head + 1]) * row_step
        if tags[column] in (INT, NPINT):
            ints[out] = ints[data + index_of(memory, column, ints[head + 5]) * step]
            tags[out] = ints[head + 2]
        elif tags[column] == ALL:
            put_view(memory, out, head, (data, ints[head + 5], step))
        else:
            _pick_of_line(memory, out, (data, step, ints[head + 5], ints[head + 2]), column)
    elif tags[column] in (INT, NPINT):
        data += index_of(memory, column, ints[head + 5]) * step
        if tags[row] == ALL:
            put_view(memory, out, head, (data, ints[head + 1], row_step))
        else:
            _pick_of_line(memory, out, (data, row_step, ints[head + 1], ints[head + 2]), row)
    elif tags[row] == ALL and tags[column] == OBJECT:
        _pick_columns(memory, out, head, column)
    elif tags[row] == OBJECT and tags[column] == ALL:
        chosen = places(memory, row, ints[head + 1])
        if ints[STOPPED] == 0:
            _pick(memory, out, head, chosen)
    else:
        _pick_pairs(memory, out, head, row, column)


@njit(cache=True, nogil=True)
def word_of_pair(memory: Memory, one: int, two: int) -> int:
    """A word that holds a tuple of two values, such as the key of a dict."""
    made, word = new_list(memory, TUPLE, 2), allocated(memory, 1)
    if made == 0 or word == 0:
        return 0
    copied(memory, made + 4, one)
    copied(memory, made + 5, two)
    memory.ints[made + 1] = 2
    put_object(memory, word, made)
    return word


@njit(cache=True, nogil=True)
def _pick_of_line(memory: Memory, out: int, line: tuple[int, int, int, int], index: int) -> None:
    ints = memory.ints
    data, step, length, dtype = line
    chosen = places(memory, index, length)
    made = new_array(memory, dtype, ints[chosen + 1], 0) if ints[STOPPED] == 0 else 0
    if made == 0:
        return
    for i in range(ints[chosen + 1]):
        ints[made + 8 + i] = ints[data + ints[chosen + 8 + i] * step]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _pick_columns(memory: Memory, out: int, head: int, column: int) -> None:
    # NumPy lays them out column by column, which sums over them depend on.
    ints = memory.ints
    chosen, rows = places(memory, column, ints[head + 5]), ints[head + 1]
    made = array_of_shape(memory, ints[head + 2], (rows, ints[chosen + 1]), 2) if ints[STOPPED] == 0 else 0
    if made == 0:
        return
    ints[made + 4], ints[made + 6] = 1, rows
    for j in range(ints[chosen + 1]):
        for i in range(rows):
            ints[made + 8 + j * rows + i] = ints[ints[head + 3] + i * ints[head + 4] + ints[chosen + 8 + j] * ints[head + 6]]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _pick_pairs(memory: Memory, out: int, head: int, row: int, column: int) -> None:
    ints = memory.ints
    first, second = places(memory, row, ints[head + 1]), places(memory, column, ints[head + 5])
    if ints[STOPPED] != 0 or ints[first + 1] != ints[second + 1]:
        give_up(memory, 56)
        return
    made = new_array(memory, ints[head + 2], ints[first + 1], 0)
    for i in range(ints[first + 1] if made else 0):
        ints[made + 8 + i] = ints[ints[head + 3] + ints[first + 8 + i] * ints[head + 4] + ints[second + 8 + i] * ints[head + 6]]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def get_grid(memory: Memory, out: int, one: int, row: int, column: int) -> None:
    """The entries of a matrix where chosen rows and chosen columns cross: `matrix[np.ix_(rows, columns)]`."""
    ints, head = memory.ints, memory.ints[one]
    if kind_of(memory, one) != ARRAY or ints[head + 5] == 0:
        give_up(memory, 57)
        return
    first, second = places(memory, row, ints[head + 1]), places(memory, column, ints[head + 5])
    made = array_of_shape(memory, ints[head + 2], (ints[first + 1], ints[second + 1]), 2) if ints[STOPPED] == 0 else 0
    if made == 0:
        return
    for i in range(ints[first + 1]):
        line = ints[head + 3] + ints[first + 8 + i] * ints[head + 4]
        for j in range(ints[second + 1]):
            ints[made + 8 + i * ints[second + 1] + j] = ints[line + ints[second + 8 + j] * ints[head + 6]]
    put_object(memory, out, made)
