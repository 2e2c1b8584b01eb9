"""Local search: every move is what it claims, nothing that improves is left, and few cities are solved to the optimum."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search import kernels
from tests.problems.tsp.support.cities import Points, length, matrix, places, random_instance, shortest


def _search(tour: Sequence[int], guided: NDArray[np.float64], distances: NDArray[np.float64]) -> kernels.Search:
    lists = kernels.neighbour_lists(distances, len(distances) - 1)
    return kernels.started(np.array(tour, dtype=np.int64), guided, distances, lists)


def _assert_in_order(search: kernels.Search) -> None:
    n = len(search.tour)
    for tour, cost in ((search.tour, search.lengths[0]), (search.best, search.lengths[1])):
        assert sorted(tour.tolist()) == list(range(n))
        assert cost == pytest.approx(length(tour.tolist(), search.distances))
    assert (search.tour[search.place] == np.arange(n)).all()
    assert search.lengths[1] <= search.lengths[0] + 1e-9


def _neighbours(tour: list[int], *, or_opt: bool) -> Iterator[list[int]]:
    # Every tour that one 2-opt or Or-opt move makes.
    n = len(tour)
    for first in range(n):
        for last in range(first + 1, n):
            yield tour[:first] + tour[first : last + 1][::-1] + tour[last + 1 :]
    if or_opt:
        for first in range(n):
            turned = tour[first:] + tour[:first]
            for size in range(1, min(3, n - 3) + 1):
                segment, rest = turned[:size], turned[size:]
                for gap in range(1, len(rest)):
                    yield rest[:gap] + segment + rest[gap:]
                    yield rest[:gap] + segment[::-1] + rest[gap:]


@given(points=places(), data=st.data())
def test_lengths_and_places_follow_every_move(points: Points, data: st.DataObject) -> None:
    """After a search with random penalties, what is kept beside the tour is what the tour says; the best is no longer than the start."""
    distances = matrix(points)
    n = len(points)
    start = data.draw(st.permutations(range(n)))
    penalties = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n * n, max_size=n * n)), dtype=np.float64).reshape(n, n)
    search = _search(start, distances + penalties + penalties.T, distances)
    kernels.improve(search, True)
    _assert_in_order(search)
    assert search.lengths[1] <= length(start, distances) + 1e-9
    assert not search.waiting.any()


@pytest.mark.parametrize("or_opt", [False, True])
@given(points=places(most=9), data=st.data())
def test_no_improving_move_is_left(points: Points, or_opt: bool, data: st.DataObject) -> None:
    """With every city tried again until nothing changes, no tour that one move makes is shorter: all of them are tried here."""
    distances = matrix(points)
    search = _search(data.draw(st.permutations(range(len(points)))), distances, distances)
    before = np.inf
    while search.lengths[0] < before - 1e-9:
        before = search.lengths[0]
        for city in range(len(points)):
            kernels.wake(search, city)
        kernels.improve(search, or_opt)
    tour = search.tour.tolist()
    assert search.lengths[0] <= min(length(other, distances) for other in _neighbours(tour, or_opt=or_opt)) + 1e-9


def test_a_crossing_is_taken_out() -> None:
    """Round the unit square is 4; the tour that crosses itself is two sides and two diagonals."""
    square = matrix([(0, 0), (0, 1), (1, 1), (1, 0), (0.5, 0)])
    search = _search([0, 2, 1, 3, 4], square, square)
    kernels.improve(search, False)
    assert search.lengths[0] == pytest.approx(4.0)


def test_or_opt_finds_what_2_opt_does_not() -> None:
    """Of random tours of 30 cities, 2-opt with Or-opt leaves shorter ones than 2-opt alone, on average over 20."""
    distances = random_instance(30).distances
    means = []
    for or_opt in (False, True):
        lengths = []
        for seed in range(20):
            search = _search(np.random.RandomState(seed).permutation(30).tolist(), distances, distances)
            kernels.improve(search, or_opt)
            lengths.append(search.lengths[0])
        means.append(np.mean(lengths))
    assert means[1] < means[0]


def test_penalties_lead_away_but_the_best_is_kept() -> None:
    """With an edge of the optimum made very long, the search goes elsewhere; the best is still the tour it came from."""
    distances = random_instance(8).distances
    plain = _search(range(8), distances, distances)
    kernels.iterated(plain, np.random.default_rng(0).random((100, 3)))
    guided = distances.copy()
    one, other = plain.best[0], plain.best[1]
    guided[one, other] = guided[other, one] = 100.0
    search = _search(plain.best.tolist(), guided, distances)
    kernels.improve(search, True)
    _assert_in_order(search)
    assert search.lengths[0] > search.lengths[1] == pytest.approx(plain.lengths[1])
    assert search.best.tolist() == plain.best.tolist()


@given(points=places(fewest=5, most=7))
def test_kicks_find_the_optimum_of_few_cities(points: Points) -> None:
    """Against trying every order."""
    distances = matrix(points)
    search = _search(range(len(points)), distances, distances)
    kernels.iterated(search, np.random.default_rng(0).random((200, 3)))
    _assert_in_order(search)
    assert search.lengths[1] == pytest.approx(shortest(distances))


@given(points=places(), kicks=st.lists(st.tuples(*[st.floats(0.0, 1.0, exclude_max=True)] * 3), min_size=1, max_size=5))
def test_any_draws_make_a_tour(points: Points, kicks: list[tuple[float, float, float]]) -> None:
    """Zeros, numbers just below 1, and all between."""
    distances = matrix(points)
    search = _search(range(len(points)), distances, distances)
    kernels.iterated(search, np.array(kicks))
    _assert_in_order(search)


def test_a_longer_search_is_no_worse() -> None:
    """The best only ever becomes shorter, and does within 200 kicks on 40 cities."""
    distances = random_instance(40).distances
    draws = np.random.default_rng(0).random((200, 3))
    lengths = []
    for kicks in (0, 20, 200):
        search = _search(range(40), distances, distances)
        kernels.iterated(search, draws[:kicks])
        lengths.append(search.lengths[1])
    assert lengths[0] > lengths[2]
    assert lengths == sorted(lengths, reverse=True)


@given(points=places(), count=st.integers(1, 20))
def test_neighbours_are_the_nearest_others_in_order(points: Points, count: int) -> None:
    """By sorting, the lower number first on ties; no more than there are."""
    distances = matrix(points)
    n = len(points)
    expected = [sorted(set(range(n)) - {city}, key=lambda other: (distances[city, other], other))[:count] for city in range(n)]
    assert kernels.neighbour_lists(distances, count).tolist() == expected


@given(points=places(), data=st.data())
def test_one_move_at_a_city_improves_or_is_not_made(points: Points, data: st.DataObject) -> None:
    """Moved or not, what is kept beside the tour is what the tour says; a city of which it is said that it has no move has none later."""
    distances = matrix(points)
    search = _search(data.draw(st.permutations(range(len(points)))), distances, distances)
    city = data.draw(st.integers(0, len(points) - 1))
    while True:
        before, tour = search.lengths[0], search.tour.tolist()
        if not kernels.improve_at(search, city):
            break
        assert search.lengths[0] < before
        _assert_in_order(search)
    assert search.tour.tolist() == tour
    assert search.lengths[1] == pytest.approx(search.lengths[0])
