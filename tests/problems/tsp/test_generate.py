"""Generated cities."""

import numpy as np
import pytest

from evoheur.problems.tsp.generate import CityFamily, clustered, drawn, mapped, uniform


@pytest.mark.parametrize("draw", [uniform, clustered])
def test_cities_lie_in_the_unit_square_and_follow_the_seed(draw: type) -> None:
    """The same seed gives the same cities, another one others."""
    points = draw(1, 500)
    assert points.shape == (500, 2)
    assert (points >= 0.0).all()
    assert (points <= 1.0).all()
    assert (draw(1, 500) == points).all()
    assert (draw(2, 500) != points).any()


def test_a_map_is_in_whole_metres() -> None:
    """Ten by ten kilometres, and the same again from the same seed."""
    points = mapped(1, 501)
    assert points.shape == (501, 2)
    assert (points == np.rint(points)).all()
    assert points.min() >= 0.0
    assert 9_000.0 < points.max() <= 10_000.0
    assert (mapped(1, 501) == points).all()
    assert (mapped(2, 501) != points).any()


def test_clusters_are_denser_than_uniform_cities() -> None:
    """The mean distance to the nearest city is below that of uniform cities, which is 0.5 / sqrt(n) (0.0224 for 500), give or take."""

    def nearest(points: np.ndarray) -> float:
        apart = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        return float(apart.min(axis=1).mean())

    assert nearest(uniform(1, 500)) == pytest.approx(0.0224, rel=0.1)
    assert nearest(clustered(1, 500)) < 0.8 * 0.0224


def test_the_legacy_stream_is_what_it_always_was() -> None:
    """NumPy promises never to change it (NEP 19): the first numbers of seed 0 are in its own documentation."""
    assert uniform(0, 2).ravel()[:3] == pytest.approx([0.5488135, 0.71518937, 0.60276338])


def test_a_family_names_its_instances_by_seed() -> None:
    """Two seeds, two names."""
    family = CityFamily(name="few", draw=uniform, cities=5, seeds=range(7, 9))
    assert [(made.name, made.family, made.cities) for made in drawn(family)] == [("few-s7", "few", 5), ("few-s8", "few", 5)]
