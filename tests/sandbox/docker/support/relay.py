"""A daemon that hangs when a test wants it to: passes bytes on between a socket of its own and the real one."""

import os
import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Relay"]

_PAUSE = 0.02


class Relay:
    """A context manager; while `held` is set, nothing passes.

    Args:
        folder: Where to put the socket.
    """

    def __init__(self, folder: Path) -> None:
        self.held = threading.Event()
        self.host = f"unix://{folder}/relay.sock"
        self._real = os.environ["DOCKER_HOST"].removeprefix("unix://") if "DOCKER_HOST" in os.environ else "/var/run/docker.sock"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(f"{folder}/relay.sock")
        self._listener.listen()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._pass_on)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._listener.close()

    def _pass_on(self) -> None:
        peers: dict[socket.socket, socket.socket] = {}
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._over.wait(_PAUSE if self.held.is_set() else 0):
                for key, _ in [] if self.held.is_set() else selector.select(_PAUSE):
                    if key.fileobj is self._listener:
                        near, _ = self._listener.accept()
                        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                        far.connect(self._real)
                        peers |= {near: far, far: near}
                        for end in (near, far):
                            selector.register(end, selectors.EVENT_READ)
                    elif isinstance(key.fileobj, socket.socket) and key.fileobj in peers:
                        _move(key.fileobj, peers, selector)
        for end in peers:
            end.close()


def _move(source: socket.socket, peers: dict[socket.socket, socket.socket], selector: selectors.BaseSelector) -> None:
    try:
        data = source.recv(1 << 16)
        peers[source].sendall(data)
    except OSError:
        data = b""
    if not data:
        target = peers.pop(source)
        peers.pop(target)
        for end in (source, target):
            selector.unregister(end)
            end.close()
