"""Functions of NumPy that make arrays, in the machine."""

from numba import njit

from .array_kernels import array_of_shape, as_array, at, is_float, numpy_tag, result_shape, side
from .instructions import ARRAY, BOOL, FUNCTIONS, INT, LIST, NPBOOL, NPFLOAT, NPINT, OBJECT, TUPLE
from .memory import STOPPED, Memory, allocated, copied, give_up, kind_of, new_array, new_list, put_index, put_object, real
from .sorting_kernels import array_order, sorted_words

__all__ = ["of_array"]

_ARRAY, _ZEROS, _ONES, _FULL, _ARANGE, _WHERE, _NONZERO, _ARGSORT, _SORT, _ISIN, _SETDIFF1D, _DELETE = (
    FUNCTIONS[name]
    for name in (
        *("array", "zeros", "ones", "full", "arange", "where", "nonzero", "argsort", "np.sort", "isin", "setdiff1d", "delete"),
    )
)
_CONCATENATE, _UNIQUE, _SIZE, _SHAPE, _AS_FLOAT, _AS_INT, _AS_BOOL, _FRESH, _TOLIST, _ZEROS_LIKE, _ONES_LIKE = (
    FUNCTIONS[name]
    for name in (
        *("concatenate", "unique", "size", "shape", "as_float", "as_int", "as_bool", "fresh", "tolist", "zeros_like"),
        "ones_like",
    )
)


@njit(cache=True, nogil=True)
def of_array(memory: Memory, function: int, out: int, first: int, count: int) -> None:  # noqa: C901, PLR0912
    """Carry out a function whose operands stand in so many registers."""
    ints = memory.ints
    if function in (_ZEROS, _ONES, _FULL):
        _filled(memory, function, out, first)
        return
    if function == _ARANGE:
        _numbered(memory, out, first, count)
        return
    if function == _WHERE:
        _chosen(memory, out, first)
        return
    if function == _CONCATENATE:
        _joined(memory, out, first)
        return
    head = as_array(memory, first)
    if head == 0:
        return
    line = (ints[head + 3], ints[head + 1], ints[head + 4], ints[head + 2])
    if function == _SIZE:
        put_index(memory, out, ints[head + 1] * max(1, ints[head + 5]))
    elif function == _SHAPE:
        _put_shape(memory, out, head)
    elif function == _ARRAY and kind_of(memory, first) == ARRAY:
        put_object(memory, out, head)
    elif function in (_ARRAY, _FRESH, _AS_FLOAT, _AS_INT, _AS_BOOL):
        _converted(memory, function, out, head)
    elif ints[head + 5] != 0:
        give_up(memory, 120)
    elif function == _NONZERO:
        _put_nonzero(memory, out, line)
    elif function in (_ARGSORT, _SORT):
        _put_order(memory, function, out, line, memory.tags[first + 1] == BOOL and ints[first + 1] == 1)
    elif function in (_ISIN, _SETDIFF1D):
        _compared(memory, function, out, line, first + 1)
    elif function == _DELETE:
        _without(memory, out, line, first + 1)
    elif function == _UNIQUE:
        _once_each(memory, out, sorted_words(memory, line))
    elif function == _TOLIST:
        _put_list(memory, out, line)
    elif function in (_ZEROS_LIKE, _ONES_LIKE):
        made = new_array(memory, line[3], line[1], 0)
        _fill(memory, made, line[1], 1.0 if function == _ONES_LIKE else 0.0)
        put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _fill(memory: Memory, head: int, count: int, number: float) -> None:
    for i in range(count if head else 0):
        if is_float(memory.ints[head + 2]):
            memory.reals[head + 8 + i] = number
        else:
            memory.ints[head + 8 + i] = int(number)


@njit(cache=True, nogil=True)
def _filled(memory: Memory, function: int, out: int, first: int) -> None:
    ints, rows, columns, dtype, number = memory.ints, memory.ints[first], 0, NPFLOAT, 1.0 if function == _ONES else 0.0
    if kind_of(memory, first) == TUPLE and ints[ints[first] + 1] == 2:
        shape = ints[ints[first] + 3]
        rows, columns = ints[shape], ints[shape + 1]
        if columns <= 0 or memory.tags[shape] != INT or memory.tags[shape + 1] != INT:
            give_up(memory, 121)
    elif memory.tags[first] not in (INT, NPINT):
        give_up(memory, 122)
    if rows < 0 or rows > 2**20 or columns > 2**20:
        give_up(memory, 123)
    if function == _FULL:
        if memory.tags[first + 1] < BOOL or memory.tags[first + 1] >= OBJECT:
            give_up(memory, 124)
        else:
            dtype, number = numpy_tag(memory.tags[first + 1]), real(memory, first + 1)
    if ints[STOPPED] != 0:
        return
    made = new_array(memory, dtype, rows, columns)
    _fill(memory, made, rows * max(1, columns), number)
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _numbered(memory: Memory, out: int, first: int, count: int) -> None:
    ints = memory.ints
    for slot in range(first, first + count):
        if memory.tags[slot] not in (INT, NPINT) or abs(ints[slot]) > 2**40:
            give_up(memory, 125)
    begin, end = (0, ints[first]) if count == 1 else (ints[first], ints[first + 1])
    step = ints[first + 2] if count == 3 else 1
    if step <= 0 or ints[STOPPED] != 0:
        give_up(memory, 126)
        return
    length = max(0, (end - begin + step - 1) // step)
    made = new_array(memory, NPINT, length, 0)
    for i in range(length if made else 0):
        ints[made + 8 + i] = begin + i * step
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _chosen(memory: Memory, out: int, first: int) -> None:
    # np.where of three operands, of which one at least is an array.
    tests, one, two = side(memory, first), side(memory, first + 1), side(memory, first + 2)
    dimensions = max(tests[5], one[5], two[5])
    if memory.ints[STOPPED] != 0 or dimensions != 1:
        give_up(memory, 127)
        return
    _, columns = result_shape(memory, one, two)
    _, columns = result_shape(memory, tests, (0, 1, columns, 0, 0, 1, 0))
    first_kind, second_kind = numpy_tag(one[6]), numpy_tag(two[6])
    if numpy_tag(tests[6]) != NPBOOL or (first_kind != second_kind and NPBOOL in (first_kind, second_kind)):
        give_up(memory, 128)
    dtype = max(first_kind, second_kind)
    made = new_array(memory, dtype, columns, 0)
    if memory.ints[STOPPED] != 0:
        return
    for i in range(columns):
        holds = memory.ints[tests[0] + i * tests[4] * (tests[2] != 1)] != 0
        data, _, width, _, step, _, kind = one if holds else two
        word = data + i * step * (width != 1)
        if dtype == NPFLOAT:
            memory.reals[made + 8 + i] = at(memory, word, is_float(kind))
        else:
            memory.ints[made + 8 + i] = memory.ints[word]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _joined(memory: Memory, out: int, first: int) -> None:
    ints, kind = memory.ints, kind_of(memory, first)
    if kind not in (LIST, TUPLE):
        give_up(memory, 129)
        return
    parts, number = ints[ints[first] + 3], ints[ints[first] + 1]
    length, dtype = 0, 0
    for k in range(number):
        head = as_array(memory, parts + k)
        if head == 0 or ints[head + 5] != 0 or (dtype not in (0, ints[head + 2])):
            give_up(memory, 130)
            return
        length, dtype = length + ints[head + 1], ints[head + 2]
    made = new_array(memory, dtype, length, 0)
    if made == 0 or number == 0:
        give_up(memory, 131)
        return
    to = made + 8
    for k in range(number):
        head = as_array(memory, parts + k)
        for i in range(ints[head + 1] if head else 0):
            ints[to] = ints[ints[head + 3] + i * ints[head + 4]]
            to += 1
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _put_shape(memory: Memory, out: int, head: int) -> None:
    made = new_list(memory, TUPLE, 2)
    if made == 0:
        return
    put_index(memory, made + 4, memory.ints[head + 1])
    put_index(memory, made + 5, memory.ints[head + 5])
    memory.ints[made + 1] = 1 if memory.ints[head + 5] == 0 else 2
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _converted(memory: Memory, function: int, out: int, head: int) -> None:
    # A copy, which is laid out row by row.
    ints = memory.ints
    old, rows, columns = ints[head + 2], ints[head + 1], max(1, ints[head + 5])
    dtype = NPFLOAT if function == _AS_FLOAT else NPINT if function == _AS_INT else NPBOOL if function == _AS_BOOL else old
    if dtype != old and (is_float(old) or dtype == NPBOOL):
        give_up(memory, 132)
        return
    if ints[head + 5] != 0 and ints[head + 6] != 1:
        give_up(memory, 133)  # a copy keeps columns together if the array does
        return
    made = array_of_shape(memory, dtype, (rows, columns if ints[head + 5] else rows), 2 if ints[head + 5] else 1)
    for i in range(rows if made else 0):
        for j in range(columns):
            word = ints[head + 3] + i * ints[head + 4] + j * ints[head + 6]
            if is_float(dtype):
                memory.reals[made + 8 + i * columns + j] = at(memory, word, is_float(old))
            else:
                ints[made + 8 + i * columns + j] = ints[word]
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _put_nonzero(memory: Memory, out: int, line: tuple[int, int, int, int]) -> None:
    word, length, step, dtype = line
    made, pair, count = new_array(memory, NPINT, length, 0), new_list(memory, TUPLE, 1), 0
    if made == 0 or pair == 0:
        return
    for i in range(length):
        if at(memory, word + i * step, is_float(dtype)) != 0.0:
            memory.ints[made + 8 + count] = i
            count += 1
    memory.ints[made + 1], memory.ints[pair + 1] = count, 1
    put_object(memory, pair + 4, made)
    put_object(memory, out, pair)


@njit(cache=True, nogil=True)
def _put_order(memory: Memory, function: int, out: int, line: tuple[int, int, int, int], stable: bool) -> None:
    # Where NumPy's usual method leaves the order of equal ones open, the machine gives up.
    word, length, step, dtype = line
    if function == _SORT:
        put_object(memory, out, sorted_words(memory, line))
        return
    order, ints = array_order(memory, line), memory.ints
    if order == 0:
        return
    for i in range(1, length if not stable else 0):
        one, two = word + ints[order + 7 + i] * step, word + ints[order + 8 + i] * step
        if at(memory, one, is_float(dtype)) == at(memory, two, is_float(dtype)):
            give_up(memory, 134)
            return
    put_object(memory, out, order)


@njit(cache=True, nogil=True)
def _compared(memory: Memory, function: int, out: int, line: tuple[int, int, int, int], two: int) -> None:
    # np.isin, and np.setdiff1d, which gives each once and in rising order.
    word, length, step, dtype = line
    other, ints = as_array(memory, two), memory.ints
    made = new_array(memory, NPBOOL, length, 0)
    if ints[STOPPED] != 0 or ints[other + 5] != 0 or is_float(dtype) or (is_float(ints[other + 2]) and ints[other + 1]):
        give_up(memory, 135)
        return
    for i in range(length):
        found = 0
        for j in range(ints[other + 1]):
            found |= int(ints[ints[other + 3] + j * ints[other + 4]] == ints[word + i * step])
        ints[made + 8 + i] = found
    if function == _ISIN:
        put_object(memory, out, made)
        return
    left, count = new_array(memory, dtype, length, 0), 0
    for i in range(length if left else 0):
        if ints[made + 8 + i] == 0:
            ints[left + 8 + count] = ints[word + i * step]
            count += 1
    _once_each(memory, out, sorted_words(memory, (left + 8, count, 1, dtype)))


@njit(cache=True, nogil=True)
def _once_each(memory: Memory, out: int, head: int) -> None:
    ints = memory.ints
    if head == 0 or ints[STOPPED] != 0:
        return
    count = 0
    for i in range(ints[head + 1]):
        if count == 0 or at(memory, head + 8 + i, is_float(ints[head + 2])) != at(
            memory, head + 7 + count, is_float(ints[head + 2])
        ):
            ints[head + 8 + count] = ints[head + 8 + i]
            count += 1
    ints[head + 1] = count
    put_object(memory, out, head)


@njit(cache=True, nogil=True)
def _without(memory: Memory, out: int, line: tuple[int, int, int, int], index: int) -> None:
    # np.delete of one place, of a list or array of places, or of what np.where gives.
    word, length, step, dtype = line
    ints, slot = memory.ints, index
    if kind_of(memory, index) == TUPLE and ints[ints[index] + 1] == 1:
        slot = ints[ints[index] + 3]
    if memory.tags[slot] in (INT, NPINT):
        chosen, single = allocated(memory, 1), True
        copied(memory, chosen, slot)
        count, first, wide = 1, chosen, 1
    else:
        head, single = as_array(memory, slot), False
        if head == 0 or ints[head + 5] != 0 or (ints[head + 2] != NPINT and ints[head + 1]):
            give_up(memory, 136)
            return
        count, first, wide = ints[head + 1], ints[head + 3], ints[head + 4]
    gone, made = new_array(memory, NPBOOL, length, 0), new_array(memory, dtype, length, 0)
    _fill(memory, gone, length, 0.0)
    for k in range(count if ints[STOPPED] == 0 else 0):
        place = ints[first + k * wide]
        place = place + length if place < 0 else place
        if place < 0 or place >= length:
            give_up(memory, 137)
            return
        ints[gone + 8 + place] = 1
    left = 0
    for i in range(length if ints[STOPPED] == 0 and (single or count >= 0) else 0):
        if ints[gone + 8 + i] == 0:
            ints[made + 8 + left] = ints[word + i * step]
            left += 1
    ints[made + 1] = left
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _put_list(memory: Memory, out: int, line: tuple[int, int, int, int]) -> None:
    word, length, step, dtype = line
    made = new_list(memory, LIST, length)
    for i in range(length if made else 0):
        memory.ints[made + 4 + i] = memory.ints[word + i * step]
        memory.tags[made + 4 + i] = dtype - 3
    if made:
        memory.ints[made + 1] = length
        put_object(memory, out, made)
