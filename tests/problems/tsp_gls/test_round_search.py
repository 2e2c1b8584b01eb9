"""Guided local search by rounds: what the heuristic is told, what it may answer, and which edges get penalties."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp_gls.round_kernels import MOST_PENALTIES, MOVES, EdgeMemory, penalise, remembered_edges
from evoheur.problems.tsp_gls.round_search import first_guided_optimum, guided_by_rounds, rounds_of
from tests.benchmarks.naive import guided as naive
from tests.problems.tsp.support.cities import Points, length, matrix, places, shortest
from tests.support.example_budget import dear


def _length(_mean_length: float, _progress: float, length: Any, *_views: Any) -> Any:
    return length.copy()


def _told(mean_length: float, progress: float, *views: Any) -> Any:
    weights = (0.7, -0.1, 0.2, 0.1, -0.3, -0.2, 0.05)
    return sum(weight * view for weight, view in zip(weights, views, strict=True)) * (1.0 + progress) - 0.3 * mean_length


def _cities(count: int, seed: int) -> Any:
    return matrix(np.random.RandomState(seed).rand(count, 2).tolist()) * 10.0


@dear()
@given(points=places(fewest=5, most=14))
def test_the_search_goes_as_its_twin(points: Points) -> None:
    """Tour by tour, with a heuristic that looks at all it is told, on a grid where ties are common; two cities share a place."""
    distances = matrix([*points, points[0]])
    assert guided_by_rounds(_told, distances, rounds=9).tolist() == naive.guided_by_rounds(_told, distances, 9)


def test_so_it_does_on_many_cities() -> None:
    """120 of them, where a round ends after its moves."""
    distances = _cities(120, 3)
    assert guided_by_rounds(_told, distances, rounds=6).tolist() == naive.guided_by_rounds(_told, distances, 6)


@dear()
@given(points=places(fewest=5, most=7))
def test_the_optimum_of_few_cities_is_found(points: Points) -> None:
    """Against trying every order."""
    distances = matrix(points)
    tour = guided_by_rounds(_length, distances, rounds=20).tolist()
    assert length(tour, distances) == pytest.approx(shortest(distances))


@pytest.mark.parametrize("points", [[(0, 0), (1, 0), (0, 1)], [(0, 0), (1, 1), (1, 0), (0, 1)], [(0, 0), (0, 0), (0, 0), (0, 0)]])
def test_up_to_four_cities_no_heuristic_is_asked(points: Points) -> None:
    """The local search alone finds the shortest tour."""
    distances = matrix(points)
    tour = guided_by_rounds(lambda *_: None, distances, rounds=9).tolist()
    assert sorted(tour) == list(range(len(points)))
    assert length(tour, distances) == pytest.approx(shortest(distances))


def test_a_matrix_without_the_triangle_inequality_makes_a_tour() -> None:
    """Whole numbers at random, zeros among them."""
    draws = np.random.default_rng(3).integers(0, 9, size=(12, 12)).astype(float)
    distances = np.triu(draws, 1) + np.triu(draws, 1).T
    assert sorted(guided_by_rounds(_told, distances, rounds=10).tolist()) == list(range(12))


def test_the_heuristic_is_told_of_the_edges_of_the_tour() -> None:
    """Six cities on a line, at 0, 1, 2, 4, 5 and 9: any local optimum goes there and back; first without penalties, then with."""
    seen: list[tuple[float, float, list[list[float]]]] = []

    def record(mean_length: float, progress: float, *views: Any) -> Any:
        seen.append((mean_length, progress, np.array(views).T.tolist()))
        return views[0].copy()

    distances = matrix([(0, 0), (1, 0), (2, 0), (4, 0), (5, 0), (9, 0)])
    guided_by_rounds(record, distances, rounds=4)
    assert [progress for _, progress, _ in seen] == [0.0, 0.25, 0.5, 0.75]
    assert [mean for mean, _, _ in seen] == pytest.approx([3.0] * 4)
    tour = first_guided_optimum(distances).tour.tolist()
    edges = list(zip(tour, [*tour[1:], tour[0]], strict=True))
    nearest = [3.0, 2.0, 3.0, 3.0, 4.0, 9.0]  # sum of the two smallest distances of each city
    for place, (one, other) in enumerate(edges):
        between, penalties, rank, far_rank, near, beside, since = seen[0][2][place]
        assert between == distances[one, other]
        assert (penalties, since) == (0, 0)
        nearer = sorted(int((np.delete(distances[city], city) < between).sum()) for city in (one, other))
        assert [rank, far_rank] == nearer
        assert near == (nearest[one] + nearest[other]) / 4
        before, after = edges[place - 1], edges[(place + 1) % 6]
        assert beside == (distances[before] + distances[after]) / 2
    counted = sum(view[1] for view in seen[1][2])
    assert 0 < counted <= MOST_PENALTIES
    assert {view[6] for view in seen[2][2]} <= {1.0, 2.0}


def test_no_length_is_zero() -> None:
    """Where cities share places, so that a heuristic may divide by all of them."""
    distances = matrix([(0, 0)] * 5 + [(1, 1)] * 3)

    def divide(mean_length: float, _progress: float, between: Any, *views: Any) -> Any:
        assert mean_length > 0.0
        assert (between > 0.0).all()
        assert (views[3] > 0.0).all()
        assert (views[4] > 0.0).all()
        return between / views[3] / views[4]

    assert sorted(guided_by_rounds(divide, distances, rounds=3).tolist()) == list(range(8))


@given(points=places(), seed=st.integers(0, 10**6), weight=st.floats(0.01, 5.0))
def test_a_round_keeps_its_books(points: Points, seed: int, weight: float) -> None:
    """Penalties are symmetric, only on edges of the tour that have a score above minus infinity, and what is kept is what the tour says."""
    distances = matrix(points)
    search = first_guided_optimum(distances)
    memory, n = remembered_edges(search), len(points)
    for number in range(3):
        tour = search.tour.tolist()
        edges = list(zip(tour, [*tour[1:], tour[0]], strict=True))
        scores = np.random.RandomState(seed + number).choice([-np.inf, -2.0, 0.0, 1.0, 3.0], size=n)
        before = memory.penalties.copy()
        penalise(search, memory, number, scores, weight)
        grown = memory.penalties - before
        allowed = {edge for edge, score in zip(edges, scores, strict=True) if score > -np.inf}
        assert {(int(one), int(other)) for one, other in np.argwhere(grown)} <= allowed | {edge[::-1] for edge in allowed}
        assert (memory.penalties == memory.penalties.T).all()
        assert (memory.penalised[grown > 0] == number).all()
        assert search.guided == pytest.approx(distances + weight * memory.penalties)
        assert sorted(search.tour.tolist()) == list(range(n))
        assert search.lengths.tolist() == pytest.approx([length(tour.tolist(), distances) for tour in (search.tour, search.best)])
        assert not search.moved.any()
        assert not search.waiting.any()


def _penalised(scores: Any, rounds: int = 1) -> tuple[EdgeMemory, list[tuple[int, int]]]:
    # On a square with a city in the middle of each side, from which nothing leads away: the tour stays, and with it the edges.
    distances = matrix([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)])
    search = first_guided_optimum(distances)
    memory, tour = remembered_edges(search), search.tour.tolist()
    for number in range(rounds):
        penalise(search, memory, number, np.array(scores, dtype=float), 1e-6)
    assert search.tour.tolist() == tour
    return memory, list(zip(tour, [*tour[1:], tour[0]], strict=True))


def test_scores_are_divided_by_penalties() -> None:
    """Of eight edges, the one that scores three times as high gets three times as many penalties; 100 in all."""
    memory, edges = _penalised([3, 1, 1, 1, 1, 1, 1, 1])
    counts = [int(memory.penalties[edge]) for edge in edges]
    assert sum(counts) == MOST_PENALTIES
    assert counts == [30, 10, 10, 10, 10, 10, 10, 10]


def test_scores_below_0_are_multiplied() -> None:
    """So a penalised edge is worth less there, too: -3 (1 + p) against -1 (1 + p)."""
    memory, edges = _penalised([-3, -1, -1, -1, -1, -1, -1, -1])
    counts = [int(memory.penalties[edge]) for edge in edges]
    assert sum(counts) == MOST_PENALTIES
    assert counts[0] < min(counts[1:])


def test_infinite_scores() -> None:
    """Infinity takes all penalties while its edge stays, and minus infinity none; a round without an edge to penalise is over."""
    memory, edges = _penalised([0, np.inf, -np.inf, 9, 9, 9, 9, 9])
    assert [int(memory.penalties[edge]) for edge in edges] == [0, MOST_PENALTIES, 0, 0, 0, 0, 0, 0]
    memory, _ = _penalised([-np.inf] * 8, rounds=3)
    assert not memory.penalties.any()


def test_a_round_ends_after_its_moves() -> None:
    """On 100 cities, well before its most penalties; a penalty is followed by two moves at most."""
    search = first_guided_optimum(_cities(100, 1))
    memory = remembered_edges(search)
    tour = search.tour
    penalise(search, memory, 0, search.distances[tour, np.roll(tour, -1)], 0.6)
    assert MOVES / 2 <= memory.penalties.sum() / 2 < MOST_PENALTIES


def test_the_best_tour_counts_and_more_rounds_are_no_worse() -> None:
    """The same search goes on: with a heuristic that does not look at progress, its best can only become shorter, and does."""
    distances = _cities(80, 0)
    lengths = [length(guided_by_rounds(_length, distances, rounds=count).tolist(), distances) for count in (1, 10, 60)]
    assert lengths[0] > lengths[2]
    assert lengths == sorted(lengths, reverse=True)


def test_the_heuristic_may_spoil_what_it_is_given() -> None:
    """Views are written anew for every question."""

    def spoiling(mean_length: float, progress: float, *views: Any) -> Any:
        scores = _told(mean_length, progress, *views)
        for view in views:
            view[:] = 9.0
        return scores

    distances = _cities(40, 4)
    tours = [guided_by_rounds(heuristic, distances, rounds=8).tolist() for heuristic in (_told, spoiling)]
    assert tours[0] == tours[1]


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.bool_])
def test_any_real_numbers_are_scores(kind: type) -> None:
    """Whole numbers, short ones and truth values are numbers too, and so are views into something larger."""
    tour = guided_by_rounds(lambda m, p, between, *_: np.repeat(between > 1, 2).astype(kind)[::2], _cities(12, 0), rounds=3)
    assert sorted(tour.tolist()) == list(range(12))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, r"^edge_scores returned None"),
        (np.zeros(8), r"^edge_scores returned shape \(8,\), expected .* \(9,\)"),
        (0.0, r"^edge_scores returned 0.0 of type float"),
        (np.full(9, np.nan), r"^edge_scores returned NaN at 0"),
    ],
)
def test_unusable_answers_are_the_candidates_fault(answer: Any, reason: str) -> None:
    """The message names the heuristic."""
    with pytest.raises(BadAnswer, match=reason):
        guided_by_rounds(lambda *_: answer, _cities(9, 4), rounds=2)


def test_the_number_of_rounds() -> None:
    """A third of the cities, at least ten, or what is said."""
    assert [rounds_of(cities, None) for cities in (5, 30, 60, 200)] == [10, 10, 20, 66]
    assert rounds_of(200, 7) == 7
