"""Arrays of the machine, and arithmetic entry by entry with broadcasting."""

import numpy as np
from numba import njit

from evoheur.problems.flat_heuristics.kernels import run_numpy_loop

from .instructions import (
    ARRAY,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    BOOL,
    DIVIDE,
    FLOAT,
    LESS,
    LIST,
    LOOP_ROWS,
    NPBOOL,
    NPFLOAT,
    NPINT,
    OBJECT,
    POWER,
    RANGE,
    TUPLE,
)
from .memory import SCRATCH, SELF, STOPPED, Memory, give_up, kind_of, new_array, put_object, real
from .scalar_kernels import joined_floats, joined_ints, ordered

__all__ = ["array_of_shape", "as_array", "at", "binary_arrays", "is_float", "numpy_tag", "result_shape", "run_loop_on", "side"]

_POWER_ROW = LOOP_ROWS["power"]


@njit(cache=True, nogil=True)
def numpy_tag(tag: int) -> int:
    """The kind of NumPy's number that a number becomes in an array."""
    return tag + 3 if tag < NPBOOL else tag


@njit(cache=True, nogil=True)
def as_array(memory: Memory, slot: int) -> int:
    """The array that NumPy makes of an array, a list, a tuple or a range of numbers."""
    kind, head = kind_of(memory, slot), memory.ints[slot]
    if kind == ARRAY:
        return int(head)
    if kind not in (LIST, TUPLE, RANGE):
        return give_up(memory, 30)
    length = memory.ints[head + 1]
    if kind == RANGE:
        made = new_array(memory, NPINT, length, 0)
        for i in range(length if made else 0):
            memory.ints[memory.ints[made + 3] + i] = memory.ints[head + 2] + i * memory.ints[head + 3]
        return made
    first, dtype = memory.ints[head + 3], _list_dtype(memory, memory.ints[head + 3], length)
    made = new_array(memory, dtype, length, 0)
    if memory.ints[STOPPED] != 0:
        return 0
    for i in range(length):
        if dtype == NPFLOAT:
            memory.reals[memory.ints[made + 3] + i] = real(memory, first + i)
        else:
            memory.ints[memory.ints[made + 3] + i] = memory.ints[first + i]
    return made


@njit(cache=True, nogil=True)
def _list_dtype(memory: Memory, first: int, length: int) -> int:
    dtype = NPFLOAT if length == 0 else 0
    for i in range(length):
        tag = memory.tags[first + i]
        if tag < BOOL or tag >= OBJECT:
            return give_up(memory, 31)
        tag = numpy_tag(tag)
        if dtype not in (0, tag) and NPBOOL in (tag, dtype):
            return give_up(memory, 32)
        dtype = max(dtype, tag)
    return dtype


@njit(cache=True, nogil=True)
def side(memory: Memory, slot: int) -> tuple[int, int, int, int, int, int, int]:
    """An operand for broadcasting: first word, rows, columns, their strides, dimensions, kind of its numbers."""
    tag = memory.tags[slot]
    if BOOL <= tag < OBJECT:
        return slot, 1, 1, 0, 0, 0, tag
    head = as_array(memory, slot)
    if head == 0:
        return slot, 0, 0, 0, 0, 0, NPINT
    ints = memory.ints
    if ints[head + 5] == 0:
        return ints[head + 3], 1, ints[head + 1], 0, ints[head + 4], 1, ints[head + 2]
    return ints[head + 3], ints[head + 1], ints[head + 5], ints[head + 4], ints[head + 6], 2, ints[head + 2]


@njit(cache=True, nogil=True)
def is_float(tag: int) -> bool:
    """Whether a kind is that of floats."""
    return tag in (FLOAT, NPFLOAT)


@njit(cache=True, nogil=True)
def at(memory: Memory, word: int, floats: bool) -> float:
    """A word as a float."""
    return float(memory.reals[word]) if floats else float(memory.ints[word])


@njit(cache=True, nogil=True)
def result_shape(memory: Memory, one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of what two operands give together; gives up where they do not fit."""
    rows = two[1] if one[1] == 1 else one[1]
    columns = two[2] if one[2] == 1 else one[2]
    if one[1] not in (1, rows) or two[1] not in (1, rows) or one[2] not in (1, columns) or two[2] not in (1, columns):
        give_up(memory, 33)
        return 0, 0
    return rows, columns


@njit(cache=True, nogil=True)
def array_of_shape(memory: Memory, dtype: int, shape: tuple[int, int], dimensions: int) -> int:
    """A fresh array for a result."""
    if dimensions == 1:
        return new_array(memory, dtype, shape[1], 0)
    if shape[1] == 0:
        return give_up(memory, 34)  # no columns would mean a vector
    return new_array(memory, dtype, shape[0], shape[1])


@njit(cache=True, nogil=True)
def _result_dtype(memory: Memory, operation: int, first: int, second: int) -> int:
    if operation >= LESS:
        return NPBOOL
    if operation in (BIT_AND, BIT_OR, BIT_XOR):
        return NPBOOL if numpy_tag(first) == NPBOOL == numpy_tag(second) else give_up(memory, 35)
    if operation == DIVIDE or is_float(first) or is_float(second):
        return NPFLOAT
    return NPINT if NPINT in (numpy_tag(first), numpy_tag(second)) else give_up(memory, 36)


@njit(cache=True, nogil=True, error_model="numpy")
def binary_arrays(memory: Memory, operation: int, out: int, one: int, two: int) -> None:
    """Values joined or compared entry by entry, of which one at least is an array."""
    a, b = side(memory, one), side(memory, two)
    rows, columns = result_shape(memory, a, b)
    dtype = _result_dtype(memory, operation, a[6], b[6])
    if memory.ints[STOPPED] != 0:
        return
    head = array_of_shape(memory, dtype, (rows, columns), max(a[5], b[5]))
    if head == 0:
        return
    put_object(memory, out, head)
    if operation == POWER and dtype == NPFLOAT:
        _powers(memory, head, a, b)
        return
    a_steps = a[3] * (a[1] != 1), a[4] * (a[2] != 1)
    b_steps = b[3] * (b[1] != 1), b[4] * (b[2] != 1)
    for row in range(rows):
        x, y, to = a[0] + row * a_steps[0], b[0] + row * b_steps[0], memory.ints[head + 3] + row * columns
        if dtype == NPFLOAT:
            _join_floats(memory, operation, (to, x, y, columns, a_steps[1], b_steps[1]), is_float(a[6]), is_float(b[6]))
        else:
            _join_others(memory, operation, (to, x, y, columns, a_steps[1], b_steps[1]), is_float(a[6]), is_float(b[6]))


@njit(cache=True, nogil=True, error_model="numpy")
def _join_floats(memory: Memory, operation: int, line: tuple[int, ...], first: bool, second: bool) -> None:
    to, x, y, columns, step, other = line
    for i in range(columns):
        one, two = at(memory, x + i * step, first), at(memory, y + i * other, second)
        memory.reals[to + i] = joined_floats(memory, operation, one, two)


@njit(cache=True, nogil=True, error_model="numpy")
def _join_others(memory: Memory, operation: int, line: tuple[int, ...], first: bool, second: bool) -> None:
    to, x, y, columns, step, other = line
    for i in range(columns):
        if operation >= LESS:
            made = int(ordered(operation, at(memory, x + i * step, first), at(memory, y + i * other, second)))
        elif operation in (BIT_AND, BIT_OR, BIT_XOR):
            p, q = memory.ints[x + i * step], memory.ints[y + i * other]
            made = p & q if operation == BIT_AND else p | q if operation == BIT_OR else p ^ q
        else:
            made = joined_ints(memory, operation, memory.ints[x + i * step], memory.ints[y + i * other])
        memory.ints[to + i] = made


@njit(cache=True, nogil=True, error_model="numpy")
def _powers(memory: Memory, head: int, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    # What `array ** number` does: NumPy goes other ways for some exponents, and has a loop for the others.
    data, columns = memory.ints[head + 3], a[2]
    if a[5] != 1 or b[5] != 0 or not is_float(a[6]):
        give_up(memory, 37)
        return
    exponent = at(memory, b[0], is_float(b[6]))
    for i in range(columns):
        number = memory.reals[a[0] + i * a[4]]
        if exponent == 2.0:
            memory.reals[data + i] = number * number
        elif exponent == 0.5:
            memory.reals[data + i] = np.sqrt(number)
        elif exponent == -1.0:
            memory.reals[data + i] = 1.0 / number
        else:
            memory.reals[data + i] = number
    if exponent not in (2.0, 0.5, -1.0, 1.0):
        scratch = new_array(memory, NPFLOAT, 1, 0)
        if scratch == 0:
            return
        memory.reals[scratch + 8] = exponent
        run_loop_on(memory, _POWER_ROW, (data, scratch + 8, data, columns, 8, 0))


@njit(cache=True, nogil=True)
def run_loop_on(memory: Memory, row: int, operands: tuple[int, int, int, int, int, int]) -> None:
    """Run one of NumPy's loops.

    Operands are the first words of both operands and of the result, the length, and the strides of both in bytes.
    """
    one, two, to, length, step, other = operands
    ints, loops, first = memory.ints, memory.loops, 3 * row
    if loops[first] == 0:
        give_up(memory, 38)
        return
    address = ints[SELF]
    ints[SCRATCH], ints[SCRATCH + 1] = address + 8 * one, address + 8 * to
    ints[SCRATCH + 2], ints[SCRATCH + 3] = address + 8 * to, length
    ints[SCRATCH + 4], ints[SCRATCH + 5], ints[SCRATCH + 6] = step, 8, 8
    if loops[first + 2] == 2:
        ints[SCRATCH + 1], ints[SCRATCH + 5] = address + 8 * two, other
    start = address + 8 * SCRATCH
    run_numpy_loop(loops[first], start, start + 24, start + 32, loops[first + 1])  # type: ignore[call-arg]  # numba adds the context
