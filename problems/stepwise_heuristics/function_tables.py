"""Names of Python's and NumPy's functions → what the machine does for them."""

from .instructions import (
    ADD,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    DIVIDE,
    EQUAL,
    GREATER,
    GREATER_EQUAL,
    LESS,
    LESS_EQUAL,
    MAXIMUM,
    MINIMUM,
    MULTIPLY,
    NOT_EQUAL,
    SUBTRACT,
)

__all__ = [
    "BUILTINS",
    "MATH_FUNCTIONS",
    "METHODS",
    "NUMPY_ARRAYS",
    "NUMPY_BINARY",
    "NUMPY_REDUCTIONS",
    "NUMPY_UNARY",
    "REDUCING_METHODS",
]

BUILTINS = {
    **dict.fromkeys(("len", "abs", "int", "float", "bool", "any", "all", "reversed"), (1, 1)),
    **dict.fromkeys(("list", "tuple", "set", "dict"), (0, 1)),
    "sum": (1, 2),
    "range": (1, 3),
    "enumerate": (1, 2),
    "zip": (2, 4),
}
"""Python's function → least and most arguments."""

MATH_FUNCTIONS = frozenset({"sqrt", "exp", "log", "floor", "ceil", "fabs"})

_ALIKE = (
    *("sqrt", "square", "floor", "ceil", "sign", "isnan", "isinf", "isfinite", "exp", "log", "log1p", "log2", "log10", "tanh"),
    *("sin", "cos", "arctan", "absolute", "negative"),
)
NUMPY_UNARY = {name: name for name in _ALIKE} | {
    "abs": "absolute",
    "fabs": "absolute",
    "float64": "np.float64",
    "int64": "np.int64",
}
"""NumPy's function of one argument → the machine's."""

NUMPY_BINARY = {
    "add": ADD,
    "subtract": SUBTRACT,
    "multiply": MULTIPLY,
    "divide": DIVIDE,
    "true_divide": DIVIDE,
    "minimum": MINIMUM,
    "maximum": MAXIMUM,
    "less": LESS,
    "less_equal": LESS_EQUAL,
    "greater": GREATER,
    "greater_equal": GREATER_EQUAL,
    "equal": EQUAL,
    "not_equal": NOT_EQUAL,
    "logical_and": BIT_AND,
    "logical_or": BIT_OR,
    "logical_xor": BIT_XOR,
}
"""NumPy's function of two arguments → the machine's operator."""

NUMPY_REDUCTIONS = {
    **{name: name for name in ("amin", "amax", "argmin", "argmax", "mean", "std", "var", "median", "count_nonzero")},
    "min": "amin",
    "max": "amax",
    "sum": "np.sum",
    "any": "np.any",
    "all": "np.all",
}
"""NumPy's reduction → the machine's."""

REDUCING_METHODS = {
    name: code for name, code in NUMPY_REDUCTIONS.items() if name not in {"amin", "amax", "median", "count_nonzero"}
}
"""An array's method → the machine's reduction."""

NUMPY_ARRAYS = {
    **{name: (name, 1, 1) for name in ("zeros", "ones", "nonzero", "unique", "concatenate", "zeros_like", "ones_like")},
    **{name: (name, 2, 2) for name in ("full", "isin", "setdiff1d", "delete")},
    "arange": ("arange", 1, 3),
    "asarray": ("array", 1, 1),
    "array": ("fresh", 1, 1),
    "copy": ("fresh", 1, 1),
    "where": ("where", 3, 3),
    "sort": ("np.sort", 1, 1),
    "hstack": ("concatenate", 1, 1),
}
"""NumPy's function that makes an array → the machine's, least and most arguments."""

METHODS = {
    **dict.fromkeys(("append", "extend", "add", "remove", "discard", "index", "count", "update"), (1, 1)),
    **dict.fromkeys(("union", "difference", "intersection"), (1, 1)),
    "pop": (0, 1),
    "get": (1, 2),
    "keys": (0, 0),
    "values": (0, 0),
    "items": (0, 0),
    "copy": (0, 0),
    "tolist": (0, 0),
    "nonzero": (0, 0),
}
"""A method → least and most arguments."""
