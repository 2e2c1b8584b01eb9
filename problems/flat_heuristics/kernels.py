"""The compiled loop that computes flat heuristics.

Functions whose last bits depend on who computes them are NumPy's own loops, called where they are, so that a rule scores as it does in
Python. The rest is arithmetic that IEEE 754 lays down to the last bit.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from .operations import CODES

__all__ = ["Machine", "evaluate", "run_numpy_loop", "run_steps"]


class Machine(NamedTuple):
    """A flat heuristic with room for computing it.

    Attributes:
        steps: An operation a row, and the registers of its operands, each before the step's own; shape (steps, 4), at least one.
        registers: Inputs and constants, then a row per step that is written; shape (inputs + constants + steps, columns).
        loops: As `numpy_loops.loop_addresses` gives them.
        scratch: Overwritten, shape (8,).
    """

    steps: NDArray[np.int64]
    registers: NDArray[np.float64]
    loops: NDArray[np.int64]
    scratch: NDArray[np.int64]


_FIRST_BINARY, _FIRST_LOOP, _FIRST_REDUCTION, _WHERE = CODES["add"], CODES["exp"], CODES["amin"], CODES["where"]
_NEGATIVE, _ABSOLUTE, _SQRT, _SQUARE, _FLOOR, _CEIL, _RINT, _SIGN = (
    CODES[name] for name in ("negative", "absolute", "sqrt", "square", "floor", "ceil", "rint", "sign")
)
_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _MOD = (CODES[name] for name in ("add", "subtract", "multiply", "divide", "mod"))
_MINIMUM, _MAXIMUM, _LESS, _LESS_EQUAL, _GREATER, _GREATER_EQUAL = (
    CODES[name] for name in ("minimum", "maximum", "less", "less_equal", "greater", "greater_equal")
)
_EQUAL, _NOT_EQUAL, _LOGICAL_AND, _LOGICAL_OR = (CODES[name] for name in ("equal", "not_equal", "logical_and", "logical_or"))
_POWER, _AMAX = CODES["power"], CODES["amax"]


@intrinsic
def run_numpy_loop(_context: Any, _function: Any, _operands: Any, _length: Any, _strides: Any, _data: Any) -> Any:
    """Call void (char **args, npy_intp const *dimensions, npy_intp const *steps, void *data); all five are addresses."""

    def code(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [pointer] * 4).as_pointer())
        builder.call(function, [builder.inttoptr(each, pointer) for each in arguments[1:]])
        return ir.Constant(ir.IntType(8).as_pointer(), None)

    return types.void(types.int64, types.int64, types.int64, types.int64, types.int64), code


@njit(cache=True, nogil=True)
def evaluate(machine: Machine, columns: int) -> NDArray[np.float64]:
    """Compute a flat heuristic.

    Args:
        machine: With inputs and constants filled in.
        columns: How many entries of every row count, at least one.

    Returns:
        The last register: a view, shape (columns,).
    """
    run_steps(machine.steps, machine.registers, machine.loops, machine.scratch, columns)
    return machine.registers[machine.registers.shape[0] - 1, :columns]


@njit(cache=True, nogil=True)
def run_steps(
    steps: NDArray[np.int64], registers: NDArray[np.float64], loops: NDArray[np.int64], scratch: NDArray[np.int64], columns: int
) -> None:
    """Compute a flat heuristic, its scores into the last register.

    For loops that call it so often that taking the parts out of a machine, and a view of the register, would count.

    Args:
        steps: See `Machine`.
        registers: See `Machine`.
        loops: See `Machine`.
        scratch: See `Machine`.
        columns: How many entries of every row count, at least one.
    """
    first = registers.shape[0] - steps.shape[0]
    for step in range(steps.shape[0]):
        code, out, one, two = steps[step, 0], first + step, steps[step, 1], steps[step, 2]
        if code < _FIRST_BINARY:
            _unary(code, registers, one, out, columns)
        elif code < _FIRST_LOOP:
            _binary(code, registers, (one, two), out, columns)
        elif code < _FIRST_REDUCTION:
            second = registers[two if code == _POWER else one, :columns]
            _looped(loops[code - _FIRST_LOOP], registers[one, :columns], second, registers[out, :columns], scratch)
        elif code < _WHERE:
            _reduced(code, registers[one, :columns], registers[out, :columns])
        else:
            three = steps[step, 3]
            for i in range(columns):
                registers[out, i] = registers[two, i] if registers[one, i] != 0.0 else registers[three, i]


# Rows go by their numbers: to make a view of each takes longer than to add a hundred numbers.
@njit(cache=True, nogil=True, error_model="numpy")
def _binary(code: int, rows: NDArray[np.float64], operands: tuple[int, int], out: int, columns: int) -> None:  # noqa: C901, PLR0912
    one, two = operands
    if code == _ADD:
        for i in range(columns):
            rows[out, i] = rows[one, i] + rows[two, i]
    elif code == _SUBTRACT:
        for i in range(columns):
            rows[out, i] = rows[one, i] - rows[two, i]
    elif code == _MULTIPLY:
        for i in range(columns):
            rows[out, i] = rows[one, i] * rows[two, i]
    elif code == _DIVIDE:
        for i in range(columns):
            rows[out, i] = rows[one, i] / rows[two, i]
    elif code == _LESS:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] < rows[two, i] else 0.0
    elif code == _LESS_EQUAL:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] <= rows[two, i] else 0.0
    elif code == _GREATER:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] > rows[two, i] else 0.0
    elif code == _GREATER_EQUAL:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] >= rows[two, i] else 0.0
    elif code == _MINIMUM:
        for i in range(columns):
            rows[out, i] = rows[one, i] if rows[one, i] < rows[two, i] or np.isnan(rows[one, i]) else rows[two, i]
    elif code == _MAXIMUM:
        for i in range(columns):
            rows[out, i] = rows[one, i] if rows[one, i] > rows[two, i] or np.isnan(rows[one, i]) else rows[two, i]
    elif code == _LOGICAL_AND:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] != 0.0 and rows[two, i] != 0.0 else 0.0
    elif code == _LOGICAL_OR:
        for i in range(columns):
            rows[out, i] = 1.0 if rows[one, i] != 0.0 or rows[two, i] != 0.0 else 0.0
    else:
        for i in range(columns):
            rows[out, i] = _rare(code, rows[one, i], rows[two, i])


@njit(cache=True, nogil=True, error_model="numpy")
def _rare(code: int, one: float, two: float) -> float:
    if code == _EQUAL:
        return 1.0 if one == two else 0.0
    if code == _NOT_EQUAL:
        return 1.0 if one != two else 0.0
    if code == _MOD:
        return _mod(one, two)
    return _floor_divide(one, two)


@njit(cache=True, nogil=True, error_model="numpy")
def _mod(one: float, two: float) -> float:
    # The remainder with the divisor's sign, as NumPy has it.
    if two == 0.0 or np.isnan(one) or np.isnan(two) or np.isinf(one):
        return np.nan
    rest = one if abs(one) < abs(two) else np.fmod(one, two)  # the same, and sooner
    if rest == 0.0:
        return math.copysign(0.0, two)
    return float(rest + two if (two < 0.0) != (rest < 0.0) else rest)


@njit(cache=True, nogil=True, error_model="numpy")
def _floor_divide(one: float, two: float) -> float:
    # By the remainder, as NumPy has it: the quotient of 1 and 0.1 is 9.
    if two == 0.0 or np.isnan(one) or np.isnan(two) or np.isinf(one):
        return one / two if two == 0.0 else np.nan
    rest = one if abs(one) < abs(two) else np.fmod(one, two)  # the same, and sooner
    quotient = (one - rest) / two
    if rest != 0.0 and (two < 0.0) != (rest < 0.0):
        quotient -= 1.0
    if quotient == 0.0:
        return math.copysign(0.0, one / two)
    floor = np.floor(quotient)
    return float(floor + 1.0 if quotient - floor > 0.5 else floor)


@njit(cache=True, nogil=True)
def _reduced(code: int, one: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    best = one[0]
    for i in range(one.size):
        if np.isnan(one[i]):
            best = np.nan
            break
        if (one[i] > best) if code == _AMAX else (one[i] < best):
            best = one[i]
    out[:] = best


@njit(cache=True, nogil=True, error_model="numpy")
def _unary(code: int, rows: NDArray[np.float64], one: int, out: int, columns: int) -> None:
    if code == _NEGATIVE:
        for i in range(columns):
            rows[out, i] = -rows[one, i]
    elif code == _ABSOLUTE:
        for i in range(columns):
            rows[out, i] = abs(rows[one, i])
    elif code == _SQRT:
        for i in range(columns):
            rows[out, i] = np.sqrt(rows[one, i])
    elif code == _SQUARE:
        for i in range(columns):
            rows[out, i] = rows[one, i] * rows[one, i]
    elif code == _FLOOR:
        for i in range(columns):
            rows[out, i] = np.floor(rows[one, i])
    else:
        for i in range(columns):
            rows[out, i] = _rounded(code, rows[one, i])


@njit(cache=True, nogil=True)
def _rounded(code: int, number: float) -> float:
    if code == _CEIL:
        return float(np.ceil(number))
    if code == _RINT:
        return float(np.rint(number))
    if code == _SIGN:
        return 0.0 if number == 0.0 else float(np.sign(number))
    return 0.0 if number != 0.0 else 1.0


@njit(cache=True, nogil=True)
def _looped(
    loop: NDArray[np.int64],
    one: NDArray[np.float64],
    two: NDArray[np.float64],
    out: NDArray[np.float64],
    scratch: NDArray[np.int64],
) -> None:
    # One operand or two; the address of the result comes after the last.
    scratch[0], scratch[1], scratch[2] = one.ctypes.data, out.ctypes.data, out.ctypes.data
    if loop[2] == 2:
        scratch[1] = two.ctypes.data
    scratch[3], scratch[4], scratch[5], scratch[6] = out.size, 8, 8, 8
    if loop[2] == 2 and out.size == 1:  # as NumPy passes a vector of one number, so that the same shortcuts are taken
        scratch[5] = 0
    start = scratch.ctypes.data
    run_numpy_loop(loop[0], start, start + 24, start + 32, loop[1])  # type: ignore[call-arg]  # numba adds the context
