"""Arithmetic and comparisons of single values, as Python and NumPy do them.

NumPy's numbers divide by zero, Python's raise; neither may overflow here, since Python's whole numbers have no end.
"""

import math
import sys

import numpy as np
from numba import njit

from .instructions import (
    ADD,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    BOOL,
    DIVIDE,
    EQUAL,
    FLOAT,
    FLOOR_DIVIDE,
    GREATER,
    GREATER_EQUAL,
    INT,
    LESS,
    LESS_EQUAL,
    LIST,
    MAXIMUM,
    MINIMUM,
    MODULO,
    MULTIPLY,
    NONE,
    NOT_EQUAL,
    NPBOOL,
    NPFLOAT,
    NPINT,
    OBJECT,
    POWER,
    SUBTRACT,
    TUPLE,
)
from .memory import Memory, give_up, kind_of, put_float, put_int, real

__all__ = ["combined", "compared", "equals", "is_before", "is_true", "joined_floats", "joined_ints"]

_LARGE = 9.0e18
COMPENSATED = sys.version_info >= (3, 12)
"""Whether Python's sum of its floats makes up for rounding."""


@njit(cache=True, nogil=True, error_model="numpy")
def joined_ints(memory: Memory, operation: int, one: int, two: int) -> int:  # noqa: C901, PLR0911, PLR0912 - one for each operator
    """Whole numbers joined by an operator; gives up where Python's would outgrow 64 bits, or it is none for them."""
    if operation == ADD:
        if abs(float(one) + float(two)) > _LARGE:
            give_up(memory, 5)
        return one + two
    if operation == SUBTRACT:
        if abs(float(one) - float(two)) > _LARGE:
            give_up(memory, 5)
        return one - two
    if operation == MULTIPLY:
        if abs(float(one) * float(two)) > _LARGE:
            give_up(memory, 5)
        return one * two
    if operation == MINIMUM:
        return min(one, two)
    if operation == MAXIMUM:
        return max(one, two)
    if operation in (FLOOR_DIVIDE, MODULO):
        if two == 0:
            return give_up(memory, 6)
        return one // two if operation == FLOOR_DIVIDE else one % two
    if operation == POWER and 0 <= two < 64:
        power = 1
        for _ in range(two):
            if abs(float(power) * float(one)) > _LARGE:
                return give_up(memory, 5)
            power *= one
        return power
    return give_up(memory, 7)


@njit(cache=True, nogil=True, error_model="numpy")
def joined_floats(memory: Memory, operation: int, one: float, two: float) -> float:  # noqa: PLR0911 - one for each operator
    """Floats joined by an operator, as NumPy does it."""
    if operation == ADD:
        return one + two
    if operation == SUBTRACT:
        return one - two
    if operation == MULTIPLY:
        return one * two
    if operation == DIVIDE:
        return one / two
    if operation == MINIMUM:
        return one if one < two or np.isnan(one) else two
    if operation == MAXIMUM:
        return one if one > two or np.isnan(one) else two
    if operation == POWER:
        return float(one**two)
    if operation in (MODULO, FLOOR_DIVIDE) and two != 0.0 and np.isfinite(one) and np.isfinite(two):
        rest = float(np.fmod(one, two))
        if rest == 0.0:
            rest = math.copysign(0.0, two)
        elif (rest < 0.0) != (two < 0.0):
            rest += two
        if operation == MODULO:
            return rest
    give_up(memory, 8)
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def combined(memory: Memory, operation: int, out: int, one: int, two: int) -> None:
    """Numbers joined by an operator that does not compare."""
    first, second = memory.tags[one], memory.tags[two]
    if first < BOOL or second < BOOL or first >= OBJECT or second >= OBJECT:
        give_up(memory, 9)
        return
    from_numpy = first >= NPBOOL or second >= NPBOOL
    whole = first not in (FLOAT, NPFLOAT) and second not in (FLOAT, NPFLOAT)
    if operation in (BIT_AND, BIT_OR, BIT_XOR):
        if first not in (BOOL, NPBOOL) or second not in (BOOL, NPBOOL):
            give_up(memory, 10)
            return
        a, b = memory.ints[one], memory.ints[two]
        made = a & b if operation == BIT_AND else a | b if operation == BIT_OR else a ^ b
        put_int(memory, out, NPBOOL if from_numpy else BOOL, made)
        return
    if whole and operation != DIVIDE:
        if from_numpy and first in (BOOL, NPBOOL) and second in (BOOL, NPBOOL):
            give_up(memory, 11)  # NumPy's truth values add to truth values
            return
        tag = NPINT if from_numpy else INT
        put_int(memory, out, tag, joined_ints(memory, operation, memory.ints[one], memory.ints[two]))
        return
    a, b = real(memory, one), real(memory, two)
    if not from_numpy and b == 0.0 and operation in (DIVIDE, MODULO, FLOOR_DIVIDE):
        give_up(memory, 12)
        return
    result = joined_floats(memory, operation, a, b)
    if operation == POWER and not np.isfinite(result) and not from_numpy:
        give_up(memory, 13)  # Python raises, or goes on in the complex plane
    put_float(memory, out, NPFLOAT if from_numpy else FLOAT, result)


@njit(cache=True, nogil=True)
def ordered(operation: int, one: float, two: float) -> bool:
    """Whether a comparison holds of two numbers."""
    if operation == LESS:
        return one < two
    if operation == LESS_EQUAL:
        return one <= two
    if operation == GREATER:
        return one > two
    if operation == GREATER_EQUAL:
        return one >= two
    if operation == EQUAL:
        return one == two
    return one != two


@njit(cache=True, nogil=True)
def compared(memory: Memory, operation: int, out: int, one: int, two: int) -> None:
    """Values compared by an operator."""
    first, second = memory.tags[one], memory.tags[two]
    if BOOL <= first < OBJECT and BOOL <= second < OBJECT:
        holds = ordered(operation, real(memory, one), real(memory, two))
        put_int(memory, out, NPBOOL if first >= NPBOOL or second >= NPBOOL else BOOL, 1 if holds else 0)
    elif operation in (EQUAL, NOT_EQUAL) and NONE in (first, second) and first >= NONE and second >= NONE:
        if OBJECT in (first, second):
            give_up(memory, 14)
        put_int(memory, out, BOOL, int((first == second) == (operation == EQUAL)))
    elif operation in (LESS, GREATER):
        before = is_before(memory, one, two) if operation == LESS else is_before(memory, two, one)
        put_int(memory, out, BOOL, 1 if before else 0)
    else:
        give_up(memory, 15)


@njit(cache=True, nogil=True)
def is_true(memory: Memory, slot: int) -> bool:
    """The truth of a value; gives up on arrays that have none."""
    tag = memory.tags[slot]
    if tag in (FLOAT, NPFLOAT):
        return bool(memory.reals[slot] != 0.0)
    if BOOL <= tag < OBJECT:
        return bool(memory.ints[slot] != 0)
    if tag == NONE:
        return False
    kind = kind_of(memory, slot)
    if kind == 0 or kind > 4:  # an array, a range, nothing
        give_up(memory, 16)
        return False
    return bool(memory.ints[memory.ints[slot] + 1] != 0)


@njit(cache=True, nogil=True)
def equals(memory: Memory, one: int, two: int) -> bool:
    """Whether two numbers, or flat tuples of numbers, are equal."""
    first, second = memory.tags[one], memory.tags[two]
    if BOOL <= first < OBJECT and BOOL <= second < OBJECT:
        return real(memory, one) == real(memory, two)
    if kind_of(memory, one) == TUPLE and kind_of(memory, two) == TUPLE:
        a, b = memory.ints[one], memory.ints[two]
        if memory.ints[a + 1] != memory.ints[b + 1]:
            return False
        same = True
        for i in range(memory.ints[a + 1]):
            same = same and _numbers_equal(memory, memory.ints[a + 3] + i, memory.ints[b + 3] + i)
        return same
    if first == NONE and second == NONE:
        return True
    give_up(memory, 17)
    return False


@njit(cache=True, nogil=True)
def _numbers_equal(memory: Memory, one: int, two: int) -> bool:
    return real(memory, one) == real(memory, two)


@njit(cache=True, nogil=True)
def is_before(memory: Memory, one: int, two: int) -> bool:
    """Whether a number, or a flat tuple or list of numbers, is less than another."""
    first, second = memory.tags[one], memory.tags[two]
    if BOOL <= first < OBJECT and BOOL <= second < OBJECT:
        return real(memory, one) < real(memory, two)
    kind = kind_of(memory, one)
    if kind not in (LIST, TUPLE) or kind_of(memory, two) != kind:
        give_up(memory, 18)
        return False
    a, b = memory.ints[one], memory.ints[two]
    for i in range(min(memory.ints[a + 1], memory.ints[b + 1])):
        left, right = memory.ints[a + 3] + i, memory.ints[b + 3] + i
        if memory.tags[left] == OBJECT and memory.tags[right] == OBJECT and memory.ints[left] == memory.ints[right]:
            continue
        if not _numbers_equal(memory, left, right):
            return real(memory, left) < real(memory, right)
    return bool(memory.ints[a + 1] < memory.ints[b + 1])
