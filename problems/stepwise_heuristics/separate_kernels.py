"""Kernels that the loop calls by their address.

What a kernel calls by name is compiled into it again, so that all of them by name would take minutes to compile.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import cfunc, njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from .array_functions import of_array
from .array_kernels import binary_arrays
from .container_kernels import of_container
from .elementwise_kernels import elementwise
from .memory import COMPILED, KERNELS, SELF, Memory, memory_at
from .reduction_kernels import reduced

__all__ = ["BINARY_ARRAYS", "ELEMENTWISE", "OF_ARRAY", "OF_CONTAINER", "REDUCED", "call", "kernel_addresses"]

BINARY_ARRAYS, ELEMENTWISE, OF_ARRAY, OF_CONTAINER, REDUCED = range(5)


def _binary_arrays(address: Any, operation: int, out: int, one: int, two: int) -> None:
    binary_arrays(memory_at(address), operation, out, one, two)


def _elementwise(address: Any, function: int, out: int, first: int, _count: int) -> None:
    elementwise(memory_at(address), function, out, first)


def _of_array(address: Any, function: int, out: int, first: int, count: int) -> None:
    of_array(memory_at(address), function, out, first, count)


def _of_container(address: Any, function: int, out: int, first: int, count: int) -> None:
    of_container(memory_at(address), function, out, first, count)


def _reduced(address: Any, function: int, out: int, first: int, axis: int) -> None:
    reduced(memory_at(address), function, out, first, axis)


_KERNELS: tuple[Callable[[Any, int, int, int, int], None], ...] = (
    _binary_arrays,
    _elementwise,
    _of_array,
    _of_container,
    _reduced,
)


@cache
def kernel_addresses() -> NDArray[np.int64]:
    """Where the kernels are, which compiles them; zeros without a compiler."""
    if not COMPILED:
        return np.zeros(len(_KERNELS), dtype=np.int64)
    signature = types.void(*[types.int64] * 5)
    compiled = [cfunc(signature, cache=True)(kernel) for kernel in _KERNELS]
    _kept.extend(compiled)
    return np.array([kernel.address for kernel in compiled], dtype=np.int64)


_kept: list[Any] = []  # their code lasts as long as they do


@intrinsic
def _call_address(_context: Any, _address: Any, _memory: Any, _function: Any, _out: Any, _first: Any, _last: Any) -> Any:
    # Calls void (int64, int64, int64, int64, int64).
    def code(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [word] * 5).as_pointer())
        builder.call(function, arguments[1:])
        return ir.Constant(ir.IntType(8).as_pointer(), None)

    return types.void(*[types.int64] * 6), code


@njit(cache=True, nogil=True)
def _call_compiled(memory: Memory, kernel: int, function: int, out: int, first: int, last: int) -> None:
    _call_address(memory.ints[KERNELS + kernel], memory.ints[SELF], function, out, first, last)  # type: ignore[call-arg]


def _call_plain(memory: Memory, kernel: int, function: int, out: int, first: int, last: int) -> None:
    _KERNELS[kernel](memory, function, out, first, last)


call = _call_compiled if COMPILED else _call_plain
"""Have a kernel carry out a function or an operation, whose operands stand in registers."""
