"""The search that references come from."""

import pytest

from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.long_search import best_length

from .support.cities import matrix, published_files, random_instance, shortest


def test_the_optimum_of_few_cities_is_found() -> None:
    """Against trying every order of 8 cities."""
    cities = random_instance(8, seed=3)
    assert best_length(cities, starts=2, kicks_per_city=10) == pytest.approx(shortest(matrix(cities.data.tolist())))


def test_the_same_search_gives_the_same_length() -> None:
    """Nothing but the instance and the effort matters."""
    cities = random_instance(40)
    assert best_length(cities, starts=2, kicks_per_city=5) == best_length(cities, starts=2, kicks_per_city=5)


def test_a_shorter_search_than_that_of_the_references_is_near_a_published_reference() -> None:
    """Within 0.5 % above LKH-3 on two published instances of 100 cities, and never below by more than the reference's rounding."""
    read = read_instances(published_files("tsp_uniform") / "tsp100_val.npy")
    for cities in read.instances[:2]:
        known = read.references[cities.name]
        assert known - 1e-6 <= best_length(cities, starts=2, kicks_per_city=20) <= 1.005 * known
