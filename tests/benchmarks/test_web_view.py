"""What the web view takes with 100 runs and 100,000 candidates, and what it takes from a run beside it."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import httpx2
import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import evoheur
from tests.benchmarks.support.large_archive import large_archive
from tests.end_to_end.support.runs import start
from tests.evoheur.ui.support.running_view import RunningView, running_view

RUNS, CANDIDATES = 100, 1000
VIEWERS = 20
EVALUATIONS = 1500
PAIRS = 3


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return large_archive(tmp_path_factory.mktemp("large") / "evoheur.db", runs=RUNS, candidates=CANDIDATES)


@contextmanager
def client_of(view: RunningView) -> Iterator[httpx2.Client]:
    """One who was let in."""
    with httpx2.Client(base_url=view.base, timeout=120) as client:
        client.get("/", params={"token": view.token}).raise_for_status()
        yield client


def started_and_read(archive: Path) -> tuple[float, float, float]:
    """Start a view: seconds to its address, seconds from the start to the first page, MiB of memory after a look at every table."""
    began = time.monotonic()
    with running_view(str(archive)) as view, client_of(view) as client:
        client.get("/").raise_for_status()
        first_page = time.monotonic() - began
        for place in ("/?sort=train&order=up", "/?page=4", "/data/run/run-7", "/run/run-7/lineage", "/run/run-7/matrix"):
            client.get(place).raise_for_status()
        return view.seconds, first_page, psutil.Process(view.process.pid).memory_info().rss / 2**20


def test_start_with_100_runs_and_100_000_candidates(benchmark: BenchmarkFixture, large: Path) -> None:
    first = benchmark.pedantic(started_and_read, (large,), rounds=1)  # type: ignore[no-untyped-call]
    found = [first, *(started_and_read(large) for _ in range(2))]
    for name, values in zip(("seconds to address", "seconds to first page", "MiB"), zip(*found, strict=True), strict=True):
        benchmark.extra_info[name] = statistics.median(values)


@pytest.mark.parametrize(
    "place", ["/", "/?page=3", "/?sort=train&order=up", "/data/runs", "/data/run/run-42", "/data/compare?run=run-1&run=run-2"]
)
def test_a_page_that_was_seen_before(benchmark: BenchmarkFixture, large: Path, place: str) -> None:
    with running_view(str(large)) as view, client_of(view) as client:
        client.get(place).raise_for_status()
        benchmark.pedantic(lambda: client.get(place).raise_for_status(), rounds=20)  # type: ignore[no-untyped-call]


@contextmanager
def looking_on(archive: Path, run: str) -> Iterator[psutil.Process]:
    """20 viewers who follow the page of a run and the table of runs as often as pages do."""
    over = threading.Event()
    with running_view(str(archive)) as view:
        threads = [threading.Thread(target=_follow, args=(view, run, over)) for _ in range(VIEWERS)]
        for thread in threads:
            thread.start()
        yield psutil.Process(view.process.pid)
        over.set()
        for thread in threads:
            thread.join()


def _follow(view: RunningView, run: str, over: threading.Event) -> None:
    told = points = 0
    with client_of(view) as client:
        while not over.wait(1.0):
            answer = client.get(f"/data/run/{run}", params={"told": told, "points": points, "state": "running"})
            client.get("/data/runs")
            if answer.status_code == 200 and "points" in answer.json():
                found = answer.json()
                told, points = found["told"], found["points"]["first"] + len(found["points"]["list"])


def run_seconds(folder: Path, name: str, *, viewers: bool) -> dict[str, float]:
    """Processor seconds of a run at full rate and of all it starts, and wall seconds; and of the view beside it."""
    archive = folder / f"{name}.db"
    evoheur.discover("quickstart", {"budget.evaluations": 1}, archive=archive, name="before")  # makes the archive, and compiles
    with looking_on(archive, name) if viewers else nullcontext() as view:
        before = 0.0 if view is None else _processor(view)
        began = time.monotonic()
        words = ["run", "quickstart", "--name", name, "--archive", f"sqlite:///{archive}", "--quiet"]
        process = start(*words, "--set", f"budget.evaluations={EVALUATIONS}", cwd=folder)
        seconds = _processor_until_end(psutil.Process(process.pid))
        process.wait()
        wall = time.monotonic() - began
        return {"run": seconds, "wall": wall, "view": 0.0 if view is None else _processor(view) - before}


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _processor_until_end(process: psutil.Process) -> float:
    """Processor seconds of a process and the children it waited for, as last seen before its end."""
    seconds = 0.0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            times = process.cpu_times()
        except psutil.Error:
            break
        seconds = times.user + times.system
        time.sleep(0.05)
    return seconds


def test_a_run_at_full_rate_beside_20_viewers(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Pairs of the same run with and without viewers; its own processor seconds, without its guests', which no viewer touches."""
    alone, watched = [], []
    for pair in range(PAIRS):
        alone.append(run_seconds(tmp_path, f"alone-{pair}", viewers=False))
        watched.append(run_seconds(tmp_path, f"watched-{pair}", viewers=True))
    benchmark.pedantic(lambda: None, rounds=1)  # type: ignore[no-untyped-call]
    ratios = [beside["run"] / by_itself["run"] for by_itself, beside in zip(alone, watched, strict=True)]
    benchmark.extra_info["processor seconds of the run, watched over alone"] = [round(ratio, 3) for ratio in ratios]
    benchmark.extra_info["wall, watched over alone"] = [
        round(beside["wall"] / by_itself["wall"], 3) for by_itself, beside in zip(alone, watched, strict=True)
    ]
    benchmark.extra_info["processor seconds of the view for a second of wall"] = [
        round(each["view"] / each["wall"], 3) for each in watched
    ]
