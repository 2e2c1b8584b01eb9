"""Descents of runs that somebody looks at, kept for a while.

Those of a hundred thousand candidates take a second to read.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from evoheur import ArchiveReader
from evoheur.charts.family_tree import Descent

__all__ = ["DescentShelf"]

_RUNS = 3
_REST = 10.0  # times as long as it took to read them, they are taken for new


@dataclass(frozen=True, slots=True)
class _Kept:
    """The descents of a run, and until when they are taken for new."""

    descents: Sequence[Descent]
    until: float


class DescentShelf:
    """Reads descents, and the next time gives the same ones if that was not long ago.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, datetime], _Kept] = OrderedDict()

    def descents(self, archive: ArchiveReader, run: str, *, holding: int = 0) -> Sequence[Descent]:
        """The candidates of a run by number, each with its parents and its worth alone.

        Args:
            archive: Has the run.
            run: Its name.
            holding: Number of a candidate that the run has, which has to be among them.

        Raises:
            ArchiveError: There is no such run.
        """
        record = archive.run(run)
        key = (run, record.id, record.created_at)  # a deleted run's number may come again
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or self._clock() >= kept.until or len(kept.descents) <= holding:
                begun = self._clock()
                found = archive.descents(run)
                now = self._clock()
                kept = self._kept[key] = _Kept(found, now + _REST * (now - begun))
            self._kept.move_to_end(key)
            while len(self._kept) > _RUNS:
                self._kept.popitem(last=False)
        return kept.descents

    def forget(self) -> None:
        """Forget everything, as where the archive is another now."""
        with self._lock:
            self._kept.clear()
