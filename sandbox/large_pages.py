"""Large pages for the guest's memory.

With them the kernel has less to do for each child that is forked and each that ends.
"""

import ctypes
from collections.abc import Iterable
from pathlib import Path

__all__ = ["join_pages", "private_memory"]

_MADV_COLLAPSE = 25  # Linux 6.1
_HUGE = 2 * 1024 * 1024


def private_memory() -> list[tuple[int, int]]:
    """Stretches of this process's memory for large pages.

    First address and length of every stretch of private writable memory that can hold them.
    """
    stretches = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, mode, _, _, _, *name = line.split(maxsplit=5)
        if mode != "rw-p" or name not in ([], ["[heap]"]):
            continue
        low, high = (int(address, 16) for address in span.split("-"))
        first = -low % _HUGE + low
        if high // _HUGE * _HUGE > first:
            stretches.append((first, high // _HUGE * _HUGE - first))
    return stretches


def join_pages(stretches: Iterable[tuple[int, int]]) -> None:
    """Ask the kernel for large pages in each stretch.

    What is in use is put on them; where the kernel cannot, nothing changes. A child that writes to a large page splits it for itself, as
    it copies any page that it writes to.

    Args:
        stretches: As `private_memory` has found them in this process, or in the one that it was forked from.
    """
    madvise = ctypes.CDLL(None).madvise
    for first, length in stretches:
        madvise(ctypes.c_void_p(first), ctypes.c_size_t(length), _MADV_COLLAPSE)
