"""The control: a host and worker without a sandbox.

They lack all of the sandbox's care, to prove that the attacks bite where nothing stops them. Common practice in one file: one process for
all candidates, started with the host's environment, open files and terminal; the first frame that comes is the answer; what a frame
announces is allocated; nobody looks at a clock. Only the hygiene that the machine needs is there: after a while the worker is killed, and
with it what it started.
"""

import json
import os
import secrets
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from evoheur.sandbox.interface import Entry, Json, Limits, Report, ReportStatus
from evoheur.sandbox.proctree import GUEST_MARK, kill_marked
from evoheur.testing.red_team import unconfined_worker

__all__ = ["Unconfined"]

_HEADER = struct.Struct(">I")
_HYGIENE_SECONDS = 3.0  # beyond the promised deadline, to show that nobody keeps it
_LONGEST_SECONDS = 45.0  # for attacks that compute, on a machine that has better things to do


class Unconfined:
    """A stand-in for a `Sandbox`, without any walls.

    Args:
        entry: Only its environment counts; candidates are source texts as for `evoheur.testing.hostile_entry`.
    """

    level = "unconfined"

    def __init__(self, entry: Entry) -> None:
        self._environment = dict(entry.environment)
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._stolen: list[int] = []

    def start(self) -> None:
        """Start the worker, if none lives."""
        if self._process is None or self._process.poll() is not None:
            self._start()

    def open(self, payload: Json, limits: Limits) -> tuple["_Trusting", Report]:
        """Hand the source to a worker.

        It is the one that served the previous candidate, if it lives.
        """
        self.start()
        assert self._channel is not None
        session = _Trusting(self, self._channel, limits)
        return session, session.exchange({"source": payload})

    def abandon(self) -> None:
        """Kill the worker alone, as hosts do; the next `open` starts another."""
        if self._process is not None and self._channel is not None:
            self._channel.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def keep(self, descriptors: list[int]) -> None:
        """Descriptors that came with an answer stay open, since nobody expects any."""
        self._stolen += descriptors

    def close(self) -> None:
        """End all that this has left on the machine."""
        self.abandon()
        kill_marked(self._token, seconds=2.0)
        for descriptor in self._stolen:
            os.close(descriptor)
        self._stolen = []

    def _start(self) -> None:
        self.abandon()
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(entry for entry in sys.path if Path(entry).is_absolute())
        with theirs:
            theirs.set_inheritable(True)
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-P", str(unconfined_worker.__file__), str(theirs.fileno())],
                env={**os.environ, **self._environment, "PYTHONPATH": path, GUEST_MARK: self._token},
                stdin=subprocess.DEVNULL,
                close_fds=False,
                start_new_session=True,  # or a candidate that signals its group would reach the host's
            )
        self._channel = ours


class _Trusting:
    """A session that believes what it is told."""

    def __init__(self, host: Unconfined, channel: socket.socket, limits: Limits) -> None:
        self._host = host
        self._channel = channel
        self._limits = limits

    def ask(self, question: Json) -> Report:
        """Take the next frame for the answer."""
        return self.exchange({"question": question})

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:  # noqa: ARG002
        """Tell everything that arrives at once."""
        return self.ask({**question, "arrivals": list(arrivals)})

    def close(self) -> None:
        """Nothing: the worker is kept warm for the next candidate."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def exchange(self, message: Json) -> Report:
        """Send a message, and make a report of whatever comes."""
        payload = json.dumps(message).encode()
        deadline = time.monotonic() + min(self._limits.wall_seconds + _HYGIENE_SECONDS, _LONGEST_SECONDS)
        try:
            self._channel.sendall(_HEADER.pack(len(payload)) + payload)
            (announced,) = _HEADER.unpack(self._read(_HEADER.size, deadline))
            bytes(announced)  # a buffer for it, before a byte of it has come
            reply = json.loads(self._read(announced, deadline))
            return Report(status=ReportStatus(reply["status"]), value=reply.get("value"), detail=reply.get("detail", ""))
        except TimeoutError:
            self._host.abandon()
            return Report(status=ReportStatus.TIMEOUT, detail="killed in the end")
        except OSError as error:
            self._host.abandon()
            return Report(status=ReportStatus.CRASHED, detail=f"the worker is gone: {error}")
        except (ValueError, KeyError, TypeError, RecursionError, MemoryError) as error:
            self._host.abandon()
            return Report(status=ReportStatus.CRASHED, detail=f"host: {type(error).__name__}")

    def _read(self, size: int, deadline: float) -> bytes:
        data = b""
        while len(data) < size:
            ready, _, _ = select.select([self._channel], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunk, descriptors, _, _ = socket.recv_fds(self._channel, min(size - len(data), 1 << 20), 64)
            self._host.keep(descriptors)
            if not chunk:
                raise ConnectionResetError("end of stream")
            data += chunk
        return data
