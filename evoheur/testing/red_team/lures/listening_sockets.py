"""Lures that are sockets of the host, and count connections."""

import secrets
import socket
import tempfile
from abc import abstractmethod
from pathlib import Path

from evoheur.sandbox.interface import Json
from evoheur.testing.red_team.lures.lure import Lure, Sighting

__all__ = ["AbstractListener", "PathDatagram", "PathListener", "Tcp6Listener", "TcpListener", "UdpListener"]

_SECOND = 0.2  # a packet on the loopback interface is there when send returns; this is for a machine that is far too busy


class _Listener(Lure):
    """Counts connections or packets.

    They wait in the kernel until they are asked for.
    """

    def __init__(self) -> None:
        self._socket = self._open()

    @abstractmethod
    def _open(self) -> socket.socket:
        """A socket, bound, and listening where there are connections."""

    def bait(self) -> dict[str, Json]:
        """The address of the socket.

        A port, or a path, with a leading null character in the abstract name space.
        """
        name = self._socket.getsockname()
        if isinstance(name, bytes):
            return {"address": name.decode()}
        return {"address": name if isinstance(name, str) else name[1]}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - the host's own count decides
        """What arrived."""
        self._socket.settimeout(_SECOND)
        try:
            if self._socket.type == socket.SOCK_STREAM:
                self._socket.accept()[0].close()
            else:
                self._socket.recv(100)
        except TimeoutError:
            return ""
        return f"it reached a socket of the host: {type(self).__name__}"

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


class TcpListener(_Listener):
    """TCP on the loopback interface."""

    def _open(self) -> socket.socket:
        return socket.create_server(("127.0.0.1", 0))


class Tcp6Listener(_Listener):
    """TCP over IPv6 on the loopback interface."""

    def _open(self) -> socket.socket:
        return socket.create_server(("::1", 0), family=socket.AF_INET6)


class UdpListener(_Listener):
    """UDP on the loopback interface."""

    def _open(self) -> socket.socket:
        found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        found.bind(("127.0.0.1", 0))
        return found


class AbstractListener(_Listener):
    """A unix socket without a path."""

    def _open(self) -> socket.socket:
        found = socket.socket(socket.AF_UNIX)
        found.bind(f"\0red-team-{secrets.token_hex(8)}")
        found.listen()
        return found


class PathListener(_Listener):
    """A unix socket with a path open to everybody.

    Those of daemons are so.
    """

    kind = socket.SOCK_STREAM

    def _open(self) -> socket.socket:
        self._folder = tempfile.TemporaryDirectory(prefix="red-team-")
        Path(self._folder.name).chmod(0o777)
        path = Path(self._folder.name) / "socket"
        found = socket.socket(socket.AF_UNIX, self.kind)
        found.bind(str(path))
        path.chmod(0o777)
        if self.kind == socket.SOCK_STREAM:
            found.listen()
        return found

    def close(self) -> None:
        """Stop listening, and remove the path."""
        super().close()
        self._folder.cleanup()


class PathDatagram(PathListener):
    """A unix socket for packets, as system logs have."""

    kind = socket.SOCK_DGRAM
