"""Candidates per second of whole runs on one and on two processors, with the processor time of a candidate by part.

Counted from one candidate to another in the middle of a run, so starts and validation are left out. On a machine that does other work the
processor time counts: two free processors would do 2000 / milliseconds candidates a second. Run with `make bench`, or for one configuration
with `python -m tests.benchmarks.test_candidates_per_second quickstart 400`.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.run.events import Event
from tests.benchmarks.test_processor_time import TwoReadings, measure

CONFIGURATIONS = ("quickstart", "mutator_bin_packing_online", "eoh_bin_packing_offline", "eoh_tsp_insertion")
COUNTED = 300


class Counted(TypedDict):
    """Candidates per second by the clock, and milliseconds of processor time of one, by part."""

    per_second: float
    milliseconds: dict[str, float]


class Watched(TwoReadings):
    """Reads the clock as well."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(first, second)
        self._counted = second - first
        self._clock: list[float] = []

    def notify(self, event: Event) -> None:
        """Read when it is time."""
        super().notify(event)
        if len(self.found) > len(self._clock):
            self._clock.append(time.perf_counter())

    @property
    def per_second(self) -> float:
        """Candidates per second."""
        first, second = self._clock
        return round(self._counted / (second - first), 1)


def count(configuration: str, counted: int, folder: Path, *, processors: int, settings: Sequence[str] = ()) -> Counted:
    """Run a shipped configuration on so many processors, with as many slots."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:processors])
    try:
        watched, milliseconds = measure(configuration, counted, folder, slots=processors, watched=Watched, settings=settings)
    finally:
        os.sched_setaffinity(0, allowed)
    return Counted(per_second=watched.per_second, milliseconds=milliseconds)


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize("configuration", CONFIGURATIONS[:2])
def test_candidates_per_second(benchmark: BenchmarkFixture, tmp_path: Path, configuration: str, processors: int) -> None:
    """Rate and parts are in the extra info."""
    if len(os.sched_getaffinity(0)) < processors:
        pytest.skip(f"there are fewer than {processors} processors")
    arguments = {"processors": processors}
    found = benchmark.pedantic(count, args=(configuration, COUNTED, tmp_path), kwargs=arguments, rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(found)
    assert found["per_second"] > 0


if __name__ == "__main__":
    for some in (1, 2):
        with tempfile.TemporaryDirectory() as scratch:
            shown = count(sys.argv[1], int(sys.argv[2]), Path(scratch), processors=some, settings=sys.argv[3:])
        sys.stdout.write(f"{sys.argv[1]} on {some}: {shown}\n")
