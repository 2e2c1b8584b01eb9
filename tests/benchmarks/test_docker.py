"""What the start of a container takes; what one costs a candidate is in `test_sandbox_levels.py`.

Run with `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_docker.py`; needs a Docker daemon.
"""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Entry, Limits, Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("docker_image")]

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]})
_SOURCE = "import numpy as np\ndef answer(q):\n    return int(np.sum(q))"


def _answer(sandbox: Sandbox) -> int:
    session, _ = sandbox.open(_SOURCE, Limits())
    with session:
        answer: int = session.ask([20, 22]).value
    return answer


@pytest.mark.benchmark(group="a container, from nothing to its first answer and its end")
def test_start_and_close(benchmark: BenchmarkFixture) -> None:
    """What is paid once per worker slot, without the problem's own set-up."""

    def once() -> int:
        sandbox = DockerSandbox(_ENTRY)
        answer = _answer(sandbox)
        sandbox.close()
        return answer

    assert benchmark.pedantic(once, rounds=5) == 42  # type: ignore[no-untyped-call]
