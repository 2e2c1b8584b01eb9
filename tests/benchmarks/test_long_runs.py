"""What reading a run of 100,000 requests costs: to resume it, to compare it and to lay it out in a grid; aims: 5 s and 300 MB each.

Run with `make bench`, or `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_long_runs.py`. Each is read in
a process of its own; its processor time and its peak of memory are in the extra info, the latter beside that of a process which has only
opened the archive.
"""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.archive import Archive
from tests.benchmarks.test_archive import begin, work

REQUESTS = 100_000
WRITTEN = 500
"""Requests that the archive writes itself; the rest are their rows again, under other numbers."""

READ = """
import json, resource, sys, time
from evoheur import open_archive
from evoheur.api.candidate_grid import read_grid
from evoheur.report.curves import Trace
from evoheur.archive.extent import FOR_REPLAY

def nothing(archive, run): return 1
def resume(archive, run): return sum(1 for _ in archive.entries(run.id, FOR_REPLAY))
def compare(archive, run): return len(Trace.of_steps(archive.trace_steps(run.id), archive.baseline(run.id)).moments)
def grid(archive, run): return read_grid(archive, run, ["nodes", "lines"])[1]

with open_archive(sys.argv[1]) as archive:
    run = archive.runs()[0]
    before = time.process_time()
    count = globals()[sys.argv[2]](archive, run)
    seconds = time.process_time() - before
print(json.dumps({"entries": count, "seconds": round(seconds, 2), "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""

# Table → the columns that number rows of the run, each with how much to add for every copy of what was written.
_SHIFTED = {
    "request": {"id": "requests", "number": "requests", "asked_seq": "entries", "told_seq": "entries"},
    "completion": {"request_id": "requests"},
    "request_parent": {"request_id": "requests"},
    "candidate": {"id": "requests", "number": "requests", "request_id": "requests", "duplicate_of": "requests"},
    "candidate_parent": {"candidate_id": "requests"},
    "evaluation": {"id": "requests", "candidate_id": "requests"},
    "instance_result": {"evaluation_id": "requests"},
}
_FINGERPRINTS = """
    UPDATE instance_result SET notes = substr(notes, 1, length(notes) - 1) || ', "fingerprint": "' || lower(hex(randomblob(16))) || '"}'
    WHERE position = 0
"""
"""Gives every candidate another fingerprint, as a run has them, so that reading cannot share their notes."""

_BASELINE = {"candidate": "number > 0", "evaluation": "candidate_id > 1", "instance_result": "evaluation_id > 1"}


def copy_rows(file: Path, copies: int) -> None:
    """Make a run so many times as long."""
    amounts = {"requests": WRITTEN, "entries": 2 * WRITTEN}
    with closing(sqlite3.connect(file)) as connection, connection:
        for table, shifted in _SHIFTED.items():
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            chosen = ", ".join(f"{name} + {amounts[shifted[name]]} * copy" if name in shifted else name for name in names)
            copy = f"(WITH RECURSIVE c(copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM c WHERE copy < {copies - 1}) SELECT copy FROM c)"
            where = f" WHERE {_BASELINE[table]}" if table in _BASELINE else ""
            connection.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {chosen} FROM {table}, {copy}{where}")
        connection.execute(_FINGERPRINTS)


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a run of `REQUESTS` requests."""
    file = tmp_path_factory.mktemp("long") / "evoheur.db"
    make_long_run(file, REQUESTS)
    return file


def make_long_run(file: Path, requests: int) -> None:
    """Write the run."""
    with Archive.open(f"sqlite:///{file}", create=True) as archive:
        begin(archive)
        for number in range(1, WRITTEN + 1):
            work(archive, number)
    copy_rows(file, requests // WRITTEN)


def read(file: Path, what: str) -> dict[str, float]:
    """Read the run in a process of its own; its figures."""
    found = subprocess.run([sys.executable, "-c", READ, f"sqlite:///{file}", what], check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(found.stdout)
    return figures


@pytest.mark.parametrize("what", ["resume", "compare", "grid"])
def test_reading_a_long_run(benchmark: BenchmarkFixture, long_run: Path, what: str) -> None:
    """Seconds of processor time and megabytes."""
    found = benchmark.pedantic(read, args=(long_run, what), rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(found, opened_MB=read(long_run, "nothing")["MB"])
    assert found["entries"] > 0
