"""Seeded patterns of cities beside the uniform and clustered ones.

Their scale is of no importance: searches look at families in several units.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["corner", "drilled", "in_units", "normal", "partly_clustered", "ring", "streets", "strip"]

_PITCH = 1.0 / 256  # of the lattice that drills stand on
_LOOSE = 0.25  # of the holes of a board, those that belong to no component
_RINGS = (0.3, 0.5)  # inner and outer radius
_STRIP = 0.1  # width of a strip of length 1
_CITIES_PER_STREET = 12


def normal(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities normally distributed around one centre, dense inside and sparse outside, shape (cities, 2)."""
    return np.random.RandomState(seed).randn(cities, 2)


def ring(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities uniform in a ring whose hole is 0.6 times as wide, shape (cities, 2)."""
    draws = np.random.RandomState(seed).rand(cities, 2)
    inner, outer = _RINGS
    radius, angle = np.sqrt(inner**2 + (outer**2 - inner**2) * draws[:, 0]), 2.0 * np.pi * draws[:, 1]
    return np.column_stack((0.5 + radius * np.cos(angle), 0.5 + radius * np.sin(angle)))


def strip(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities uniform in a rectangle that is ten times as long as wide, shape (cities, 2)."""
    return np.random.RandomState(seed).rand(cities, 2) * (1.0, _STRIP)


def streets(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities anywhere on streets that cross the unit square along either axis, one per 12 cities, shape (cities, 2)."""
    source = np.random.RandomState(seed)
    number = max(2, cities // _CITIES_PER_STREET)
    where, street, along = source.rand(number), source.randint(number, size=cities), source.rand(cities)
    across = where[street]
    return np.where((street % 2 == 0)[:, None], np.column_stack((along, across)), np.column_stack((across, along)))


def corner(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities that get sparser away from one corner of the unit square, shape (cities, 2).

    Both coordinates are squares of uniform numbers.
    """
    points: NDArray[np.float64] = np.random.RandomState(seed).rand(cities, 2) ** 2
    return points


def drilled(seed: int, cities: int) -> NDArray[np.float64]:
    """Holes of a printed circuit board, on a lattice of 256 by 256 in the unit square, shape (cities, 2).

    Three quarters belong to components, which are two rows of 4 to 12 holes each, four steps apart and two steps from hole to hole, along
    either axis; the others lie anywhere. No hole is drilled twice. In the manner of the drilling problems of TSPLIB (Reinelt 1991,
    doi:10.1287/ijoc.3.4.376).
    """
    source, steps = np.random.RandomState(seed), round(1.0 / _PITCH)
    holes: dict[tuple[int, int], None] = {}
    while len(holes) < round((1.0 - _LOOSE) * cities):
        pins, along = source.randint(4, 13), source.randint(2)
        corner_hole = source.randint(0, steps - 24, size=2)
        for pin in range(pins):
            for row in (0, 4):
                shift = (2 * pin, row) if along else (row, 2 * pin)
                holes[int(corner_hole[0]) + shift[0], int(corner_hole[1]) + shift[1]] = None
    while len(holes) < cities:
        holes[int(source.randint(steps)), int(source.randint(steps))] = None
    return np.array(list(holes)[:cities], dtype=np.float64) * _PITCH


def in_units(draw: Callable[[int, int], NDArray[np.float64]], factor: float) -> Callable[[int, int], NDArray[np.float64]]:
    """The same recipe in other units: all coordinates times a factor."""
    return lambda seed, cities: draw(seed, cities) * factor


def partly_clustered(seed: int, cities: int, *, clustered: float, stretch: float) -> NDArray[np.float64]:
    """Cities in a rectangle, some of them in clusters, shape (cities, 2).

    Args:
        seed: Of the instance.
        cities: How many.
        clustered: Share of them that lie around uniform centres, one per 20, with a deviation of 0.05; the others are uniform.
        stretch: How many times as long as wide the rectangle is, at least 1.
    """
    source = np.random.RandomState(seed)
    points, grouped = source.rand(cities, 2), round(clustered * cities)
    centres = source.rand(max(1, cities // 20), 2)
    points[:grouped] = centres[source.randint(len(centres), size=grouped)] + 0.05 * source.randn(grouped, 2)
    return points * (1.0, 1.0 / stretch)
