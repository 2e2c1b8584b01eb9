"""The instructions of stepwise heuristics, and the kinds of values that they work on, by number.

The numbers are in no document that lasts. An instruction is a row of five whole numbers: the operation, and up to four registers, counts
or places to jump to.
"""

__all__ = ["ELEMENTWISE", "FUNCTIONS", "LOOP_ROWS", "REDUCTIONS"]

# Kinds of values. Python's numbers and NumPy's alike are in the order truth value, whole number, float.
(UNDEFINED, NONE, BOOL, INT, FLOAT, NPBOOL, NPINT, NPFLOAT, OBJECT, ALL) = range(10)
"""What a register holds; `ALL` is the index `:`."""

(LIST, TUPLE, SET, DICT, ARRAY, RANGE) = range(1, 7)
"""Kinds of objects, the first word of each."""

(ADD, SUBTRACT, MULTIPLY, DIVIDE, FLOOR_DIVIDE, MODULO, POWER, BIT_AND, BIT_OR, BIT_XOR, MINIMUM, MAXIMUM) = range(12)
(LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL) = range(12, 18)
"""Operators: result, operand, operand. Those from `LESS` on compare."""

(CONSTANT, MOVE, JUMP, JUMP_IF, JUMP_IF_NOT, RETURN, CALL) = range(18, 25)
(BEGIN, NEXT, NEXT_VALUE, NEXT_ITEM, UNPACK) = range(25, 30)
(GET, GET_PAIR, GET_CHAIN, GET_GRID, STORE, STORE_PAIR, SLICE, BUILD, IS, CONTAINS, APPLY) = range(30, 41)

(APPEND, CLEAR, SUM_STEP, LEAST_STEP, MOST_STEP) = range(41, 46)
"""Append to a list; forget a value; take a value into a sum, or into the least or the largest so far, which is none at first."""

ELEMENTWISE = (
    *("negative", "positive", "not", "invert", "int", "float", "bool", "abs", "math.sqrt", "math.exp", "math.log", "math.floor"),
    *("math.ceil", "math.fabs", "absolute", "sqrt", "square", "floor", "ceil", "sign", "isnan", "isinf", "isfinite"),
    *("exp", "log", "log1p", "log2", "log10", "tanh", "sin", "cos", "arctan", "np.float64", "np.int64", "np.number"),
)
"""Functions of one number; those of NumPy also of each entry of an array."""

_CONTAINERS = (
    *(
        "len",
        "list",
        "tuple",
        "set",
        "dict",
        "copy",
        "append",
        "extend",
        "pop",
        "add",
        "remove",
        "discard",
        "get",
        "index",
        "count",
    ),
    *("keys", "values", "items", "reversed", "union", "difference", "intersection", "update"),
    *("sum", "min", "max", "any", "all", "sorted", "sort", "sorted_by", "first_by", "enumerate", "zip", "range"),
)
REDUCTIONS = (
    *("amin", "amax", "argmin", "argmax", "np.sum", "mean", "std", "var", "median", "np.any", "np.all", "count_nonzero"),
    "prod",
)
"""Functions that make one number of an array, or one a row or a column."""

_ARRAYS = (
    *("array", "zeros", "ones", "full", "arange", "where", "nonzero", "argsort", "np.sort", "isin", "setdiff1d", "delete"),
    *("concatenate", "unique", "size", "shape", "as_float", "as_int", "as_bool", "fresh", "tolist", "zeros_like", "ones_like"),
)

FUNCTIONS = {name: code for code, name in enumerate((*ELEMENTWISE, *_CONTAINERS, *REDUCTIONS, *_ARRAYS))}
"""Name of a function → the number by which `APPLY` knows it."""

LOOP_ROWS = {"exp": 0, "log": 2, "log1p": 3, "log2": 4, "log10": 5, "tanh": 6, "sin": 7, "cos": 8, "arctan": 9, "power": 10}
"""Function → its row in `flat_heuristics.numpy_loops.loop_addresses`."""
