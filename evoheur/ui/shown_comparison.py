"""A comparison of runs as its page shows it, made again only where a run has come further."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from evoheur import ArchiveReader
from evoheur.documents.comparison_document import ComparisonDocument

__all__ = ["ComparisonCache", "ShownComparison"]

_KEPT = 8
_SHARE = 0.05  # of the time, at most, is spent on comparing the same runs again


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """A comparison with its curves.

    Attributes:
        document: As `evoheur compare --json` writes it.
        curves: What is equal → the curves of the arms, as plain JSON values.
        stamp: Changes when a compared run comes further.
    """

    document: ComparisonDocument
    curves: dict[str, Any]
    stamp: str


@dataclass(frozen=True, slots=True)
class _Kept:
    shown: ShownComparison
    made_at: float
    took: float


class ComparisonCache:
    """Keeps the comparisons that were looked at last.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[tuple[str, ...], bool], _Kept] = OrderedDict()

    def comparison(self, archive: ArchiveReader, runs: Sequence[str], *, controls: bool) -> ShownComparison:
        """Compare runs, or give the comparison that was made of them.

        Args:
            archive: Has the runs.
            runs: Names, or patterns such as "sweep-*".
            controls: As for `evoheur compare`.

        Raises:
            ArchiveError: There is no such run, or one has told nothing yet.
            ConfigError: They are not of the same problem and instances.
        """
        key = (tuple(runs), controls)
        stamp = _stamp(archive, runs)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or (kept.shown.stamp != stamp and self._clock() - kept.made_at >= kept.took / _SHARE):
                began = self._clock()
                kept = _Kept(_compared(archive.url, runs, stamp, controls=controls), self._clock(), self._clock() - began)
                self._kept[key] = kept
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return kept.shown

    def forget(self) -> None:
        """Forget everything, as where the archive is another now."""
        with self._lock:
            self._kept.clear()


def _stamp(archive: ArchiveReader, runs: Sequence[str]) -> str:
    pulses = archive.pulses()
    chosen = [pulse for pulse in pulses if any(pulse.run.name == word or fnmatchcase(pulse.run.name, word) for word in runs)]
    return " ".join(f"{pulse.run.id}:{pulse.run.created_at}:{pulse.told}:{pulse.run.status}" for pulse in chosen)


def _compared(url: str, runs: Sequence[str], stamp: str, *, controls: bool) -> ShownComparison:
    # What compares also scores, and so knows sandboxes and compilers: its import takes a second that the view's start need not wait for.
    from evoheur.api.run_comparison import compare_runs  # noqa: PLC0415
    from evoheur.charts.arm_curves import arm_curves  # noqa: PLC0415
    from evoheur.report.comparison_as_document import comparison_document  # noqa: PLC0415

    found = compare_runs(runs, archive=url, controls=controls)
    curves: dict[str, Any] = {}
    for cut in found.cuts:
        charted = arm_curves(found, cut.axis)
        curves[cut.axis] = {
            "budget": charted.budget,
            "own": charted.own,
            "arms": [
                {
                    "arm": arm.arm,
                    "places": list(arm.places),
                    "median": [each.median for each in arm.spreads],
                    "low": [each.low for each in arm.spreads],
                    "high": [each.high for each in arm.spreads],
                    "runs": [
                        {"run": run.run, "seed": run.seed, "places": list(run.places), "values": list(run.values)}
                        for run in arm.runs
                    ],
                }
                for arm in charted.arms
            ],
        }
    return ShownComparison(comparison_document(found), curves, stamp)
