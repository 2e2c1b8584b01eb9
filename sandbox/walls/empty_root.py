"""An empty file system for a process."""

import ctypes
import os
from pathlib import Path

from evoheur.sandbox.walls.architecture import this_architecture
from evoheur.sandbox.walls.libc import invoke, system_call

__all__ = ["change_root"]

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
_MNT_DETACH = 2
_STRICT = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
_MOUNT_POINT = Path("/proc")  # exists everywhere, holds no file of an interpreter, and is not wanted inside


def change_root() -> None:
    """Leave the file system for an empty one.

    The empty one cannot be written; this needs a mount namespace of one's own. Nothing of the old one can be reached afterwards but what
    is open, and no /proc.

    Raises:
        OSError: A step is refused; the file system is then in between, and the process should end.
    """
    _mount(None, Path("/"), flags=_MS_REC | _MS_PRIVATE)  # nothing that follows shows outside
    _mount(b"tmpfs", _MOUNT_POINT, flags=_STRICT, kind=b"tmpfs", options=b"mode=755,size=4k")
    _mount(None, _MOUNT_POINT, flags=_MS_REMOUNT | _MS_BIND | _MS_RDONLY | _STRICT)
    os.chdir(_MOUNT_POINT)
    architecture = this_architecture()
    assert architecture is not None, "asked before, for the filter"
    system_call(architecture.numbers["pivot_root"], b".", b".")
    invoke("umount2", b".", _MNT_DETACH)  # of the two roots on top of each other, this is the old one
    os.chdir("/")


def _mount(source: bytes | None, target: Path, *, flags: int, kind: bytes | None = None, options: bytes | None = None) -> None:
    try:
        invoke("mount", source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)
    except OSError as error:
        raise OSError(error.errno, f"mount on {target}: {os.strerror(error.errno or 0)}") from error
