"""Finding and killing what a candidate started.

It is found by parentage from inside the guest and by a mark in the environment from outside.
"""

import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path

__all__ = ["GUEST_MARK", "change_mark", "descendants", "kill_marked", "kill_orphans", "marked"]

GUEST_MARK = "EVOHEUR_GUEST"
"""Environment variable whose random value marks a guest and all that descends from it."""

_PROC = Path("/proc")
_WALL = 0x40000000  # __WALL of waitpid(2): also children that were made by clone() without SIGCHLD
_PAUSE = 0.002
_INIT, _EVERYONE = 1, -1  # the first process of a namespace, and all in it but that one, as kill(2) spells them


def descendants(root: int) -> set[int]:
    """Ids of all processes below `root`, zombies included."""
    children: dict[int, list[int]] = {}
    for entry in _processes():
        with contextlib.suppress(OSError):  # it ended meanwhile
            # The command name in parentheses may itself hold spaces and parentheses; state and parent follow the last one.
            fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: set[int] = set()
    front = [root]
    while front:
        front = [child for parent in front for child in children.get(parent, ()) if child not in found]
        found.update(front)
    return found


def kill_orphans(*, seconds: float) -> int:
    """Kill and reap everything below this process.

    This process must be a child subreaper, so that no orphan can get away from it. Process 1 of a process namespace, who sees no other,
    needs no /proc for that.

    Nothing is searched for if the kernel knows no child: whatever a dead child had left behind would have become ours.

    Args:
        seconds: How long to try; a fork bomb whose processes all leave their sessions can outrun one round.

    Returns:
        How many were left when time was up; 0 is success.
    """
    deadline = time.monotonic() + seconds
    while _reap():
        for pid in _below():
            _kill(pid)
        if time.monotonic() > deadline:
            return len(_below())
        time.sleep(_PAUSE)
    return 0


def marked(token: str) -> set[int]:
    """Ids of all processes with the mark `token`.

    They were started with it in their environment; only those that we may look at are found.
    """
    needle = f"{GUEST_MARK}={token}".encode()
    found: set[int] = set()
    for entry in _processes():
        with contextlib.suppress(OSError):  # ended meanwhile, or another user's
            if needle in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
    return found


def kill_marked(token: str, *, seconds: float) -> int:
    """Kill every process that carries the mark.

    Their new parent (init) reaps them.

    Returns:
        How many were left when time was up; 0 is success.
    """
    deadline = time.monotonic() + seconds
    while left := marked(token):
        for pid in left:
            _kill(pid)
        if time.monotonic() > deadline:
            return len(left)
        time.sleep(_PAUSE)
    return 0


def change_mark(token: str) -> None:
    """Give this process a mark of its own.

    For one that was forked from a marked process. Others read a mark where the kernel put it when a program began, so it is written over
    there.

    Args:
        token: As long as the mark before it.

    Raises:
        ValueError: This process has no mark of that length to write over.
    """
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    place = library.getenv(GUEST_MARK.encode())
    if place is None or len(ctypes.string_at(place)) != len(token):
        raise ValueError(f"There is no mark of {len(token)} characters to write {token!r} over.")
    ctypes.memmove(place, token.encode(), len(token))
    os.environ[GUEST_MARK] = token  # for the programs that it starts


def _below() -> set[int]:
    return {_EVERYONE} if os.getpid() == _INIT else descendants(os.getpid())


def _processes() -> list[Path]:
    return [entry for entry in _PROC.iterdir() if entry.name.isdecimal()]


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _reap() -> bool:
    # False once there is no child at all, dead or alive.
    try:
        while os.waitpid(-1, os.WNOHANG | _WALL)[0]:
            pass
    except ChildProcessError:
        return False
    return True
