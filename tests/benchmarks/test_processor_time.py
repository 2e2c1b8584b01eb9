"""Where a candidate's processor time goes: the loop's thread, the threads that evaluate, guests and candidates, the breeding process.

Read off the kernel's counts between two candidates in the middle of a real run, so that starting and validation are left out. Processor
time says what two free cores can do; the seconds on a machine that is busy with other work say nothing. Run with `make bench`, or for one
configuration with `python -m tests.benchmarks.test_processor_time mutator_bin_packing_online 600`.
"""

import asyncio
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate
from evoheur.run.assemble import assemble
from evoheur.run.config import load_config
from evoheur.run.events import Event, OutcomeTold
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run
from evoheur.sandbox.proctree import descendants

CONFIGS = Path(__file__).parents[2] / "configs"
WARM_UP = 200
"""Candidates before the count, so that caches and the population are full, and the breeding process is there."""
COUNTED = 300
PARTS = ("loop", "other threads", "guests, user", "guests, system", "breeding process")
BREEDING = b"evoheur.run.breeding_entry"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Reading:
    """Seconds of processor time so far, in the order of `PARTS`."""

    seconds: tuple[float, ...]

    @classmethod
    def now(cls) -> "Reading":
        """What the kernel has counted; called in the loop's thread."""
        threads = {path.name: _nanoseconds(path) / 1e9 for path in Path("/proc/self/task").iterdir()}
        loop = threads.pop(str(threading.get_native_id()))
        breeding = [pid for pid in descendants(os.getpid()) if BREEDING in _command(pid)]
        guests = [user_and_system(pid) for pid in descendants(os.getpid()) if pid not in breeding]
        user, system = map(sum, zip((0.0, 0.0), *guests, strict=True))
        return cls((loop, sum(threads.values()), user, system, sum(sum(user_and_system(pid)) for pid in breeding)))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:  # it has just ended
        return b""


def _nanoseconds(thread: Path) -> int:
    return int((thread / "schedstat").read_text().split()[0])


def user_and_system(pid: int) -> tuple[float, float]:
    """Seconds of processor time of a process and of its children that have ended.

    Nothing of one that has just ended itself, which its parent counts by then.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0, 0.0
    user, system, user_of_children, system_of_children = (int(field) / _TICK for field in fields[11:15])
    return user + user_of_children, system + system_of_children


class TwoReadings:
    """Reads the counts at two candidates of a run, as an observer of it."""

    def __init__(self, first: int, second: int) -> None:
        self._at = (first, second)
        self._candidates = 0
        self.found: list[Reading] = []

    def notify(self, event: Event) -> None:
        """Read when it is time."""
        if isinstance(event, OutcomeTold) and isinstance(event.told.outcome, Candidate):
            self._candidates += 1
            if self._candidates in self._at:
                self.found.append(Reading.now())

    def milliseconds(self) -> dict[str, float]:
        """Processor time of a candidate, by where it went."""
        first, second = self.found
        spent = [1000 * (after - before) for before, after in zip(first.seconds, second.seconds, strict=True)]
        each = [round(part / (self._at[1] - self._at[0]), 2) for part in spent]
        return {**dict(zip(PARTS, each, strict=True)), "all": round(sum(each), 2)}


WatchedT = TypeVar("WatchedT", bound=TwoReadings)


def measure(
    configuration: str, counted: int, folder: Path, *, slots: int = 2, watched: type[WatchedT], settings: Sequence[str] = ()
) -> tuple[WatchedT, dict[str, float]]:
    """Run a shipped configuration, and read where the time of so many candidates went."""
    readings = watched(WARM_UP, WARM_UP + counted)
    overrides = [
        f"budget.evaluations={WARM_UP + counted + 20}",
        "validation.top=1",
        f"evaluation.executor={{kind: local, slots: {slots}}}",
        *settings,
    ]
    config = load_config(CONFIGS / f"{configuration}.yaml", overrides)
    with Archive.open(f"sqlite:///{folder}/time-{slots}.db", create=True) as archive:
        parts = prepare(config, environ={}, archive=archive, observers=[readings])
        asyncio.run(assemble(parts, archive, create_run(parts, archive, name="time")).discover())
    return readings, readings.milliseconds()


@pytest.mark.parametrize(
    "configuration", ["mutator_bin_packing_online", "quickstart", "eoh_bin_packing_offline", "eoh_tsp_insertion"]
)
def test_processor_time_of_a_candidate(benchmark: BenchmarkFixture, tmp_path: Path, configuration: str) -> None:
    """Milliseconds by part are in the extra info; the aim is 20 in all, 100 candidates a second on two cores."""
    arguments = {"watched": TwoReadings}
    _, found = benchmark.pedantic(measure, args=(configuration, COUNTED, tmp_path), kwargs=arguments, rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(found)
    assert all(part >= 0 for part in found.values())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        _, shown = measure(sys.argv[1], int(sys.argv[2]), Path(scratch), watched=TwoReadings, settings=sys.argv[3:])
    sys.stdout.write(f"{sys.argv[1]}: {shown}\n")
