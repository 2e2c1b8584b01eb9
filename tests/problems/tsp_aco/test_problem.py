"""The travelling salesman problem by an ant colony: contract, settings, and the order of the textbook heuristics."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp.spacing_units import unit_free
from evoheur.problems.tsp_aco import kernels
from evoheur.problems.tsp_aco.problem import AntColonyTSP, heuristics
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import compiled, heuristic, random_instance
from tests.problems.tsp_constructive.test_problem import damaged_tours


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_aco"
    settings: ClassVar[Mapping[str, Any]] = {"iterations": 5}
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


@pytest.mark.nightly
class TestContractWithPublishedSet(TestContract):
    """So does ReEvo's training set."""

    settings: ClassVar[Mapping[str, Any]] = {"iterations": 5, "set": "reevo_tsp50_aco"}


class TestContractWithLocalSearch(TestContract):
    """So does the colony whose best tours are improved."""

    settings: ClassVar[Mapping[str, Any]] = {"iterations": 5, "improve": True}


def test_local_search_is_named_and_makes_better_tours() -> None:
    """The rules say what they do, and are nearer to the best known tours; without it names and tours are what they were."""
    plain, improved = AntColonyTSP(iterations=20), AntColonyTSP(iterations=20, improve=True)
    names = [f"{name}_and_local_search" for name in plain.textbook_rules()]
    assert list(improved.textbook_rules()) == ["greedy_2opt_oropt", *names]
    assert "local search" in improved.interface
    assert "local search" not in plain.interface
    for cities in list(plain.instances("validation"))[:3]:
        for name, solver in plain.textbook_rules().items():
            better = improved.textbook_rules()[f"{name}_and_local_search"]
            lengths = [problem_length(plain, cities, rule) for rule in (better, solver)]
            assert lengths[0] < 0.97 * lengths[1], name


def problem_length(problem: AntColonyTSP, cities: Any, solver: Any) -> float:
    """Of a rule's tour."""
    return problem.cost(cities, solver(cities).tolist())


@pytest.mark.parametrize("name", ["tsp_aco", "cvrp_aco"])
def test_improve_is_a_yes_or_no(name: str) -> None:
    """A number of moves is no setting."""
    with pytest.raises(ConfigError, match="improve is 3; give true or false"):
        load_problem(name, {"improve": 3})


def test_higher_powers_of_1_over_d_are_better() -> None:
    """On the training set of the published systems: 1/d is far behind, 1/d⁴ within 1.5 % of 5.85, as others measured."""
    problem = AntColonyTSP(set="reevo_tsp50_aco")
    means = {
        name: np.mean([problem.cost(cities, solver(cities).tolist()) for cities in problem.instances("train")])
        for name, solver in problem.textbook_rules().items()
    }
    assert means["inverse_distance"] > means["inverse_distance_squared"] > means["inverse_distance_to_the_fourth"]
    assert means["inverse_distance_to_the_fourth"] == pytest.approx(5.85, rel=0.015)


def test_the_starting_rule_is_asked_once_with_distances_to_divide_by() -> None:
    """A copy of its own, positive everywhere."""
    asked = []

    def rule(distances: Any) -> Any:
        asked.append(distances.copy())
        distances[:] = 1.0
        return distances

    cities = random_instance(10)
    AntColonyTSP(iterations=3).solve(Heuristic(code="", functions={"heuristics": rule}), cities, np.random.default_rng(0))
    assert len(asked) == 1
    assert (asked[0] == unit_free(cities).divisible()).all()


def test_a_matrix_of_another_shape_is_refused() -> None:
    """With what was expected."""
    rule = heuristic("def heuristics(distances):\n    return distances[0]\n", "heuristics")
    with pytest.raises(BadAnswer, match=r"heuristics returned shape \(10,\), expected real numbers of shape \(10, 10\)"):
        AntColonyTSP().solve(rule, random_instance(10), np.random.default_rng(0))


def test_no_iteration_is_refused() -> None:
    """No ant would ever walk."""
    with pytest.raises(ConfigError, match="iterations is 0; give at least 1"):
        load_problem("tsp_aco", {"iterations": 0})


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = AntColonyTSP(iterations=2)
    problem.warm_up()
    before = compiled(kernels.walk)
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    problem.solve(Heuristic(code="", functions={"heuristics": heuristics}), cities, np.random.default_rng(0))
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert compiled(kernels.walk) == before
