"""Ruin and recreate as a problem: contract, two functions, textbook searches."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from tests.problems.cvrp.support.made_up import data_folder
from tests.problems.cvrp.support.route_contract import RouteContract


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_ruin_recreate"
    settings: ClassVar[Mapping[str, Any]] = {"iterations": 50}


def test_two_functions_evolve_together() -> None:
    """In the order in which the search calls them."""
    assert [function.__name__ for function in RuinRecreateCVRP().functions()] == ["removal_scores", "insertion_scores"]


def test_a_search_needs_an_iteration() -> None:
    """The effort is a setting."""
    with pytest.raises(ConfigError, match="iterations is 0"):
        load_problem("cvrp_ruin_recreate", {"iterations": 0})


def test_more_effort_finds_shorter_routes() -> None:
    """For both textbook searches, on the mean over the training split."""
    for name in ("random_greedy", "string_removal"):
        means = []
        for iterations in (100, 1000, 10_000):
            problem = RuinRecreateCVRP(iterations=iterations)
            solver = problem.textbook_rules()[name]
            means.append(float(np.mean([problem.cost(made, solver(made)) for made in problem.instances("train")[:4]])))
        assert means == sorted(means, reverse=True)


@pytest.mark.slow
def test_string_removal_stands_where_it_should_on_published_instances() -> None:
    """Within 2 % of the best known lengths of every third X instance (100 to 400 customers) after 50,000 iterations, and never below."""
    problem = RuinRecreateCVRP(iterations=50_000)
    solver = problem.textbook_rules()["string_removal"]
    instances = [made for made in problem.read_instances(data_folder("cvrplib")) if made.family == "X"][::3]
    gaps = [100.0 * (problem.cost(made, solver(made)) / (problem.reference(made) or 0.0) - 1.0) for made in instances]
    assert len(gaps) == 10
    assert min(gaps) >= 0.0
    assert np.mean(gaps) < 2.0
