"""Names of NumPy and Python that a heuristic may use.

It may use them on the bins, entry by entry, or on plain numbers. A NumPy function may be used on the bins only if it works entry by entry
and gives the same bits for the same operands wherever they stand in an array; tests/problems/bin_packing_online/test_level_names.py
checks the latter on the machine it runs on. Left out on purpose: np.interp (its arithmetic depends on the number of points), single
precision, and everything that orders, shifts or draws.
"""

__all__ = ["BUILTINS", "CANDIDATE_FAULTS", "CONSTANTS", "ENTRYWISE", "KEYWORDS", "NUMBER_FUNCTIONS", "NUMBER_TYPES", "UFUNCS"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UFUNCS = {
    1: _words(
        "abs absolute arccos arccosh arcsin arcsinh arctan arctanh bitwise_not cbrt ceil cos cosh deg2rad degrees exp exp2 expm1 fabs "
        "floor invert isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign "
        "signbit sin sinh sqrt square tan tanh trunc"
    ),
    2: _words(
        "add arctan2 bitwise_and bitwise_or bitwise_xor copysign divide equal float_power floor_divide fmax fmin fmod greater "
        "greater_equal heaviside hypot less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod multiply "
        "not_equal power remainder subtract true_divide"
    ),
}
"""Universal functions by their number of operands."""

ENTRYWISE = _words("around clip copy empty_like full_like isclose nan_to_num ones_like round select where zeros_like")
"""Other NumPy functions that work entry by entry and dispatch on their arguments."""

KEYWORDS = _words(
    "a a_max a_min array atol b choicelist condlist copy decimals default dtype equal_nan fill_value max min nan neginf out posinf rtol x"
)
"""Keywords of `ENTRYWISE` that leave them entry by entry; `shape` and `where`, for two, do not."""

NUMBER_FUNCTIONS = _words(
    "arange argmax argmin argsort average count_nonzero cumprod cumsum diff dot finfo iinfo interp linspace mean median "
    "percentile polyval prod quantile sort std sum var"
)
"""NumPy functions that a heuristic may use on numbers of its own; on the bins they are refused, which none hides as np.array_equal
would."""

NUMBER_TYPES = _words(
    "bool bool_ double float32 float64 floating generic int32 int64 int_ integer intp ndarray number signedinteger uint64"
)
"""Types of NumPy, for dtypes, conversions and annotations."""

CONSTANTS = _words("e euler_gamma inf nan newaxis pi")
"""Numbers of NumPy, and the index that is none."""

BUILTINS = _words(
    "abs bool complex dict divmod enumerate filter float frozenset int list map pow range reversed round set slice sorted str sum tuple zip"
)
"""Builtins that are what they are; those not among them, nor replaced in `level_namespace`, are refused when they are used."""

CANDIDATE_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    Warning,
)
"""What a heuristic's own code can raise for one size of item or another; it cannot name exceptions of other kinds."""
