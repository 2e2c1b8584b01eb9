"""The compiled step of guided local search by matrices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search.kernels import Search, improve, neighbour_lists, started
from evoheur.problems.tsp_gls.matrix_kernels import perturb
from tests.problems.tsp.support.cities import Points, length, matrix, places


def _local_optimum(distances: NDArray[np.float64]) -> Search:
    n = len(distances)
    search = started(np.arange(n), distances.copy(), distances, neighbour_lists(distances, 10))
    improve(search, True)
    search.moved[:] = False
    return search


@given(points=places(), guides=st.lists(st.integers(0, 10**6), min_size=1, max_size=6), weight=st.floats(0.01, 5.0))
def test_each_round_penalises_the_edge_of_the_tour_that_the_guide_names(points: Points, guides: list[int], weight: float) -> None:
    """By trying every edge; one penalty, the same in both directions; and what is kept beside the tour is what the tour says."""
    distances = matrix(points)
    n = len(points)
    search, penalties = _local_optimum(distances), np.zeros((n, n), dtype=np.int64)
    for seed in guides:
        guide = np.random.RandomState(seed).randint(0, 4, (n, n)).astype(np.float64)
        tour = search.tour.tolist()
        edges = [(tour[place - 1], tour[place]) for place in range(n)]
        one, other = max(edges, key=lambda edge: guide[edge] + guide[edge[::-1]])  # the first of those that tie
        before = penalties.copy()
        perturb(search, guide, penalties, weight)
        before[one, other] += 1
        before[other, one] += 1
        assert (penalties == before).all()
        assert search.guided == pytest.approx(distances + weight * penalties)
        assert sorted(search.tour.tolist()) == list(range(n))
        assert search.lengths.tolist() == pytest.approx([length(tour.tolist(), distances) for tour in (search.tour, search.best)])
        assert not search.moved.any()


@pytest.mark.parametrize("value", [np.inf, -np.inf, 0.0])
def test_guides_without_a_highest_edge_penalise_the_first(value: float) -> None:
    """All entries equal: the edge that closes the tour comes first."""
    distances = matrix([(0, 0), (0, 2), (2, 2), (2, 0), (1, 3)])
    search, penalties = _local_optimum(distances), np.zeros((5, 5), dtype=np.int64)
    last, first = search.tour[-1], search.tour[0]
    perturb(search, np.full((5, 5), value), penalties, 0.1)
    assert penalties[last, first] == penalties[first, last] == 1
    assert penalties.sum() == 2
