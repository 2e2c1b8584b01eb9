"""Memory that a fork does not copy: what one candidate writes there, the guest and all later candidates would read."""

import re
from pathlib import Path

__all__ = ["shared_memory"]

_MAPPING = re.compile(r"^[0-9a-f]+-[0-9a-f]+ .w.s \S+ \S+ \S+ *(.*)$", re.MULTILINE)


def shared_memory(mappings: str | None = None) -> list[str]:
    """Names of the mappings of this process that are writable and shared, such as what `mmap` and `multiprocessing` make.

    Args:
        mappings: Text in the form of /proc/self/maps, which is read if none is given.
    """
    text = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace") if mappings is None else mappings
    return [name or "anonymous" for name in _MAPPING.findall(text)]
