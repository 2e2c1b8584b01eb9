"""Work that takes longer than a page may, in a thread of its own.

One piece after the other; results are kept until they are out of date.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from evoheur import EvoheurError

__all__ = ["BackgroundWork", "Unwanted", "WorkState"]

Wanted: TypeAlias = Callable[[], bool]

_KEPT = 6  # results
_FORGOTTEN = 60.0  # seconds without a question, after which a job is given up
_REST = 4.0  # times as long as it took, a result stands before it is made afresh


class Unwanted(Exception):
    """Nobody waits for the work any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkState:
    """How far a piece of work is.

    Attributes:
        result: The newest that is there; None while there is none.
        error: Why it failed, in a sentence; empty where it did not.
        seconds: How long the present attempt has been waited for; 0 where nothing is under way.
        took: How long the latest attempt took; 0 before one ended.
    """

    result: Any
    error: str
    seconds: float
    took: float = 0.0


@dataclass(eq=False)
class _Job:
    """One piece of work, done again as its version changes."""

    future: "Future[Any]"
    version: Hashable
    begun: float
    asked: float
    took: float = 0.0
    ended: float = 0.0
    result: Any = None
    error: str = ""

    def is_due(self, version: Hashable, now: float) -> bool:
        """Whether it is to be done again."""
        if not self.ended or self.version == version:
            return False
        return self.version is None or now - self.ended >= _REST * self.took


class BackgroundWork:
    """Does the work of pages, a piece at a time.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background-work")
        self._lock = threading.Lock()
        self._jobs: OrderedDict[Hashable, _Job] = OrderedDict()
        self._closed = False

    def state(self, key: Hashable, version: Hashable, work: Callable[[Wanted], Any]) -> WorkState:
        """How far a piece of work is, which is begun if need be.

        It is begun again if its version is another and the last result has stood a while.

        Args:
            key: What is to be done.
            version: Of what it is done with; another one makes the result out of date.
            work: Does it; asks now and then whether it is still wanted, and raises `Unwanted` or anything else if it is not.

        Raises:
            Exception: What the work raised, if it was a fault and no `EvoheurError`.
        """
        now = self._clock()
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                self._take(job, now)
            if job is None or job.is_due(version, now):
                job = self._begun(job, version, work, now)
                self._jobs[key] = job
            job.asked = now
            self._jobs.move_to_end(key)
            self._drop_oldest()
            return WorkState(result=job.result, error=job.error, seconds=0.0 if job.ended else now - job.begun, took=job.took)

    def close(self) -> None:
        """End what is under way as soon as it asks whether it is wanted."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begun(self, before: _Job | None, version: Hashable, work: Callable[[Wanted], Any], now: float) -> _Job:
        job = _Job(future=Future(), version=version, begun=now, asked=now, result=None if before is None else before.result)
        job.future = self._pool.submit(work, lambda: not self._closed and self._clock() - job.asked < _FORGOTTEN)
        return job

    def _take(self, job: _Job, now: float) -> None:
        """Take what came of a job, if it is over."""
        if job.ended or not job.future.done():
            return
        job.ended, job.took, job.error = now, now - job.begun, ""
        version, job.version = job.version, None  # what was given up, or ended in a fault, is begun again when it is asked for
        try:
            job.result = job.future.result()
        except (Unwanted, CancelledError):
            return
        except EvoheurError as error:
            job.error = str(error)
        job.version = version

    def _drop_oldest(self) -> None:
        over = [key for key, job in self._jobs.items() if job.ended][: max(0, len(self._jobs) - _KEPT)]
        for key in over:
            del self._jobs[key]
