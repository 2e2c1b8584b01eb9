"""Generated patterns of cities."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from evoheur.problems.tsp.city_patterns import corner, drilled, in_units, normal, ring, streets, strip
from evoheur.problems.tsp.generate import uniform

Draw = Callable[[int, int], NDArray[np.float64]]


@pytest.mark.parametrize("draw", [corner, drilled, normal, ring, streets, strip])
def test_cities_follow_the_seed(draw: Draw) -> None:
    """The same seed gives the same cities, another one others."""
    points = draw(1, 300)
    assert points.shape == (300, 2)
    assert (draw(1, 300) == points).all()
    assert (draw(2, 300) != points).any()


def test_a_ring_has_a_hole() -> None:
    """All cities are between its two radii."""
    radius = np.hypot(*(ring(1, 500) - 0.5).T)
    assert radius.min() >= 0.3
    assert radius.max() <= 0.5


def test_a_strip_is_long_and_a_corner_is_crowded() -> None:
    """By the extent of one, and by how many cities of the other are in the lowest ninth of the square: a third of both roots, 1/3."""
    assert strip(1, 500).max(axis=0) == pytest.approx([1.0, 0.1], rel=0.01)
    assert (corner(1, 2000) < 1.0 / 3.0).all(axis=1).mean() == pytest.approx(1.0 / 3.0, abs=0.03)


def test_on_streets_cities_share_a_coordinate() -> None:
    """200 cities on 16 streets, some along either axis."""
    points = streets(1, 200)
    apart = [sorted(np.unique(column, return_counts=True)[1].tolist())[::-1] for column in points.T]
    on_streets = [sum(count for count in counts if count > 1) for counts in apart]
    assert sum(on_streets) >= 199
    assert min(on_streets) >= 50
    assert sum(1 for counts in apart for count in counts if count > 1) <= 16


@pytest.mark.parametrize("cities", [5, 200, 500])
def test_no_hole_is_drilled_twice_and_all_are_on_the_lattice(cities: int) -> None:
    """Steps of 1 / 256 within the unit square."""
    steps = drilled(3, cities) * 256.0
    assert (steps == np.round(steps)).all()
    assert steps.min() >= 0.0
    assert steps.max() <= 255.0
    assert len({tuple(step) for step in steps.tolist()}) == cities


def test_boards_repeat_distances() -> None:
    """Most holes have another one two steps away, and so a distance that others have too."""
    steps = drilled(1, 200) * 256.0
    apart = np.hypot(*(steps[:, None, :] - steps[None, :, :]).transpose(2, 0, 1)) + np.diag(np.full(200, np.inf))
    assert (apart.min(axis=1) == 2.0).mean() > 0.6


def test_other_units_are_a_factor() -> None:
    """The same cities, a thousand times as far apart."""
    assert (in_units(uniform, 1000.0)(4, 50) == 1000.0 * uniform(4, 50)).all()
