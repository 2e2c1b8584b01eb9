"""The courses of runs that somebody looks at.

They are read on where they were read to, and shared by all who look.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from evoheur import ArchiveReader
from evoheur.charts.run_course import RunCourse
from evoheur.ui.run_snapshot import RunSnapshot, run_snapshot

__all__ = ["CourseShelf"]

_MOST_MOMENTS = 400_000  # of all courses together; each takes about a kilobyte
_SHARE = 0.05  # of the time, at most, is spent on one run's charts
_SOON = 0.5  # seconds in which all viewers get the same


@dataclass
class _Entry:
    course: RunCourse
    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: RunSnapshot | None = None
    read_at: float = 0.0
    took: float = 0.0


class CourseShelf:
    """Keeps the courses of the runs that were looked at last.

    Charts of a long run that goes on are made the less often the longer that takes.

    Args:
        clock: Seconds that only move forward.
        most_moments: That all courses may have together before those are put away that nobody has looked at for longest.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most_moments: int = _MOST_MOMENTS) -> None:
        self._clock = clock
        self._most = most_moments
        self._lock = threading.Lock()
        # A deleted run's number may come again, and a renamed run's course asks for its former name.
        self._entries: OrderedDict[tuple[int, datetime, str], _Entry] = OrderedDict()

    def snapshot(self, archive: ArchiveReader, name: str) -> RunSnapshot:
        """The charts of a run, as new as is worth the making.

        Raises:
            ArchiveError: There is no such run.
        """
        run = archive.run(name)
        key = (run.id, run.created_at, run.name)
        with self._lock:
            entry = self._entries.setdefault(key, _Entry(RunCourse(run)))
            self._entries.move_to_end(key)
        with entry.lock:
            age = self._clock() - entry.read_at
            ended = entry.snapshot is not None and entry.snapshot.run != run
            if entry.snapshot is None or ended or age >= max(_SOON, entry.took / _SHARE):
                began = self._clock()
                entry.snapshot = run_snapshot(archive, entry.course, entry.snapshot)
                entry.read_at, entry.took = self._clock(), self._clock() - began
            found = entry.snapshot
        self._put_away()
        return found

    def forget(self) -> None:
        """Forget everything, as where the archive is another now."""
        with self._lock:
            self._entries.clear()

    def _put_away(self) -> None:
        with self._lock:
            while len(self._entries) > 1 and sum(len(entry.course.moments) for entry in self._entries.values()) > self._most:
                self._entries.popitem(last=False)
