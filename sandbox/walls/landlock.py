"""Landlock: a process gives up access to files, TCP ports and foreign processes, without privilege and for ever.

See the kernel's Documentation/userspace-api/landlock.rst. Landlock does not hide that a file exists; everything else about it does.
"""

import ctypes
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sandbox.walls.kernel import system_call
from sandbox.walls.view import View

__all__ = ["abi", "read_only", "renounce_files", "renounce_others"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ASK_VERSION, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# By ABI: the number of file access rights, TCP bind and connect, scoping of abstract sockets and signals.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Version of Landlock that the kernel offers; 0 without it."""
    try:
        return system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in {errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}:  # too old, switched off, or filtered by a container
            return 0
        raise


def read_only(view: View) -> Iterator[tuple[Path, int]]:
    """What may be done beneath which path so that the view, and only it, can be read.

    Rights add up downwards and cannot be taken back below: a folder with something hidden in it is opened child by child, and its
    own right to be listed extends to the names, though not the contents, of what is hidden.
    """
    for folder in view.folders:
        hidden = [path for path in view.hidden if path.parent == folder]
        if not hidden:
            yield folder, _READ_FILE | _READ_FOLDER
            continue
        yield folder, _READ_FOLDER
        for child in folder.iterdir():
            if child not in hidden:
                yield child, _READ_FILE | (_READ_FOLDER if child.is_dir() else 0)


def renounce_files(view: View) -> None:
    """Keep reading what is in view; give up everything else about files. New privileges must have been renounced.

    Raises:
        OSError: The kernel refuses.
    """
    ruleset = _create(files=(1 << _FILE_RIGHTS.get(abi(), 16)) - 1)
    try:
        for path, allowed in read_only(view):
            _allow(ruleset, path, allowed)
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def renounce_others() -> None:
    """Give up TCP, and signals and abstract sockets to processes outside; as far as this kernel's Landlock knows of them.

    For a child, which is thereby parted from the guest.

    Raises:
        OSError: The kernel refuses.
    """
    version = abi()
    if version < _TCP_SINCE:
        return
    ruleset = _create(network=_TCP, scoped=_SCOPES if version >= _SCOPES_SINCE else 0)
    try:
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _create(*, files: int = 0, network: int = 0, scoped: int = 0) -> int:
    attributes = _Ruleset(files, network, scoped)  # an older kernel reads its part and takes zeros in the rest
    return system_call(_CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)


def _allow(ruleset: int, path: Path, allowed: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # out of our own reach: the less to give up
        return
    try:
        beneath = _PathBeneath(allowed, descriptor)
        system_call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0)
    finally:
        os.close(descriptor)
