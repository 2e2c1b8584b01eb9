"""Gaps in memory."""

import subprocess
import sys

import pytest

# One block in nine is given back: there are thousands of gaps then, of which hardly two lie on one page.
_SCRIPT = """
import ctypes, sys
from evoheur.sandbox.memory_gaps import use_up_gaps

make, address = {
    "python": (lambda: bytes(400), id),
    "c library": (lambda: bytearray(2000), lambda block: ctypes.addressof(ctypes.c_char.from_buffer(block))),
}[sys.argv[1]]
held = [make() for _ in range(20_000)]
del held[::9]
if sys.argv[2] == "used up":
    use_up_gaps()
blocks = [make() for _ in range(64)]
print(len({address(block) >> 12 for block in blocks}))
"""


def _pages(allocator: str, gaps: str) -> int:
    command = [sys.executable, "-c", _SCRIPT, allocator, gaps]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("allocator", ["python", "c library"])
def test_what_is_allocated_afterwards_lies_side_by_side(allocator: str) -> None:
    """In a process of its own with thousands of gaps, counted in pages that 64 blocks lie on; a child would copy each of them."""
    assert _pages(allocator, "used up") <= 0.7 * _pages(allocator, "left")
