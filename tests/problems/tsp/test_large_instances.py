"""Instances for which no matrix of distances is made, beside the same ones given as a matrix."""

import tracemalloc
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Heuristic
from evoheur.problem_loading import load_problem
from evoheur.problems.routing.distances import EXPLICIT, LARGEST_AT_ONCE, distance_matrix
from evoheur.problems.tsp.construction.kernels import greedy_edge, greedy_edge_by_length
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import spacing, spacing_of, unit_free
from evoheur.problems.tsp.symmetries import LONGER
from evoheur.problems.tsp_constructive.textbook_rules import RULES
from evoheur.problems.tsp_insertion.problem import InsertionTSP, city_scores
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_config import ProblemConfig

CITIES = LARGEST_AT_ONCE + 1
POINTS = np.round(np.random.RandomState(2).uniform(0.0, 20_000.0, size=(CITIES, 2)))
LARGE = TspInstance(name="large", family="test", metric="EUC_2D", data=POINTS)
REGRET = Heuristic(code="", functions={"city_scores": city_scores})


@pytest.fixture(name="given_as_matrix", scope="module")
def _given_as_matrix() -> TspInstance:
    return replace(LARGE, metric=EXPLICIT, data=distance_matrix(POINTS, "EUC_2D"))


def test_insertion_needs_no_matrix(given_as_matrix: TspInstance) -> None:
    """The tour and its price are the same; the memory is a tenth of one matrix, which takes 72 MB."""
    problem, rng = InsertionTSP(), np.random.default_rng(0)
    problem.warm_up()
    tracemalloc.start()
    tour = problem.solve(REGRET, LARGE, rng)
    cost = problem.cost(LARGE, tour.tolist())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.1 * 8 * CITIES**2
    assert problem.memory_bytes(LARGE) == 0
    assert "distances" not in vars(LARGE)
    assert tour.tolist() == problem.solve(REGRET, given_as_matrix, rng).tolist()
    assert tour.tolist() == problem.textbook_rules()["regret_insertion"](LARGE).tolist()
    assert cost == problem.cost(given_as_matrix, tour.tolist())


# Those with local search compile all of it for lengths that are computed, which takes many seconds.
@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.nightly) if "opt" in name else name for name in RULES])
def test_textbook_rules_build_the_same_tours(given_as_matrix: TspInstance, name: str) -> None:
    """All of them, those with local search too, without a matrix."""
    assert RULES[name](LARGE).tolist() == RULES[name](given_as_matrix).tolist()
    assert "distances" not in vars(LARGE)


def test_units_are_the_same(given_as_matrix: TspInstance) -> None:
    """And so are the distances that heuristics see where a frame shows all of them."""
    assert spacing_of(LARGE) == spacing(given_as_matrix.data) == spacing_of(given_as_matrix)
    assert (unit_free(LARGE).data == unit_free(given_as_matrix).data).all()
    assert "distances" not in vars(LARGE)


def test_the_scale_probe_sends_no_matrix() -> None:
    """A thousand times the lengths, by a factor of the metric, and the same tour."""
    longer, problem = LONGER.change(LARGE), InsertionTSP()
    assert problem.encode(longer)["rule"] == "EUC_2D*1024"
    few = np.arange(20)
    assert (longer.lengths(few, few + 7) == 1024.0 * LARGE.lengths(few, few + 7)).all()
    guest = problem.decode(problem.encode(longer))
    rng = np.random.default_rng(0)
    assert problem.solve(REGRET, guest, rng).tolist() == problem.solve(REGRET, LARGE, rng).tolist()


@given(
    points=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=25),
    reach=st.sampled_from([0.5, 1.0, 3.0, 99.0]),
)
def test_greedy_edge_by_length_takes_the_same_edges(points: list[tuple[int, int]], reach: float) -> None:
    """On a grid, where many are equally long, from any length on."""
    matrix = distance_matrix(np.array(points, dtype=np.float64), "EUCLIDEAN")
    assert greedy_edge_by_length(matrix, reach).tolist() == greedy_edge(matrix).tolist()


def written(file: Path, points: np.ndarray) -> None:
    """As CSV, which is read without rounding."""
    file.write_text("x,y\n" + "".join(f"{x:g},{y:g}\n" for x, y in points.tolist()))


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten cities, more than are kept at once, and more than can be used."""
    folder = tmp_path_factory.mktemp("maps")
    written(folder / "small.csv", POINTS[:10])
    written(folder / "large.csv", POINTS)
    written(folder / "beyond.csv", np.resize(POINTS, (20_001, 2)))
    return folder


def test_a_file_outside_the_limits_is_skipped_and_named(folder: Path) -> None:
    """The others are used; asked for by its own name it is refused."""
    read = InstanceSet.of_path(load_problem("tsp_insertion"), folder, memory_mib=300)
    assert [each.name for each in read.instances] == ["small", "large"]
    reason = f"{folder / 'beyond.csv'} has 20001 cities; from 5 to 20,000 can be used."
    assert read.unread == {str(folder / "beyond.csv"): reason}
    with pytest.raises(ConfigError, match=r"beyond\.csv has 20001 cities"):
        InstanceSet.of_path(load_problem("tsp_insertion"), folder / "beyond.csv")


def test_memory_decides_where_a_matrix_is_needed(folder: Path) -> None:
    """69 MiB of matrix beside 256 for the heuristic fit into 400 MiB and not into 300; the message says what to set."""
    problem = load_problem("tsp_constructive")
    assert [each.name for each in InstanceSet.of_path(problem, folder, memory_mib=400).instances] == ["small", "large"]
    read = InstanceSet.of_path(problem, folder, memory_mib=300)
    assert [each.name for each in read.instances] == ["small"]
    assert read.unread["large"] == (
        "large needs 69 MiB of memory, and a candidate has 300; to solve it, set evaluation.limits.memory_mib to 325 or more."
    )
    with pytest.raises(ConfigError, match=r"^large needs 69 MiB of memory"):
        InstanceSet.of_path(problem, folder / "large.csv", memory_mib=300)


def test_a_run_goes_on_without_what_it_cannot_use_and_says_so(folder: Path) -> None:
    """A warning for each; a broken file stops it as before."""
    named = ProblemConfig.model_validate({"name": "tsp_constructive", "instances": {"train": str(folder)}})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = InstanceSource.of(load_problem("tsp_constructive"), named, memory_mib=300).split("train")
    assert [each.name for each in found.instances] == ["small"]
    said = [str(each.message) for each in caught if each.category is InstanceWarning]
    assert len(said) == 2
    assert all(words.startswith("train is without what cannot be used: ") for words in said)
