"""Namespaces: a process alone with its own resources.

It gets its own processes, mounts, network, shared memory and host name, and is process 1 among them. Root makes them directly; an
ordinary user must make a user namespace first, which some systems forbid.
"""

import os
import signal
import socket
from pathlib import Path
from typing import NoReturn

from evoheur.sandbox.walls.empty_root import change_root
from evoheur.sandbox.walls.libc import control, invoke
from evoheur.sandbox.walls.privileges import NOBODY, may_administer

__all__ = ["die_with_parent", "enter"]

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_SEPARATE = _CLONE_NEWNS | _CLONE_NEWUTS | _CLONE_NEWIPC | _CLONE_NEWPID | _CLONE_NEWNET
_PR_SET_PDEATHSIG = 1
_KILLED = 128  # plus the number of the signal, as shells count


def enter() -> None:
    """Continue as process 1 of new namespaces.

    The file system is empty, and the network leads nowhere. A process can only be born into a process namespace: what returns from this
    call is a child of the caller. The caller itself does not return; it stays behind as the process that its own parent knows, waits, and
    ends as the child ends. It needs to have one thread.

    Raises:
        OSError: A namespace or mount is refused; some walls may stand already, and the process should end.
    """
    user, group = os.geteuid(), os.getegid()
    privileged = may_administer()
    invoke("unshare", _SEPARATE if privileged else _SEPARATE | _CLONE_NEWUSER)
    if not privileged:
        _map_to_nobody(user, group)
    socket.sethostname("sandbox")
    change_root()
    child = os.fork()
    if child != 0:
        _stand_in_for(child)


def die_with_parent() -> None:
    """Have the kernel kill this process with its parent.

    A later change of identity would undo it.
    """
    control(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _map_to_nobody(user: int, group: int) -> None:
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")  # what an ordinary user must renounce to be allowed the rest
    (own / "gid_map").write_text(f"{NOBODY} {group} 1")
    (own / "uid_map").write_text(f"{NOBODY} {user} 1")


def _stand_in_for(child: int) -> NoReturn:
    os.closerange(0, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(child, 0)
    os._exit(_KILLED + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
