"""The guest's entry for the red team.

It is that of the contract, with everything that attacks import already there. A sandbox that refuses to read files would otherwise stop
many attacks at their first import, and prove nothing.
"""

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

from evoheur.testing import hostile_entry

__all__ = ["CANARY", "MODULES", "open_candidate", "setup", "threads"]

CANARY = ctypes.create_string_buffer(b"canary", 16)
"""Every candidate finds it unchanged, unless an earlier one reached the guest's memory."""

MODULES = (
    "_posixsubprocess", "_thread", "array", "builtins", "fcntl", "gc", "hashlib", "json", "math", "mmap", "numpy", "resource", "select",
    "signal", "socket", "struct", "subprocess", "termios", "threading", "time",
)  # fmt: skip
"""What attacks import."""


def setup(payload: Mapping[str, Any]) -> None:
    """Import what attacks import."""
    hostile_entry.setup({"imports": MODULES, **payload})


def threads() -> int:
    """See `evoheur.testing.hostile_entry.threads`."""
    return hostile_entry.threads()


def open_candidate(payload: str) -> Callable[[Any], Any]:
    """See `evoheur.testing.hostile_entry.open_candidate`."""
    return hostile_entry.open_candidate(payload)
