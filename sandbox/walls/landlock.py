"""Landlock: giving up files, TCP ports and foreign processes.

It needs no privilege and is for ever. See the kernel's Documentation/userspace-api/landlock.rst. Landlock does not hide that a file
exists; everything else about it does.
"""

import ctypes
import errno
import os

from evoheur.sandbox.walls.libc import system_call

__all__ = ["abi", "renounce_files", "renounce_others"]

_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same on every architecture
_ASK_VERSION = 1
# By ABI: the number of file access rights, TCP bind and connect, scoping of abstract sockets and signals.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


def abi() -> int:
    """Version of Landlock in the kernel; 0 without it."""
    try:
        return system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno in {errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}:  # too old, switched off, or filtered by a container
            return 0
        raise


def renounce_files() -> None:
    """Give up all access to files.

    Only what is open stays. New privileges must have been renounced.

    Raises:
        OSError: The kernel refuses.
    """
    _restrict(_create(files=(1 << _FILE_RIGHTS.get(abi(), 16)) - 1))


def renounce_others() -> None:
    """Give up TCP, and signals and sockets to others.

    The sockets are abstract ones, and the others are processes outside; as far as this kernel's Landlock knows of them. For a child,
    which is thereby parted from the guest.

    Raises:
        OSError: The kernel refuses.
    """
    version = abi()
    if version < _TCP_SINCE:
        return
    _restrict(_create(network=_TCP, scoped=_SCOPES if version >= _SCOPES_SINCE else 0))


def _create(*, files: int = 0, network: int = 0, scoped: int = 0) -> int:
    attributes = _Ruleset(files, network, scoped)  # an older kernel reads its part and takes zeros in the rest
    return system_call(_CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)


def _restrict(ruleset: int) -> None:
    try:
        system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
