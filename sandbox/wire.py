"""Frames of JSON over a stream socket.

They travel between the trusted side, the guest and its children, each with its length before it. A frame is a 4-byte big-endian length
and that many bytes of UTF-8 JSON. The length is checked against the reader's limit before anything is allocated, and a deadline covers
the whole frame, so a peer that trickles bytes gains nothing. There is no pickle: a frame can be wrong, but it cannot run.
"""

import json
import math
import select
import socket
import struct
import time
from typing import Any, NoReturn

__all__ = ["MAX_FRAME", "Channel", "Closed", "Malformed", "TooLarge", "decode", "encode"]

MAX_FRAME = 2**32 - 1
"""Largest length that a header can announce, in bytes."""

_HEADER = struct.Struct(">I")
_SMALL = 4096
_CHUNK = 1 << 20


class Closed(Exception):
    """The other side closed its end, or died."""


class TooLarge(Exception):
    """A header announced more than the reader accepts.

    Nothing was allocated for it.

    Attributes:
        length: Announced length, in bytes.
    """

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"a frame of {length} bytes was announced, at most {limit} are accepted")
        self.length = length


class Malformed(Exception):
    """A frame is not the JSON it should be."""


def encode(value: Any) -> bytes:
    """JSON as UTF-8 bytes.

    Raises:
        ValueError: It holds NaN, an infinity, a cycle or half a surrogate pair, none of which JSON can carry.
        TypeError: It holds something that is no JSON at all.
        RecursionError: It is nested too deeply.
    """
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def decode(data: bytes) -> Any:
    """Read untrusted bytes as JSON, strictly.

    Raises:
        Malformed: They are not JSON, or hold NaN, infinities, numbers that overflow, or half a surrogate pair (which no database takes).
    """
    try:
        text = data.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            encode(value)  # escapes are the one way to write half a surrogate pair in valid UTF-8
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {type(error).__name__}: {error!s:.200}") from error
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits:.40} overflows")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


class Channel:
    """Frames over a connected stream socket, which it owns.

    Deadlines are points on `time.monotonic()`, in seconds; None waits for ever.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection

    def fileno(self) -> int:
        """The descriptor, for polling."""
        return self._socket.fileno()

    def send(self, payload: bytes, *, deadline: float | None = None) -> None:
        """Write one frame.

        Raises:
            Closed: The other side is gone.
            TimeoutError: It did not take the frame before the deadline.
        """
        if len(payload) > MAX_FRAME:
            raise ValueError(f"A frame holds at most {MAX_FRAME} bytes, this one has {len(payload)}; send less at once.")
        self._patience(deadline)
        try:
            self._socket.sendall(_HEADER.pack(len(payload)) + payload)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed(str(error)) from error

    def receive(self, *, limit: int, deadline: float | None = None) -> bytes:
        """Read one whole frame.

        Args:
            limit: Largest length to accept, in bytes.
            deadline: When to stop waiting for its last byte.

        Raises:
            Closed: The other side closed before the end of the frame.
            TooLarge: The header announces more than `limit`.
            TimeoutError: The frame was not complete at the deadline.
        """
        (length,) = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if length > limit:
            raise TooLarge(length, limit)
        return self._read(length, deadline)

    def receive_alone(self, *, limit: int) -> bytes:
        """Read a frame behind which nothing may follow yet.

        This nearly always takes one system call. Waits as long as the socket itself does.

        Args:
            limit: Largest length to accept, in bytes.

        Raises:
            Closed: The other side closed before the end of the frame.
            Malformed: More follows.
            TooLarge: The header announces more than `limit`.
        """
        data = self._some(_SMALL)
        while len(data) < _HEADER.size:
            data += self._some(_SMALL)
        (length,) = _HEADER.unpack_from(data)
        if length > limit:
            raise TooLarge(length, limit)
        while len(data) < _HEADER.size + length:
            data += self._some(_CHUNK)
        if len(data) > _HEADER.size + length:
            raise Malformed("more was sent than was asked for")
        return data[_HEADER.size :]

    def wait(self, *, deadline: float, lifeline: "Channel") -> None:
        """Wait until a frame begins or this channel ends.

        Args:
            deadline: When to give up.
            lifeline: A channel on which nothing may come meanwhile; its end means that the other side is lost.

        Raises:
            Closed: The lifeline was readable first, though copies of the other end of this channel may still be open somewhere.
            TimeoutError: Nothing came before the deadline.
        """
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        poll.register(lifeline.fileno(), select.POLLIN)
        ready = [number for number, _ in poll.poll(1000 * max(0.0, deadline - time.monotonic()))]
        if not ready:
            raise TimeoutError("the deadline has passed")
        if self._socket.fileno() not in ready:
            raise Closed("the lifeline ended")

    def pending(self) -> bool:
        """True if bytes wait to be read.

        The end of the stream does not count.
        """
        self._socket.setblocking(False)
        try:
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        except (BlockingIOError, ConnectionResetError):
            return False

    def send_descriptor(self, descriptor: int) -> None:
        """Send a copy of an open descriptor.

        The process at the other end gets it.

        Raises:
            Closed: The other side is gone.
        """
        self._patience(None)
        try:
            socket.send_fds(self._socket, [b"\0"], [descriptor])
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Closed(str(error)) from error

    def receive_descriptor(self) -> int:
        """Take over a descriptor sent by `send_descriptor`.

        Raises:
            Closed: The other side is gone.
            Malformed: No descriptor came.
        """
        self._patience(None)
        data, descriptors, _, _ = socket.recv_fds(self._socket, 1, 1)
        if not data:
            raise Closed("end of stream")
        if len(descriptors) != 1:
            raise Malformed(f"expected one descriptor, got {len(descriptors)}")
        return descriptors[0]

    def detach(self) -> None:
        """Forget the descriptor without closing it."""
        self._socket.detach()

    def close(self) -> None:
        """Close this end; harmless when repeated."""
        self._socket.close()

    def _read(self, size: int, deadline: float | None) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._patience(deadline)
            data += self._some(min(size - len(data), _CHUNK))
        return bytes(data)

    def _some(self, size: int) -> bytes:
        try:
            data = self._socket.recv(size)
        except ConnectionResetError as error:  # it died with our bytes unread
            raise Closed(str(error)) from error
        if not data:
            raise Closed("end of stream")
        return data

    def _patience(self, deadline: float | None) -> None:
        if deadline is None:
            if self._socket.gettimeout() is not None:  # a child may not change how its channel waits, and need not
                self._socket.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self._socket.settimeout(left)
