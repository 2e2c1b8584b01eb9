"""Files mapped into this process's memory.

They are machine code above all, which a candidate reads by merely calling it. A page of a file that nobody has read yet comes slower than
one that somebody has, so what one candidate reads another could time. Here every page is read beforehand, and again from time to time,
should the kernel have dropped some for want of memory.
"""

import ctypes
import os
import re
import time
from pathlib import Path

__all__ = ["MappedFiles"]

_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r.{3} \S+ \S+ \S+ +(/.*)$", re.MULTILINE)
_MADV_POPULATE_READ = 22  # Linux 5.14; an older kernel refuses, and the first reading has to do
_PIECE = 1 << 20
_SECONDS = 5.0


class MappedFiles:
    """The files that are mapped into this process.

    Make it while they can still be opened; it holds those of that moment.

    Args:
        mappings: Text in the form of /proc/self/maps, which is read if none is given.

    Attributes:
        paths: Their names.
        stretches: First address and length of what can be read of them in memory.
    """

    def __init__(self, mappings: str | None = None) -> None:
        text = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace") if mappings is None else mappings
        found = [(int(low, 16), int(high, 16), path) for low, high, path in _MAPPING.findall(text)]
        self.stretches = [(low, high - low) for low, high, _ in found]
        self.paths = sorted({path for _, _, path in found})
        self._madvise = ctypes.CDLL(None).madvise
        self._read_at = -_SECONDS

    def read(self) -> None:
        """Read every file in full.

        One that is gone by now is in memory only, and is passed over.
        """
        buffer = bytearray(_PIECE)
        for path in self.paths:
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                position = 0
                while count := os.preadv(descriptor, [buffer], position):
                    position += count
            finally:
                os.close(descriptor)

    def read_again(self) -> None:
        """Bring every page in sight into memory again.

        It is done by way of memory alone. Does nothing within seconds of the last time.
        """
        now = time.monotonic()
        if now < self._read_at + _SECONDS:
            return
        self._read_at = now
        for first, length in self.stretches:
            self._madvise(ctypes.c_void_p(first), ctypes.c_size_t(length), _MADV_POPULATE_READ)
