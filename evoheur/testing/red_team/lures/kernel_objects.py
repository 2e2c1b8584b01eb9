"""Lures that are objects of the kernel.

They live under a name or number that any process can use: shared memory, queues, keys, terminals, mounts.
"""

import ctypes
import fcntl
import os
import pty
import secrets
import struct
import tempfile
import termios
import tty
from pathlib import Path

from evoheur.sandbox.interface import Json
from evoheur.testing.red_team.lures.lure import Lure, Sighting, told

__all__ = ["Descriptor", "MountPoint", "PosixMemory", "SysvMemory", "SysvQueue", "Terminal"]

_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmat.restype = ctypes.c_void_p
_IPC_CREAT, _IPC_RMID, _SIZE = 0o1000, 0, 4096


class SysvMemory(Lure):
    """A System V segment with a secret in it.

    It is the host's. There is also a key under which the attacker may make one of its own.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._key, self._own = _free_key(), _free_key()
        self._segment = _libc.shmget(self._key, _SIZE, _IPC_CREAT | 0o666)
        address = _libc.shmat(self._segment, None, 0)
        ctypes.memmove(address, self._secret.encode(), len(self._secret))
        _libc.shmdt(ctypes.c_void_p(address))

    def bait(self) -> dict[str, Json]:
        """The keys."""
        return {"key": self._key, "own_key": self._own}

    def gain(self, outcome: Sighting) -> str:
        """The secret, or a segment left for others."""
        if _libc.shmget(self._own, 0, 0) >= 0:
            return "it left shared memory for others"
        return told(outcome, {"shared memory": self._secret})

    def close(self) -> None:
        """Remove both."""
        _libc.shmctl(self._segment, _IPC_RMID, None)
        left = _libc.shmget(self._own, 0, 0)
        if left >= 0:
            _libc.shmctl(left, _IPC_RMID, None)


class SysvQueue(Lure):
    """A System V message queue of the host."""

    def __init__(self) -> None:
        self._key = _free_key()
        self._queue = _libc.msgget(self._key, _IPC_CREAT | 0o666)

    def bait(self) -> dict[str, Json]:
        """Its key."""
        return {"key": self._key}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the queue decides
        """A message in it."""
        message = ctypes.create_string_buffer(64)
        no_wait = 0o4000
        return "it put a message into a queue of the host" if _libc.msgrcv(self._queue, message, 32, 0, no_wait) >= 0 else ""

    def close(self) -> None:
        """Remove it."""
        _libc.msgctl(self._queue, _IPC_RMID, None)


class PosixMemory(Lure):
    """Shared memory of the host by name.

    Libraries for parallel computing use it so.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._path = Path("/dev/shm") / f"red-team-{secrets.token_hex(8)}"  # noqa: S108 - POSIX shared memory lives there
        self._path.write_text(self._secret)
        self._path.chmod(0o666)

    def bait(self) -> dict[str, Json]:
        """Its name."""
        return {"name": self._path.name}

    def gain(self, outcome: Sighting) -> str:
        """The secret, or a change."""
        if self._path.read_text() != self._secret:
            return "it changed shared memory of the host"
        return told(outcome, {"shared memory": self._secret})

    def close(self) -> None:
        """Remove it."""
        self._path.unlink()


class Descriptor(Lure):
    """An open file that the host forgot to protect.

    It has no name, and was not marked as not to be inherited.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the lure is out
        self._file.write(self._secret.encode())
        self._file.flush()
        self._file.seek(0)
        os.set_inheritable(self._file.fileno(), True)

    def gain(self, outcome: Sighting) -> str:
        """Its content."""
        return told(outcome, {"open file": self._secret})

    def close(self) -> None:
        """Close it."""
        self._file.close()


class Terminal(Lure):
    """A terminal where commands could be typed.

    Its user would be surprised to see commands typed for them.
    """

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setcbreak(self._slave)
        Path(os.ttyname(self._slave)).chmod(0o666)

    def bait(self) -> dict[str, Json]:
        """Its path."""
        return {"terminal": os.ttyname(self._slave)}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the terminal decides
        """Characters that wait as if the user had typed them."""
        waiting = struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, b"\0\0\0\0"))[0]
        return f"it typed {waiting} characters into the user's terminal" if waiting else ""

    def close(self) -> None:
        """Close both ends."""
        os.close(self._slave)
        os.close(self._master)


class MountPoint(Lure):
    """A folder over which nothing may be mounted."""

    def __init__(self) -> None:
        self._path = Path(tempfile.mkdtemp(prefix="red-team-")).resolve()
        self._path.chmod(0o777)

    def bait(self) -> dict[str, Json]:
        """Its path."""
        return {"folder": str(self._path)}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the host's own list of mounts decides
        """A mount that the host sees."""
        mounted = str(self._path) in Path("/proc/self/mounts").read_text()
        return "it mounted a file system over a folder of the host" if mounted else ""

    def close(self) -> None:
        """Undo what was mounted, and remove it."""
        while str(self._path) in Path("/proc/self/mounts").read_text() and _libc.umount2(str(self._path).encode(), 0) == 0:
            continue
        self._path.rmdir()


def _free_key() -> int:
    return 1 + secrets.randbelow(2**31 - 2)
