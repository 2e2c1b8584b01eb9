"""The travelling salesman's map as rules see it: free of units."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.length_units import in_units, mean_or_one
from evoheur.problems.routing.planar_lengths import Lengths, nearest_elsewhere, planar_lengths

from .instance import TspInstance

__all__ = ["own_lengths", "spacing", "spacing_of", "unit_free", "unit_free_lengths"]


def unit_free(instance: TspInstance) -> TspInstance:
    """The same cities with distances in units of their spacing.

    Distances are rounded to about nine digits, which no comparison of tours should depend on; tours are priced on the instance itself.
    """
    if not instance.is_large:
        distances = instance.distances
        return replace(instance, metric=EXPLICIT, data=in_units(distances, spacing(distances)))
    unit, matrix = spacing_of(instance), np.empty((instance.cities, instance.cities))
    for rows, lengths in instance.rows():  # one matrix and no more: of 20,000 cities it takes 3.2 GB
        matrix[rows] = in_units(lengths, unit)
    return replace(instance, metric=EXPLICIT, data=matrix)


def spacing_of(instance: TspInstance) -> float:
    """The mean distance from a city to the nearest one that is elsewhere, of a large instance too; see `spacing`."""
    lengths = planar_lengths(instance.data, instance.metric) if instance.is_large else None
    if lengths is not None:
        nearest, largest = nearest_elsewhere(lengths)
    else:
        blocks = [(np.where(block > 0.0, block, np.inf).min(axis=1), float(block.max())) for _, block in instance.rows()]
        nearest, largest = np.concatenate([each for each, _ in blocks]), max(most for _, most in blocks)
    return mean_or_one(nearest[np.isfinite(nearest)], largest)


def unit_free_lengths(instance: TspInstance) -> Lengths:
    """The distances of `unit_free`, for kernels that can compute them.

    Of a large instance in the plane they are no matrix.
    """
    if instance.is_large:
        lengths = planar_lengths(instance.data, instance.metric, unit=spacing_of(instance))
        if lengths is not None:
            return lengths
    return unit_free(instance).distances


def own_lengths(instance: TspInstance) -> Lengths:
    """The distances in their own unit, for kernels that can compute them.

    Of a large instance in the plane they are no matrix.
    """
    lengths = planar_lengths(instance.data, instance.metric) if instance.is_large else None
    return instance.distances if lengths is None else lengths


def spacing(distances: NDArray[np.float64]) -> float:
    """The mean distance from a city to the nearest one that is elsewhere.

    1 where all cities are in one place.

    Args:
        distances: Symmetric, shape (cities, cities).
    """
    nearest = np.where(distances > 0.0, distances, np.inf).min(axis=1)
    return mean_or_one(nearest[np.isfinite(nearest)], float(distances.max()))
