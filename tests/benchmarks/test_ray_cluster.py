"""What many slots give: on Ray with 16 to 64 of them on four local nodes, and in a simulation with 1,000.

Run with `make bench`, or `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_ray_cluster.py`, with
`-k "16 or simulated"` for less. Candidates sleep, so that few processors do; what is measured is the driver and Ray, not what is computed.
"""

import asyncio
import time
from collections.abc import Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.evaluation.ray.worker_pool import Pool
from evoheur.problem_loading import load_problem
from tests.evoheur.evaluation.ray.support.candidates import WORKER, eventually, executor, recipe
from tests.support.ray_cluster import RayCluster, RayNode

NODES = 4
SECONDS = 1.0
SLEEPING = f"""
import time
slept = []

def choose(length, loads):
    if not slept:
        slept.append(time.sleep({SECONDS}))
    return -loads.astype(float)
"""


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[RayCluster]:
    """A Ray cluster whose head takes no workers."""
    with RayCluster() as cluster:
        yield cluster


@pytest.fixture(scope="module", params=[16, 32, 64])
def nodes(request: pytest.FixtureRequest, ray_cluster: RayCluster) -> Iterator[list[RayNode]]:
    """Four nodes with so many processors together, as they claim."""
    room = request.param // NODES
    made = ray_cluster.add_nodes(*[(room, {"bench": room})] * NODES)
    yield made
    for node in made:
        node.stop()


async def _evaluate(executor: RayExecutor, train: InstanceSet, times: int) -> None:
    tasks = (executor.evaluate(EvaluationTask(code=SLEEPING, instances=train)) for _ in range(times))
    assert {one.status for one in await asyncio.gather(*tasks)} == {Status.OK}


@pytest.mark.ray
@pytest.mark.timeout(1800)
def test_slots_on_several_nodes(
    benchmark: BenchmarkFixture, ray_cluster: RayCluster, nodes: list[RayNode], scheduling: str, request: pytest.FixtureRequest
) -> None:
    """Five candidates for each slot, each of which sleeps a second."""
    slots = request.node.callspec.params["nodes"]
    there = {"address": ray_cluster.address, "resources": {"bench": 1.0}, "wait_seconds": 600}
    train = InstanceSet.of_split(load_problem(scheduling), "train")
    began = time.monotonic()
    made = executor(recipe(scheduling), ray_cluster.secrets, slots=slots, **there)
    assert eventually(lambda: sum(len(node.processes(WORKER)) for node in nodes) == slots, seconds=600)
    with asyncio.Runner() as runner:
        runner.run(_evaluate(made, train, 2 * slots))
        started = time.monotonic() - began
        alone = time.monotonic()
        runner.run(_evaluate(made, train, 1))
        alone = time.monotonic() - alone
        benchmark.pedantic(lambda: runner.run(_evaluate(made, train, 5 * slots)), rounds=1)  # type: ignore[no-untyped-call]
        runner.run(made.close())
    if benchmark.stats is not None:
        rate = 5 * slots / benchmark.stats.stats.median
        benchmark.extra_info.update(
            {"seconds until all slots have worked": round(started, 1), "candidates per second": round(rate, 1)}
            | {"of what one slot does times slots": round(rate * alone / slots, 2)}
        )


class _Sleeper:
    """A worker that does nothing for a second."""

    async def prepare(self) -> str:
        return "simulated"

    async def evaluate(self, task: EvaluationTask[int]) -> Evaluation:
        await asyncio.sleep(SECONDS)
        return Evaluation(status=Status.OK, objective=1.0, split="train", level="simulated")

    async def dismiss(self) -> None:
        """Nobody is there."""


async def _simulate(slots: int, candidates: int) -> float:
    """Evaluate so many candidates on a pool of so many workers; the longest time that the loop stood still, in seconds."""
    pool = Pool(_Sleeper, slots, patience=30.0, notice=lambda text: None)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before - 0.01)

    watching = asyncio.ensure_future(watch())
    await asyncio.gather(*(pool.evaluate(EvaluationTask(code="", instances=0)) for _ in range(candidates)))
    watching.cancel()
    await pool.close()
    return longest


def test_a_thousand_slots_simulated(benchmark: BenchmarkFixture) -> None:
    """The pool alone: 1,000 workers, 5,000 candidates of a second."""
    stall = benchmark.pedantic(lambda: asyncio.run(_simulate(1000, 5000)), rounds=1)  # type: ignore[no-untyped-call]
    if benchmark.stats is not None:
        benchmark.extra_info.update(
            {"candidates per second": round(5000 / benchmark.stats.stats.median), "longest stall, s": round(stall, 3)}
        )
