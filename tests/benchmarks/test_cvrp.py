"""Vehicle routing: how long a candidate takes on the training split, beside the naive way of evaluating it.

Run with `make bench`.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.problem import Heuristic, instance_rng, load_problem

PROBLEMS: dict[str, dict[str, Any]] = {
    "cvrp_constructive": {},
    "cvrp_savings": {"at_once": True},
    "cvrp_aco": {},
    "cvrp_ruin_recreate": {"by_order": True},
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_frame(benchmark: BenchmarkFixture, name: str) -> None:
    """Solving and pricing the training split with the starting rule, in a process that is warm as a guest is."""
    problem = load_problem(name, PROBLEMS[name])
    problem.warm_up()
    instances = problem.instances("train")
    heuristic = Heuristic(code="", functions={function.__name__: function for function in problem.functions()})

    def solve() -> None:
        for instance in instances:
            problem.cost(instance, problem.solve(heuristic, instance, instance_rng(0, instance.name)))

    benchmark.pedantic(solve, rounds=3)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", PROBLEMS)
def test_naive(benchmark: BenchmarkFixture, name: str) -> None:
    """The same work in plain Python and NumPy, in a fresh interpreter; see `naive_cvrp`."""
    problem: Any = load_problem(name, PROBLEMS[name])
    instances = [problem.encode(instance) for instance in problem.instances("train")]
    task = json.dumps({"kind": name, "instances": instances, "iterations": getattr(problem, "iterations", 0)})
    command = [sys.executable, str(Path(__file__).with_name("naive_cvrp.py"))]

    def solve() -> list[float]:
        done = subprocess.run(command, input=task, capture_output=True, text=True, check=True)
        lengths: list[float] = json.loads(done.stdout)
        return lengths

    lengths = benchmark.pedantic(solve, rounds=1)  # type: ignore[no-untyped-call]
    assert len(lengths) == len(instances)


@pytest.mark.parametrize("rule", ["clarke_wright", "random_greedy", "string_removal"])
def test_textbook_searches(benchmark: BenchmarkFixture, rule: str) -> None:
    """A compiled search on the training split, 2,000 iterations on each instance."""
    problem = load_problem("cvrp_ruin_recreate")
    problem.warm_up()
    instances, solver = problem.instances("train"), problem.textbook_rules()[rule]
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=3)  # type: ignore[no-untyped-call]
