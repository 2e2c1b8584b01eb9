"""The thread that waits for a server in place of the loop."""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from evoheur.errors import EvoheurError

__all__ = ["WriterThread"]

ResultT = TypeVar("ResultT")

_MOST = 64  # jobs of one transaction, so that none waits long for the others


class _Archive(Protocol):
    """The part of an archive that the thread needs."""

    def together(self, *, relaxed: bool) -> AbstractContextManager[None]: ...


class _Job(NamedTuple):
    """What is to be written, whether a power cut may undo it, and who waits for it."""

    write: Callable[[], Any]
    relaxed: bool
    waiting: "asyncio.Future[Any]"


class _Written(NamedTuple):
    """What became of a job."""

    waiting: "asyncio.Future[Any]"
    result: Any
    error: BaseException | None


class WriterThread:
    """Writes to an archive what it is given, in that order.

    All that it is given while it waits for the server is one transaction. If such a transaction fails, each job has one of its own, so
    that a job suffers from no other. It begins with the first job.

    Args:
        archive: In a session on a server.
        failed: Is called in the loop with the first error that says that the archive cannot be used, before anybody who waits hears of it.
    """

    def __init__(self, archive: _Archive, failed: Callable[[EvoheurError], None]) -> None:
        self._archive = archive
        self._failed = failed
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._has_failed = False

    def written(self, write: Callable[[], ResultT], *, relaxed: bool = True) -> "asyncio.Future[ResultT]":
        """Have something written, and be told when that is committed.

        Args:
            write: Writes to the archive, in a transaction that others may share; called again if that failed.
            relaxed: Whether a power cut may undo it.
        """
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[ResultT] = loop.create_future()
        waiting.add_done_callback(_look_at)
        self._jobs.put(_Job(write, relaxed, waiting))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, args=(loop,), name="evoheur-writer", daemon=True)
            self._thread.start()
        return waiting

    def close(self) -> None:
        """Write what is still to be written, and end; harmless when repeated."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            jobs = [self._jobs.get()]
            while len(jobs) < _MOST and jobs[-1] is not None and not self._jobs.empty():
                jobs.append(self._jobs.get_nowait())
            given = [job for job in jobs if job is not None]
            if given:
                loop.call_soon_threadsafe(self._hand_out, deque(self._write(given)))
            if jobs[-1] is None:
                return

    def _write(self, jobs: Sequence[_Job]) -> list[_Written]:
        together = self._attempt(jobs)
        if len(jobs) == 1 or all(each.error is None for each in together):
            return together
        return [each for job in jobs for each in self._attempt([job])]

    def _attempt(self, jobs: Sequence[_Job]) -> list[_Written]:
        try:
            with self._archive.together(relaxed=all(job.relaxed for job in jobs)):
                results = [job.write() for job in jobs]
        except BaseException as error:  # noqa: BLE001 - it is raised where the job is waited for
            return [_Written(job.waiting, None, error) for job in jobs]
        return [_Written(job.waiting, result, None) for job, result in zip(jobs, results, strict=True)]

    def _hand_out(self, written: deque[_Written]) -> None:
        """Tell one after the other, with a look at everything else in between, as `Turns` has it."""
        waiting, result, error = written.popleft()
        if isinstance(error, EvoheurError) and not self._has_failed:
            self._has_failed = True
            self._failed(error)
        if waiting.done():  # nobody waits any more
            pass
        elif error is None:
            waiting.set_result(result)
        else:
            waiting.set_exception(error)
        if written:
            asyncio.get_running_loop().call_soon(self._hand_out, written)


def _look_at(waiting: "asyncio.Future[Any]") -> None:
    """Look at an error that nobody may wait for any more; it has ended the run."""
    if not waiting.cancelled():
        waiting.exception()
