"""The operations of flat heuristics, by number.

The numbers are in no document that lasts: both sides have the same version. Every operation takes and gives float64; truth values are 0
and 1.
"""

__all__ = ["ARITY", "CODES", "LOOPS"]

_UNARY = ("negative", "absolute", "sqrt", "square", "floor", "ceil", "rint", "sign", "logical_not")
_BINARY = (
    *("add", "subtract", "multiply", "divide", "mod", "floor_divide", "minimum", "maximum"),
    *("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and", "logical_or"),
)
LOOPS = ("exp", "expm1", "log", "log1p", "log2", "log10", "tanh", "sin", "cos", "arctan", "power")
"""What NumPy's own loops compute, since no standard lays down the last bits."""

_REDUCTIONS = ("amin", "amax")

CODES = {name: code for code, name in enumerate((*_UNARY, *_BINARY, *LOOPS, *_REDUCTIONS, "where"))}
"""Name of an operation, which is NumPy's, → its number: one operand, two, `LOOPS`, reductions and `where`, in this order."""

ARITY = {
    **dict.fromkeys((*_UNARY, *LOOPS, *_REDUCTIONS), 1),
    **dict.fromkeys((*_BINARY, "power"), 2),
    "where": 3,
}
"""Name of an operation → how many operands it takes."""
