"""The travelling salesman problem by iterated local search: contract, textbook rules as candidates, units, settings."""

import zlib
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search import kernels as local_search
from evoheur.problems.tsp_kicks import kernels
from evoheur.problems.tsp_kicks.problem import KickedTSP, allowed_increases, kick_scores
from evoheur.problems.tsp_kicks.textbook_rules import TEMPERATURE
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import Points, compiled, instance, places, random_instance
from tests.problems.tsp_constructive.test_problem import damaged_tours


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_kicks"
    settings: ClassVar[Mapping[str, Any]] = {"kicks_per_city": 1}
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


def _annealed(progress: float, _behind: float, _stuck: float, noise: Any) -> Any:
    return -TEMPERATURE * (1.0 - progress) * np.log(noise)


CANDIDATES = {"random_kicks": allowed_increases, "annealed_kicks": _annealed}


def _solved(accept: Any, cities: TspInstance, seed: int = 0) -> list[int]:
    candidate = Heuristic(code="", functions={"kick_scores": kick_scores, "allowed_increases": accept})
    rng = np.random.default_rng(zlib.crc32(cities.name.encode()) + seed)
    tour: list[int] = KickedTSP(kicks_per_city=3).solve(candidate, cities, rng).tolist()
    return tour


@pytest.mark.parametrize("name", CANDIDATES)
@given(points=places(fewest=3, most=20))
def test_a_textbook_rule_is_one_line_and_finds_the_trusted_tour(name: str, points: Points) -> None:
    """With the same draws, on a grid where ties are common."""
    cities = instance(points)
    assert _solved(CANDIDATES[name], cities) == KickedTSP(kicks_per_city=3).textbook_rules()[name](cities).tolist()


@pytest.mark.parametrize("name", CANDIDATES)
def test_so_it_does_on_many_cities(name: str) -> None:
    """250 of them; the two textbook rules differ there."""
    cities = random_instance(250, seed=2)
    rules = KickedTSP(kicks_per_city=3).textbook_rules()
    assert _solved(CANDIDATES[name], cities) == rules[name](cities).tolist()
    assert rules["random_kicks"](cities).tolist() != rules["annealed_kicks"](cities).tolist()


def test_the_seed_decides() -> None:
    """The same one gives the same tour, another one mostly another."""
    cities = random_instance(120, seed=5)
    assert _solved(allowed_increases, cities) == _solved(allowed_increases, cities)
    assert _solved(allowed_increases, cities) != _solved(allowed_increases, cities, seed=1)


def test_units_do_not_matter() -> None:
    """Rules that mix lengths with numbers see the same when all coordinates are a thousand times as large."""
    cities = random_instance(60, seed=4)
    larger = instance((cities.data * 1000.0).tolist())
    assert _solved(_annealed, cities) == _solved(_annealed, larger)


def test_more_kicks_make_shorter_tours() -> None:
    """A setting of the problem, for textbook rules too; on the mean of ten instances."""
    few, many = load_problem("tsp_kicks", {"kicks_per_city": 1}), load_problem("tsp_kicks", {"kicks_per_city": 10})
    cities = [random_instance(80, seed) for seed in range(10)]
    for name in few.textbook_rules():
        costs = [
            np.mean([problem.cost(made, problem.textbook_rules()[name](made).tolist()) for made in cities])
            for problem in (few, many)
        ]
        assert costs[1] < costs[0], name


def test_no_kick_is_refused() -> None:
    """The rules would never be asked."""
    with pytest.raises(ConfigError, match="kicks_per_city is 0; give at least 1"):
        load_problem("tsp_kicks", {"kicks_per_city": 0})


def test_no_training_family_is_tested() -> None:
    """Clusters, boards, 500 cities and large units are left for the test."""
    problem = load_problem("tsp_kicks")
    families = {split: {made.family for made in problem.instances(split)} for split in ("train", "validation", "test")}
    assert families["train"] <= families["validation"]
    assert not (families["validation"] - families["train"]) & families["test"]
    assert not families["train"] & families["test"]
    assert len(problem.instances("train")) >= 64


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = KickedTSP()
    problem.warm_up()
    hot: list[Any] = [kernels.look, kernels.remembered, kernels.run_kicks, local_search.improve, local_search.kick]
    before = [compiled(kernel) for kernel in hot]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    _solved(allowed_increases, cities)
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in hot] == before
