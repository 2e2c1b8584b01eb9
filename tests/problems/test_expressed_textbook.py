"""Textbook rules written as heuristics, of every bundled problem: they do what the trusted solvers do."""

import zlib
from typing import Any

import numpy as np
import pytest

from evoheur.api.warm_starts import expressed_rules
from evoheur.code.program import code_hash
from evoheur.problem import Heuristic, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems

_SETTINGS: dict[str, dict[str, Any]] = {
    "bin_packing_online_levels": {"horizon": True},
    "cvrp_aco": {"iterations": 3},
    "cvrp_ruin_recreate": {"iterations": 100},
    "flow_shop_iterated_greedy": {"steps_per_job": 1},
    "tsp_aco": {"iterations": 3},
    "tsp_annealing": {"moves_per_city": 20},
    "tsp_gls": {"perturbations": 5},
    "tsp_kicks": {"kicks_per_city": 1},
}
"""Little work, and all that heuristics may be told."""


def heuristic(code: str, names: tuple[str, ...]) -> Heuristic:
    """A candidate of a source."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    return Heuristic(code=code, functions={name: namespace[name] for name in names})


@pytest.mark.parametrize("name", [name for name in bundled_problems() if name != "cvrp_ruin_recreate"])
def test_expressed_rules_cost_what_the_trusted_ones_do(name: str) -> None:
    """On an instance of each end of train, with the draws that the trusted solver makes.

    Ruin and recreate draws in another way than its trusted solvers; tests of its own hold the two against each other.
    """
    problem = load_problem(name, _SETTINGS.get(name, {}))
    functions = tuple(function.__name__ for function in problem.functions())
    rules, instances = expressed_rules(problem), problem.instances("train")
    assert rules
    assert set(rules) <= set(problem.textbook_rules())
    for rule, code in rules.items():
        for instance in (instances[0], instances[-1]):
            drawn = np.random.default_rng(zlib.crc32(instance.name.encode()))
            ours = problem.solve(heuristic(code, functions), instance, drawn)
            theirs = problem.textbook_rules()[rule](instance)
            assert problem.cost(instance, to_json(ours)) == problem.cost(instance, to_json(theirs)), (rule, instance.name)


@pytest.mark.parametrize("name", bundled_problems())
def test_expressed_rules_are_different_heuristics(name: str) -> None:
    codes = [code_hash(code) for code in expressed_rules(load_problem(name, _SETTINGS.get(name, {}))).values()]
    assert len(set(codes)) == len(codes)


def test_rules_that_a_setting_takes_the_arguments_of_are_left_out() -> None:
    """Those that finish need to know how many items come; guides by edges cannot be told as matrices."""
    blind, told = (load_problem("bin_packing_online_levels", {"horizon": horizon}) for horizon in (False, True))
    assert set(expressed_rules(told)) - set(expressed_rules(blind)) == {"sum_of_squares_with_finish", "weighted_sum_of_squares"}
    assert expressed_rules(load_problem("tsp_gls", {"matrices": True})) == {}
