"""Each compiled construction against the slow and obvious way to do the same, city for city."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from numpy.typing import NDArray

from evoheur.problems.tsp.construction import kernels
from tests.problems.tsp.support.cities import Points, matrix, places


def nearest_neighbour(distances: NDArray[np.float64]) -> list[int]:
    """The nearest of those left, the lowest number on ties."""
    tour = [0]
    left = set(range(1, len(distances)))
    while left:
        tour.append(min(left, key=lambda city: (distances[tour[-1], city], city)))
        left.remove(tour[-1])
    return tour


def insertion(distances: NDArray[np.float64], *, farthest: bool) -> list[int]:
    """Try every gap for the city that is nearest to (or farthest from) the tour."""
    tour = [0]
    left = set(range(1, len(distances)))
    while left:
        away = {city: min(distances[city, other] for other in tour) for city in left}
        chosen = min(left, key=lambda city: (-away[city] if farthest else away[city], city))
        left.remove(chosen)
        added = [
            distances[one, chosen] + distances[chosen, tour[(gap + 1) % len(tour)]] - distances[one, tour[(gap + 1) % len(tour)]]
            for gap, one in enumerate(tour)
        ]
        tour.insert(added.index(min(added)) + 1, chosen)
    return tour


def greedy_edges(distances: NDArray[np.float64]) -> set[frozenset[int]]:
    """Shortest edges first, unless a city would have three or a circle would close; then the one that is missing."""
    n = len(distances)
    edges = sorted((distances[one, other], one, other) for one in range(n) for other in range(one + 1, n))
    component = list(range(n))
    degree = [0] * n
    taken: set[frozenset[int]] = set()
    for _, one, other in edges:
        if degree[one] < 2 and degree[other] < 2 and component[one] != component[other]:
            taken.add(frozenset((one, other)))
            degree[one] += 1
            degree[other] += 1
            old, new = component[one], component[other]
            component = [new if label == old else label for label in component]
    return taken | {frozenset(city for city in range(n) if degree[city] < 2)}


@given(points=places())
def test_nearest_neighbour_goes_as_its_twin(points: Points) -> None:
    """On a grid, where ties are common."""
    assert kernels.nearest_neighbour(matrix(points), 0).tolist() == nearest_neighbour(matrix(points))


@pytest.mark.parametrize("farthest", [False, True])
@given(points=places())
def test_insertions_go_as_their_twins(points: Points, farthest: bool) -> None:
    """Tie for tie, since both take the first gap and the lowest city."""
    assert kernels.insertion(matrix(points), 0, farthest).tolist() == insertion(matrix(points), farthest=farthest)


@given(points=places())
def test_greedy_edges_are_those_of_the_twin(points: Points) -> None:
    """The same edges, in whichever order they are walked."""
    tour = kernels.greedy_edge(matrix(points)).tolist()
    assert sorted(tour) == list(range(len(points)))
    assert {frozenset(edge) for edge in zip(tour, [*tour[1:], tour[0]], strict=True)} == greedy_edges(matrix(points))


LINE = matrix([(0, 0), (1, 0), (3, 0), (6, 0), (10, 0)])


@pytest.mark.parametrize(
    ("build", "tour"),
    [
        # From 0 the nearest is 1, then 2, 3 and 4.
        (lambda: kernels.nearest_neighbour(LINE, 0), [0, 1, 2, 3, 4]),
        # From 6: 3 away is city 2 (at 3), then 2 further city 1, city 0, and back over 10 to city 4.
        (lambda: kernels.nearest_neighbour(LINE, 3), [3, 2, 1, 0, 4]),
    ],
)
def test_cities_on_a_line(build: Callable[[], NDArray[np.int64]], tour: list[int]) -> None:
    """By hand: the gaps between the cities are 1, 2, 3 and 4."""
    assert build().tolist() == tour
