"""The travelling salesman problem by a rule that chooses the next city: contract, references, published lengths."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Instance, Json
from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.construction import kernels as construction
from evoheur.problems.tsp.local_search import kernels as local_search
from evoheur.problems.tsp_constructive.problem import ConstructiveTSP, select_next_node
from evoheur.testing.problem_contract import ProblemContract
from tests.problems.tsp.support.cities import compiled, heuristic, instance, published_files, random_instance


def damaged_tours(solution: Json) -> Mapping[str, Json]:
    """Broken tours, by what is wrong with them."""
    return {
        "a city twice": [*solution[:-1], solution[0]],
        "a city beyond the last": [*solution[:-1], len(solution)],
        "the way back written out": [*solution, solution[0]],
        "no tour, but a matrix": [solution, solution],
    }


class TestContract(ProblemContract):
    """The problem keeps to what every problem must."""

    name = "tsp_constructive"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """Cities repeated, unknown, too many."""
        return damaged_tours(solution)


@pytest.mark.nightly
class TestContractWithPublishedSet(TestContract):
    """So does the training set of EoH."""

    settings: ClassVar[Mapping[str, Any]] = {"set": "eoh_tsp50"}


def _starting_rule() -> Heuristic:
    return Heuristic(code="", functions={"select_next_node": select_next_node})


def test_the_starting_rule_is_nearest_neighbour() -> None:
    """City for city, where no two distances are equal."""
    problem, cities = ConstructiveTSP(), random_instance(60)
    solution = problem.solve(_starting_rule(), cities, np.random.default_rng(0))
    assert solution.tolist() == problem.textbook_rules()["nearest_neighbour"](cities).tolist()


@pytest.mark.parametrize(("name", "mean"), [("eoh_tsp50", 6.60788), ("llm4ad_tsp50", 6.82397)])
def test_the_starting_rule_is_as_long_as_published(name: str, mean: float) -> None:
    """The mean length of nearest neighbour that EoH and LLM4AD report for their training sets, through the whole frame."""
    problem = ConstructiveTSP(set=name)
    rng = np.random.default_rng(0)
    costs = [problem.cost(made, problem.solve(_starting_rule(), made, rng).tolist()) for made in problem.instances("train")]
    assert np.mean(costs) == pytest.approx(mean, abs=5e-6)


def test_a_rule_that_changes_the_distances_fails() -> None:
    """They are shared by all steps."""
    rule = heuristic(
        "def select_next_node(c, d, unvisited, distances):\n    distances[:] = 0\n    return unvisited[0]\n", "select_next_node"
    )
    with pytest.raises(ValueError, match="read-only"):
        ConstructiveTSP().solve(rule, random_instance(6), np.random.default_rng(0))


def test_another_set_is_refused() -> None:
    """With the words that are known; a set of another frame is another set."""
    with pytest.raises(ConfigError, match="set is 'reevo_tsp50_aco'; known are eoh_tsp50, llm4ad_tsp50, reevo_tsp50, or nothing"):
        load_problem("tsp_constructive", {"set": "reevo_tsp50_aco"})


def test_references_of_files_lie_beside_them(tmp_path: Path) -> None:
    """Known to the problem that read them, and not mixed up with those of generated instances of the same name."""
    np.save(tmp_path / "uniform-100-s1000.npy", np.random.RandomState(0).rand(1, 6, 2))
    (tmp_path / "reference.csv").write_text("set,index,reference_length\nuniform-100-s1000,0,2.5\n")
    problem = ConstructiveTSP()
    (made,) = problem.read_instances(tmp_path)
    assert problem.reference(made) == 2.5
    assert problem.reference(problem.instances("train")[0]) == pytest.approx(7.5, abs=1.0)
    assert problem.reference(instance([(0, 0), (1, 0), (2, 0), (3, 1), (4, 0)])) is None


def test_every_published_file_can_be_read() -> None:
    """The 39 of TSPLIB and the sets of uniform cities, all with a reference."""
    problem = ConstructiveTSP()
    for folder, count in (("tsplib", 39), ("tsp_uniform", 256)):
        made = problem.read_instances(published_files(folder))
        assert len(made) == count
        assert all(problem.reference(one) for one in made)


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = ConstructiveTSP()
    problem.warm_up()
    kernels: list[Any] = [getattr(module, name) for module in (construction, local_search) for name in module.__all__]
    before = [compiled(kernel) for kernel in kernels]
    cities = problem.decode(problem.encode(problem.instances("train")[0]))
    for solver in problem.textbook_rules().values():
        solver(cities)
    assert [compiled(kernel) for kernel in kernels] == before
