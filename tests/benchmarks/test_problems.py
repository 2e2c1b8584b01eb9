"""Candidates per second of every bundled problem, two at a time, beside naive evaluation.

A candidate is the problem's starting rule on all training instances, from its source to its score. Ours go through the executor with two
slots, in jails, with checking and pricing; naive ones are solved by the twins of `naive`, which find the same costs
(`tests/problems/test_naive_frames.py`), in fresh interpreters of which two run at a time.
Extra info has both rates, their ratio (the aim is 10, and 100 for ant colonies and guided local search) and the memory of a worker in
MB, which is its guest and the candidate in it with shared pages counted by share (the aim is 600).

Run with `make bench`, or `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_problems.py -s`.
"""

import asyncio
import inspect
import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.sandbox.interface import Limits

SLOTS, ROUNDS, SEED = 2, 3, 1
SECONDS = 2.0
"""How long a round of ours takes at least, about: a rate of a few candidates is not worth much."""

_NEAR_OTHERS = """def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):
    best, least = -1, float("inf")
    for node in unvisited_nodes:
        near = 0.0
        for other in unvisited_nodes:
            if other != node:
                near += 1.0 / (distance_matrix[node, other] + 0.01)
        score = distance_matrix[current_node, node] - 0.0001 * near
        if score < least:
            best, least = node, score
    return int(best)
"""
_FILLED_WELL = """def completing(free, inside, left, mean, spare, size, rest, slack, following, alike, smaller, beside):
    scores = np.zeros(len(size))
    for i in range(len(size)):
        scores[i] = size[i] - 3 * slack[i]
        for other in range(i, len(size)):
            if size[other] == rest[i]:
                scores[i] += 1.0
                break
    return scores
"""
LOOPING = {"a loop over cities": ("tsp_constructive", _NEAR_OTHERS), "a loop over sizes": ("bin_packing_offline", _FILLED_WELL)}
"""Rules with loops, as models write them."""

STARTING = {name: (name, "") for name in bundled_problems()}


def _source(problem: Problem[Any], code: str) -> str:
    rules = code or "\n\n".join(inspect.getsource(function) for function in problem.functions())
    return f"from typing import Any\nimport numpy as np\nfrom numpy.typing import NDArray\n\n\n{rules}"


def _naive_rate(problem: Any, name: str, code: str) -> float:
    effort = getattr(problem, "iterations", getattr(problem, "perturbations", 0))
    instances = [problem.encode(instance) for instance in problem.instances("train")]
    task = json.dumps({"problem": name, "code": code, "instances": instances, "effort": effort, "seed": SEED})

    def once(_: int) -> int:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.naive.evaluate"],
            input=task,
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        return len(json.loads(done.stdout))

    start = time.perf_counter()
    with ThreadPoolExecutor(SLOTS) as pool:
        assert list(pool.map(once, range(SLOTS))) == [len(instances)] * SLOTS
    return SLOTS / (time.perf_counter() - start)


def _worker_memory() -> float:
    # Guests, and the candidates in them, are all that this process has started.
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except OSError:  # it ended meanwhile
            continue
        found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        total += int(found.group(1)) if found else 0
    return total / 1024 / SLOTS


@pytest.mark.parametrize("what", [*STARTING, *LOOPING])
def test_candidates_per_second(benchmark: BenchmarkFixture, what: str) -> None:
    """Two slots, then the naive way."""
    name, rules = {**STARTING, **LOOPING}[what]
    problem = load_problem(name)
    code = _source(problem, rules)
    recipe = EvaluatorRecipe(problem=name, settings={}, sandbox=JailConfig(), limits=Limits(), seed=SEED)
    executor = LocalConfig(slots=SLOTS).build(recipe, problem)
    train = InstanceSet.of_split(problem, "train")
    memory: list[float] = []

    async def evaluate(count: int) -> None:
        tasks = [asyncio.create_task(executor.evaluate(EvaluationTask(code=code, instances=train))) for _ in range(count)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        memory.append(_worker_memory())
        for scored in await asyncio.gather(*tasks):
            assert scored.status is Status.OK, scored.detail

    with asyncio.Runner() as runner:
        runner.run(evaluate(SLOTS))
        start = time.perf_counter()
        runner.run(evaluate(SLOTS))
        count = SLOTS * max(1, min(50, round(SECONDS / (time.perf_counter() - start))))
        benchmark.pedantic(lambda: runner.run(evaluate(count)), rounds=ROUNDS)  # type: ignore[no-untyped-call]
        runner.run(executor.close())
    if benchmark.stats is None:
        return
    ours, naive = count / benchmark.stats.stats.median, _naive_rate(problem, name, code)
    told = {
        "per second": round(ours, 2),
        "naive": round(naive, 4),
        "ratio": round(ours / naive, 1),
        "MB per worker": round(max(memory)),
    }
    benchmark.extra_info.update(told)
    print(f"\n{what}: {', '.join(f'{key} {value:,}' for key, value in told.items())}")  # noqa: T201
