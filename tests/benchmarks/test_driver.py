"""The driver alone: evaluations per second, and the longest time in which its loop stands still, with model and evaluation simulated.

All that is done for a candidate beside evaluating it is real: strategy, prompt, parsing, hash, archive on a disk, and the breeding process
that takes a part of it. Calls to the model and evaluations only take time, some 30 ms each. Asked are 400 evaluations a second, and no
stall beyond 0.2 s, with up to 1,024 in flight. Run with `make bench`, or for one number in flight with
`python -m tests.benchmarks.test_driver 1024 3000`; with `breeding_process=null` after that, all is done in one process.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict

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
from tests.benchmarks.test_processor_time import user_and_system

CONFIGURATION = Path(__file__).parents[2] / "configs" / "quickstart.yaml"
PARTS = "tests.benchmarks.support.simulated_parts"
_BEAT = 0.02  # seconds between two looks at the clock


class Driven(TypedDict):
    """What a run showed.

    Rates by the clock, by the processor time of the run's own process, and by that of whichever process takes more of it, which two
    free processors would reach; milliseconds of an evaluation in both processes; the longest stall in seconds, by the clock and by
    processor time; and the mean one by the clock.
    """

    per_second: float
    per_processor_second: float
    with_two_processors: float
    own_milliseconds: float
    beside_milliseconds: float
    stall: float
    stall_processor: float
    mean_stall: float


class Pulse:
    """Looks at the clock again and again, from the first candidate to the last, as an observer of a run.

    The longest stall is how much later than asked for it got its turn. Of processor time it is what the loop's thread used in between:
    that does not count what other programs took from it.

    Args:
        last: The candidate that ends the measuring.
    """

    def __init__(self, last: int) -> None:
        self._last = last
        self._beating: asyncio.Task[None] | None = None
        self._begun = (0.0, 0.0, 0.0)
        self._told = 0
        self.stall = self.stall_processor = 0.0
        self._stalls: list[float] = []
        self.ended = (0.0, 0.0, 0.0)

    @property
    def is_beating(self) -> bool:
        """Whether the measuring has begun, and has not ended."""
        return self._beating is not None and not self._beating.done()

    def notify(self, event: Event) -> None:
        """Begin and end."""
        if not isinstance(event, OutcomeTold) or not isinstance(event.told.outcome, Candidate):
            return
        self._told += 1
        if self._beating is None:
            self._begun = _now()
            self._beating = asyncio.ensure_future(self._beat())
        elif self._told == self._last:
            self.ended = _now()
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            clock, processor = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_BEAT)
            self._stalls.append(time.perf_counter() - clock - _BEAT)
            self.stall = max(self.stall, self._stalls[-1])
            self.stall_processor = max(self.stall_processor, time.thread_time() - processor)

    def driven(self) -> Driven:
        """What it saw."""
        seconds, processor, beside = (end - begin for end, begin in zip(self.ended, self._begun, strict=True))
        told = self._last - 1
        return Driven(
            per_second=round(told / seconds, 1),
            per_processor_second=round(told / processor, 1),
            with_two_processors=round(told / max(processor, beside), 1),
            own_milliseconds=round(1000 * processor / told, 2),
            beside_milliseconds=round(1000 * beside / told, 2),
            stall=round(self.stall, 3),
            stall_processor=round(self.stall_processor, 3),
            mean_stall=round(sum(self._stalls) / len(self._stalls), 4),
        )


def _now() -> tuple[float, float, float]:
    """Seconds by the clock, of processor time of this process, and of those that it started."""
    beside = sum(sum(user_and_system(pid)) for pid in descendants(os.getpid()))
    return time.perf_counter(), time.process_time(), beside


def drive(
    in_flight: int, evaluations: int, folder: Path, *settings: str, url: str | None = None, pulse: Pulse | None = None
) -> Driven:
    """Run so many evaluations, so many of them in flight; in an archive in a folder, or at an address."""
    pulse = pulse or Pulse(evaluations - in_flight)
    config = load_config(
        CONFIGURATION,
        [
            f"budget.evaluations={evaluations}",
            f"in_flight={in_flight}",
            "tell_order=arrival",
            "strategy.population_size=100",
            f"generator={{kind: '{PARTS}:SimulatedModelConfig'}}",
            f"evaluation.executor={{kind: '{PARTS}:SimulatedExecutorConfig', slots: {in_flight}}}",
            "validation.top=1",
            "audit.candidates=0",
            "simplify.evaluations=0",
            *settings,
        ],
    )
    with Archive.open(url or f"sqlite:///{folder}/driver-{in_flight}.db", create=True) as archive:
        parts = prepare(config, environ={}, archive=archive, observers=[pulse])
        asyncio.run(assemble(parts, archive, create_run(parts, archive, name="driven")).discover())
    return pulse.driven()


@pytest.mark.parametrize("in_flight", [64, 256, 1024])
def test_evaluations_per_second_and_longest_stall(benchmark: BenchmarkFixture, tmp_path: Path, in_flight: int) -> None:
    """Both are in the extra info, by the clock and by processor time; on a machine that does other work the latter count."""
    found = benchmark.pedantic(drive, args=(in_flight, 1500 + 2 * in_flight, tmp_path), rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(found)
    assert found["per_second"] > 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        shown = drive(int(sys.argv[1]), int(sys.argv[2]), Path(scratch), *sys.argv[3:])
    sys.stdout.write(f"{sys.argv[1]} in flight: {shown}\n")
