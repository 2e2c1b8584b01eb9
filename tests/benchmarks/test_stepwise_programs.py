"""Step-by-step construction by programs as models write them: how many the machine carries out, and how much faster than Python.

    pytest -s tests/benchmarks/test_stepwise_programs.py --override-ini addopts=

Every program solves the training instances in Python and then with the machine, in one run, by processor time. All that it costs is
counted (reading and translating the program, laying out the instances, the steps that both answer) but for compiling it, which happens once
and not for each program.
"""

import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic, Problem, to_json
from evoheur.problems.cvrp_constructive.problem import ConstructiveCVRP
from evoheur.problems.stepwise_heuristics.memory import COMPILED
from evoheur.problems.tsp_constructive.problem import ConstructiveTSP
from tests.problems.stepwise_heuristics.support.route_programs import ROUTE_PROGRAMS
from tests.problems.stepwise_heuristics.support.tour_programs import TOUR_PROGRAMS

_ARGUMENTS = {
    "tours": "current_node, destination_node, unvisited_nodes, distance_matrix",
    "routes": "current_node, depot, unvisited_nodes, rest_capacity, demands, distance_matrix",
}
_CASES: dict[str, tuple[Problem[Any], dict[str, str]]] = {
    "tours": (ConstructiveTSP(machine=True), TOUR_PROGRAMS),
    "routes": (ConstructiveCVRP(machine=True), ROUTE_PROGRAMS),
}


def solved(problem: Problem[Any], instances: Sequence[Any], code: str, *, plain: bool) -> tuple[list[Any], float, str]:
    """Solutions, seconds of processor time, and the path."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    heuristic = Heuristic(code="" if plain else code, functions={"select_next_node": namespace["select_next_node"]})
    begin = time.process_time()
    solutions = [to_json(problem.solve(heuristic, each, np.random.default_rng(0))) for each in instances]
    return solutions, time.process_time() - begin, heuristic.notes["path"]


@pytest.mark.skipif(not COMPILED, reason="there is no machine without a compiler")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("case", _CASES)
def test_machine_beside_python(case: str) -> None:
    """The same solutions, on the machine's path, in less time; the first program does nothing, which is the limit."""
    problem, programs = _CASES[case]
    instances = list(problem.instances("train"))
    nothing = f"def select_next_node({_ARGUMENTS[case]}):\n    return unvisited_nodes[0]\n"
    problem.warm_up()
    ratios, on_machine = [], 0
    for name, code in {"(nothing)": nothing, **programs}.items():
        expected, slow, _ = solved(problem, instances, code, plain=True)
        found, fast, path = solved(problem, instances, code, plain=False)
        assert found == expected, name
        on_machine += path == "machine"
        ratios.append(slow / fast)
        sys.stdout.write(f"\n{case} {name}: {1e3 * slow:.1f} ms in Python, {1e3 * fast:.1f} ms ({path}), {slow / fast:.1f} x")
    sys.stdout.write(
        f"\n{case}: {on_machine} of {len(ratios)} on the machine, median {np.median(ratios):.1f} x, least {min(ratios):.1f} x\n"
    )
    assert on_machine == len(ratios)
