"""The travelling salesman problem by guided local search: contract and settings."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.local_search import kernels as local_search
from evoheur.problems.tsp_gls import kernels
from evoheur.problems.tsp_gls.problem import GuidedTSP, guide
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import compiled
from tests.problems.tsp_constructive.test_problem import damaged_tours


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_gls"
    settings: ClassVar[Mapping[str, Any]] = {"perturbations": 5}
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


class TestContractWithPublishedSet(TestContract):
    """So does ReEvo's training set."""

    settings: ClassVar[Mapping[str, Any]] = {"perturbations": 5, "set": "reevo_tsp200_gls"}


def _starting_rule() -> Heuristic:
    return Heuristic(code="", functions={"guide": guide})


def test_the_number_of_perturbations_counts() -> None:
    """A setting of the problem, for candidates and textbook guides alike."""
    few, many = load_problem("tsp_gls", {"perturbations": 1}), load_problem("tsp_gls", {"perturbations": 100})
    cities = few.instances("train")[0]
    for name in few.textbook_rules():
        lengths = [problem.cost(cities, problem.textbook_rules()[name](cities).tolist()) for problem in (few, many)]
        assert lengths[1] < lengths[0], name


def test_no_perturbation_is_refused() -> None:
    """The guide would never be asked."""
    with pytest.raises(ConfigError, match="perturbations is 0; give at least 1"):
        load_problem("tsp_gls", {"perturbations": 0})


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = GuidedTSP(perturbations=2)
    problem.warm_up()
    hot: list[Any] = [getattr(module, name) for module in (kernels, local_search) for name in module.__all__]
    before = [compiled(kernel) for kernel in hot]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    problem.solve(_starting_rule(), cities, np.random.default_rng(0))
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in hot] == before
