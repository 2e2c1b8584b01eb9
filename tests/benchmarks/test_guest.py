"""What a candidate costs before it computes anything: a fork of the warm guest beside a fresh interpreter.

Run with `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_guest.py`.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sandbox.process import ProcessSandbox, guest_environment
from sandbox.sandbox import Entry, Limits, Sandbox

_SOURCE = "import numpy as np\ndef answer(q):\n    return int(np.sum(q))"
_FRESH = f"import numpy, numba\n{_SOURCE}\nprint(answer([20, 22]))"
_IMPORTS = ["numpy", "numba"]


@pytest.fixture(scope="module")
def warm() -> Iterator[Sandbox]:
    """A sandbox whose guest has started, with numpy and numba imported."""
    sandbox = ProcessSandbox(Entry(module="evoheur.testing.hostile_entry", payload={"imports": _IMPORTS}))
    _fork(sandbox)
    yield sandbox
    sandbox.close()


def _fork(sandbox: Sandbox) -> int:
    session, _ = sandbox.open(_SOURCE, Limits())
    with session:
        answer: int = session.ask([20, 22]).value
    return answer


def _spawn() -> int:
    command = [sys.executable, "-c", _FRESH]
    return int(subprocess.run(command, env=guest_environment(), capture_output=True, check=True, text=True).stdout)


@pytest.mark.benchmark(group="one candidate, numpy and numba imported")
def test_warm_guest(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """Fork, open, one question, kill and reap; the aim is a median under 15 ms."""
    assert benchmark(_fork, warm) == 42


@pytest.mark.benchmark(group="one candidate, numpy and numba imported")
def test_fresh_interpreter(benchmark: BenchmarkFixture) -> None:
    """What a new interpreter per candidate pays for the same answer."""
    assert benchmark(_spawn) == 42


def test_one_more_question(benchmark: BenchmarkFixture, warm: Sandbox) -> None:
    """A further question to a child that is there already."""
    session, _ = warm.open(_SOURCE, Limits(questions=100_000))
    with session:
        assert benchmark(lambda: session.ask([20, 22]).value) == 42
