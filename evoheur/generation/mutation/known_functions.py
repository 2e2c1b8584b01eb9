"""The functions that heuristics call, and what is known of them.

Which kind they return, in which range, and what they need of an argument.
"""

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from evoheur.generation.mutation.abstract_values import AbstractValue, Range, divided, powered, product, remainder

__all__ = ["DECIDING", "ELEMENTWISE", "LOCATING", "REDUCTIONS", "Elementwise", "Need", "function_name", "satisfies"]

_EXP_LIMIT = 300.0  # exp(300) is about 1e130: still far from overflow when squared


class Need(Enum):
    """What an argument must be for a usable result.

    Else the result is NaN, infinite or an exception.
    """

    NONZERO = "nonzero"
    NONNEGATIVE = "nonnegative"
    POSITIVE = "positive"
    ABOVE_MINUS_ONE = "above -1"
    MODERATE = "moderate"


def satisfies(value: AbstractValue, need: Need) -> bool:
    """True if the value's range proves that it is what is needed."""
    match need:
        case Need.NONZERO:
            return value.excludes_zero
        case Need.NONNEGATIVE:
            return value.low >= 0
        case Need.POSITIVE:
            return value.low > 0
        case Need.ABOVE_MINUS_ONE:
            return value.low > -1
        case Need.MODERATE:
            return value.high <= _EXP_LIMIT


@dataclass(frozen=True, slots=True)
class Elementwise:
    """A function of numbers that NumPy applies entry by entry.

    Attributes:
        range: Range of the result from the arguments.
        arity: How many arguments it takes.
        need: What its last argument must be.
        integral: True if integers give integers.
        boolean: True if it returns truth values.
    """

    range: Callable[[Sequence[AbstractValue]], Range]
    arity: int = 1
    need: Need | None = None
    integral: bool = False
    boolean: bool = False


def _monotone(function: Callable[[float], float]) -> Callable[[Sequence[AbstractValue]], Range]:
    def ends(values: Sequence[AbstractValue]) -> Range:
        return function(values[0].low), function(values[0].high)

    return ends


def _absolute(values: Sequence[AbstractValue]) -> Range:
    low, high = values[0].low, values[0].high
    return (0.0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _exponential(values: Sequence[AbstractValue]) -> Range:
    return tuple(math.inf if end > _EXP_LIMIT else math.exp(end) for end in (values[0].low, values[0].high))  # type: ignore[return-value]


def _logarithm(values: Sequence[AbstractValue]) -> Range:
    return tuple(-math.inf if end <= 0 else math.log(end) for end in (values[0].low, values[0].high))  # type: ignore[return-value]


def _logarithm_of_one_more(values: Sequence[AbstractValue]) -> Range:
    return tuple(-math.inf if end <= -1 else math.log1p(end) for end in (values[0].low, values[0].high))  # type: ignore[return-value]


def _root(values: Sequence[AbstractValue]) -> Range:
    return math.sqrt(max(values[0].low, 0.0)), math.sqrt(max(values[0].high, 0.0))


def _smaller(values: Sequence[AbstractValue]) -> Range:
    return min(value.low for value in values), min(value.high for value in values)


def _larger(values: Sequence[AbstractValue]) -> Range:
    return max(value.low for value in values), max(value.high for value in values)


def _clipped(values: Sequence[AbstractValue]) -> Range:
    inner, low, high = values
    return min(max(inner.low, low.low), high.low), min(max(inner.high, low.high), high.high)


def _bounded(low: float, high: float) -> Callable[[Sequence[AbstractValue]], Range]:
    return lambda _values: (low, high)


def _rounded(values: Sequence[AbstractValue]) -> Range:
    return values[0].low - 1, values[0].high + 1


ELEMENTWISE: dict[str, Elementwise] = {
    "abs": Elementwise(_absolute, integral=True),
    "fabs": Elementwise(_absolute),
    "absolute": Elementwise(_absolute, integral=True),
    "sqrt": Elementwise(_root, need=Need.NONNEGATIVE),
    "exp": Elementwise(_exponential, need=Need.MODERATE),
    "log": Elementwise(_logarithm, need=Need.POSITIVE),
    "log2": Elementwise(_bounded(-math.inf, math.inf), need=Need.POSITIVE),
    "log10": Elementwise(_bounded(-math.inf, math.inf), need=Need.POSITIVE),
    "log1p": Elementwise(_logarithm_of_one_more, need=Need.ABOVE_MINUS_ONE),
    "square": Elementwise(lambda values: powered(values[0], 2), integral=True),
    "tanh": Elementwise(_monotone(math.tanh)),
    "arctan": Elementwise(_monotone(math.atan)),
    "sin": Elementwise(_bounded(-1.0, 1.0)),
    "cos": Elementwise(_bounded(-1.0, 1.0)),
    "sign": Elementwise(_bounded(-1.0, 1.0), integral=True),
    "floor": Elementwise(_rounded),
    "ceil": Elementwise(_rounded),
    "round": Elementwise(_rounded),
    "rint": Elementwise(_rounded),
    "negative": Elementwise(lambda values: (-values[0].high, -values[0].low), integral=True),
    "float": Elementwise(lambda values: (values[0].low, values[0].high)),
    "asarray": Elementwise(lambda values: (values[0].low, values[0].high), integral=True),
    "array": Elementwise(lambda values: (values[0].low, values[0].high), integral=True),
    "hypot": Elementwise(_bounded(0.0, math.inf), arity=2),
    "arctan2": Elementwise(_bounded(-4.0, 4.0), arity=2),
    "minimum": Elementwise(_smaller, arity=2, integral=True),
    "maximum": Elementwise(_larger, arity=2, integral=True),
    "clip": Elementwise(_clipped, arity=3, integral=True),
    "multiply": Elementwise(lambda values: product(values[0], values[1]), arity=2, integral=True),
    "divide": Elementwise(lambda values: divided(values[0], values[1]), arity=2, need=Need.NONZERO),
    "mod": Elementwise(lambda values: remainder(values[0], values[1]), arity=2, need=Need.NONZERO, integral=True),
    "isclose": Elementwise(_bounded(0.0, 1.0), arity=2, boolean=True),
    "logical_and": Elementwise(_bounded(0.0, 1.0), arity=2, boolean=True),
    "logical_or": Elementwise(_bounded(0.0, 1.0), arity=2, boolean=True),
    "logical_not": Elementwise(_bounded(0.0, 1.0), boolean=True),
}

REDUCTIONS = frozenset({"max", "min", "mean", "median", "amax", "amin", "sum", "std", "var", "ptp"})

LOCATING = frozenset({"argmin", "argmax"})
"""Functions that return where the extreme entry is."""

DECIDING = LOCATING | {"argsort", "argpartition"}
"""Functions whose first argument is a score by which something is chosen."""

_MODULES = frozenset({"np", "numpy", "math"})


def function_name(call: ast.Call) -> str:
    """The bare name of a called function.

    "exp" for `np.exp(...)`; "" for a method or anything else.
    """
    match call.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES:
            return name
    return ""
