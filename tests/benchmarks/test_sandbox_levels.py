"""What each isolation level costs a candidate, side by side with a fresh interpreter, and how late an endless loop is dead.

Run with `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_sandbox_levels.py`. The levels are timed in one
process and in turn, so compare ratios within one run. Docker is left out, visibly, where there is no daemon.
"""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.sandbox.interface import Entry, Limits, ReportStatus, Sandbox
from evoheur.sandbox.process import guest_environment
from tests.sandbox.support.red_team_levels import LEVELS
from tests.support.docker_here import require_docker

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]})
_SOURCE = "import numpy as np\ndef answer(q):\n    return int(np.sum(q))"
_FRESH = f"import numpy, numba\n{_SOURCE}\nprint(answer([20, 22]))"
_ENDLESS = "def answer(q):\n    while True: pass"
_DEADLINE = 0.1
_ONE_CANDIDATE = "one candidate, numpy and numba imported"


@pytest.fixture(scope="module", params=LEVELS)
def warm(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of each level whose guest has started, with numpy and numba imported."""
    if request.param == "docker":
        require_docker()
    sandbox = LEVELS[request.param](_ENTRY)
    _answer(sandbox)
    yield sandbox
    sandbox.close()


def _answer(sandbox: Sandbox) -> int:
    session, _ = sandbox.open(_SOURCE, Limits())
    with session:
        answer: int = session.ask([20, 22]).value
    return answer


def _spawn() -> int:
    command = [sys.executable, "-c", _FRESH]
    return int(subprocess.run(command, env=guest_environment(), capture_output=True, check=True, text=True).stdout)


def _kill(sandbox: Sandbox) -> float:
    session, _ = sandbox.open(_ENDLESS, Limits(wall_seconds=_DEADLINE))
    start = time.perf_counter()
    report = session.ask(1)
    assert report.status is ReportStatus.TIMEOUT
    return time.perf_counter() - start - _DEADLINE


@pytest.mark.benchmark(group=_ONE_CANDIDATE)
def test_candidate(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, confine, open, one question, kill and reap; the aims are medians under 15 ms for L1 and 25 ms for docker."""
    assert benchmark(_answer, warm) == 42


@pytest.mark.benchmark(group=_ONE_CANDIDATE)
def test_fresh_interpreter(benchmark: BenchmarkFixture) -> None:
    """What a new interpreter per candidate pays for the same answer."""
    assert benchmark(_spawn) == 42


@pytest.mark.benchmark(group="one more question to the same candidate")
def test_one_more_question(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """The child is there already."""
    session, _ = warm.open(_SOURCE, Limits(questions=100_000))
    with session:
        assert benchmark(lambda: session.ask([20, 22]).value) == 42


@pytest.mark.benchmark(group="an endless loop with a deadline of 0.1 s")
def test_kill(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, wait for the deadline, kill and reap; extra_info has the seconds from deadline to reaped, of which the aim is 0.05."""
    late: list[float] = []
    benchmark(lambda: late.append(_kill(warm)))
    benchmark.extra_info["seconds_late_median"] = sorted(late)[len(late) // 2]
    benchmark.extra_info["seconds_late_worst"] = max(late)
