"""What the walls cost a candidate: the levels `process`, L0 and L1 side by side, and how late an endless loop is killed.

Run with `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_jail.py`.
"""

import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox.jail import JailSandbox
from sandbox.process import ProcessSandbox
from sandbox.sandbox import Entry, Limits, ReportStatus, Sandbox

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]})
_SOURCE = "import numpy as np\ndef answer(q):\n    return int(np.sum(q))"
_ENDLESS = "def answer(q):\n    while True: pass"
_DEADLINE = 0.1


@pytest.fixture(scope="module", params=["process", "L0", "L1"])
def warm(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox whose guest has started, with numpy and numba imported."""
    sandbox: Sandbox = ProcessSandbox(_ENTRY) if request.param == "process" else JailSandbox(_ENTRY, level=request.param)
    _answer(sandbox)
    yield sandbox
    sandbox.close()


def _answer(sandbox: Sandbox) -> int:
    session, _ = sandbox.open(_SOURCE, Limits())
    with session:
        answer: int = session.ask([20, 22]).value
    return answer


def _kill(sandbox: Sandbox) -> float:
    session, _ = sandbox.open(_ENDLESS, Limits(wall_seconds=_DEADLINE))
    start = time.perf_counter()
    report = session.ask(1)
    assert report.status is ReportStatus.TIMEOUT
    return time.perf_counter() - start - _DEADLINE


@pytest.mark.benchmark(group="one candidate, numpy and numba imported")
def test_candidate(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, confine, open, one question, kill and reap; the aim for L1 is a median under 15 ms."""
    assert benchmark(_answer, warm) == 42


@pytest.mark.benchmark(group="an endless loop with a deadline of 0.1 s")
def test_kill(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, wait for the deadline, kill and reap; extra_info has the seconds from deadline to reaped, of which the aim is 0.05."""
    late: list[float] = []
    benchmark(lambda: late.append(_kill(warm)))
    benchmark.extra_info["seconds_late_median"] = sorted(late)[len(late) // 2]
    benchmark.extra_info["seconds_late_worst"] = max(late)
