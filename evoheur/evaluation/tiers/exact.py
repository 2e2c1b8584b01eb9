"""Arithmetic that is compiled as Python and NumPy do it, or raises: then the call is done again, interpreted.

Where Python's numbers and NumPy's part (overflow of 64 bits, division by zero, integers that are no exact floats, what `math` refuses)
these functions raise, so that what they do return is what both would. All are compiled once per machine and kept in numba's cache,
except those that call the machine's mathematical library by address.
"""

import ctypes
import math
from collections.abc import Callable, Mapping
from typing import Any

from numba import njit, types
from numpy.typing import NDArray

__all__ = ["FUNCTIONS", "MATHEMATICS", "NONE"]

NONE = -(2**63)
"""What stands for None in a variable that is None or an integer."""

_EXACT = 2**53
"""Integers up to here are exact as floats."""


def _compiled(*signatures: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    decorate: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
        list(signatures), cache=True, error_model="python", boundscheck=True
    )
    return decorate


@_compiled("int64(int64, int64)")
def add(a: int, b: int) -> int:
    c = a + b
    if ((a ^ c) & (b ^ c)) < 0:
        raise OverflowError
    return c


@_compiled("int64(int64, int64)")
def subtract(a: int, b: int) -> int:
    c = a - b
    if ((a ^ b) & (a ^ c)) < 0:
        raise OverflowError
    return c


@_compiled("int64(int64, int64)")
def multiply(a: int, b: int) -> int:
    # The product of the floats is off by less than one part in 2^51, so below 2^62 nothing has wrapped.
    if abs(float(a) * float(b)) > 2.0**62:
        raise OverflowError
    return a * b


@_compiled("float64(int64)")
def to_float(a: int) -> float:
    if a > _EXACT or a < -_EXACT:
        raise OverflowError
    return float(a)


@_compiled("float64(int64, int64)")
def divide(a: int, b: int) -> float:
    if b == 0:
        raise ZeroDivisionError
    if a > _EXACT or a < -_EXACT or b > _EXACT or b < -_EXACT:
        raise OverflowError
    return float(a) / float(b)


@_compiled("int64(int64, int64)")
def floor_divide(a: int, b: int) -> int:
    if b in (0, -1):  # -1 overflows for the smallest integer
        raise ZeroDivisionError
    return a // b


@_compiled("int64(int64, int64)")
def remainder(a: int, b: int) -> int:
    if b in (0, -1):
        raise ZeroDivisionError
    return a % b


@_compiled("float64(float64, float64)")
def add_mixed(a: float, b: float) -> float:
    c = a + b
    if not -_EXACT <= c <= _EXACT:
        raise OverflowError
    return c


@_compiled("int64(float64)")
def truncate(a: float) -> int:
    if not -_EXACT <= a <= _EXACT:
        raise OverflowError
    return int(a)


@_compiled("int64(float64)")
def floor(a: float) -> int:
    if not -_EXACT <= a <= _EXACT:
        raise OverflowError
    return math.floor(a)


@_compiled("int64(float64)")
def ceil(a: float) -> int:
    if not -_EXACT <= a <= _EXACT:
        raise OverflowError
    return math.ceil(a)


@_compiled("int64(int64)")
def some(a: int) -> int:
    if a == NONE:
        raise OverflowError
    return a


@_compiled("int64(int64)", "float64(float64)")
def magnitude(a: Any) -> Any:
    if a == NONE:
        raise OverflowError
    return abs(a)


@_compiled("float64(float64)")
def root(a: float) -> float:
    if not a >= 0.0:
        raise ValueError
    return math.sqrt(a)


@_compiled("int64(int64, int64)", "float64(float64, float64)")
def smaller(a: Any, b: Any) -> Any:
    return min(a, b)  # as the built-in min: the first of equals, and of what cannot be compared


@_compiled("int64(int64, int64)", "float64(float64, float64)")
def larger(a: Any, b: Any) -> Any:
    return max(a, b)


_ROWS = [types.Array(kind, 1, "A", readonly=True) for kind in (types.int64, types.float64)]


@_compiled(*(types.int64(row) for row in _ROWS))
def first_smallest(row: NDArray[Any]) -> int:
    best = 0
    for i in range(row.size):
        if not row[i] == row[i]:  # NaN, which NumPy prefers
            raise ValueError
        if row[i] < row[best]:
            best = i
    if row.size == 0:
        raise ValueError
    return best


@_compiled(*(types.int64(row) for row in _ROWS))
def first_largest(row: NDArray[Any]) -> int:
    best = 0
    for i in range(row.size):
        if not row[i] == row[i]:
            raise ValueError
        if row[i] > row[best]:
            best = i
    if row.size == 0:
        raise ValueError
    return best


@_compiled(*(types.void(row, row.dtype) for row in _ROWS))
def _forbid_negative_zero(row: NDArray[Any], extreme: Any) -> None:
    # Which of 0.0 and -0.0 NumPy takes depends on the machine.
    if extreme == 0:
        for i in range(row.size):
            if row[i] == 0 and math.copysign(1.0, row[i]) < 0.0:
                raise ValueError


@_compiled(*(row.dtype(row) for row in _ROWS))
def smallest(row: NDArray[Any]) -> Any:
    best = row[first_smallest(row)]
    _forbid_negative_zero(row, best)
    return best


@_compiled(*(row.dtype(row) for row in _ROWS))
def largest(row: NDArray[Any]) -> Any:
    best = row[first_largest(row)]
    _forbid_negative_zero(row, best)
    return best


def _by_address(name: str, arguments: int) -> Any:
    """The mathematical library's own function, which Python and NumPy's scalars call, behind a guard.

    By address, because LLVM knows functions by name and turns pow(x, 2.0) into x * x, which has another last bit for one x in a thousand.
    """
    function = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * arguments)((name, _library()))
    if arguments == 1:
        positive = name.startswith("log")

        def guarded(a: float) -> float:
            if positive and not a > 0.0:
                raise ValueError
            b: float = function(a)
            if not (math.isfinite(a) and math.isfinite(b)):
                raise OverflowError
            return b

        return njit(guarded)

    raises = name == "pow"

    def guarded_pair(a: float, b: float) -> float:
        if raises and a == 0.0 and b < 0.0:
            raise ZeroDivisionError
        c: float = function(a, b)
        if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
            raise OverflowError
        return c

    return njit(guarded_pair)


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "pow") else ctypes.CDLL("libm.so.6")


_ONE_ARGUMENT = ("exp", "log", "log2", "log10", "sin", "cos", "tan", "tanh", "atan")

MATHEMATICS: Mapping[str, int] = {**dict.fromkeys(_ONE_ARGUMENT, 1), "atan2": 2, "pow": 2}
"""Functions of Python's `math` that only call the machine's library, with their number of arguments."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{
        function.__name__: function
        for function in (
            add, add_mixed, ceil, divide, first_largest, first_smallest, floor, floor_divide, larger, largest, magnitude, multiply,
            remainder, root, smaller, smallest, some, subtract, to_float, truncate,
        )
    },
    **{name: _by_address(name, arguments) for name, arguments in MATHEMATICS.items()},
}  # fmt: skip
"""All of them by the names that translated functions call."""
