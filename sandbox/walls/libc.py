"""Functions of the C library without a Python wrapper."""

import ctypes
import os
from typing import Any

__all__ = ["control", "invoke", "system_call"]

_LIBRARY = ctypes.CDLL(None, use_errno=True)


def invoke(function: str, *arguments: Any) -> int:
    """Call a C library function that answers -1 for failure.

    Args:
        function: Its name.
        arguments: Integers (passed in full register width), bytes, None for a null pointer, or what `ctypes` makes.

    Raises:
        OSError: It failed; the message names it.
    """
    words = [ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments]
    result: int = getattr(_LIBRARY, function)(*words)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
    return result


def system_call(number: int, *arguments: Any) -> int:
    """Make a system call by its number; arguments and errors as in `invoke`."""
    return invoke("syscall", number, *arguments)


def control(option: int, value: Any = 0) -> int:
    """prctl(2) with one argument; errors as in `invoke`."""
    return invoke("prctl", option, value, 0, 0, 0)
