"""Standard error of a container, read from the daemon.

The daemon passes it on in frames: 4 bytes kind, 4 bytes length, and the words.
"""

import select
import socket
import struct
import time

__all__ = ["Words"]

_HEADER = struct.Struct(">4xI")
_KEPT = 4000  # bytes


class Words:
    """Collects the end of a container's standard error.

    Args:
        stream: Attached to standard error; owned from here on. It ends when the container does.
    """

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        stream.setblocking(False)
        self._unread = b""
        self._said = b""
        self.ended = False

    @property
    def said(self) -> str:
        """The end of what was said so far."""
        return self._said.decode(errors="replace")

    def hear_until(self, descriptor: int, deadline: float) -> bool:
        """Listen until another descriptor is readable.

        Args:
            descriptor: What to wait for.
            deadline: When to give up, on the monotonic clock.

        Returns:
            True if it is readable, False if the container ended before it was.

        Raises:
            TimeoutError: Neither happened before the deadline.
        """
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        if not self.ended:
            poll.register(self._stream.fileno(), select.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            ready = {number for number, _ in poll.poll(1000 * left)}
            if descriptor in ready:
                return True
            if ready and not self.hear():
                return False
        raise TimeoutError("the deadline has passed")

    def hear(self) -> bool:
        """Take in what has been said; False at the end."""
        while not self.ended:
            try:
                heard = self._stream.recv(1 << 16)
            except BlockingIOError:
                break
            except ConnectionResetError:  # the daemon died
                heard = b""
            self.ended = not heard
            self._unread += heard
            self._take_frames()
        return not self.ended

    def close(self) -> None:
        """Stop listening; harmless when repeated."""
        self.ended = True
        self._stream.close()

    def _take_frames(self) -> None:
        while len(self._unread) >= _HEADER.size:
            (length,) = _HEADER.unpack_from(self._unread)
            end = _HEADER.size + length
            if len(self._unread) < end:
                return
            self._said = (self._said + self._unread[_HEADER.size : end])[-_KEPT:]
            self._unread = self._unread[end:]
