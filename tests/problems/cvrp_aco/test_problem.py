"""The ant colony as a problem: contract, what the rule sees, settings."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp_aco.problem import AntColonyCVRP
from evoheur.problems.returned_numbers import BadAnswer
from tests.problems.cvrp.support.made_up import LINE, candidate, instance
from tests.problems.cvrp.support.route_contract import RouteContract


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_aco"
    settings: ClassVar[Mapping[str, Any]] = {"iterations": 5}


class TestContractWithLocalSearch(TestContract):
    """So does the colony whose best routes are improved."""

    settings: ClassVar[Mapping[str, Any]] = {"iterations": 5, "improve": True}


def test_local_search_is_named_and_makes_better_routes() -> None:
    """Savings that are improved are a search; the colony is better than those, and than what it is without local search."""
    problem = AntColonyCVRP(iterations=20, improve=True)
    assert problem.interface.endswith("; local search shortens the best routes of every iteration")
    assert {name: str(problem.rule_classes().of(name)) for name in problem.textbook_rules()} == {
        "clarke_wright": "offline, one pass",
        "clarke_wright_and_local_search": "offline, search",
        "inverse_distance_and_local_search": "offline, search",
        "inverse_distance_squared_and_local_search": "offline, search",
    }
    made = list(problem.instances("validation"))[::6]
    means = [float(np.mean([problem.cost(each, solver(each)) for each in made])) for solver in problem.textbook_rules().values()]
    assert means[0] > means[1] > means[3]
    plain = AntColonyCVRP(iterations=20).textbook_rules()["inverse_distance"]
    assert means[2] < 0.9 * float(np.mean([problem.cost(each, plain(each)) for each in made]))


def test_the_rule_sees_distances_without_zeros() -> None:
    """So that 1/d is finite on the diagonal and between customers at one place; customers are 4/3 from the depot on average."""
    seen: list[Any] = []

    def heuristics(*arguments: Any) -> Any:
        seen.extend(arguments)
        return np.ones((4, 4))

    made = instance(LINE, [2, 1, 3], capacity=10)
    AntColonyCVRP(iterations=1).solve(candidate([heuristics]), made, np.random.default_rng(0))
    distances, coordinates, demands, capacity = seen
    assert distances.min() == 1e-9
    assert distances[0].tolist() == pytest.approx([1e-9, 0.75, 1.5, 0.75], rel=1e-9)
    assert coordinates.tolist() == [[0.0, 0.0], [0.75, 0.0], [1.5, 0.0], [-0.75, 0.0]]
    assert demands.tolist() == [0.0, 0.2, 0.1, 0.3]
    assert capacity == 1.0
    distances[:] = coordinates[:] = demands[:] = 7
    assert made.distances[0, 1] == 1.0
    assert made.coordinates[0, 0] == 0.0
    assert made.demands[1] == 2


def test_an_unusable_matrix_is_the_candidates_fault() -> None:
    """One number per customer is no matrix."""

    def heuristics(*_: Any) -> Any:
        return np.ones(4)

    with pytest.raises(BadAnswer, match=r"^heuristics returned shape \(4,\)"):
        AntColonyCVRP().solve(candidate([heuristics]), instance(LINE, [1, 1, 1], capacity=9), np.random.default_rng(0))


def test_squared_distances_lead_better_than_plain_ones() -> None:
    """On six training instances: near neighbours are rarely preferred enough by 1/d."""
    problem = AntColonyCVRP(iterations=20)
    rules = problem.textbook_rules()

    def mean(name: str) -> float:
        return float(np.mean([problem.cost(made, rules[name](made)) for made in problem.instances("train")[:6]]))

    assert mean("inverse_distance_squared") < mean("inverse_distance")


def test_a_colony_needs_an_iteration() -> None:
    """The effort is a setting."""
    with pytest.raises(ConfigError, match="iterations is 0"):
        load_problem("cvrp_aco", {"iterations": 0})
