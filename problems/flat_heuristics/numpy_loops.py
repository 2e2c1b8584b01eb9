"""Addresses of NumPy's own loops over float64.

They are read from the structure that NumPy's C API describes (`PyUFuncObject`), and believed only where names and types are what they
should be; a function without an address has no place in a flat heuristic.
"""

import ctypes
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .kernels import evaluate
from .operations import ARITY, LOOPS

__all__ = ["loop_addresses"]


class _Ufunc(ctypes.Structure):
    """The beginning of `PyUFuncObject`, which is the same in every NumPy 2."""

    _fields_ = (
        ("references", ctypes.c_ssize_t),
        ("type", ctypes.c_void_p),
        ("inputs", ctypes.c_int),
        ("outputs", ctypes.c_int),
        ("operands", ctypes.c_int),
        ("identity", ctypes.c_int),
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("kinds", ctypes.c_int),
        ("reserved", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("types", ctypes.c_void_p),
    )


@cache
def loop_addresses() -> NDArray[np.int64]:
    """Where the loops of `LOOPS` are.

    Returns:
        Address of the loop, address of its data, and how many operands it takes, a row each: shape (LOOPS, 3). The first is 0 where it
        cannot be told.
    """
    found = np.zeros((len(LOOPS), 3), dtype=np.int64)
    for row, name in enumerate(LOOPS):
        # Addresses mean something to compiled code only.
        found[row] = (*((0, 0) if not hasattr(evaluate, "signatures") else _addresses(name)), ARITY[name])
    return found


def _addresses(name: str) -> tuple[int, int]:
    function: np.ufunc = getattr(np, name)
    types = f"{'d' * function.nin}->{'d' * function.nout}"
    if types not in function.types or type(function) is not np.ufunc:
        return 0, 0
    ufunc = _Ufunc.from_address(id(function))
    counts = (ufunc.inputs, ufunc.outputs, ufunc.operands, ufunc.kinds)
    if counts != (function.nin, function.nout, function.nin + function.nout, function.ntypes):
        return 0, 0
    place = function.types.index(types)
    length = function.nin + function.nout
    kinds = ctypes.string_at(ufunc.types + place * length, length)
    if ufunc.name != name.encode() or kinds != bytes([np.dtype(np.float64).num]) * length:
        return 0, 0
    return int(ufunc.functions[place] or 0), int(ufunc.data[place] or 0)
