"""A guest in a container, as a `evoheur.sandbox.guest_link.GuestProcess`."""

import contextlib
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

from evoheur.sandbox.docker.container import Container
from evoheur.sandbox.docker.daemon_stream import Words
from evoheur.sandbox.docker.rendezvous import Rendezvous
from evoheur.sandbox.interface import SandboxUnavailable
from evoheur.sandbox.wire import Channel

__all__ = ["ContainerGuest"]

_CREDENTIALS = struct.Struct("3i")  # of a socket's other end: process, user, group
_NO_WORDS = "It may have run out of the container's memory."


class ContainerGuest:
    """A guest that has called this side and can be booted.

    Args:
        make: Makes the container, given the folder with the socket to call at.
        seconds: How long the call may take to come, in seconds.

    Raises:
        SandboxUnavailable: The container does not start, or nobody calls from it.
    """

    def __init__(self, make: Callable[[Path], Container], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        self._ended = False
        with Rendezvous() as meeting:
            self._container = make(meeting.folder)
            self._words = self._container.start()
            trouble = _trouble(self._words, meeting, deadline)
            if trouble:
                self._words.close()
                self._container.remove(dead=False)
                raise SandboxUnavailable(f"The container {trouble}. It said:\n{self.last_words()}")
            connection = meeting.accept()
        self.control = Channel(connection)
        self._process = _process_behind(connection)

    def watch_start(self, deadline: float) -> None:
        """See `evoheur.sandbox.guest_link.GuestProcess.watch_start`."""
        self._words.hear_until(self.control.fileno(), deadline)

    def last_words(self) -> str:
        """See `evoheur.sandbox.guest_link.GuestProcess.last_words`."""
        return self._words.said or _NO_WORDS

    def terminate(self, *, patience: float) -> None:
        """See `evoheur.sandbox.guest_link.GuestProcess.terminate`.

        Raises:
            SandboxUnavailable: The container may still run, and the daemon does not answer.
        """
        if self._ended:
            return
        self._ended = True
        self.control.close()
        try:
            dead = self._dies_within(patience) or self._kill()
            self._words.hear()
            self._container.remove(dead=dead)
        finally:
            self._words.close()
            os.close(self._process)

    def _dies_within(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        return bool(poll.poll(1000 * seconds))

    def _kill(self) -> bool:
        # Faster than through the daemon, and works if that hangs; but only root may.
        with contextlib.suppress(PermissionError, ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
            return self._dies_within(1.0)
        return False


def _trouble(words: Words, meeting: Rendezvous, deadline: float) -> str:
    try:
        called = words.hear_until(meeting.fileno(), deadline)
    except TimeoutError:
        return "did not call in time"
    return "" if called else "ended before it called"


def _process_behind(connection: socket.socket) -> int:
    """Descriptor of the process that called.

    The kernel tells its number as this machine counts, and it lives since it is connected.
    """
    number, _, _ = _CREDENTIALS.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return os.pidfd_open(number)
