"""Guided local search by matrices, before every penalty."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.tour import tour_length
from evoheur.problems.tsp_gls.matrix_search import guided_by_matrices
from evoheur.problems.tsp_gls.matrix_textbook_rules import matrix_textbook_rules
from tests.benchmarks.naive import guided as naive
from tests.problems.tsp.support.cities import Points, instance, places, published_files, random_instance, shortest
from tests.support.example_budget import dear


def classic(distances: Any, tour: Any, penalties: Any) -> Any:
    """The utility of guided local search."""
    return distances / (1 + penalties)


def test_the_guide_is_told_distances_tour_and_penalties() -> None:
    """Once per perturbation: one more penalty each time, on an edge of the tour it was shown before; the diagonal is never 0."""
    seen: list[tuple[list[int], np.ndarray[Any, Any]]] = []

    def guide(distances: Any, tour: Any, penalties: Any) -> Any:
        assert (distances > 0.0).all()
        seen.append((tour.tolist(), penalties.copy()))
        tour[:] = 0  # its own
        return classic(distances, tour, penalties)

    guided_by_matrices(guide, random_instance(12), perturbations=5)
    assert [penalties.sum() for _, penalties in seen] == [0, 2, 4, 6, 8]
    for (tour, before), (_, after) in pairwise(seen):
        one, other = np.argwhere(after > before)[0].tolist()
        assert {one, other} in [{tour[place - 1], tour[place]} for place in range(12)]


@pytest.mark.parametrize("which", [0, 2])
def test_what_belongs_to_the_frame_cannot_be_written_to(which: int) -> None:
    """Neither distances nor penalties."""

    def guide(*told: Any) -> Any:
        told[which][0, 1] = 7
        return told[0]

    with pytest.raises(ValueError, match="read-only"):
        guided_by_matrices(guide, random_instance(12), perturbations=1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "guide returned None of type NoneType"),
        (np.zeros((12, 11)), r"guide returned shape \(12, 11\), expected real numbers of shape \(12, 12\)"),
        (np.full((12, 12), np.nan), r"guide returned NaN at \(0, 0\)"),
        (np.full((12, 12), 1j), "guide returned entries of type complex128"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused(answer: Any, reason: str) -> None:
    """With what came instead."""
    with pytest.raises(BadAnswer, match=reason):
        guided_by_matrices(lambda *_: answer, random_instance(12), perturbations=1)


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.bool_])
def test_any_real_numbers_are_a_guide(kind: type) -> None:
    """Whole numbers, short ones and truth values are numbers too, and so is a transposed matrix."""
    tour = guided_by_matrices(lambda d, _t, _p: (d > 0.5).astype(kind).T, random_instance(12), perturbations=3)
    assert sorted(tour.tolist()) == list(range(12))


def test_few_cities_are_solved_to_the_optimum() -> None:
    """Against trying every order of 8 cities, on three instances."""
    for seed in range(3):
        cities = random_instance(8, seed)
        tour = guided_by_matrices(classic, cities, perturbations=30)
        assert tour_length(tour, cities.distances) == pytest.approx(shortest(cities.distances))


def test_more_perturbations_are_no_worse() -> None:
    """The same search goes on: its best can only become shorter, and does."""
    cities = random_instance(80)
    lengths = [tour_length(guided_by_matrices(classic, cities, perturbations=count), cities.distances) for count in (1, 30, 200)]
    assert lengths[0] > lengths[2]
    assert lengths == sorted(lengths, reverse=True)


@dear()
@given(points=places(fewest=5, most=14))
def test_the_search_goes_as_its_twin(points: Points) -> None:
    """Tour by tour, on a grid where ties are common."""
    cities = instance(points)

    def told(distances: Any, tour: Any, penalties: Any) -> Any:
        return distances**2 / (0.4 + penalties) + 0.1 * tour[:, None]

    expected = naive.guided_by_matrices(told, cities.distances, 25)
    assert guided_by_matrices(told, cities, perturbations=25).tolist() == expected


def test_textbook_guides_are_near_published_references() -> None:
    """Within 1.5 % of LKH-3 on average over four published instances of 200 cities, and never below by more than its rounding."""
    read = read_instances(published_files("tsp_uniform") / "tsp200_val.npy")
    for name, solver in matrix_textbook_rules(200).items():
        gaps = [tour_length(solver(made), made.distances) / read.references[made.name] - 1.0 for made in read.instances[:4]]
        assert min(gaps) > -1e-6, name
        assert np.mean(gaps) < 0.015, name
