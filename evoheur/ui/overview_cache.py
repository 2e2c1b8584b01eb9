"""The overviews of runs, read again only where a run has come further."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from evoheur import ArchiveReader
from evoheur.api.archives import RunPulse
from evoheur.charts.run_overview import RunOverview, run_overview

__all__ = ["OverviewCache"]

_FRESH_SECONDS = 300.0  # after which scores are looked for that are stored later, which no pulse tells of
_SHARE = 0.05  # of the time, at most, is spent on reading one run again


@dataclass(frozen=True, slots=True)
class _Kept:
    pulse: RunPulse
    overview: RunOverview
    read_at: float
    took: float


class OverviewCache:
    """Keeps the overviews of an archive's runs.

    A long run that goes on is read the less often the longer that takes.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[int, _Kept] = {}

    def overview(self, archive: ArchiveReader, pulse: RunPulse) -> RunOverview:
        """The overview of a run, as new as is worth the reading.

        Args:
            archive: Has the run.
            pulse: Of the run, of now.
        """
        with self._lock:  # or every viewer would read the same run at once
            kept = self._kept.get(pulse.run.id)
            if kept is None or not self._will_do(kept, pulse):
                began = self._clock()
                overview = run_overview(archive, pulse.run)
                kept = _Kept(pulse, overview, self._clock(), self._clock() - began)
                self._kept[pulse.run.id] = kept
            return kept.overview

    def forget(self) -> None:
        """Forget everything, as where the archive is another now."""
        with self._lock:
            self._kept.clear()

    def _will_do(self, kept: _Kept, pulse: RunPulse) -> bool:
        age = self._clock() - kept.read_at
        if kept.pulse.run != pulse.run:
            return False
        if (kept.pulse.asked, kept.pulse.told) != (pulse.asked, pulse.told):
            return age < kept.took / _SHARE
        return age < max(_FRESH_SECONDS, kept.took / _SHARE)
