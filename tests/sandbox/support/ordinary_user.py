"""Being an ordinary user in a process that began as root, with the interpreter in reach.

Root's interpreter often lies under a folder that only root may enter. In a mount namespace of this process alone, an open folder with
nothing in it but the way to the interpreter takes that folder's place.
"""

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["USER", "become"]

USER = 1001
"""Has no entry in the system's list of users, and owns nothing."""

_NEW_MOUNTS, _BIND, _RECURSIVE, _PRIVATE = 0x20000, 4096, 16384, 1 << 18
_libc = ctypes.CDLL(None, use_errno=True)


def become(needed: Iterable[Path]) -> None:
    """Give up root for ever.

    Args:
        needed: Folders to keep in reach besides the interpreter's own.

    Raises:
        OSError: The kernel refuses a step; the process should end.
    """
    _check(_libc.unshare(_NEW_MOUNTS), "unshare")
    _mount(None, Path("/"), _RECURSIVE | _PRIVATE)
    wanted = {Path(sys.base_prefix), Path(sys.prefix), *needed}
    closed = {barrier: [path for path in wanted if _barrier(path) == barrier] for barrier in map(_barrier, wanted) if barrier}
    for barrier, behind in closed.items():
        _open_up(barrier, behind)
    os.setgroups([])
    os.setgid(USER)
    os.setuid(USER)


def _barrier(path: Path) -> Path | None:
    return next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & stat.S_IXOTH), None)


def _open_up(barrier: Path, behind: list[Path]) -> None:
    held = {path: os.open(path, os.O_PATH) for path in behind}
    _mount(b"tmpfs", barrier, 0, kind=b"tmpfs", options=b"mode=755,size=1m")
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        _mount(f"/proc/self/fd/{descriptor}".encode(), path, _BIND | _RECURSIVE)
        os.close(descriptor)


def _mount(source: bytes | None, target: Path, flags: int, *, kind: bytes | None = None, options: bytes | None = None) -> None:
    result = _libc.mount(source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)
    _check(result, f"mount on {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
