"""A guest process that says what a test wants it to say."""

import contextlib
import socket
import struct
import threading
from typing import Any

from evoheur.sandbox.wire import Channel, Closed, encode


class FakeGuest:
    """Implements `evoheur.sandbox.guest_link.GuestProcess`; its replies are written in advance, for the protocol is question and answer.

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


class PatientGuest(FakeGuest):
    """One that replies only when it is asked, so that its control channel is silent until then.

    Args:
        replies: What it answers, in order.
    """

    def __init__(self, *replies: Any) -> None:
        super().__init__()
        self._replies = replies
        threading.Thread(target=self._reply, daemon=True).start()

    def _reply(self) -> None:
        channel = Channel(self._theirs)
        with contextlib.suppress(Closed, OSError):
            for reply in self._replies:
                channel.receive(limit=1 << 16)
                channel.send(encode(reply))
