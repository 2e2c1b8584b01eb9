"""The library names that the analysis understands.

A NumPy function is here only if it works entry by entry and gives the same bits for the same operands wherever they stand in an array;
tests/problems/bin_packing_online/level_rule/test_vocabulary.py checks the latter on the machine it runs on. Left out on purpose: np.interp
(its arithmetic depends on the number of points), single precision, and everything that reduces, orders, shifts or draws.
"""

import math

__all__ = ["BINARY", "BOOLEAN", "CONSTANTS", "MATH", "NUMBER_BUILTINS", "TYPES", "UNARY"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNARY = _words(
    "abs absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_not cbrt ceil cos cosh deg2rad degrees exp exp2 expm1 fabs floor "
    "invert isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign signbit sin sinh "
    "sqrt square tan tanh trunc"
)
"""Ufuncs of one operand."""

BINARY = _words(
    "add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod greater greater_equal "
    "heaviside hypot less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod multiply not_equal power remainder "
    "subtract true_divide"
)
"""Ufuncs of two operands."""

BOOLEAN = _words(
    "equal greater greater_equal isfinite isinf isnan less less_equal logical_and logical_not logical_or logical_xor not_equal signbit"
)
"""Ufuncs whose result is boolean whatever the operands."""

CONSTANTS = _words("numpy.e numpy.inf numpy.nan numpy.pi math.e math.inf math.nan math.pi math.tau")
"""Numbers of the modules."""

TYPES = {
    "builtins.float": "float",
    "builtins.int": "int",
    "builtins.bool": "bool",
    "numpy.float64": "float",
    "numpy.double": "float",
    "numpy.int64": "int",
    "numpy.bool_": "bool",
    "numpy.bool": "bool",
}
"""Full name → number type, for dtypes and conversions."""

MATH = frozenset(name for name, value in vars(math).items() if callable(value) and not name.startswith("_"))
"""Functions of the math module: pure, every one of them."""

NUMBER_BUILTINS = frozenset({"abs", "bool", "float", "int", "max", "min", "pow", "round"})
"""Builtins that take numbers to numbers."""
