"""Seeded cities in the unit square, and on a map in metres.

All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .instance import TspInstance

__all__ = ["CityFamily", "clustered", "drawn", "mapped", "uniform"]

_CITIES_PER_CLUSTER = 20
_SPREAD = 0.05
_METRES = 10_000.0


def uniform(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities uniform in the unit square, shape (cities, 2).

    The standard random instance of the field.
    """
    return np.random.RandomState(seed).rand(cities, 2)


def clustered(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities around uniform centres, one per 20 cities, shape (cities, 2).

    Each city takes a centre at random and is normally distributed around it with a deviation of 0.05; what falls outside the unit square
    is folded back at the border. In the manner of the DIMACS challenge (Johnson & McGeoch 2002, doi:10.1007/0-306-48213-4_9).
    """
    source = np.random.RandomState(seed)
    centres = source.rand(max(1, cities // _CITIES_PER_CLUSTER), 2)
    points = centres[source.randint(len(centres), size=cities)] + _SPREAD * source.randn(cities, 2)
    inside = np.abs(points)
    return np.where(inside > 1.0, 2.0 - inside, inside)


def mapped(seed: int, cities: int) -> NDArray[np.float64]:
    """Cities on a map of ten by ten kilometres in whole metres, shape (cities, 2).

    Half of them in clusters, half anywhere: for rules that were found on the unit square and are to hold in other units.
    """
    scattered = np.random.RandomState(seed).rand(cities - cities // 2, 2)
    return np.rint(_METRES * np.vstack((clustered(seed, cities // 2), scattered)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFamily:
    """A recipe for instances that are reported together.

    Attributes:
        name: Distribution and size.
        draw: Seed and number of cities → coordinates.
        cities: Of every instance.
        seeds: One per instance.
    """

    name: str
    draw: Callable[[int, int], NDArray[np.float64]]
    cities: int
    seeds: range


def drawn(family: CityFamily) -> list[TspInstance]:
    """The instances of a family; distances are Euclidean, without rounding."""
    return [
        TspInstance(name=f"{family.name}-s{seed}", family=family.name, metric="EUCLIDEAN", data=family.draw(seed, family.cities))
        for seed in family.seeds
    ]
