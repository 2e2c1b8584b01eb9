"""The map as rules see it: spacing as the unit, whatever the coordinates are in."""

import numpy as np
import pytest

from evoheur.problems.tsp.spacing_units import spacing, unit_free

from .support.cities import instance, random_instance


def test_the_mean_distance_to_the_nearest_city_is_one() -> None:
    """On a line at 0, 1, 4: the nearest ones are 1, 1 and 3 away."""
    cities = instance([(0, 0), (1, 0), (4, 0)])
    assert spacing(cities.distances) == pytest.approx(5 / 3)
    assert unit_free(cities).distances[0].tolist() == pytest.approx([0.0, 0.6, 2.4], rel=1e-9)


def test_cities_in_one_place_count_by_the_nearest_elsewhere() -> None:
    """Twins would make every unit smaller, and with nothing but twins it were 0."""
    assert spacing(instance([(0, 0), (0, 0), (0, 2), (0, 2)]).distances) == 2.0


def test_all_cities_in_one_place_are_divided_by_one() -> None:
    """Nothing is 0 / 0."""
    assert unit_free(instance([(3, 3)] * 5)).distances.tolist() == np.zeros((5, 5)).tolist()


def test_distances_stay_symmetric_and_exact_to_nine_digits() -> None:
    """The instance itself, by which tours are priced, is left alone."""
    cities = random_instance(30)
    before = cities.distances.copy()
    shown = unit_free(cities).distances
    assert (shown == shown.T).all()
    np.testing.assert_allclose(shown, before / spacing(before), rtol=1e-9)
    assert (cities.distances == before).all()
