"""The loop that carries out stepwise heuristics, instruction by instruction."""

from numba import njit

from .index_kernels import get, get_grid, get_pair
from .instructions import (
    ADD,
    APPEND,
    APPLY,
    ARRAY,
    BEGIN,
    BOOL,
    BUILD,
    CALL,
    CLEAR,
    CONSTANT,
    CONTAINS,
    EQUAL,
    FLOAT,
    FUNCTIONS,
    GET,
    GET_CHAIN,
    GET_GRID,
    GET_PAIR,
    INT,
    IS,
    JUMP,
    JUMP_IF,
    JUMP_IF_NOT,
    LEAST_STEP,
    LESS,
    LIST,
    MOST_STEP,
    MOVE,
    MULTIPLY,
    NEXT,
    NEXT_ITEM,
    NONE,
    NPBOOL,
    NPFLOAT,
    NPINT,
    OBJECT,
    RETURN,
    SLICE,
    STORE,
    STORE_PAIR,
    SUBTRACT,
    SUM_STEP,
    UNDEFINED,
    UNPACK,
)
from .memory import (
    CODE,
    CONSTANTS,
    FUEL,
    FUNCTION_TABLE,
    HEAP,
    REGISTERS,
    STOPPED,
    Memory,
    allocated,
    appended,
    copied,
    give_up,
    kind_of,
    put_int,
)
from .object_kernels import join_objects
from .scalar_kernels import COMPENSATED, combined, compared, is_before, is_true, ordered
from .separate_kernels import BINARY_ARRAYS, ELEMENTWISE, OF_ARRAY, OF_CONTAINER, REDUCED, call
from .sequence_kernels import begin, build, contains, following, sliced, unpacked
from .storing_kernels import store, store_pair

__all__ = ["carry_out"]

_FIRST_CONTAINER, _FIRST_REDUCTION, _FIRST_ARRAY = FUNCTIONS["len"], FUNCTIONS["amin"], FUNCTIONS["array"]
_COPY, _FRESH = FUNCTIONS["copy"], FUNCTIONS["fresh"]


@njit(cache=True, nogil=True, error_model="numpy")
def carry_out(memory: Memory) -> int:  # noqa: C901, PLR0912, PLR0915 - one branch for each frequent instruction
    """Carry out the first function, whose arguments are in the first registers.

    Args:
        memory: The machine's, with the heuristic in it; its word `STOPPED` says why it gave up, or is 0.

    Returns:
        The register of the result.
    """
    ints, reals, tags = memory.ints, memory.reals, memory.tags
    code, constants = ints[CODE], ints[CONSTANTS]
    base, at = REGISTERS + 3, ints[ints[FUNCTION_TABLE]]
    ints[STOPPED] = 0
    _clear(memory, base, ints[ints[FUNCTION_TABLE] + 1], ints[ints[FUNCTION_TABLE] + 2])
    fuel = ints[FUEL]
    while ints[STOPPED] == 0:
        fuel -= 1
        if fuel < 0:
            give_up(memory, 150)
            break
        now = code + 5 * at
        operation, out = ints[now], base + ints[now + 1]
        one, two = base + ints[now + 2], base + ints[now + 3]
        at += 1
        if operation < LESS:
            if tags[one] == NPFLOAT and tags[two] == NPFLOAT and operation <= MULTIPLY:
                a, b = reals[one], reals[two]
                reals[out] = a + b if operation == ADD else a - b if operation == SUBTRACT else a * b
                tags[out] = NPFLOAT
            elif tags[one] == OBJECT or tags[two] == OBJECT:
                join_objects(memory, operation, (out, one, two), ints[now + 4] == 1)
            else:
                combined(memory, operation, out, one, two)
        elif operation < CONSTANT:
            if tags[one] == NPINT and tags[two] == NPINT and operation >= EQUAL:
                put_int(memory, out, NPBOOL, int((ints[one] == ints[two]) == (operation == EQUAL)))
            elif tags[one] == NPFLOAT and tags[two] == NPFLOAT:
                put_int(memory, out, NPBOOL, int(ordered(operation, reals[one], reals[two])))
            elif kind_of(memory, one) == ARRAY or kind_of(memory, two) == ARRAY:
                call(memory, BINARY_ARRAYS, operation, out, one, two)
            else:
                compared(memory, operation, out, one, two)
        elif operation == GET:
            get(memory, out, one, two)
        elif (
            operation in (GET_CHAIN, GET_PAIR)
            and tags[one] == OBJECT
            and ints[ints[one]] == ARRAY
            and tags[two] == NPINT
            and tags[base + ints[now + 4]] == NPINT
            and 0 <= ints[two] < ints[ints[one] + 1]
            and 0 <= ints[base + ints[now + 4]] < ints[ints[one] + 5]
        ):
            head = ints[one]
            word = ints[head + 3] + ints[two] * ints[head + 4] + ints[base + ints[now + 4]] * ints[head + 6]
            ints[out], tags[out] = ints[word], ints[head + 2]
        elif operation == GET_PAIR:
            get_pair(memory, out, one, two, base + ints[now + 4])
        elif operation == GET_CHAIN:
            _get_chain(memory, out, one, two, base + ints[now + 4])
        elif operation == MOVE:
            ints[out], tags[out] = ints[one], tags[one]
            if tags[one] == UNDEFINED:
                give_up(memory, 151)
        elif operation == JUMP:
            at = ints[now + 1]
        elif operation == JUMP_IF:
            if is_true(memory, out):
                at = ints[now + 2]
        elif operation == JUMP_IF_NOT:
            if tags[out] == NPBOOL or tags[out] == BOOL:
                if ints[out] == 0:
                    at = ints[now + 2]
            elif not is_true(memory, out):
                at = ints[now + 2]
        elif operation == CONSTANT:
            ints[out], tags[out] = ints[constants + ints[now + 2]], tags[constants + ints[now + 2]]
        elif operation == NEXT and tags[one] == OBJECT and ints[ints[one]] == ARRAY and ints[ints[one] + 5] == 0:
            head, place = ints[one], ints[two]
            if place < ints[head + 1]:
                ints[out], tags[out] = ints[ints[head + 3] + place * ints[head + 4]], ints[head + 2]
                ints[two] = place + 1
            else:
                at = ints[now + 4]
        elif NEXT <= operation <= NEXT_ITEM:
            if not following(memory, operation, out, one, two):
                at = ints[now + 4]
        elif operation == APPEND and tags[out] == OBJECT and ints[ints[out]] == LIST and tags[one] != UNDEFINED:
            appended(memory, ints[out], one)
        elif operation == RETURN:
            if tags[out] == UNDEFINED:
                give_up(memory, 164)
            if base == REGISTERS + 3:
                ints[FUEL] = fuel
                return int(out)
            copied(memory, ints[base - 3], out)
            at, base = ints[base - 2], ints[base - 1]
        elif operation == CALL:
            base, at = _enter(memory, (base, at, out), now)
        else:
            _others(memory, now, base)
    return REGISTERS


@njit(cache=True, nogil=True)
def _get_chain(memory: Memory, out: int, one: int, first: int, second: int) -> None:
    # `object[first][second]`, which needs no row of a matrix between.
    if memory.tags[first] in (INT, NPINT) and kind_of(memory, one) == ARRAY and memory.ints[memory.ints[one] + 5] != 0:
        get_pair(memory, out, one, first, second)
        return
    between = allocated(memory, 1)
    get(memory, between, one, first)
    if memory.ints[STOPPED] == 0:
        get(memory, out, between, second)


@njit(cache=True, nogil=True)
def _clear(memory: Memory, base: int, arguments: int, registers: int) -> None:
    for slot in range(base + arguments, base + registers):
        memory.tags[slot] = UNDEFINED


@njit(cache=True, nogil=True)
def _enter(memory: Memory, caller: tuple[int, int, int], now: int) -> tuple[int, int]:
    # Result, function, first argument, registers of the caller; the new registers follow, after the way back.
    base, at, out = caller
    ints = memory.ints
    callee = ints[FUNCTION_TABLE] + 3 * ints[now + 2]
    fresh = base + ints[now + 4] + 3
    if fresh + ints[callee + 2] + 3 > HEAP:
        give_up(memory, 152)
        return base, at
    for i in range(ints[callee + 1]):
        copied(memory, fresh + i, base + ints[now + 3] + i)
    ints[fresh - 3], ints[fresh - 2], ints[fresh - 1] = out, at, base
    _clear(memory, fresh, ints[callee + 1], ints[callee + 2])
    return fresh, ints[callee]


@njit(cache=True, nogil=True)
def _others(memory: Memory, now: int, base: int) -> None:  # noqa: C901, PLR0912
    ints = memory.ints
    operation, out, one, two = ints[now], base + ints[now + 1], base + ints[now + 2], base + ints[now + 3]
    last = base + ints[now + 4]
    if operation == BEGIN:
        begin(memory, out, one)
    elif operation == APPLY:
        _apply(memory, ints[now + 2], out, two, ints[now + 4])
    elif operation == STORE:
        store(memory, out, one, two)
    elif operation == STORE_PAIR:
        store_pair(memory, out, one, two, last)
    elif operation == SLICE:
        sliced(memory, out, one, two)
    elif operation == BUILD:
        build(memory, out, ints[now + 2], two, ints[now + 4])
    elif operation == UNPACK:
        unpacked(memory, one, out, ints[now + 3])
    elif operation == CONTAINS:
        if memory.tags[one] == UNDEFINED:
            give_up(memory, 161)
        contains(memory, out, one, two)
    elif operation == GET_GRID:
        get_grid(memory, out, one, two, last)
    elif operation in (SUM_STEP, LEAST_STEP, MOST_STEP):
        _fold(memory, operation, out, one)
    elif operation == CLEAR:
        memory.tags[out] = UNDEFINED
    elif operation == IS:
        if memory.tags[one] == UNDEFINED or memory.tags[two] != NONE:
            give_up(memory, 153)
        put_int(memory, out, 2, int(memory.tags[one] == NONE))
    else:
        give_up(memory, 154)


@njit(cache=True, nogil=True)
def _fold(memory: Memory, operation: int, out: int, one: int) -> None:
    tags = memory.tags
    if operation == SUM_STEP:
        if tags[one] == OBJECT or (COMPENSATED and tags[one] == FLOAT):
            give_up(memory, 162)
        combined(memory, ADD, out, out, one)
    elif tags[one] == UNDEFINED:
        give_up(memory, 163)
    elif tags[out] == UNDEFINED or (is_before(memory, one, out) if operation == LEAST_STEP else is_before(memory, out, one)):
        copied(memory, out, one)


@njit(cache=True, nogil=True)
def _apply(memory: Memory, function: int, out: int, first: int, count: int) -> None:
    for slot in range(first, first + count):
        if memory.tags[slot] == UNDEFINED:
            give_up(memory, 155)
            return
    if function == _COPY and kind_of(memory, first) == ARRAY:
        call(memory, OF_ARRAY, _FRESH, out, first, count)
    elif function < _FIRST_CONTAINER:
        call(memory, ELEMENTWISE, function, out, first, 1)
    elif function < _FIRST_REDUCTION:
        call(memory, OF_CONTAINER, function, out, first, count)
    elif function < _FIRST_ARRAY:
        call(memory, REDUCED, function, out, first, first + 1)
    else:
        call(memory, OF_ARRAY, function, out, first, count)
