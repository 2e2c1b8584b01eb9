"""Giving up what root and capabilities allow."""

import ctypes
import errno
import os

from evoheur.sandbox.walls.libc import control, invoke

__all__ = ["NOBODY", "become_nobody", "drop_capabilities", "may_administer", "renounce_new"]

NOBODY = 65534
"""User and group that own nothing."""

_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 24, 38, 47, 4
_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3: two 32-bit words of each set
_SETPCAP, _SYS_ADMIN = 1 << 8, 1 << 21


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def may_administer() -> bool:
    """True if this process may make namespaces and mounts.

    That is without a user namespace of its own.
    """
    return bool(_effective() & _SYS_ADMIN)


def renounce_new() -> None:
    """Renounce privileges that later programs could gain.

    No execve of this process or its children gains one then; Landlock and filters ask that of the unprivileged.
    """
    invoke("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def become_nobody() -> bool:
    """Become the user nobody, if this is root.

    That user owns nothing. Needs nothing that only root can read any more.

    Returns:
        True if this process does not run as root afterwards.
    """
    if os.geteuid() != 0:
        return True
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except PermissionError:  # root in name only
        return False
    return True


def drop_capabilities() -> None:
    """Empty every capability set.

    The bounding set is included where that is allowed: root in name is then only an owner of files.
    """
    if _effective() & _SETPCAP:
        _empty_bounding_set()
    control(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    invoke("capset", ctypes.byref(_Header(_VERSION, 0)), ctypes.byref((_Sets * 2)()))


def _effective() -> int:
    sets = (_Sets * 2)()
    invoke("capget", ctypes.byref(_Header(_VERSION, 0)), ctypes.byref(sets))
    low: int = sets[0].effective
    return low


def _empty_bounding_set() -> None:
    for capability in range(64):
        try:
            control(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return  # beyond the last one that this kernel has
