"""Taillard's job shops by his generator: published times, machines, bounds and optima, and figures of the literature."""

import numpy as np
import pytest

from evoheur.problem import to_json
from evoheur.problem_loading import load_problem
from evoheur.problems.job_shop_dispatching.one_machine_bounds import load_bound, shop_bound
from evoheur.problems.job_shop_dispatching.taillard_shops import SHOP_OPTIMA, published_shops

LOWER_BOUNDS = [977, 942, 921, 911, 940, 889, 935, 963, 982, 911]
"""Of the ten instances of 15x15, as Taillard (1993) printed them beside his seeds."""

MEANS = {"spt": 1546.1, "mopnr": 1481.3, "mwkr": 1464.3}
"""Mean makespans on 15x15 that the literature has for these rules (Park, Bakhtiyar & Park 2021, arXiv:2106.03051)."""


def test_the_first_job_is_the_published_one() -> None:
    first = published_shops("15x15")[0]
    assert first.name == "ta01"
    assert first.times[0].tolist() == [94, 66, 10, 53, 26, 15, 65, 82, 10, 27, 93, 92, 96, 70, 83]
    assert (1 + first.routes[0]).tolist() == [7, 13, 5, 8, 4, 3, 11, 12, 9, 15, 10, 14, 6, 1, 2]


def test_bounds_are_those_that_were_published() -> None:
    """Of loads and jobs; with fifty jobs every optimum is at the bound of single machines."""
    assert [load_bound(each) for each in published_shops("15x15")] == LOWER_BOUNDS
    assert [shop_bound(each) for each in published_shops("50x15")] == [SHOP_OPTIMA[f"ta{number}"] for number in range(51, 61)]


@pytest.mark.parametrize("size", ["15x15", "50x15"])
def test_no_rule_beats_an_optimum_and_no_optimum_a_bound(size: str) -> None:
    problem = load_problem("job_shop_dispatching")
    for instance in published_shops(size):
        optimum = problem.reference(instance)
        assert optimum is not None
        assert shop_bound(instance) <= optimum == SHOP_OPTIMA[instance.name]
        for name, solver in problem.textbook_rules().items():
            assert problem.cost(instance, to_json(solver(instance))) > optimum, name


def test_rules_are_where_the_literature_has_them() -> None:
    problem = load_problem("job_shop_dispatching")
    rules = problem.textbook_rules()
    means = {
        name: float(np.mean([problem.cost(each, to_json(rules[name](each))) for each in published_shops("15x15")]))
        for name in MEANS
    }
    assert {name: round(mean, 1) for name, mean in means.items()} == MEANS
