"""The travelling salesman problems: how long a candidate takes on the training split, beside the naive way of evaluating it.

Run with `make bench`.
"""

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.problem import Heuristic, Problem, instance_rng
from evoheur.problem_loading import load_problem

PROBLEMS: dict[str, dict[str, Any]] = {"tsp_constructive": {}, "tsp_gls": {"matrices": True}, "tsp_aco": {}}
RULES = [(name, rule) for name, settings in PROBLEMS.items() for rule in load_problem(name, settings).textbook_rules()]
CLASSIC = "def guide(distances, tour, penalties):\n    return distances / (1 + penalties)\n"


def _problem(name: str) -> Problem[Any]:
    problem = load_problem(name, PROBLEMS[name])
    problem.warm_up()
    return problem


def _candidate(problem: Problem[Any], name: str) -> Heuristic:
    # The starting rule; for guided local search the classic guide, with which the search has more to do.
    (function,) = problem.functions()
    if name != "tsp_gls":
        return Heuristic(code=inspect.getsource(function), functions={function.__name__: function})
    namespace: dict[str, Any] = {}
    exec(CLASSIC, namespace)
    return Heuristic(code=CLASSIC, functions={"guide": namespace["guide"]})


@pytest.mark.parametrize("name", PROBLEMS)
def test_frame(benchmark: BenchmarkFixture, name: str) -> None:
    """Solving and pricing the training split, in a process that is warm as a guest is."""
    problem = _problem(name)
    candidate, instances = _candidate(problem, name), problem.instances("train")

    def solve() -> None:
        for instance in instances:
            problem.cost(instance, problem.solve(candidate, instance, instance_rng(0, instance.name)).tolist())

    benchmark.pedantic(solve, rounds=5)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("name", PROBLEMS)
def test_naive(benchmark: BenchmarkFixture, name: str) -> None:
    """The same work in plain Python and NumPy, in a fresh interpreter; see `naive_tsp`."""
    problem: Any = load_problem(name, PROBLEMS[name])
    instances = [problem.encode(instance) for instance in problem.instances("train")]
    effort = getattr(problem, "iterations", 200 if name == "tsp_gls" else 0)
    task = json.dumps({"kind": name, "instances": instances, "effort": effort})
    command = [sys.executable, str(Path(__file__).with_name("naive_tsp.py"))]

    def solve() -> list[float]:
        done = subprocess.run(command, input=task, capture_output=True, text=True, check=True)
        lengths: list[float] = json.loads(done.stdout)
        return lengths

    lengths = benchmark.pedantic(solve, rounds=1)  # type: ignore[no-untyped-call]
    assert len(lengths) == len(instances)


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_textbook_rule(benchmark: BenchmarkFixture, name: str, rule: str) -> None:
    """One textbook rule on the training split."""
    problem = _problem(name)
    solver, instances = problem.textbook_rules()[rule], problem.instances("train")
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=3)  # type: ignore[no-untyped-call]


def test_pricing(benchmark: BenchmarkFixture) -> None:
    """Checking and pricing all training tours as they come from the guest."""
    problem = _problem("tsp_constructive")
    instances = problem.instances("train")
    tours = [problem.textbook_rules()["nearest_neighbour"](instance).tolist() for instance in instances]
    benchmark.pedantic(lambda: [problem.cost(*pair) for pair in zip(instances, tours, strict=True)], rounds=20)  # type: ignore[no-untyped-call]
