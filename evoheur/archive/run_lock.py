"""The lock that keeps a run to one process.

The kernel gives it back even after kill -9.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evoheur.errors import ArchiveError
from evoheur.platform_check import refusal_of_system

try:
    import fcntl
except ImportError as error:  # Windows
    raise ImportError(refusal_of_system() or str(error)) from error

__all__ = ["held", "is_held"]


@contextmanager
def held(path: Path, run_name: str) -> Iterator[None]:
    """Hold an exclusive lock on a file.

    The file is made for the purpose and removed afterwards. The lock belongs to the open file, which Python closes in programs that are
    started, so guests do not keep it.

    Raises:
        ArchiveError: Another holder is alive, here or in another process; the file says who.
    """
    descriptor = _acquire(path, run_name)
    try:
        yield
    finally:
        # Removed while still held: whoever opened it before finds in `_acquire` that it is not the file of this name any more.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock of `held` on a file.

    Looking takes the lock, shared, for an instant; no process that holds it is disturbed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _acquire(path: Path, run_name: str) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ArchiveError(
                f"Cannot lock run {run_name!r} with {path}: {error.strerror}; make the folder writable."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
            os.close(descriptor)
            raise ArchiveError(f"Run {run_name!r} is being worked on by {holder}; wait for it or stop it first.") from error
        if _is_still(path, descriptor):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
            return descriptor
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the path still names the opened file, not a later one or none."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
