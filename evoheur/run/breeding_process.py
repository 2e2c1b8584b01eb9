"""The control over a breeding process, from within the loop of a run."""

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evoheur.run.breeding_messages import Answer, Frames, Job, framed
from evoheur.run.reply_work import ReplyWork

__all__ = ["BreedingProcess", "BreedingProcessLost"]

_MODULE = "evoheur.run.breeding_entry"
_KEPT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHASHSEED", "TMPDIR")  # no key is among them
_FEW_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")  # it computes with no array
_STARTS = 2  # that may fail before it is done without
_TRIES = 2  # of a job at which the process ends
_END_SECONDS = 0.1  # from the end of its socket to its own

_log = logging.getLogger(__name__)


class BreedingProcessLost(Exception):
    """The breeding process ended at a job, and again when that was repeated; never seen outside of a run's net."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A job that is not answered yet, and how often the process ended at it."""

    frame: bytes
    answer: asyncio.Future[Answer]
    ends: int = 0


class BreedingProcess(asyncio.Protocol):
    """A process that breeds and reads beside the loop; one that ends is started again.

    All of it is called in the loop's thread.

    Args:
        work: What it does.
        environ: The run's own environment, of which it gets next to nothing.

    Attributes:
        ready: Whether it takes jobs: it has started, and was not given up.
    """

    def __init__(self, work: ReplyWork, environ: Mapping[str, str]) -> None:
        self.ready = False
        self._work = framed(work)
        self._environment = _environment(environ)
        self._waiting: deque[_Waiting] = deque()
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._answers = False  # whether this one has begun to
        self._failed_starts = 0
        self._closed = False
        self._settled = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Its process id; None before it is started."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it, and go on meanwhile; `ready` says when it is there."""
        self._settled.clear()
        self._starting = asyncio.ensure_future(self._start())

    async def settled(self) -> bool:
        """Wait until it is ready, or given up; says whether it is ready."""
        await self._settled.wait()
        return self.ready

    def ask(self, job: Job) -> "asyncio.Future[Answer]":
        """Have a job done.

        Returns:
            The answer; None where the job is to be done in this process; or `BreedingProcessLost`.
        """
        waiting = _Waiting(framed(job), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._transport is not None and self._answers:
            self._transport.write(waiting.frame)
        return waiting.answer

    async def close(self) -> None:
        """End it; harmless when repeated."""
        self._closed, self.ready = True, False
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)  # it closes its socket in the loop's next turn, which may be the last
        self._end()
        for waiting in self._waiting:
            waiting.answer.cancel()
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Hand out answers; see `asyncio.Protocol`."""
        for message in self._frames.feed(data):
            if not self._answers:  # the first one says that it is there
                self._answers = self.ready = True
                self._failed_starts = 0
                self._settled.set()
                for waiting in self._waiting:
                    self._write(waiting.frame)
                continue
            answered = self._waiting.popleft()
            if not answered.answer.done():  # else whoever asked has gone
                answered.answer.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the process says more than the socket
        """Start another one, unless that has failed twice; see `asyncio.Protocol`."""
        self._transport, self.ready = None, False
        if self._closed:
            return
        how = self._end(_END_SECONDS)
        if self._answers:
            self._blame(how)
            _log.warning("The breeding process %s; another one is started.", how)
        else:
            self._failed_starts += 1
        if self._failed_starts < _STARTS:
            self.start()
        else:
            self._give_up(f"it {how}")

    async def _start(self) -> None:
        self._frames, self._answers = Frames(), False
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own interpreter and module; it takes a millisecond
                [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                cwd="/",
                start_new_session=True,  # Ctrl-C in a terminal is for the run alone
                pass_fds=(theirs.fileno(),),
            )
        except OSError as error:
            ours.close()
            self._give_up(str(error))
            return
        finally:
            theirs.close()
        ours.setblocking(False)
        try:
            self._transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            raise
        self._write(self._work)

    def _write(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame)

    def _blame(self, how: str) -> None:
        """Count an end against the job that was being done; after the second one it is not repeated."""
        while self._waiting and self._waiting[0].answer.done():
            self._waiting.popleft()
        if not self._waiting:
            return
        self._waiting[0].ends += 1
        if self._waiting[0].ends == _TRIES:
            lost = BreedingProcessLost(
                f"The breeding process {how} at this request, {_TRIES} times; to breed and read without it, set breeding_process to null."
            )
            self._waiting.popleft().answer.set_exception(lost)

    def _give_up(self, why: str) -> None:
        self.ready = False
        self._settled.set()
        _log.warning("The breeding process cannot be started (%s); the run does its work itself, and is slower.", why)
        for waiting in self._waiting:
            if not waiting.answer.done():
                waiting.answer.set_result(None)
        self._waiting.clear()

    def _end(self, seconds: float = 0.0) -> str:
        """End the process, which holds nothing, unless it ends by itself within some seconds; says how it ended."""
        if self._process is None:
            return "did not start"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self._process.kill()  # does nothing to one that has ended
        code = self._process.wait()
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        **{name: environ[name] for name in _KEPT if name in environ},
        **dict.fromkeys(_FEW_THREADS, "1"),
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if Path(entry).is_absolute()),
    }
