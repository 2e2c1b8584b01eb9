"""Functions of one number, or of each entry of an array."""

import math

import numpy as np
from numba import njit

from .array_kernels import array_of_shape, at, is_float, numpy_tag, run_loop_on, side
from .instructions import ARRAY, BOOL, FLOAT, FUNCTIONS, INT, LOOP_ROWS, NPBOOL, NPFLOAT, NPINT, OBJECT
from .memory import STOPPED, Memory, give_up, kind_of, put_float, put_int, put_object, real
from .scalar_kernels import is_true

__all__ = ["elementwise"]

_NEGATIVE, _POSITIVE, _NOT, _INVERT, _TO_INT, _TO_FLOAT, _TO_BOOL, _ABS = (
    FUNCTIONS[name] for name in ("negative", "positive", "not", "invert", "int", "float", "bool", "abs")
)
_MATH_SQRT, _MATH_EXP, _MATH_LOG, _MATH_FLOOR, _MATH_CEIL, _MATH_FABS = (
    FUNCTIONS[f"math.{name}"] for name in ("sqrt", "exp", "log", "floor", "ceil", "fabs")
)
_ABSOLUTE, _SQRT, _SQUARE, _FLOOR, _CEIL, _SIGN = (
    FUNCTIONS[name] for name in ("absolute", "sqrt", "square", "floor", "ceil", "sign")
)
_ISNAN, _ISINF, _ISFINITE = (FUNCTIONS[name] for name in ("isnan", "isinf", "isfinite"))
_EXP, _ARCTAN, _NP_FLOAT, _NP_INT, _NP_NUMBER = (
    FUNCTIONS[name] for name in ("exp", "arctan", "np.float64", "np.int64", "np.number")
)
_ROWS = np.array([LOOP_ROWS[name] for name in ("exp", "log", "log1p", "log2", "log10", "tanh", "sin", "cos", "arctan")])


@njit(cache=True, nogil=True, error_model="numpy")
def elementwise(memory: Memory, function: int, out: int, one: int) -> None:
    """A function of one number, or of each entry of an array."""
    tag = memory.tags[one]
    if function == _NOT:
        put_int(memory, out, BOOL, 0 if is_true(memory, one) else 1)
    elif function == _TO_BOOL:
        put_int(memory, out, BOOL, 1 if is_true(memory, one) else 0)
    elif function == _NP_NUMBER:
        memory.ints[out] = memory.ints[one]
        memory.tags[out] = numpy_tag(tag) if BOOL <= tag < OBJECT else tag
    elif BOOL <= tag < OBJECT:
        _of_number(memory, function, out, one)
    elif kind_of(memory, one) == 0 or function < _ABSOLUTE:
        if kind_of(memory, one) == ARRAY and function in (_NEGATIVE, _POSITIVE, _INVERT, _ABS):
            _of_entries(memory, _ABSOLUTE if function == _ABS else function, out, one)
        else:
            give_up(memory, 39)
    else:
        _of_entries(memory, function, out, one)


@njit(cache=True, nogil=True, error_model="numpy")
def _of_number(memory: Memory, function: int, out: int, one: int) -> None:
    tag, number = memory.tags[one], real(memory, one)
    floats = is_float(tag)
    if function in (_NEGATIVE, _POSITIVE, _ABS, _ABSOLUTE):
        kind = tag if function != _ABSOLUTE else numpy_tag(tag)
        if tag in (BOOL, NPBOOL):
            give_up(memory, 40)
        elif floats:
            put_float(memory, out, kind, -number if function == _NEGATIVE else number if function == _POSITIVE else abs(number))
        else:
            whole = memory.ints[one]
            put_int(memory, out, kind, -whole if function == _NEGATIVE else whole if function == _POSITIVE else abs(whole))
    elif function in (_TO_INT, _NP_INT, _MATH_FLOOR, _MATH_CEIL):
        if floats and not abs(number) < 9.0e15:
            give_up(memory, 41)
            return
        if floats and function in (_MATH_FLOOR, _MATH_CEIL):
            number = math.floor(number) if function == _MATH_FLOOR else math.ceil(number)
        put_int(memory, out, NPINT if function == _NP_INT else INT, int(number) if floats else memory.ints[one])
    elif function in (_TO_FLOAT, _NP_FLOAT):
        put_float(memory, out, FLOAT if function == _TO_FLOAT else NPFLOAT, number)
    elif function in (_MATH_SQRT, _MATH_EXP, _MATH_LOG, _MATH_FABS):
        _of_math(memory, function, out, number)
    elif function in (_ISNAN, _ISINF, _ISFINITE):
        put_int(memory, out, NPBOOL, _is_such(function, number))
    elif tag in (BOOL, NPBOOL) or (not floats and function in (_SQUARE, _FLOOR, _CEIL, _SIGN, _INVERT)):
        give_up(memory, 42)
    else:
        put_float(memory, out, NPFLOAT, number)
        _change(memory, function, out, 1)


@njit(cache=True, nogil=True)
def _is_such(function: int, number: float) -> int:
    if function == _ISNAN:
        return int(np.isnan(number))
    return int(np.isinf(number)) if function == _ISINF else int(np.isfinite(number))


@njit(cache=True, nogil=True, error_model="numpy")
def _of_math(memory: Memory, function: int, out: int, number: float) -> None:
    if function == _MATH_FABS:
        made = abs(number)
    elif function == _MATH_SQRT:
        made = math.sqrt(number) if number >= 0.0 else np.nan
    elif function == _MATH_EXP:
        made = math.exp(number)
    else:
        made = math.log(number) if number > 0.0 else np.nan
    if not np.isfinite(made):
        give_up(memory, 43)
    put_float(memory, out, FLOAT, made)


@njit(cache=True, nogil=True, error_model="numpy")
def _change(memory: Memory, function: int, first: int, length: int) -> None:
    # Floats in a row, each by its function of NumPy.
    reals = memory.reals
    if _EXP <= function <= _ARCTAN:
        run_loop_on(memory, _ROWS[function - _EXP], (first, first, first, length, 8, 8))
        return
    for i in range(first, first + length):
        if function == _NEGATIVE:
            reals[i] = -reals[i]
        elif function == _ABSOLUTE:
            reals[i] = abs(reals[i])
        elif function == _SQRT:
            reals[i] = np.sqrt(reals[i])
        elif function == _SQUARE:
            reals[i] = reals[i] * reals[i]
        elif function == _FLOOR:
            reals[i] = np.floor(reals[i])
        elif function == _CEIL:
            reals[i] = np.ceil(reals[i])
        elif function == _SIGN:
            reals[i] = 0.0 if reals[i] == 0.0 else np.sign(reals[i])
        elif function != _POSITIVE:
            give_up(memory, 44)


@njit(cache=True, nogil=True, error_model="numpy")
def _of_entries(memory: Memory, function: int, out: int, one: int) -> None:
    data, rows, columns, row_step, step, dimensions, dtype = side(memory, one)
    if memory.ints[STOPPED] != 0:
        return
    tests = function in (_ISNAN, _ISINF, _ISFINITE, _INVERT)
    whole = dtype == NPINT and function in (_NEGATIVE, _POSITIVE, _ABSOLUTE)
    if (dtype == NPBOOL) != (function == _INVERT) or (
        dtype == NPINT and not whole and function in (_SQUARE, _FLOOR, _CEIL, _SIGN)
    ):
        give_up(memory, 45)
        return
    head = array_of_shape(memory, NPBOOL if tests else NPINT if whole else NPFLOAT, (rows, columns), dimensions)
    if head == 0:
        return
    put_object(memory, out, head)
    first = memory.ints[head + 3]
    for i in range(rows):
        for j in range(columns):
            word, to = data + i * row_step + j * step, first + i * columns + j
            if whole:
                number = memory.ints[word]
                memory.ints[to] = -number if function == _NEGATIVE else abs(number) if function == _ABSOLUTE else number
            elif function == _INVERT:
                memory.ints[to] = 1 - memory.ints[word]
            elif tests:
                memory.ints[to] = _is_such(function, at(memory, word, dtype == NPFLOAT))
            else:
                memory.reals[to] = at(memory, word, dtype == NPFLOAT)
    if not tests and not whole:
        _change(memory, function, first, rows * columns)
