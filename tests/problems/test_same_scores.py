"""Scores of earlier versions, which `same_scores.txt` of the bundled problems vouches for: what solvers cost then, they cost now.

The costs in `tests/data/costs.json` are those of the starting heuristic ("own") and of every textbook rule on the first two instances of a
split, written at commit 146ac9d and equal up to the commit that added them. They are never to be remade for a problem whose
`same_scores.txt` names an earlier version: then its lines have to go.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from evoheur.problem import SPLITS, Heuristic, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems

COSTS = json.loads((Path(__file__).parents[1] / "data" / "costs.json").read_text())


@pytest.mark.parametrize("name", bundled_problems())
def test_solvers_cost_what_they_did(name: str) -> None:
    problem = load_problem(name)
    own = problem.heuristic if isinstance(problem.heuristic, tuple) else (problem.heuristic,)
    seen = {}
    for split in SPLITS[:2]:
        for instance in list(problem.instances(split))[:2]:
            starting = Heuristic(code="", functions={function.__name__: function for function in own})
            solutions = {"own": problem.solve(starting, instance, np.random.default_rng(5))}
            solutions |= {rule: solver(instance) for rule, solver in problem.textbook_rules().items()}
            seen[f"{split}/{instance.name}"] = {rule: problem.cost(instance, to_json(each)) for rule, each in solutions.items()}
    assert list(seen) == list(COSTS[name])
    for instance_name, costs in seen.items():
        assert costs == pytest.approx(COSTS[name][instance_name], rel=1e-9), instance_name
