"""A guest process that says what a test wants it to say."""

import socket
import struct
from typing import Any

from sandbox.wire import Channel, encode


class FakeGuest:
    """Implements `sandbox.link.GuestProcess`; its replies are written in advance, for the protocol is question and answer.

    Args:
        replies: What it answers on its control channel, in order: bytes as they are, everything else as a frame of JSON.
        hangs_up: Close its end after the last reply.
    """

    def __init__(self, *replies: Any, hangs_up: bool = False) -> None:
        ours, self._theirs = socket.socketpair()
        self.control = Channel(ours)
        self.terminated = False
        for reply in replies:
            raw = reply if isinstance(reply, bytes) else encode(reply)
            self._theirs.sendall(raw if isinstance(reply, bytes) else struct.pack(">I", len(raw)) + raw)
        if hangs_up:
            self._theirs.shutdown(socket.SHUT_WR)

    def watch_start(self, deadline: float) -> None:
        """It is ready at once."""

    def last_words(self) -> str:
        """What a real one would have written while dying."""
        return "Traceback: no such luck"

    def terminate(self, *, patience: float) -> None:
        """Remember that it was asked to end."""
        assert patience >= 0
        self.terminated = True
        self.control.close()
        self._theirs.close()
