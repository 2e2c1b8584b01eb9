"""The ant colony."""

import numpy as np
import pytest

from evoheur.problems.tsp.tour import tour_length
from evoheur.problems.tsp_aco.tour_colony import improved, near_cities, run_colony
from tests.problems.tsp.support.cities import instance, random_instance, shortest


def _run(heuristic: np.ndarray, scale: float = 1.0, seed: int = 0, iterations: int = 20) -> list[int]:
    cities = instance((scale * random_instance(20).data).tolist())
    tour: list[int] = run_colony(heuristic, cities, np.random.default_rng(seed), iterations=iterations).tolist()
    return tour


INVERSE = 1.0 / random_instance(20).divisible()


def test_the_same_generator_gives_the_same_tour() -> None:
    """And another one another."""
    assert _run(INVERSE) == _run(INVERSE)
    assert _run(INVERSE) != _run(INVERSE, seed=1)


@pytest.mark.parametrize("scale", [0.25, 4096.0])
def test_units_do_not_matter(scale: float) -> None:
    """Powers of two scale floats exactly, so the ants walk the same ways."""
    assert _run(INVERSE / scale, scale) == _run(INVERSE)
    assert _run(INVERSE, scale) == _run(INVERSE)


def test_the_heuristic_leads_the_ants() -> None:
    """Near cities first is better than no preference, and that better than far cities first."""
    cities = random_instance(20)
    lengths = [
        tour_length(run_colony(promise, cities, np.random.default_rng(0), iterations=5), cities.distances)
        for promise in (INVERSE**4, np.ones((20, 20)), cities.divisible() ** 4)
    ]
    assert lengths == sorted(lengths)


def test_few_cities_are_solved_to_the_optimum() -> None:
    """Against trying every order of 7 cities."""
    cities = random_instance(7)
    tour = run_colony(cities.divisible() ** -2.0, cities, np.random.default_rng(0), iterations=30)
    assert tour_length(tour, cities.distances) == pytest.approx(shortest(cities.distances))


def test_more_iterations_are_no_worse() -> None:
    """The same ants go on: the best can only become shorter."""
    cities = random_instance(20)
    lengths = [tour_length(np.array(_run(INVERSE, iterations=count)), cities.distances) for count in (1, 10, 50)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[2] < lengths[0]


def test_improved_tours_have_no_crossing_left() -> None:
    """After the walk, 2-opt and Or-opt end with tours that they cannot shorten, and the ants draw what they always draw."""
    cities = random_instance(20)
    tour = run_colony(INVERSE, cities, np.random.default_rng(0), iterations=3, local_search=True)
    plain = run_colony(INVERSE, cities, np.random.default_rng(0), iterations=3)
    again = improved(tour, cities.distances, near_cities(cities.distances))
    assert tour_length(again, cities.distances) == pytest.approx(tour_length(tour, cities.distances))
    assert tour_length(tour, cities.distances) < tour_length(plain, cities.distances)


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf, -np.inf, 1e308, 1e-308])
def test_promises_that_say_nothing_leave_all_ways_open(value: float) -> None:
    """Equal promises of any size are no preference: the same walk as with ones."""
    assert _run(np.full((20, 20), value)) == _run(np.ones((20, 20)))


def test_infinities_beside_numbers_count_as_the_largest() -> None:
    """1/d of two cities in one place is no reason to forget the others."""
    promise = INVERSE.copy()
    promise[0, 1] = np.inf
    largest = INVERSE.copy()
    largest[0, 1] = INVERSE[~np.eye(20, dtype=bool)].max()
    assert _run(promise) == _run(largest)
