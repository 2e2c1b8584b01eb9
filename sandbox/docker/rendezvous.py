"""The socket at which a container calls the trusted side.

It lies in a folder that nobody else can enter, and is gone as soon as the call is answered.
"""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Rendezvous"]

_ANYBODY = 0o666  # who may call is settled by the folder around; the container's user is not ours


class Rendezvous:
    """A listening socket; a context manager.

    Attributes:
        NAME: The socket's name in the folder.
        folder: What the container is shown.
    """

    NAME = "control"

    def __init__(self) -> None:
        self._private = Path(tempfile.mkdtemp(prefix="evoheur-"))  # mode 0700
        self.folder = self._private / "shared"
        self.folder.mkdir(mode=0o755)
        self.folder.chmod(0o755)  # whatever the umask is
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        handle = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)
        try:
            # An address has at most 107 bytes, a path may have more.
            self._listener.bind(f"/proc/self/fd/{handle}/{self.NAME}")
        finally:
            os.close(handle)
        (self.folder / self.NAME).chmod(_ANYBODY)
        self._listener.listen(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._listener.close()
        shutil.rmtree(self._private, ignore_errors=True)

    def fileno(self) -> int:
        """The listening descriptor, for polling."""
        return self._listener.fileno()

    def accept(self) -> socket.socket:
        """Take the call that is waiting."""
        connection, _ = self._listener.accept()
        return connection
