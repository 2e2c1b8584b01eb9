"""The process that plays dialogues in lock-step.

It tells a child what arrives, piece by piece, each only when the decision on the last one is in. It is a process of its own because the
trusted side is busy: there a thread that must have the interpreter's lock twice for every arrival waits for it longer than the heuristic
thinks. It is trusted, holds what is to arrive, and obeys frames on its control socket:

    {"arrivals": […], "seconds", "bytes"} + the child's channel → {"decisions", "ended", "frame"}

The end of the control stream is its lifeline.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeAlias

from evoheur.sandbox.answer_structure import TooIntricate, check_containers, count_containers
from evoheur.sandbox.child import DECISION
from evoheur.sandbox.interface import Json, SandboxUnavailable
from evoheur.sandbox.wire import MAX_FRAME, Channel, Closed, Malformed, TooLarge, decode, encode

__all__ = ["Ended", "LockStepProcess", "Played", "main"]

Ended: TypeAlias = Literal["told", "reply", "timeout", "closed", "too large", "too intricate", "malformed", "lost"]
"""How it went: everything was told; a reply came instead of a decision; a fault of the child; or the process itself is lost."""

_PATIENCE = 30.0  # seconds beyond those of the dialogue itself for what takes milliseconds
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DEEPEST = 100  # brackets within brackets in a decision, far from where reading or comparing it again could fail


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
    """The trusted side's control over the lock-step process.

    It starts with the first dialogue. Not thread-safe: one per sandbox.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Channel | None = None

    def play(self, channel: Channel, arrivals: Sequence[Json], *, seconds: float, output_bytes: int) -> Played:
        """Play a dialogue that the child has agreed to.

        Args:
            channel: The trusted end of the child's channel.
            arrivals: What to tell.
            seconds: Wall time for all of it.
            output_bytes: Largest sum of the decisions' sizes.

        Raises:
            SandboxUnavailable: The process cannot be started.
        """
        control = self._control or self._start()
        order = {"arrivals": arrivals, "seconds": seconds, "bytes": output_bytes}
        deadline = time.monotonic() + seconds + _PATIENCE
        try:
            control.send(encode(order), deadline=deadline)
            control.send_descriptor(channel.fileno())
            told = decode(control.receive(limit=MAX_FRAME, deadline=deadline))
        except (Closed, Malformed, TimeoutError) as error:
            self.close()
            return Played(ended="lost", decisions=[], frame=str(error))
        return Played(ended=told["ended"], decisions=told["decisions"], frame=told["frame"])

    def close(self) -> None:
        """End the process; harmless when repeated.

        A later dialogue starts a new one.
        """
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
                [sys.executable, "-P", "-m", "evoheur.sandbox.lockstep_process", str(theirs.fileno())],
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
    """Serve the control socket until it closes.

    Its descriptor is the only argument.
    """
    control = Channel(socket.socket(fileno=int(arguments[0])))
    threading.Thread(target=_leave_with, args=(control.fileno(),), daemon=True).start()
    try:
        while True:
            order = decode(control.receive(limit=MAX_FRAME))
            with socket.socket(fileno=control.receive_descriptor()) as child:
                played = _play(child, order)
            control.send(json.dumps(played, separators=(",", ":")).encode())
    except Closed:
        return


def _leave_with(control: int) -> None:
    # A dialogue may be long, and whoever wanted it gone: no process stays behind.
    poll = select.poll()
    poll.register(control, 0)
    poll.poll()
    os._exit(0)


class _Late(Exception):
    """The time of a dialogue is over."""


@contextlib.contextmanager
def _time_limit(child: socket.socket, seconds: float) -> Iterator[None]:
    # An alarm interrupts whatever read or write waits, at no cost for each arrival. Whether the socket blocks is the session's setting
    # too, which makes it again before it reads or writes.
    def late(_number: int, _frame: object) -> NoReturn:
        raise _Late

    child.setblocking(True)
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _play(child: socket.socket, order: dict[str, Any]) -> dict[str, Any]:
    decisions: list[Json] = []
    try:
        with _time_limit(child, order["seconds"]):
            how, frame = _tell(Channel(child), order, decisions)
    except _Late:
        how, frame = "timeout", ""
    except Closed:
        how, frame = "closed", ""
    except TooLarge as error:
        how, frame = "too large", str(error.length)
    except TooIntricate as error:
        how, frame = "too intricate", str(error)
    except Malformed as error:
        how, frame = "malformed", str(error)
    return {"ended": how, "decisions": decisions if how == "told" else [], "frame": frame}


def _tell(child: Channel, order: dict[str, Any], decisions: list[Json]) -> tuple[Ended, str]:
    allowed = left = order["bytes"]
    containers = 0
    for arrival in order["arrivals"]:
        child.send(encode(arrival))
        frame = child.receive_alone(limit=left)
        left -= len(frame)
        if not frame.startswith(DECISION):
            return "reply", frame.decode(errors="replace")
        found = count_containers(frame)
        if found:
            containers += found
            check_containers(containers, output_bytes=allowed)
            _check_depth(frame)
        decisions.append(decode(frame[len(DECISION) :]))
    child.send(b"")
    return "told", child.receive_alone(limit=left).decode(errors="replace")


def _check_depth(frame: bytes) -> None:
    # Brackets inside strings count too.
    depth = 0
    for character in frame.translate(None, delete=_ALL_BUT_BRACKETS):
        depth += 1 if character in b"[{" else -1
        if depth > _DEEPEST:
            raise TooIntricate(f"a decision of more than {_DEEPEST} lists within lists came")


if __name__ == "__main__":
    main(sys.argv[1:])
