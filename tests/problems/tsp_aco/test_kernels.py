"""The compiled walk of the ants."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problems.tsp_aco.kernels import walk


def walked(attraction: NDArray[np.float64], draws: NDArray[np.float64]) -> list[int]:
    """One ant, by a roulette wheel whose fields lie in the order in which the kernel keeps the cities that are left."""
    n = len(attraction)
    left = list(range(n))
    tour = [left[int(draws[0] * n)]]
    for draw in draws[1:]:
        place = left.index(tour[-1])
        left[place] = left[-1]
        left.pop()
        wheel = np.cumsum([attraction[tour[-1], city] for city in left])
        tour.append(left[min(int(np.searchsorted(wheel, draw * wheel[-1], side="right")), len(left) - 1)])
    return tour


@given(cities=st.integers(2, 10), seed=st.integers(0, 1000))
def test_ants_walk_like_their_obvious_twin(cities: int, seed: int) -> None:
    """City for city."""
    source = np.random.RandomState(seed)
    attraction, draws = source.rand(cities, cities) + 1e-3, source.rand(4, cities)
    tours = np.empty((4, cities), dtype=np.int64)
    walk(attraction, draws, tours)
    assert tours.tolist() == [walked(attraction, row) for row in draws]
    assert all(sorted(tour) == list(range(cities)) for tour in tours.tolist())


def test_what_attracts_is_followed() -> None:
    """From each city its successor attracts 1e12 times more than all others, so every ant goes round in order."""
    n = 8
    attraction = np.full((n, n), 1e-12)
    attraction[np.arange(n), (np.arange(n) + 1) % n] = 1.0
    tours = np.empty((50, n), dtype=np.int64)
    walk(attraction, np.random.RandomState(0).rand(50, n), tours)
    assert (np.diff(tours, axis=1) % n == 1).all()


def test_chances_are_proportional() -> None:
    """From city 0 to 1, 2 and 3 with attractions 1, 2 and 5: of 4000 ants that begin there 1/8, 1/4 and 5/8 go, within 5 deviations.

    The deviation of the share is at most sqrt(0.25 / 4000) = 0.008.
    """
    attraction = np.ones((4, 4))
    attraction[0] = [0.0, 1.0, 2.0, 5.0]
    draws = np.random.RandomState(0).rand(4000, 4)
    draws[:, 0] = 0.0
    tours = np.empty((4000, 4), dtype=np.int64)
    walk(attraction, draws, tours)
    shares = np.bincount(tours[:, 1], minlength=4) / 4000
    assert np.abs(shares - [0.0, 0.125, 0.25, 0.625]).max() < 0.04


@given(draws=st.lists(st.sampled_from([0.0, 0.5, np.nextafter(1.0, 0.0)]), min_size=6, max_size=6))
def test_draws_at_the_ends_of_their_range(draws: list[float]) -> None:
    """0 and the number just below 1 choose a city too."""
    tours = np.empty((1, 6), dtype=np.int64)
    walk(np.random.RandomState(0).rand(6, 6) + 1e-12, np.array([draws]), tours)
    assert sorted(tours[0].tolist()) == list(range(6))
