"""Constructions on 20,000 cities: seconds of the processor, and the most memory that a process ever had.

Run with `make bench`; every case has a process of its own, since memory is looked at.
"""

import json
import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

CITIES = 20_000
_CODE = """
import json, resource, sys, time
import numpy as np
from evoheur.problem import Heuristic
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance

name, what, cities = sys.argv[1], sys.argv[2], int(sys.argv[3])
points = np.round(np.random.RandomState(0).uniform(0.0, 1e5, size=(cities, 2)))
made = TspInstance(name="large", family="large", metric="EUC_2D", data=points)
problem = load_problem(name)
problem.warm_up()
rules = problem.textbook_rules()
own = Heuristic(code="", functions={function.__name__: function for function in problem.functions()})
start = time.process_time()
tour = problem.solve(own, made, np.random.default_rng(0)) if what == "own" else rules[what](made)
seconds = time.process_time() - start
cost = problem.cost(made, tour.tolist())
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, cost]))
"""
CASES = [
    ("tsp_insertion", "own"),
    ("tsp_insertion", "farthest_insertion"),
    ("tsp_constructive", "own"),
    ("tsp_constructive", "nearest_neighbour"),
    ("tsp_constructive", "greedy_edge"),
    ("tsp_constructive", "greedy_2opt_oropt"),
]


@pytest.mark.parametrize(("name", "what"), CASES)
def test_twenty_thousand_cities(benchmark: BenchmarkFixture, name: str, what: str) -> None:
    """The starting heuristic in its frame, and textbook rules; memory is in the benchmark's extra information."""

    def measured() -> None:
        command = [sys.executable, "-c", _CODE, name, what, str(CITIES)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        benchmark.extra_info["cpu_seconds"], benchmark.extra_info["peak_mib"], benchmark.extra_info["cost"] = json.loads(said)

    benchmark.pedantic(measured, rounds=1)  # type: ignore[no-untyped-call]
