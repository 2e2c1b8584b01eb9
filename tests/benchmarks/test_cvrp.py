"""Vehicle routing: how long a candidate takes on the training split, beside the naive way of evaluating it.

Run with `make bench`.
"""

import inspect
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.problem import Heuristic, Problem, instance_rng
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp_ruin_recreate.search_by_views import LEAVING_ON_AVERAGE

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


_EMPTY = (
    "def leaving(p, lot, spacing, per_route, distance, rank, route_rank, offset, size, saving, demand, since, a, b, noise):\n"
    f"    return {LEAVING_ON_AVERAGE}.0 - rank\n\n\n"
    "def placing(p, demand, home, added, edge, free, size, noise):\n    return -added\n"
)
"""Two functions that do nothing beyond what any must: what they take is the frame's."""


def _candidate(problem: Problem[Any], code: str = "") -> Heuristic:
    code = code or "\n\n".join(inspect.getsource(function) for function in problem.functions())
    code = f"from typing import Any\nimport numpy as np\nfrom numpy.typing import NDArray\n\n\n{code}"
    names: dict[str, Any] = {}
    exec(code, names)
    return Heuristic(code=code, functions={function.__name__: names[function.__name__] for function in problem.functions()})


def test_searches_by_views_and_by_order(benchmark: BenchmarkFixture) -> None:
    """Iterations per second of processor time on the training split: by views and by order in turn, and with next to nothing to compute."""
    views, order = load_problem("cvrp_ruin_recreate"), load_problem("cvrp_ruin_recreate", {"by_order": True})
    sides = {
        "by views": (views, _candidate(views)),
        "nothing to compute": (views, _candidate(views, _EMPTY)),
        "by order": (order, _candidate(order)),
    }
    instances = views.instances("train")[::3]
    seconds = dict.fromkeys(sides, math.inf)
    for problem, _ in sides.values():
        problem.warm_up()

    def in_turn() -> None:
        for name, (problem, heuristic) in sides.items():
            started = time.process_time()
            for instance in instances:
                problem.solve(heuristic, instance, instance_rng(0, instance.name))
            seconds[name] = min(seconds[name], time.process_time() - started)

    benchmark.pedantic(in_turn, rounds=3)  # type: ignore[no-untyped-call]
    rates = {name: 2000 * len(instances) / spent for name, spent in seconds.items()}
    benchmark.extra_info.update({name: round(rate) for name, rate in rates.items()})
    benchmark.extra_info["ratio"] = round(rates["by views"] / rates["by order"], 2)
    assert rates["by views"] >= 5.0 * rates["by order"]
