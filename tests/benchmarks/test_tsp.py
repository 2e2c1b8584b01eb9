"""The travelling salesman problems: how long one candidate takes on all training instances, and each textbook rule on the same."""

import inspect
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.problem import Heuristic, Problem, instance_rng, load_problem

NAMES = ("tsp_constructive", "tsp_gls", "tsp_aco")
RULES = [(name, rule) for name in NAMES for rule in load_problem(name).baselines()]


def _problem(name: str) -> Problem[Any]:
    problem = load_problem(name)
    problem.warm_up()
    return problem


@pytest.mark.parametrize("name", NAMES)
def test_starting_rule(benchmark: BenchmarkFixture, name: str) -> None:
    """The rule that a search starts from, on all training instances."""
    problem = _problem(name)
    (function,) = problem.functions()
    heuristic = Heuristic(code=inspect.getsource(function), functions={function.__name__: function})
    instances = problem.instances("train")

    def solve() -> list[Any]:
        return [problem.solve(heuristic, instance, instance_rng(1, instance.name)) for instance in instances]

    benchmark.pedantic(solve, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_textbook_rule(benchmark: BenchmarkFixture, name: str, rule: str) -> None:
    """One textbook rule, on all training instances."""
    problem = _problem(name)
    solver, instances = problem.baselines()[rule], problem.instances("train")
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=3, warmup_rounds=1)  # type: ignore[no-untyped-call]


def test_pricing(benchmark: BenchmarkFixture) -> None:
    """Checking and pricing all training tours as they come from the guest."""
    problem = _problem("tsp_constructive")
    instances = problem.instances("train")
    tours = [problem.baselines()["nearest_neighbour"](instance).tolist() for instance in instances]
    benchmark.pedantic(lambda: [problem.cost(*pair) for pair in zip(instances, tours, strict=True)], rounds=20)  # type: ignore[no-untyped-call]
