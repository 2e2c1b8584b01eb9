"""What Ray costs: candidates per second at two workers, beside two slots of the local executor. Two free processors are needed.

Run with `make bench`.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig
from evoheur.evaluation.ray.ray_config import RayConfig
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits

SLOTS = 2


@pytest.fixture(scope="module", params=["local", "ray"])
def executor(request: pytest.FixtureRequest, scheduling: str) -> Iterator[Executor]:
    """Two slots in a jail, both warm."""
    recipe = EvaluatorRecipe(problem=scheduling, settings={}, sandbox=JailConfig(), limits=Limits(memory_mib=256), seed=1)
    config = LocalConfig(slots=SLOTS) if request.param == "local" else RayConfig(slots=SLOTS)
    executor = config.build(recipe, recipe.load())
    with asyncio.Runner() as runner:
        runner.run(_evaluate(executor, load_problem(scheduling), 0.01, 8))
        yield executor
        runner.run(executor.close())


def _busy(seconds: float) -> str:
    return (
        f"import time\nend = time.perf_counter() + {seconds}\nwhile time.perf_counter() < end:\n    pass\n\n"
        "def choose(length, loads):\n    return -loads.astype(float)\n"
    )


async def _evaluate(executor: Executor, problem: Problem[Any], seconds: float, times: int) -> None:
    train = InstanceSet.of_split(problem, "train")
    scored = await asyncio.gather(
        *(executor.evaluate(EvaluationTask(code=_busy(seconds), instances=train)) for _ in range(times))
    )
    assert {one.status for one in scored} == {Status.OK}


@pytest.mark.parametrize(("seconds", "candidates"), [(0.02, 100), (1.0, 10)], ids=["20 ms", "1 s"])
def test_candidates_that_compute_for(
    benchmark: BenchmarkFixture, executor: Executor, scheduling: str, seconds: float, candidates: int
) -> None:
    """Wall time from the first candidate to the last score."""
    problem = load_problem(scheduling)
    with asyncio.Runner() as runner:
        benchmark.pedantic(  # type: ignore[no-untyped-call]
            lambda: runner.run(_evaluate(executor, problem, seconds, candidates)), rounds=3
        )
    if benchmark.stats is not None:
        benchmark.extra_info["candidates per second"] = round(candidates / benchmark.stats.stats.median, 1)
