"""Trying something irreversible in a forked process."""

import os
from collections.abc import Callable
from typing import NoReturn

__all__ = ["refusal"]

_FAILED = 1


def refusal(action: Callable[[], None]) -> str:
    """Find out why the kernel refuses an action.

    A forked process tries it. Empty if it does not refuse.

    Args:
        action: May replace or confine its process; whichever process returns from it counts.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _try(action, writer)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8", errors="replace") as words:
        told = words.read()
    _, status = os.waitpid(child, 0)
    return told or ("" if status == 0 else f"the attempt ended with wait status {status}")


def _try(action: Callable[[], None], writer: int) -> NoReturn:
    code = _FAILED
    try:
        action()
        code = 0
    except OSError as error:
        os.write(writer, (error.strerror or str(error) or "refused").encode())
    finally:
        os._exit(code)
