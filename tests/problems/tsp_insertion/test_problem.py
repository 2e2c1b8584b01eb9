"""The travelling salesman problem by insertion: contract, textbook rules as candidates, units, references."""

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp_insertion import kernels
from evoheur.problems.tsp_insertion.expressed_textbook import EXPRESSED
from evoheur.problems.tsp_insertion.problem import InsertionTSP, city_scores
from evoheur.problems.tsp_insertion.textbook_rules import RULES
from evoheur.testing.problem_contract import ProblemContract
from tests.benchmarks.naive.insertion import TEXTBOOK, tour_of
from tests.problems.tsp.support.cities import Points, compiled, heuristic, instance, places, random_instance
from tests.problems.tsp_constructive.test_problem import damaged_tours

ONE_LINERS = {name: functions["city_scores"] for name, functions in EXPRESSED.items()}


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_insertion"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


def _candidate(expression: str) -> Heuristic:
    arguments = ", ".join(inspect.signature(city_scores).parameters)
    return heuristic(f"def city_scores({arguments}):\n    return {expression}\n", "city_scores")


def _solved(candidate: Heuristic, cities: TspInstance) -> list[int]:
    tour: list[int] = InsertionTSP().solve(candidate, cities, np.random.default_rng(0)).tolist()
    return tour


@pytest.mark.parametrize("name", RULES)
@given(points=places(fewest=3))
def test_a_textbook_rule_is_one_line_and_builds_the_trusted_tour(name: str, points: Points) -> None:
    """City by city, on a grid where ties are common; so does the same rule in lists."""
    cities = instance(points)
    trusted = RULES[name](cities).tolist()
    assert _solved(_candidate(ONE_LINERS[name]), cities) == trusted
    assert tour_of(TEXTBOOK[name], InsertionTSP().posed(cities).distances) == trusted


@pytest.mark.parametrize("name", RULES)
def test_so_it_does_on_many_cities(name: str) -> None:
    """400 of them, where what is kept per city is corrected many times."""
    cities = random_instance(400, seed=2)
    assert _solved(_candidate(ONE_LINERS[name]), cities) == RULES[name](cities).tolist()


def test_the_starting_rule_is_regret_insertion() -> None:
    """On the training instances."""
    problem = InsertionTSP()
    for cities in problem.instances("train")[:20]:
        start = Heuristic(code="", functions={"city_scores": city_scores})
        assert _solved(start, cities) == problem.textbook_rules()["regret_insertion"](cities).tolist()


def test_units_do_not_matter() -> None:
    """A rule that adds a length to a share sees the same numbers when all coordinates are a thousand times as large."""
    cities = random_instance(60, seed=4)
    larger = instance((cities.data * 1000.0).tolist())
    for rule in ("regret + share", "np.exp(-nearest) - regret", "regret * (nearest > 2.5)"):
        candidate = _candidate(rule.replace("np.", "__import__('numpy')."))
        assert _solved(candidate, cities) == _solved(candidate, larger), rule


def test_no_training_family_is_tested() -> None:
    """Clusters, boards, 500 cities and large units are left for the test."""
    families = {
        split: {made.family for made in load_problem("tsp_insertion").instances(split)}
        for split in ("train", "validation", "test")
    }
    assert families["train"] <= families["validation"]
    assert not (families["validation"] - families["train"]) & families["test"]
    assert len(families["train"]) >= 5
    assert not families["train"] & families["test"]
    assert len(load_problem("tsp_insertion").instances("train")) >= 64


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = InsertionTSP()
    problem.warm_up()
    hot: list[Any] = [getattr(kernels, name) for name in ("insert", "insert_by", "start")]
    before = [compiled(kernel) for kernel in hot]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    _solved(Heuristic(code="", functions={"city_scores": city_scores}), cities)
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in hot] == before
