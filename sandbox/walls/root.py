"""A file system of one's own: an empty one in memory, with a few folders of the real one in it, read-only."""

import ctypes
import os
from pathlib import Path

from sandbox.walls.architecture import this_architecture
from sandbox.walls.kernel import invoke, system_call
from sandbox.walls.view import View

__all__ = ["change_root"]

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_MNT_DETACH = 2
_READ_ONLY = _MS_RDONLY | _MS_NOSUID | _MS_NODEV
_LOCKED = (
    os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME
)  # flags, as mount(2) spells them, that a user namespace may not take away
_MOUNT_POINT = Path("/proc")  # exists everywhere, holds no file of an interpreter, and is not wanted inside
_NULL = Path("/dev/null")


def change_root(view: View) -> None:
    """Leave the file system for one that holds the view and /dev/null only; needs a mount namespace of one's own.

    Nothing of the old one can be reached afterwards but what is open, and no /proc.

    Raises:
        OSError: A step is refused; the file system is then in between, and the process should end.
    """
    _mount(None, Path("/"), flags=_MS_REC | _MS_PRIVATE)  # nothing that follows shows outside
    _empty(_MOUNT_POINT)
    for folder in view.folders:
        _show(folder, view)
    null = _inside(_NULL)
    null.parent.mkdir()
    null.touch()
    _bind(_NULL, null)
    _mount(None, _MOUNT_POINT, flags=_MS_REMOUNT | _MS_BIND | _READ_ONLY)
    os.chdir(_MOUNT_POINT)
    architecture = this_architecture()
    assert architecture is not None, "asked before, for the filter"
    system_call(architecture.numbers["pivot_root"], b".", b".")
    invoke("umount2", b".", _MNT_DETACH)  # of the two roots on top of each other, this is the old one
    os.chdir("/")


def _show(folder: Path, view: View) -> None:
    place = _inside(folder)
    place.mkdir(parents=True, exist_ok=True)
    _bind(folder, place)
    for hidden in view.hidden:
        if hidden.parent == folder:
            _cover(_inside(hidden), [path for path in view.folders if path.parent == hidden])


def _cover(place: Path, shown: list[Path]) -> None:
    # The mount points for what is shown in it must exist before it becomes read-only.
    _empty(place)
    for path in shown:
        (place / path.name).mkdir()
    _mount(None, place, flags=_MS_REMOUNT | _MS_BIND | _READ_ONLY)


def _empty(place: Path) -> None:
    _mount(b"tmpfs", place, flags=_MS_NOSUID | _MS_NODEV, kind=b"tmpfs", options=b"mode=755,size=1m")


def _bind(source: Path, target: Path) -> None:
    _mount(os.fsencode(source), target, flags=_MS_BIND | _MS_REC)
    kept = os.statvfs(target).f_flag & _LOCKED
    _mount(None, target, flags=_MS_REMOUNT | _MS_BIND | _READ_ONLY | kept)


def _mount(source: bytes | None, target: Path, *, flags: int, kind: bytes | None = None, options: bytes | None = None) -> None:
    try:
        invoke("mount", source, os.fsencode(target), kind, ctypes.c_ulong(flags), options)
    except OSError as error:
        raise OSError(error.errno, f"mount on {target}: {os.strerror(error.errno or 0)}") from error


def _inside(path: Path) -> Path:
    return _MOUNT_POINT / path.relative_to("/")
