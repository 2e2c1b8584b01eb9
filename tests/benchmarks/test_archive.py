"""What keeping everything costs: per request, which a model call and an evaluation dwarf, and per resume."""

import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Completion, Message, Request, Usage

PROMPT = (Message(role="system", content="s" * 500), Message(role="user", content="u" * 4000))
REPLY = Completion(text="r" * 2000, model="m", usage=Usage(prompt_tokens=1100, completion_tokens=500))
REQUESTS = 3000


def bred(number: int) -> Candidate:
    """A candidate of usual size: five instances, three kilobytes of code."""
    results = tuple(
        InstanceResult(
            instance=f"weibull-5k-{position}",
            family="weibull-5k",
            status=Status.OK,
            cost=2000.0 + position,
            reference=1990.0,
            cpu_seconds=0.01,
            notes={"path": "levels"},
        )
        for position in range(5)
    )
    return Candidate(
        id=number,
        code="    free = np.sqrt(free) - item\n" * 100,
        thought="a sentence " * 10,
        operator="baseline" if number == 0 else "e1",
        parents=(0, 0) if number else (),
        code_hash=str(number),
        evaluation=Evaluation(
            status=Status.OK,
            objective=5.0 - number / REQUESTS,
            objective_kind="gap_percent",
            split="train",
            results=results,
            measures={"lines": 100.0, "nodes": 900.0},
            level="process",
        ),
    )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A run of 3,000 requests."""
    with Archive.open(f"sqlite:///{tmp_path_factory.mktemp('full') / 'evoheur.db'}", create=True) as archive:
        begin(archive)
        for number in range(1, REQUESTS + 1):
            work(archive, number)
        yield archive


def begin(archive: Archive) -> None:
    run = archive.create_run(
        name="r", config={}, seed=1, problem="p", problem_hash="h", prompts_hash="h", evoheur_version="0.1.0"
    )
    archive.record_baseline(run.id, bred(0))
    archive.begin_session(run.id)


def work(archive: Archive, number: int, *, paid: bool = True) -> None:
    """One request from ask to tell."""
    parent = bred(0)
    asked = archive.record_ask(1, Request(operator="e1", parents=(parent, parent)), PROMPT)
    archive.record_tell(archive.record_completion(asked, REPLY, paid=paid), bred(number))


def test_one_request_from_ask_to_tell(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Three transactions, of which one waits for the disk."""
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True) as archive:
        begin(archive)
        numbers = iter(range(1, 10**6))
        benchmark(lambda: work(archive, next(numbers)))


COPIED_REQUESTS = 100_000


@pytest.mark.timeout(3600)
def test_copying_a_run_of_100000_requests(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Its extra figure is processor time in seconds, which says more than the clock on a busy machine."""
    with (
        Archive.open(f"sqlite:///{tmp_path / 'from.db'}", create=True) as source,
        Archive.open(f"sqlite:///{tmp_path / 'to.db'}", create=True) as target,
    ):
        begin(source)
        for number in range(1, COPIED_REQUESTS + 1):
            work(source, number, paid=False)
        began = time.process_time()
        benchmark.pedantic(target.copy_runs, args=(source,), rounds=1)  # type: ignore[no-untyped-call]
        benchmark.extra_info["processor_seconds"] = time.process_time() - began
        rows = len(target.course(target.run("r").id))
    benchmark.extra_info["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert rows == COPIED_REQUESTS


READS: dict[str, Callable[[Archive], object]] = {
    "log": lambda archive: archive.log(1),
    "candidates": lambda archive: archive.candidates("r"),
    "totals": lambda archive: archive.totals(1),
    "best": lambda archive: archive.best("r", 5),
    "failures": lambda archive: archive.failures("r"),
    "progress": lambda archive: archive.progress("r"),
    "replies": lambda archive: archive.replies("r"),
}


@pytest.mark.parametrize("name", READS)
def test_reading_a_run_of_3000_requests(benchmark: BenchmarkFixture, full: Archive, name: str) -> None:
    benchmark(READS[name], full)
