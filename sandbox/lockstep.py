"""A process that tells a child what arrives, piece by piece, each only when the decision on the last one is in.

It is a process of its own because the trusted side is busy: there a thread that must have the interpreter's lock twice for every arrival
waits for it longer than the rule thinks. It is trusted, holds what is to arrive, and obeys frames on its control socket:

    {"arrivals": […], "expected": […] or null, "seconds", "bytes"} + the child's channel → {"decisions", "ended", "frame"}

The end of the control stream is its lifeline.
"""

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sandbox.child import DECISION
from sandbox.sandbox import Json, SandboxUnavailable
from sandbox.wire import MAX_FRAME, Channel, Closed, Malformed, TooLarge, decode, encode

__all__ = ["Ended", "LockStepProcess", "Played", "main"]

Ended: TypeAlias = Literal["told", "differs", "reply", "timeout", "closed", "too large", "malformed"]
"""How it went: everything was told; a decision was not the expected one; a reply came instead of a decision; or a fault."""

_PATIENCE = 10.0  # seconds beyond those of the dialogue itself for what takes milliseconds
_TIMEVAL = struct.Struct("ll")
_TIMEOUTS = (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a dialogue.

    Attributes:
        ended: How it went.
        decisions: Those that were made, unchecked JSON.
        frame: The reply that came after the last decision or instead of one, or the fault in words.
    """

    ended: Ended
    decisions: list[Json]
    frame: str = ""


class LockStepProcess:
    """The trusted side's hold on that process; it starts with the first dialogue.

    Not thread-safe: one per sandbox.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Channel | None = None

    def play(
        self, channel: Channel, arrivals: Sequence[Json], expected: Sequence[Json] | None, *, seconds: float, output_bytes: int
    ) -> Played:
        """Play a dialogue that the child has agreed to.

        Args:
            channel: The trusted end of the child's channel.
            arrivals: What to tell.
            expected: Decisions of which the first that is not made ends the dialogue; None to tell everything.
            seconds: Wall time for all of it.
            output_bytes: Largest sum of the decisions' sizes.

        Raises:
            SandboxUnavailable: The process cannot be started, or is lost.
        """
        control = self._control or self._start()
        order = {"arrivals": arrivals, "expected": expected, "seconds": seconds, "bytes": output_bytes}
        deadline = time.monotonic() + seconds + _PATIENCE
        try:
            control.send(encode(order), deadline=deadline)
            control.send_descriptor(channel.fileno())
            told = json.loads(control.receive(limit=MAX_FRAME, deadline=deadline))
        except (Closed, TimeoutError) as error:
            self.close()
            raise SandboxUnavailable(
                f"The process that tells candidates what arrives is lost ({error}); look for what kills it."
            ) from error
        return Played(ended=told["ended"], decisions=told["decisions"], frame=told["frame"])

    def close(self) -> None:
        """End the process; harmless when repeated, and a later dialogue starts a new one."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> Channel:
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "sandbox.lockstep", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
                cwd="/",
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
        except OSError as error:
            ours.close()
            raise SandboxUnavailable(
                f"The process that tells candidates what arrives cannot be started with {sys.executable!r}: {error}."
            ) from error
        finally:
            theirs.close()
        self._control = Channel(ours)
        return self._control


def main(arguments: list[str]) -> None:
    """Obey the control socket whose descriptor is the only argument until it closes."""
    control = Channel(socket.socket(fileno=int(arguments[0])))
    threading.Thread(target=_leave_with, args=(control.fileno(),), daemon=True).start()
    try:
        while True:
            order = json.loads(control.receive(limit=MAX_FRAME))
            with socket.socket(fileno=control.receive_descriptor()) as child, _time_limit(child, order["seconds"]):
                played = _play(Channel(child), order)
            control.send(json.dumps(played, separators=(",", ":")).encode())
    except Closed:
        return


def _leave_with(control: int) -> None:
    # A dialogue may be long, and whoever wanted it gone: no process stays behind.
    poll = select.poll()
    poll.register(control, 0)
    poll.poll()
    os._exit(0)


@contextlib.contextmanager
def _time_limit(child: socket.socket, seconds: float) -> Iterator[None]:
    # The kernel keeps the time of a read that blocks, at one system call instead of two. Whether it blocks is the session's setting too,
    # which makes it again before it reads or writes.
    child.setblocking(True)
    for option in _TIMEOUTS:
        child.setsockopt(socket.SOL_SOCKET, option, _timeval(seconds))
    try:
        yield
    finally:
        for option in _TIMEOUTS:
            child.setsockopt(socket.SOL_SOCKET, option, _timeval(0.0))


def _play(child: Channel, order: dict[str, Any]) -> dict[str, Any]:
    decisions: list[Json] = []
    try:
        how, frame = _tell(child, order, decisions)
    except BlockingIOError:  # what a read or write that took too long ends with
        how, frame = "timeout", ""
    except Closed:
        how, frame = "closed", ""
    except TooLarge as error:
        how, frame = "too large", str(error.length)
    except Malformed as error:
        how, frame = "malformed", str(error)
    return {"ended": how, "decisions": decisions, "frame": frame}


def _tell(child: Channel, order: dict[str, Any], decisions: list[Json]) -> tuple[Ended, str]:
    deadline = time.monotonic() + order["seconds"]
    expected = order["expected"]
    usual = [DECISION + encode(decision) for decision in expected or ()]  # spares decoding what comes as it should
    left = order["bytes"]
    for place, arrival in enumerate(order["arrivals"]):
        child.send(encode(arrival))
        frame = child.receive_alone(limit=left)
        left -= len(frame)
        if place < len(usual) and frame == usual[place]:
            decisions.append(expected[place])
        elif not frame.startswith(DECISION):
            return "reply", frame.decode(errors="replace")
        else:
            decisions.append(decode(frame[len(DECISION) :]))
            if expected is not None and (place >= len(expected) or decisions[-1] != expected[place]):
                return "differs", ""
        if time.monotonic() > deadline:
            return "timeout", ""
    child.send(b"")
    return "told", child.receive_alone(limit=left).decode(errors="replace")


def _timeval(seconds: float) -> bytes:
    return _TIMEVAL.pack(int(seconds), int(seconds % 1 * 1e6))


if __name__ == "__main__":
    main(sys.argv[1:])
