"""The travelling salesman's map as rules see it: free of units."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.length_units import in_units, mean_or_one

from .instance import TspInstance

__all__ = ["spacing", "unit_free"]


def unit_free(instance: TspInstance) -> TspInstance:
    """The same cities with distances in units of their spacing.

    Distances are rounded to about nine digits, which no comparison of tours should depend on; tours are priced on the instance itself.
    """
    distances = instance.distances
    return replace(instance, metric=EXPLICIT, data=in_units(distances, spacing(distances)))


def spacing(distances: NDArray[np.float64]) -> float:
    """The mean distance from a city to the nearest one that is elsewhere.

    1 where all cities are in one place.

    Args:
        distances: Symmetric, shape (cities, cities).
    """
    nearest = np.where(distances > 0.0, distances, np.inf).min(axis=1)
    return mean_or_one(nearest[np.isfinite(nearest)], float(distances.max()))
