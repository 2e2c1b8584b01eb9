"""Frames and JSON: whatever the other side sends, the reader gets a value, or one of three plain exceptions."""

import math
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.wire import Channel, Closed, Malformed, TooLarge, decode, encode

_SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    yield channel, theirs
    channel.close()
    theirs.close()


class TestJson:
    @given(_VALUES)
    def test_round_trip(self, value: object) -> None:
        """Every JSON value arrives as it was, floats to the last bit."""
        assert decode(encode(value)) == value

    @given(st.binary() | st.text(alphabet='0123456789eE+-.[]{},:"\\ud8aNInfity ').map(str.encode))
    def test_what_is_let_through_is_clean(self, data: bytes) -> None:
        """Any bytes are either refused as malformed or become a value that can be sent and stored again."""
        try:
            value = decode(data)
        except Malformed:
            return
        assert decode(encode(value)) == value

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"NaN",
            b"[-Infinity]",
            b"1e400",
            b"1" * 5000,  # more digits than Python converts
            b"[" * 100_000,
            b'"\\ud800"',
            b'{"a":1',
            b'"\xff"',
            "[1]".encode("utf-16"),
        ],
    )
    def test_refused(self, data: bytes) -> None:
        """Non-finite numbers, overflow, depth, half surrogates, truncation and other encodings are malformed."""
        with pytest.raises(Malformed, match="not JSON"):
            decode(data)

    @pytest.mark.parametrize("value", [math.nan, [math.inf], "\ud800"])
    def test_not_sent(self, value: object) -> None:
        """What JSON cannot carry is refused where it is sent."""
        with pytest.raises(ValueError, match=r"JSON|surrogates"):
            encode(value)


class TestChannel:
    @given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.lists(st.integers(1, 50), min_size=1))
    def test_frames_survive_any_chunking(self, payloads: list[bytes], cuts: list[int]) -> None:
        """Frames arrive whole and in order, however the stream was cut."""
        ours, theirs = socket.socketpair()
        stream = b"".join(struct.pack(">I", len(payload)) + payload for payload in payloads)
        with ours, theirs:
            position = 0
            while position < len(stream):
                size = cuts[position % len(cuts)]
                theirs.sendall(stream[position : position + size])
                position += size
            channel = Channel(ours)
            assert [channel.receive(limit=300, deadline=time.monotonic() + 60) for _ in payloads] == payloads
            assert not channel.pending()

    @given(st.integers(0, 2**32 - 2), st.data())
    def test_announced_length_is_checked_first(self, limit: int, data: st.DataObject) -> None:
        """A header beyond the limit is refused before a byte of the payload is awaited or allocated."""
        length = data.draw(st.integers(limit + 1, 2**32 - 1))
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(struct.pack(">I", length))
            with pytest.raises(TooLarge) as caught:
                Channel(ours).receive(limit=limit)
        assert caught.value.length == length

    @pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\x05abc"])
    def test_end_of_stream(self, pair: tuple[Channel, socket.socket], sent: bytes) -> None:
        """A stream that ends before its frame does is closed, not a short frame."""
        channel, other = pair
        other.sendall(sent)
        other.close()
        with pytest.raises(Closed):
            channel.receive(limit=100)

    def test_death_with_unread_bytes_is_an_end(self, pair: tuple[Channel, socket.socket]) -> None:
        """The kernel resets a stream whose reader died with bytes unread; that is an end like any other, when reading and writing."""
        channel, other = pair
        channel.send(b"never read")
        other.close()
        with pytest.raises(Closed):
            channel.receive(limit=100)
        with pytest.raises(Closed):
            channel.send(b"to nobody")

    @pytest.mark.parametrize("sent", [b"", b"\0\0\0\x05abc"])
    def test_deadline_covers_the_whole_frame(self, pair: tuple[Channel, socket.socket], sent: bytes) -> None:
        """An unfinished frame ends at the deadline, whatever part of it came."""
        channel, other = pair
        other.sendall(sent)
        with pytest.raises(TimeoutError):
            channel.receive(limit=100, deadline=time.monotonic() + 0.01)

    def test_deadline_covers_sending(self, pair: tuple[Channel, socket.socket]) -> None:
        """A reader that does not read cannot hold the writer up for longer than the deadline."""
        channel, _ = pair
        with pytest.raises(TimeoutError):
            channel.send(b"x" * 50_000_000, deadline=time.monotonic() + 0.05)

    def test_past_deadline(self, pair: tuple[Channel, socket.socket]) -> None:
        """A deadline in the past means no waiting at all."""
        channel, _ = pair
        with pytest.raises(TimeoutError):
            channel.receive(limit=100, deadline=time.monotonic() - 1)

    def test_pending(self, pair: tuple[Channel, socket.socket]) -> None:
        """Bytes that wait are seen without being consumed; an end is not bytes."""
        channel, other = pair
        assert not channel.pending()
        other.sendall(b"\0\0\0\x01a")
        assert channel.pending()
        assert channel.receive(limit=1) == b"a"
        other.close()
        assert not channel.pending()

    def test_wait_ends_with_the_lifeline(self, pair: tuple[Channel, socket.socket]) -> None:
        """Waiting ends when the lifeline does, unless the channel has something to say."""
        channel, other = pair
        ours, theirs = socket.socketpair()
        lifeline = Channel(ours)
        with pytest.raises(TimeoutError):
            channel.wait(deadline=time.monotonic() + 0.01, lifeline=lifeline)
        theirs.close()
        with pytest.raises(Closed):
            channel.wait(deadline=time.monotonic() + 60, lifeline=lifeline)
        other.sendall(b"x")
        channel.wait(deadline=time.monotonic() + 60, lifeline=lifeline)
        lifeline.close()

    def test_a_frame_alone(self, pair: tuple[Channel, socket.socket]) -> None:
        """Whether it comes in one piece, in two, or is longer than one read."""
        channel, other = pair
        for payload in (b"", b"x", b"y" * 5000):
            frame = struct.pack(">I", len(payload)) + payload
            for cut in (0, 2, 4):
                other.sendall(frame[:cut])
                sender = threading.Timer(0.01, other.sendall, (frame[cut:],))
                sender.start()
                assert channel.receive_alone(limit=5000) == payload
                sender.join()

    def test_a_frame_that_is_not_alone(self, pair: tuple[Channel, socket.socket]) -> None:
        channel, other = pair
        other.sendall(struct.pack(">I", 1) + b"x" + b"\0")
        with pytest.raises(Malformed, match="more was sent than was asked for"):
            channel.receive_alone(limit=10)
        other.sendall(struct.pack(">I", 11))
        with pytest.raises(TooLarge):
            channel.receive_alone(limit=10)
        other.close()
        with pytest.raises(Closed):
            channel.receive_alone(limit=10)

    def test_descriptor_passing(self, pair: tuple[Channel, socket.socket]) -> None:
        """A descriptor arrives as a working copy between two frames."""
        channel, other = pair
        receiver = Channel(other.dup())
        reader, writer = socket.socketpair()
        channel.send(b"before")
        channel.send_descriptor(writer.fileno())
        channel.send(b"after")
        writer.close()
        assert receiver.receive(limit=10) == b"before"
        copy = socket.socket(fileno=receiver.receive_descriptor())
        copy.sendall(b"!")
        assert reader.recv(1) == b"!"
        assert receiver.receive(limit=10) == b"after"
        for each in (receiver, reader, copy):
            each.close()

    def test_missing_descriptor(self, pair: tuple[Channel, socket.socket]) -> None:
        """A byte without a descriptor is malformed, an end is an end."""
        channel, other = pair
        other.sendall(b"\0")
        with pytest.raises(Malformed, match="descriptor"):
            channel.receive_descriptor()
        other.close()
        with pytest.raises(Closed):
            channel.receive_descriptor()
