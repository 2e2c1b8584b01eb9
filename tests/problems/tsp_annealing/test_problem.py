"""The travelling salesman problem by simulated annealing: contract, textbook rules, units, settings."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search import kernels as local_search
from evoheur.problems.tsp_annealing import kernels
from evoheur.problems.tsp_annealing.problem import AnnealedTSP, move_weights, next_temperature
from evoheur.problems.tsp_annealing.textbook_rules import PLATEAU, WARMING, adaptive_cooling, lam_cooling, matched_kinds
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import compiled, instance, random_instance
from tests.problems.tsp_constructive.test_problem import damaged_tours


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_annealing"
    settings: ClassVar[Mapping[str, Any]] = {"moves_per_city": 20}
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


def _solved(cities: TspInstance, seed: int = 0) -> list[int]:
    candidate = Heuristic(code="", functions={"next_temperature": next_temperature, "move_weights": move_weights})
    tour: list[int] = AnnealedTSP(moves_per_city=30).solve(candidate, cities, np.random.default_rng(seed)).tolist()
    return tour


def test_lam_follows_its_shares_of_moves_made() -> None:
    """Swartz's form by hand: 1 at the start, the plateau from 15 to 65 %, a 440th of it at the end."""
    assert lam_cooling(0.0, 0.0, 0.0, 3.0) == pytest.approx(0.15)
    for progress, target in ((0.075, PLATEAU + (1 - PLATEAU) * 560**-0.5), (0.4, PLATEAU), (0.825, PLATEAU * 440**-0.5)):
        assert lam_cooling(progress, 1.0, target * 1.01, 3.0) == 1.0 / WARMING
        assert lam_cooling(progress, 1.0, target * 0.99, 3.0) == WARMING


def test_adaptive_cooling_follows_the_spread() -> None:
    """By hand: wide spread, little cooling; none, the half."""
    assert adaptive_cooling(0.5, 1.0, 0.1, 3.0, 7.0) == pytest.approx(np.exp(-0.1))
    assert adaptive_cooling(0.5, 1.0, 0.1, 3.0, 0.0) == 0.5


def test_matched_kinds_are_tried_in_proportion_to_their_gains() -> None:
    """By hand; where nothing was gained, all alike."""
    zeros = np.zeros(3)
    assert matched_kinds(0.1, 1.0, zeros, zeros, np.array([3.0, 1.0, 0.0]), zeros).tolist() == pytest.approx([0.85, 0.35, 0.1])
    assert matched_kinds(0.1, 1.0, zeros, zeros, zeros, zeros).tolist() == [0.1] * 3


def test_the_textbook_differs_and_shortens_tours() -> None:
    """On one instance no two rules end alike, and all end below the greedy edge tour."""
    cities = random_instance(120, seed=5)
    rules = AnnealedTSP(moves_per_city=40).textbook_rules()
    costs = {name: AnnealedTSP().cost(cities, solver(cities).tolist()) for name, solver in rules.items()}
    assert len(set(costs.values())) == len(rules) == 5
    greedy = load_problem("tsp_constructive")
    assert max(costs.values()) < greedy.cost(cities, greedy.textbook_rules()["greedy_edge"](cities).tolist())


def test_the_seed_decides() -> None:
    """The same one gives the same tour, another one mostly another."""
    cities = random_instance(120, seed=5)
    assert _solved(cities) == _solved(cities)
    assert _solved(cities) != _solved(cities, seed=1)


def test_units_do_not_matter() -> None:
    """Temperatures mean the same when all coordinates are a thousand times as large."""
    cities = random_instance(60, seed=4)
    assert _solved(cities) == _solved(instance((cities.data * 1000.0).tolist()))


def test_more_moves_make_shorter_tours() -> None:
    """A setting of the problem, for textbook rules too; on the mean of six instances."""
    few, many = load_problem("tsp_annealing", {"moves_per_city": 50}), load_problem("tsp_annealing", {"moves_per_city": 1000})
    cities = [random_instance(80, seed) for seed in range(6)]
    for name in few.textbook_rules():
        costs = [
            np.mean([problem.cost(made, problem.textbook_rules()[name](made).tolist()) for made in cities])
            for problem in (few, many)
        ]
        assert costs[1] < costs[0], name


def test_too_few_moves_are_refused() -> None:
    """A round would be nearly empty."""
    with pytest.raises(ConfigError, match="moves_per_city is 19; give at least 20"):
        load_problem("tsp_annealing", {"moves_per_city": 19})


def test_no_training_family_is_tested() -> None:
    """Clusters, boards, 500 cities and large units are left for the test."""
    problem = load_problem("tsp_annealing")
    families = {split: {made.family for made in problem.instances(split)} for split in ("train", "validation", "test")}
    assert families["train"] <= families["validation"]
    assert not families["validation"] & families["test"]


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = AnnealedTSP(moves_per_city=20)
    problem.warm_up()
    hot: list[Any] = [kernels.anneal, kernels.measured_anew, local_search.kick, local_search.carry_over]
    before = [compiled(kernel) for kernel in hot]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    _solved(cities)
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in hot] == before
