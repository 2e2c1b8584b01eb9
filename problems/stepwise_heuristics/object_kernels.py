"""Operators between lists, tuples, sets and arrays."""

from numba import njit

from .instructions import (
    ADD,
    ARRAY,
    BIT_AND,
    BIT_OR,
    FUNCTIONS,
    INT,
    LIST,
    MAXIMUM,
    MINIMUM,
    MULTIPLY,
    NPINT,
    SET,
    SUBTRACT,
    TUPLE,
)
from .memory import STOPPED, Memory, allocated, appended, copied, give_up, kind_of, new_list, put_object
from .separate_kernels import BINARY_ARRAYS, OF_CONTAINER, call
from .set_kernels import set_difference, set_intersection

__all__ = ["join_objects"]

_UNION, _EXTEND = FUNCTIONS["union"], FUNCTIONS["extend"]


@njit(cache=True, nogil=True)
def join_objects(memory: Memory, operation: int, registers: tuple[int, int, int], in_place: bool) -> None:
    """Values joined by an operator, of which one at least is an object.

    Args:
        memory: The machine's.
        operation: The operator.
        registers: Of the result and the operands.
        in_place: Whether it is `+=` or one like it.
    """
    out, one, two = registers
    kind, other, ints = kind_of(memory, one), kind_of(memory, two), memory.ints
    if in_place and kind in (LIST, ARRAY, SET):
        _join_in_place(memory, operation, one, two)
        copied(memory, out, one)
    elif ARRAY in (kind, other):
        if operation in (MINIMUM, MAXIMUM) and kind not in (0, ARRAY, LIST):
            give_up(memory, 156)
        call(memory, BINARY_ARRAYS, operation, out, one, two)
    elif kind == SET and other == SET and operation == SUBTRACT:
        put_object(memory, out, set_difference(memory, ints[one], ints[two]))
    elif kind == SET and other == SET and operation == BIT_AND:
        put_object(memory, out, set_intersection(memory, ints[one], ints[two]))
    elif kind == SET and other == SET and operation == BIT_OR:
        _put_union(memory, out, one, two)
    elif operation == ADD and kind == other and kind in (LIST, TUPLE):
        _put_sum(memory, out, kind, ints[one], ints[two])
    elif operation == MULTIPLY and kind == LIST and memory.tags[two] in (INT, NPINT):
        _put_repeated(memory, out, ints[one], ints[two])
    else:
        give_up(memory, 157)


@njit(cache=True, nogil=True)
def _join_in_place(memory: Memory, operation: int, one: int, two: int) -> None:
    # `+=` and its like change the object itself, which other names and views may share.
    ints, head, operands = memory.ints, memory.ints[one], allocated(memory, 3)
    if operands == 0:
        return
    copied(memory, operands, one)
    copied(memory, operands + 1, two)
    if ints[head] == LIST and operation == ADD:
        call(memory, OF_CONTAINER, _EXTEND, operands + 2, operands, 2)
    elif ints[head] == ARRAY and ints[head + 5] == 0 and ints[head + 7] == 1:
        call(memory, BINARY_ARRAYS, operation, operands + 2, one, two)
        made = ints[operands + 2]
        if ints[STOPPED] != 0 or ints[made + 1] != ints[head + 1] or ints[made + 2] != ints[head + 2] or ints[made + 5] != 0:
            give_up(memory, 159)
            return
        for i in range(ints[head + 1]):
            ints[ints[head + 3] + i * ints[head + 4]] = ints[made + 8 + i]
    else:
        give_up(memory, 160)


@njit(cache=True, nogil=True)
def _put_union(memory: Memory, out: int, one: int, two: int) -> None:
    both = new_list(memory, TUPLE, 2)
    if both == 0:
        return
    copied(memory, both + 4, one)
    copied(memory, both + 5, two)
    call(memory, OF_CONTAINER, _UNION, out, both + 4, 2)


@njit(cache=True, nogil=True)
def _put_sum(memory: Memory, out: int, kind: int, one: int, two: int) -> None:
    ints = memory.ints
    made = new_list(memory, kind, ints[one + 1] + ints[two + 1])
    if made == 0:
        return
    for i in range(ints[one + 1]):
        appended(memory, made, ints[one + 3] + i)
    for i in range(ints[two + 1]):
        appended(memory, made, ints[two + 3] + i)
    put_object(memory, out, made)


@njit(cache=True, nogil=True)
def _put_repeated(memory: Memory, out: int, one: int, times: int) -> None:
    ints = memory.ints
    length = ints[one + 1]
    if length * times > 2**20:
        give_up(memory, 158)
        return
    made = new_list(memory, LIST, max(0, length * times))
    for _ in range(times if made else 0):
        for i in range(length):
            appended(memory, made, ints[one + 3] + i)
    put_object(memory, out, made)
