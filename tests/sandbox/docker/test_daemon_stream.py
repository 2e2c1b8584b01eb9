"""What containers say, in the frames of the daemon's attach stream."""

import socket
import struct
import time
from collections.abc import Iterator

import pytest

from evoheur.sandbox.docker.daemon_stream import Words


@pytest.fixture
def stream() -> Iterator[tuple[Words, socket.socket]]:
    """What is heard, and the end to say it at."""
    ours, theirs = socket.socketpair()
    words = Words(ours)
    yield words, theirs
    words.close()
    words.close()
    theirs.close()


def _frame(words: bytes) -> bytes:
    return struct.pack(">BxxxI", 2, len(words)) + words


def test_frames_in_pieces(stream: tuple[Words, socket.socket]) -> None:
    """Frames may come in any pieces; half a frame is not shown."""
    words, theirs = stream
    said = _frame(b"one ") + _frame("żółw".encode()) + _frame(b"")
    for byte in said:
        theirs.sendall(bytes([byte]))
        assert words.hear()
    assert words.said == "one żółw"
    theirs.sendall(_frame(b"never finished")[:-1])
    assert words.hear()
    assert words.said == "one żółw"


def test_only_the_end_is_kept(stream: tuple[Words, socket.socket]) -> None:
    """4,000 bytes, the last ones."""
    words, theirs = stream
    for index in range(100):
        theirs.sendall(_frame(b"%3d" % index * 100))
        words.hear()
    assert len(words.said) == 4000
    assert words.said.endswith(" 99")


def test_waiting_for_something_else(stream: tuple[Words, socket.socket]) -> None:
    """It returns when the other thing is readable, though words come meanwhile; at the end of the container; or at the deadline."""
    words, theirs = stream
    other, far = socket.socketpair()
    with other, far:
        theirs.sendall(_frame(b"starting"))
        with pytest.raises(TimeoutError):
            words.hear_until(other.fileno(), time.monotonic() + 0.5)
        assert words.said == "starting"
        far.sendall(b"x")
        assert words.hear_until(other.fileno(), time.monotonic() + 10)
        other.recv(1)
        theirs.sendall(_frame(b" and dead"))
        theirs.close()
        assert not words.hear_until(other.fileno(), time.monotonic() + 10)
        assert words.said == "starting and dead"
