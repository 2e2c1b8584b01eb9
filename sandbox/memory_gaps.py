"""Gaps in the guest's memory, used up before it forks.

What was freed since the start lies in small pieces on thousands of pages that the guest shares with its children. A child's first
allocations would take those pieces, and each page that it writes to is copied for it. With no gaps left they come from new pages, side
by side.
"""

import ctypes
from collections.abc import Callable

__all__ = ["use_up_gaps"]

_OF_PYTHON = range(16, 513, 16)  # sizes that CPython serves from pools of its own, each from another
# The larger ones first, which leave the least.
_OF_C_LIBRARY = (*(1 << power for power in range(16, 10, -1)), *range(1008, 15, -16))
_FRESH = 8192  # bytes that lie in a row where there were no gaps before
_NEAR = 4  # blocks between two that were taken in turn; what the loop itself allocates lies there too
_MOST = 200_000  # blocks of one size


def use_up_gaps() -> None:
    """Allocate blocks of every size, for ever, until they come from fresh memory.

    That is some megabytes, and a few milliseconds.
    """
    of_python = ctypes.pythonapi.PyObject_Malloc
    of_c_library = ctypes.CDLL(None).malloc
    for allocate, sizes in ((of_python, _OF_PYTHON), (of_c_library, _OF_C_LIBRARY)):
        allocate.restype, allocate.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
        for size in sizes:
            _take(allocate, size)


def _take(allocate: Callable[[int], int | None], size: int) -> None:
    last = row = 0
    for _ in range(_MOST):
        address = allocate(size) or 0
        row = row + 1 if 0 < address - last <= _NEAR * (size + 16) else 0
        if row * size >= _FRESH:
            return
        last = address
