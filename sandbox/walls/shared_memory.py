"""Memory that a fork does not copy.

What one candidate writes there, the guest and all later candidates would read.
"""

import re
from pathlib import Path

__all__ = ["shared_memory"]

_MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ .w.s \S+ \S+ \S+ *(.*)$", re.MULTILINE)


def shared_memory(mappings: str | None = None) -> list[str]:
    """Names of this process's writable shared mappings.

    `mmap` and `multiprocessing` make such.

    Args:
        mappings: Text in the form of /proc/self/maps, which is read if none is given.
    """
    text = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace") if mappings is None else mappings
    return [name or "anonymous" for name in _MAPPING.findall(text)]
