"""What a container costs a candidate: the levels L0 and docker side by side, how late an endless loop is killed, and what a start takes.

Run with `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_docker.py`; needs a Docker daemon.
"""

import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox.docker.sandbox import DockerSandbox
from sandbox.jail import JailSandbox
from sandbox.sandbox import Entry, Limits, ReportStatus, Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("docker_image")]

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]})
_SOURCE = "import numpy as np\ndef answer(q):\n    return int(np.sum(q))"
_ENDLESS = "def answer(q):\n    while True: pass"
_DEADLINE = 0.1


@pytest.fixture(scope="module", params=["L0", "docker"])
def warm(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox whose guest has started, with numpy and numba imported."""
    sandbox: Sandbox = DockerSandbox(_ENTRY) if request.param == "docker" else JailSandbox(_ENTRY, level="L0")
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


@pytest.mark.benchmark(group="one candidate, numpy and numba imported, L0 and docker")
def test_candidate(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, confine, open, one question, kill and reap; the aim for docker is a median under 25 ms."""
    assert benchmark(_answer, warm) == 42


@pytest.mark.benchmark(group="an endless loop with a deadline of 0.1 s, L0 and docker")
def test_kill(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, wait for the deadline, kill and reap; extra_info has the seconds from deadline to reaped, of which the aim is 0.05."""
    late: list[float] = []
    benchmark(lambda: late.append(_kill(warm)))
    benchmark.extra_info["seconds_late_median"] = sorted(late)[len(late) // 2]
    benchmark.extra_info["seconds_late_worst"] = max(late)


@pytest.mark.benchmark(group="a container, from nothing to its first answer and its end")
def test_start_and_close(benchmark: BenchmarkFixture) -> None:
    """What is paid once per worker slot, without the problem's own set-up."""

    def once() -> int:
        sandbox = DockerSandbox(_ENTRY)
        answer = _answer(sandbox)
        sandbox.close()
        return answer

    assert benchmark.pedantic(once, rounds=5) == 42  # type: ignore[no-untyped-call]
