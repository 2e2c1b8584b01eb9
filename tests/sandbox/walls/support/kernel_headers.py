"""System call numbers as the kernel's own headers have them, to compare ours with."""

import re
from pathlib import Path

import pytest

__all__ = ["header_numbers"]

_PLACES = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    # aarch64 has no table of its own: it uses the generic one, of which every machine has a copy.
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
_DEFINED = re.compile(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", re.MULTILINE)


def header_numbers(machine: str) -> dict[str, int]:
    """All numbers of an architecture by name; the test is skipped if this machine has no header for it."""
    found = next((Path(place) for place in _PLACES[machine] if Path(place).is_file()), None)
    if found is None:
        pytest.skip(f"no kernel header for {machine} here ({_PLACES[machine][0]} comes with linux-libc-dev)")
    numbers = {name: int(number) for name, number in _DEFINED.findall(found.read_text(encoding="utf-8"))}
    if machine == "aarch64":
        numbers["newfstatat"] = numbers["fstatat"]  # what 64-bit machines call it, a few lines further down
    return numbers
