"""The travelling salesman problem by guided local search: contract, textbook rules as candidates, interfaces, settings."""

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search import kernels as local_search
from evoheur.problems.tsp_gls import matrix_kernels, round_kernels
from evoheur.problems.tsp_gls.matrix_search import guide
from evoheur.problems.tsp_gls.problem import GuidedTSP, edge_scores
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import Points, compiled, instance, places, published_files, random_instance
from tests.problems.tsp_constructive.test_problem import damaged_tours
from tests.support.example_budget import dear


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_gls"
    settings: ClassVar[Mapping[str, Any]] = {"perturbations": 5}
    solved = 1

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


class TestContractWithMatrices(TestContract):
    """So does the interface that asks for matrices."""

    settings: ClassVar[Mapping[str, Any]] = {"perturbations": 5, "matrices": True}


@pytest.mark.nightly
class TestContractWithPublishedSet(TestContract):
    """So does ReEvo's training set."""

    settings: ClassVar[Mapping[str, Any]] = {"perturbations": 5, "set": "reevo_tsp200_gls"}


def _knowledge(_mean: float, _progress: float, length: Any, _p: Any, _r: Any, _f: Any, near: Any, *_: Any) -> Any:
    return length / near


CANDIDATES = {"classic_gls": edge_scores, "knowledge_gls": _knowledge}


def _solved(rule: Any, cities: TspInstance, rounds: int | None = None) -> list[int]:
    candidate = Heuristic(code="", functions={"edge_scores": rule})
    tour: list[int] = GuidedTSP(perturbations=rounds).solve(candidate, cities, np.random.default_rng(0)).tolist()
    return tour


@pytest.mark.parametrize("name", CANDIDATES)
@dear()
@given(points=places(fewest=3, most=20))
def test_a_textbook_rule_is_one_line_and_finds_the_trusted_tours(name: str, points: Points) -> None:
    """After every round, on a grid where ties are common."""
    cities = instance(points)
    for rounds in range(1, 9):
        assert (
            _solved(CANDIDATES[name], cities, rounds) == GuidedTSP(perturbations=rounds).textbook_rules()[name](cities).tolist()
        )


@pytest.mark.parametrize("name", CANDIDATES)
def test_so_it_does_on_many_cities(name: str) -> None:
    """250 of them; the textbook rules differ there."""
    cities = random_instance(250, seed=2)
    rules = GuidedTSP().textbook_rules()
    assert _solved(CANDIDATES[name], cities) == rules[name](cities).tolist()
    assert rules["classic_gls"](cities).tolist() != rules["knowledge_gls"](cities).tolist()


def test_units_do_not_matter() -> None:
    """Heuristics that mix lengths with numbers see the same when all coordinates are a thousand times as large."""

    def mixing(_mean: float, _progress: float, length: Any, penalties: Any, *views: Any) -> Any:
        return np.exp(-length) + penalties - 0.3 * views[2]

    cities = random_instance(60, seed=4)
    assert _solved(mixing, cities) == _solved(mixing, instance((cities.data * 1000.0).tolist()))


@pytest.mark.parametrize("matrices", [False, True])
def test_the_number_of_perturbations_counts(matrices: bool) -> None:
    """A setting of the problem, for candidates and textbook rules alike; on the mean of six instances."""
    few, many = (load_problem("tsp_gls", {"perturbations": count, "matrices": matrices}) for count in (1, 100))
    cities = [random_instance(100, seed) for seed in range(6)]
    for name in few.textbook_rules():
        costs = [
            np.mean([problem.cost(made, problem.textbook_rules()[name](made).tolist()) for made in cities])
            for problem in (few, many)
        ]
        assert costs[1] < costs[0], name


def test_the_interfaces_are_told_apart() -> None:
    """What evolves, what is printed of it, and how often it is asked; a published set comes with the published one."""
    rounds, matrices, published = GuidedTSP(), GuidedTSP(matrices=True), GuidedTSP(set="reevo_tsp200_gls")
    assert [problem.functions() for problem in (rounds, matrices)] == [(edge_scores,), (guide,)]
    assert rounds.interface.endswith("; edges of the tour, scored by rounds")
    assert matrices.interface.endswith("; a matrix before every penalty")
    assert published.matrices
    assert published.functions()[0].__module__.endswith("published_interface")
    assert published.interface.startswith("published, as with the set reevo_tsp200_gls")
    assert list(inspect.signature(published.functions()[0]).parameters) == ["distances", "tour", "penalties"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"perturbations": 0}, "perturbations is 0; give at least 1"),
        ({"matrices": "yes"}, "matrices is 'yes'; give true or false"),
        ({"set": "mine"}, "set is 'mine'; known are reevo_tsp200_gls"),
    ],
)
def test_other_settings_are_refused(settings: Mapping[str, Any], reason: str) -> None:
    """Before anything is solved."""
    with pytest.raises(ConfigError, match=reason):
        load_problem("tsp_gls", settings)


def test_no_training_family_is_tested() -> None:
    """Clusters, boards, 500 cities and large units are left for the test."""
    problem = load_problem("tsp_gls")
    families = {split: {made.family for made in problem.instances(split)} for split in ("train", "validation", "test")}
    assert families["train"] <= families["validation"]
    assert not (families["validation"] - families["train"]) & families["test"]
    assert not families["train"] & families["test"]
    assert len(families["train"]) >= 5
    assert len(problem.instances("train")) >= 64


@pytest.mark.parametrize("matrices", [False, True])
def test_after_warming_up_nothing_is_compiled_any_more(matrices: bool) -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = GuidedTSP(perturbations=2, matrices=matrices)
    problem.warm_up()
    kernels = (
        [matrix_kernels.perturb] if matrices else [round_kernels.look, round_kernels.penalise, round_kernels.remembered_edges]
    )
    hot: list[Any] = [*kernels, local_search.improve, local_search.started, local_search.neighbour_lists]
    before = [compiled(kernel) for kernel in hot]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    (function,) = problem.functions()
    problem.solve(Heuristic(code="", functions={function.__name__: function}), cities, np.random.default_rng(0))
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in hot] == before


def test_textbook_rules_are_near_published_references() -> None:
    """Within 1 % of LKH-3 on average over eight published instances of 200 cities, and never below by more than its rounding."""
    read = read_instances(published_files("tsp_uniform") / "tsp200_val.npy")
    problem = GuidedTSP()
    for name, solver in problem.textbook_rules().items():
        gaps = [problem.cost(made, solver(made).tolist()) / read.references[made.name] - 1.0 for made in read.instances[:8]]
        assert min(gaps) > -1e-6, name
        assert np.mean(gaps) < 0.01, name
