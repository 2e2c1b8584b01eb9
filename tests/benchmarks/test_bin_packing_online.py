"""Online bin packing: how long the five training streams of 5,000 items take."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.problem import Heuristic, Problem, load_problem

RULES = {
    "best fit": "return -(bins - item).astype(float)",
    "masks and powers": """rest = (bins - item) / np.max(bins)
    scores = np.exp(-4.0 * rest) - 0.3 * rest ** 2 + np.tanh(item / (1 + bins))
    scores[bins == item] = 10.0
    return scores""",
    "loop over the bins": "return np.array([-(b - item) if b < 2 * item else -200.0 / (1 + b) for b in bins], dtype=float)",
}
NEIGHBOURS = "scores = -(bins - item).astype(float)\n    scores[1:] -= scores[:-1]\n    return scores"


def candidate(body: str) -> Heuristic:
    """A rule as the guest has it; a new object has no table yet."""
    code = f"import numpy as np\n\ndef priority(item, bins):\n    {body}\n"
    namespace: dict[str, Any] = {}
    exec(compile(code, "heuristic", "exec"), namespace)
    return Heuristic(code=code, functions={"priority": namespace["priority"]})


@pytest.fixture(name="problem")
def _problem() -> Problem[Any]:
    problem = load_problem("bin_packing_online")
    problem.warm_up()
    return problem


@pytest.mark.parametrize("rule", RULES)
def test_levels(benchmark: BenchmarkFixture, problem: Problem[Any], rule: str) -> None:
    """A new level rule on all training streams: analysis, table and packing."""
    _solve_all(benchmark, problem, RULES[rule], "levels", rounds=20)


@pytest.mark.parametrize("body", [f"bins.min()\n    {RULES['best fit']}", NEIGHBOURS], ids=["best fit", "neighbours"])
def test_plain(benchmark: BenchmarkFixture, problem: Problem[Any], body: str) -> None:
    """The same, bin by bin: best fit hidden from the analysis behind an unused minimum, and a rule that has to be."""
    _solve_all(benchmark, problem, body, "plain", rounds=2)


@pytest.mark.parametrize("name", ["first_fit", "best_fit", "worst_fit", "harmonic", "sum_of_squares"])
def test_baselines(benchmark: BenchmarkFixture, problem: Problem[Any], name: str) -> None:
    """A textbook rule on all training streams."""
    solver: Callable[[Any], Any] = problem.baselines()[name]
    instances = problem.instances("train")
    benchmark.pedantic(lambda: [solver(instance) for instance in instances], rounds=20)  # type: ignore[no-untyped-call]


def test_pricing(benchmark: BenchmarkFixture, problem: Problem[Any]) -> None:
    """Checking and pricing five solutions as they come from the guest."""
    instances = problem.instances("train")
    solutions = [problem.baselines()["best_fit"](instance).tolist() for instance in instances]
    benchmark.pedantic(lambda: [problem.cost(*pair) for pair in zip(instances, solutions, strict=True)], rounds=20)  # type: ignore[no-untyped-call]


def _solve_all(benchmark: BenchmarkFixture, problem: Problem[Any], body: str, path: str, *, rounds: int) -> None:
    instances = problem.instances("train")
    generator = np.random.default_rng(0)

    def solve(heuristic: Heuristic) -> None:
        for instance in instances:
            problem.solve(heuristic, instance, generator)
        assert heuristic.notes["path"] == path

    benchmark.pedantic(solve, setup=lambda: ((candidate(body),), {}), rounds=rounds)  # type: ignore[no-untyped-call]
